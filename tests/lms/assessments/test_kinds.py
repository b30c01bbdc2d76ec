"""A sitting asks every kind of question: on the page, when it is kept, and in the result."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from lms.assessments import actions
from lms.models import Attempt, PaperVersion
from lms.questions.actions import add_questions, open_bank
from lms.questions.formats.blueprints import blueprint_data, read_blueprint
from lms.questions.policy import Accepted, Blank, Choice, Kind, Number, Pair, Part, Question
from lms.questions.states import QuestionState
from tests.factories import make_cohort, make_enrolment, make_version

POINT = ("社会工作实务",)
ITEMS = tuple(Choice(key, text) for key, text in zip("abc", ("接案", "预估", "计划"), strict=True))
BANK = [
    Question(
        "",
        Kind.FILL_IN,
        "社会工作的宗旨是____，原则是____。",
        point=POINT,
        points=Decimal(2),
        blanks=(Blank((Accepted("助人自助"),)), Blank((Accepted("案主自决"), Accepted("自决")))),
    ),
    Question("", Kind.MATCHING, "把任务与人生阶段配对", point=POINT, points=Decimal(2),
             pairs=(Pair("p", "婴儿期", "建立信任感"), Pair("q", "老年期", "获得完善感")),
             distractors=("获得勤奋感",)),
    Question("", Kind.ORDERING, "按先后排列", point=POINT, points=Decimal(3), items=ITEMS),
    Question("", Kind.NUMERIC, "全年多少学时？", point=POINT, numbers=(Number(Decimal(90)),), unit="学时"),
    Question("", Kind.SHORT, "宗旨是什么？", point=POINT, answers=(Accepted("助人自助"),)),
    Question("", Kind.ESSAY, "论述尊重的意义", point=POINT, points=Decimal(10), model="言之有理即可"),
    Question("", Kind.CASE, "赵奶奶七十六岁。", point=POINT, points=Decimal(20),
             parts=(Part("A", "有哪些需要？", Decimal(8), answer="健康"), Part("B", "怎样介入？", Decimal(12)))),
]  # fmt: skip
TEXT = """# 一、客观题
不限 | 不限 | 填空 | 1 | 0
不限 | 不限 | 匹配 | 1 |
不限 | 不限 | 排序 | 1 | 3
不限 | 不限 | 数值 | 1 | 1
不限 | 不限 | 短答 | 1 | 1
# 二、主观题
不限 | 不限 | 论述 | 1 | 5
不限 | 不限 | 案例 | 1 | 10"""


@pytest.fixture
def paper(tree, cast):
    actor = cast.city_administrator
    bank = open_bank(organisation=tree["city"], code="b", title="题库", title_en="", actor=actor)
    add_questions(bank=bank, questions=BANK, actor=actor, state=QuestionState.IN_USE)
    lines, faults = read_blueprint(TEXT)
    assert not faults
    version = make_version(lessons=0)
    fields = {"key": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "position": 99, "title": "各种题型"}
    return PaperVersion.objects.create(
        version=version, bank=bank, blueprint=blueprint_data(lines), per_page=0, **fields
    )


@pytest.fixture
def attempt(paper, tree, cast, client):
    enrolment = make_enrolment(make_cohort(tree["district"], paper.version), cast.trainee.person, "enrolled")
    client.force_login(cast.trainee)
    client.post(reverse("lms:attempt-start", args=[enrolment.pk, paper.key]))
    return Attempt.objects.get()


def keys(attempt):
    return {row["kind"]: row["key"] for row in attempt.questions}


def page(attempt, number):
    return reverse("lms:attempt-page", args=[attempt.pk, number])


def objective(attempt):
    key = keys(attempt)
    return {
        f"q-{key['fill_in']}-": ["助人自助", "别的"],
        f"q-{key['matching']}-p": "建立信任感",
        f"q-{key['matching']}-q": "获得完善感",
        **{f"q-{key['ordering']}-{item}": str(place) for place, item in enumerate("abc", 1)},
        f"q-{key['numeric']}": "90学时",
        f"q-{key['short']}": "助人自助。",
    }


def test_every_kind_is_asked_kept_marked_and_told(client, attempt):
    first = client.get(page(attempt, 1)).content.decode()
    assert "一、客观题" in first
    assert "二、主观题" not in re.sub(r"(?s)<details.*?</details>", "", first)
    assert "案主自决" not in first
    assert client.post(page(attempt, 1), objective(attempt) | {"go": "2"}).status_code == 302
    key = keys(attempt)
    second = client.get(page(attempt, 2)).content.decode()
    assert 'maxlength="10000"' in second
    essay = {f"q-{key['essay']}": "尊重是基础。", f"q-{key['case']}-A": "健康与陪伴", "go": "review"}
    review = client.post(page(attempt, 2), essay, follow=True).content.decode()
    assert "只答了一部分" in review
    shown = client.post(reverse("lms:attempt-submit", args=[attempt.pk]), follow=True).content.decode()
    attempt.refresh_from_db()
    assert (attempt.points, attempt.most, attempt.percent) == (Decimal(8), Decimal(24), None)
    assert attempt.waits
    assert "正在评阅" in shown
    assert "尊重是基础。" in shown
    assert "健康与陪伴" in shown


def test_the_parts_of_a_case_share_the_marks_of_the_paper(attempt):
    case = next(row for row in attempt.questions if row["kind"] == "case")
    assert [part["points"] for part in case["parts"]] == ["4", "6"]
    assert [row["marks"] for row in attempt.questions] == [2, 2, 3, 1, 1, 5, 10]


def test_one_answer_is_saved_while_the_page_stays_open(client, attempt):
    key = keys(attempt)["essay"]
    place = reverse("lms:attempt-answer", args=[attempt.pk, key])
    assert "已保存" in client.post(place, {f"q-{key}": "半句话"}).content.decode()
    assert attempt.answers.get(question=key).chosen == "半句话"


def test_a_text_that_is_too_long_is_refused_at_the_question_and_nothing_is_lost(client, attempt):
    key = keys(attempt)
    text = "长" * 501
    sent = objective(attempt) | {f"q-{key['short']}": text, "go": "2"}
    shown = client.post(page(attempt, 1), sent)
    assert shown.status_code == 422
    assert text in shown.content.decode()
    assert f'id="fault-{key["short"]}" role="alert"><svg' in shown.content.decode()
    assert attempt.answers.get(question=key["numeric"]).chosen == "90学时"
    assert not attempt.answers.filter(question=key["short"]).exists()
    place = reverse("lms:attempt-answer", args=[attempt.pk, key["short"]])
    assert "太长" in client.post(place, {f"q-{key['short']}": text}).content.decode()


def test_two_things_with_the_same_place_are_shown_again_and_kept_nowhere(client, attempt):
    key = keys(attempt)["ordering"]
    sent = {f"q-{key}-a": "1", f"q-{key}-b": "1", "go": "2"}
    shown = client.post(page(attempt, 1), sent)
    assert shown.status_code == 422
    assert shown.content.decode().count('<option value="1" selected>') == 2
    assert not attempt.answers.filter(question=key).exists()


def test_a_part_of_an_order_is_kept_and_counts_as_open(client, attempt):
    key = keys(attempt)["ordering"]
    client.post(page(attempt, 1), {f"q-{key}-b": "1", "go": "review"})
    assert attempt.answers.get(question=key).chosen == ["b", "", ""]
    review = client.get(reverse("lms:attempt-submit", args=[attempt.pk]))
    assert key in {question.key for question in review.context["sheet"].missing}


@pytest.mark.parametrize("value", ["9", "-1", "x", "1" * 9, "²", "\0"])
def test_whatever_an_order_sends_raises_nothing(client, attempt, value):
    key = keys(attempt)
    sent = {f"q-{key['ordering']}-a": value, f"q-{key['matching']}-p": value, f"q-{key['numeric']}": value}
    assert client.post(page(attempt, 1), sent).status_code in (302, 422)


def test_a_right_side_that_is_not_offered_is_no_answer(client, attempt):
    key = keys(attempt)["matching"]
    place = reverse("lms:attempt-answer", args=[attempt.pk, key])
    assert "与题目不符" in client.post(place, {f"q-{key}-p": "没有这一项"}).content.decode()
    assert not attempt.answers.exists()


def test_the_card_saves_the_page_and_goes_to_the_question(client, attempt):
    key = keys(attempt)["numeric"]
    went = client.post(page(attempt, 1), {f"q-{key}": "90", "go": "q7"})
    assert went.url == page(attempt, 2) + "#question-7"
    assert attempt.answers.get(question=key).chosen == "90"


def test_answers_of_a_question_that_is_read_are_told_when_the_result_stands(attempt):
    key = keys(attempt)
    actions.save_answers(attempt=attempt, answers=[actions.Chosen(key["essay"], "我的看法")])
    done = actions.submit_attempt(attempt=attempt)
    assert done.waits
    done.answers.filter(question=key["essay"]).update(points=Decimal(4), is_read=True)
    assert actions.settle(attempt=done).points == Decimal(4)
