import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from lms.assessments import actions
from lms.assessments.actions import Chosen, NotPossible
from lms.assessments.queries import sheet_of
from lms.courses.actions import NotPublishable, publish_version
from lms.courses.queries.content import _paper_of
from lms.models import Attempt, BankQuestion, PaperVersion, QuizPage
from lms.questions.actions import add_questions, open_bank
from lms.questions.formats.blueprints import blueprint_data, read_blueprint
from lms.questions.policy import Choice, Difficulty, Kind, Question
from lms.questions.states import QuestionState
from tests.factories import make_cohort, make_enrolment, make_version
from tests.lms.outlines import make_course

TEXT = "社会工作实务/第3章 | 不限 | 单选 | 4 | 2\n不限 | 中 | 单选 | 2 | 1"


def single(number, chapter):
    choices = tuple(Choice(key, f"选项{key}{number}") for key in "ABCD")
    return Question("", Kind.SINGLE, f"第{number}题问的是什么？{number * 7919}", point=("社会工作实务", chapter),
                    difficulty=Difficulty.MEDIUM, choices=choices, correct=("B",))  # fmt: skip


@pytest.fixture
def bank(tree, cast):
    actor = cast.city_administrator
    bank = open_bank(organisation=tree["city"], code="b", title="题库", title_en="", actor=actor)
    questions = [single(number, "第3章" if number < 8 else "第4章") for number in range(12)]
    add_questions(bank=bank, questions=questions, actor=actor, state=QuestionState.IN_USE)
    return bank


@pytest.fixture
def sitting(tree, cast, bank):
    version = make_version(lessons=0)
    old = version.papers.get()
    blueprint = blueprint_data(read_blueprint(TEXT)[0])
    fields = {"key": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "position": 99, "title": old.title}
    paper = PaperVersion.objects.create(version=version, bank=bank, blueprint=blueprint, **fields)
    return make_enrolment(make_cohort(tree["district"], version), cast.trainee.person, "enrolled"), paper


def start(sitting):
    return actions.start_attempt(enrolment=sitting[0], paper=sitting[1])


def test_an_attempt_draws_its_questions_and_keeps_them_on_every_device(sitting):
    attempt = start(sitting)
    assert attempt.total == 6 == len({row["key"] for row in attempt.questions})
    assert [row["marks"] for row in attempt.questions] == [2, 2, 2, 2, 1, 1]
    BankQuestion.objects.update(state=QuestionState.DRAFT)
    assert start(sitting) == attempt
    shown = sheet_of(Attempt.objects.get()).questions
    assert [question.key for question in shown] == [row["key"] for row in attempt.questions]


def test_what_was_drawn_is_answered_and_marked_by_its_marks(sitting):
    attempt = start(sitting)
    answers = [Chosen(row["key"], ("B",)) for row in attempt.questions[:4]]
    actions.save_answers(attempt=attempt, answers=answers)
    done = actions.submit_attempt(attempt=attempt)
    assert (done.right, done.total, done.percent) == (4, 6, 80)


def test_a_question_that_was_not_drawn_takes_no_answer(sitting):
    with pytest.raises(NotPossible):
        actions.save_answers(attempt=start(sitting), answers=[Chosen("question-1", ("1a",))])


def test_another_attempt_draws_other_questions_and_another_order_of_choices(sitting):
    first = start(sitting)
    actions.submit_attempt(attempt=first)
    second = start(sitting)
    assert first.seed != second.seed
    assert first.questions != second.questions


def test_nobody_begins_while_the_bank_lacks_questions(sitting):
    BankQuestion.objects.update(state=QuestionState.DRAFT)
    with pytest.raises(NotPossible):
        start(sitting)
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("不限 | 不限 | 抢答 | 1 | 2", "1"),
        ("不限 | 不限 | 单选 | 0 | 2", "1"),
        ("不限 | 五 | 单选 | 1 | 2", "1"),
        ("一行字", "1"),
    ],
)
def test_a_blueprint_that_cannot_be_read_is_refused_with_its_line(bank, text, line):
    quiz = QuizPage(title="测验", bank=bank, blueprint=text)
    with pytest.raises(ValidationError) as refused:
        quiz.clean()
    [words] = refused.value.message_dict["blueprint"]
    assert line in words[:6]


def test_whoever_writes_is_told_which_line_the_bank_cannot_serve(tree, cast, bank):
    make_course(checks=1)
    quiz = QuizPage.objects.first()
    text = "社会工作实务/第3章 | 中 | 单选 | 5 | 2\n社会工作实务/第4章 | 中 | 单选 | 5 | 2"
    data = {"title": "测验", "slug": "q", "bank": bank.pk, "blueprint": text, "pass_percent": 60}
    data |= {"max_attempts": 3, "minutes": "", "title_en": "", "questions-count": 0}
    form = QuizPage.get_edit_handler().get_form_class()
    written = form(data, instance=quiz, for_user=cast.city_administrator, parent_page=quiz.get_parent())
    assert not written.is_valid()
    assert "第 2 行" in written.errors["blueprint"][-1]


def test_publishing_freezes_the_bank_and_the_blueprint(tree, bank):
    course = make_course(checks=1)
    quiz = QuizPage.objects.first()
    quiz.bank, quiz.blueprint, quiz.questions = bank, TEXT, []
    quiz.save_revision().publish()
    course.save_revision().publish()
    paper = PaperVersion.objects.get(version=course.latest_version, key=quiz.translation_key)
    assert (paper.bank, paper.size, paper.questions) == (bank, 6, [])
    course.save_revision().publish()
    assert course.versions.count() == 2
    BankQuestion.objects.update(state=QuestionState.DRAFT)
    page = type(course).objects.get(pk=course.pk)
    page.title = "新的标题"
    page.save_revision().publish()
    assert (page.title, course.versions.count()) == ("新的标题", 2)
    with pytest.raises(NotPublishable):
        publish_version(course=page, actor=None)


def test_a_drawn_quiz_is_sat_page_by_page(client, sitting):
    enrolment, paper = sitting
    client.force_login(enrolment.person.user)
    place = reverse("lms:attempt-start", args=[enrolment.pk, paper.key])
    assert client.get(place).context["standing"].questions == 6
    first = client.post(place, follow=True)
    attempt = Attempt.objects.get()
    key = attempt.questions[0]["key"]
    assert attempt.questions[0]["prompt"] in first.content.decode()
    client.post(reverse("lms:attempt-answer", args=[attempt.pk, key]), {f"q-{key}": "B"})
    page = reverse("lms:attempt-page", args=[attempt.pk, 2])
    last = attempt.questions[5]["key"]
    client.post(page, {f"q-{last}": "A"})
    done = client.post(reverse("lms:attempt-submit", args=[attempt.pk]), follow=True)
    attempt.refresh_from_db()
    assert done.status_code == 200
    assert (attempt.right, attempt.percent) == (1, 20)
    assert {row.question: row.chosen for row in attempt.answers.all() if row.chosen} == {
        key: ["B"],
        last: ["A"],
    }


def test_the_form_of_a_quiz_offers_the_banks_that_the_editor_reads(tree, cast, bank):
    make_course(checks=1)
    quiz = QuizPage.objects.first()
    form = QuizPage.get_edit_handler().get_form_class()
    assert bank in form(instance=quiz, for_user=cast.city_administrator).fields["bank"].queryset
    assert bank not in form(instance=quiz, for_user=cast.trainee).fields["bank"].queryset


def test_a_mock_paper_fills_in_the_form_of_a_quiz(tree, cast, bank):
    make_course(checks=1)
    quiz = QuizPage.objects.first()
    form_class = QuizPage.get_edit_handler().get_form_class()
    shown = form_class(instance=quiz, for_user=cast.city_administrator)
    assert "ability" in dict(shown.fields["mock"].choices)
    sent = {name: shown.initial.get(name) or "" for name in shown.fields} | {
        "mock": "ability",
        "bank": bank.pk,
    }
    sent["questions-count"] = "0"
    form = form_class(sent, instance=quiz, for_user=cast.city_administrator)
    assert not form.is_valid()  # the bank has a dozen questions
    assert "60" in str(form.errors["blueprint"])
    assert form.data["blueprint"].startswith("# 一、单项选择题")
    assert not form.data["mock"]
    quiz = form.instance
    assert (quiz.blueprint[:3], quiz.minutes, quiz.per_page, quiz.rule) == ("# 一", 120, 0, "national")


def test_what_is_as_usual_is_not_said_so_that_fingerprints_stay(bank):
    quiz = QuizPage(title="测验", bank=bank, blueprint=TEXT)
    usual = _paper_of(quiz, 1)
    assert not {"rules", "cool_down", "shuffles", "one_device", "watches", "per_page"} & set(usual)
    quiz.rule, quiz.cool_down, quiz.per_page = "national", 30, 0
    said = _paper_of(quiz, 1)
    assert said["rules"] == {"each": "0.25", "wrong_takes_all": True, "by_place": True}
    assert (said["cool_down"], said["per_page"]) == (30, 0)


def test_headings_go_with_the_questions_that_were_drawn(tree, cast, bank):
    lines = blueprint_data(read_blueprint("# 一、单选\n" + TEXT.split("\n")[0])[0])
    version = make_version(lessons=0, sat={"bank": bank, "blueprint": lines, "questions": [], "per_page": 0})
    enrolment = make_enrolment(make_cohort(tree["district"], version), cast.trainee.person, "enrolled")
    attempt = actions.start_attempt(enrolment=enrolment, paper=version.papers.get())
    assert {row["section"] for row in attempt.questions} == {"一、单选"}
    assert sheet_of(attempt).pages == 1


def test_without_marks_a_question_is_worth_what_it_says_itself(tree, cast, bank):
    lines = blueprint_data(read_blueprint("不限 | 不限 | 单选 | 2 | 0")[0])
    version = make_version(lessons=0, sat={"bank": bank, "blueprint": lines, "questions": []})
    enrolment = make_enrolment(make_cohort(tree["district"], version), cast.trainee.person, "enrolled")
    attempt = actions.start_attempt(enrolment=enrolment, paper=version.papers.get())
    assert [row["marks"] for row in attempt.questions] == [1, 1]
