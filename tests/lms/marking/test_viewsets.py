import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.jobs.actions import run_job
from core.models import Job
from lms.marking import actions, jobs
from lms.marking.actions.regrading import REGRADE
from lms.marking.queries import reading_data_of
from lms.models import Attempt, Reading, Regrade
from tests.factories import make_cohort, make_paper, make_version
from tests.lms.marking.making import CASE, ESSAY, essay_paper, points, sit


@pytest.fixture
def cohort(tree, cast):
    return make_cohort(tree["district"], make_version(lessons=0, quizzes=0))


def held(client, paper, reader, key="essay"):
    client.force_login(reader)
    return client.post(reverse("marking:next", args=[paper.pk, key]))["Location"]


def cost(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_desk_lists_questions_and_costs_the_same_for_many(cohort, cast, client):
    paper = essay_paper(cohort.version, questions=[ESSAY, CASE])
    sit(paper, cohort, "甲甲", {"essay": "一", "case": {"a": "二"}})
    client.force_login(cast.instructor)
    few = cost(client, reverse("marking:index"))
    for number in range(5):
        sit(paper, cohort, f"人{number}", {"essay": "一", "case": {"a": "二"}})
    assert few == cost(client, reverse("marking:index")) <= 15
    page = client.get(reverse("marking:index")).content.decode()
    assert "谈谈社会工作的价值" in page
    assert "甲甲" not in page


def test_who_reads_sees_no_name_and_gives_points(cohort, cast, client):
    paper = essay_paper(cohort.version)
    attempt = sit(paper, cohort, person=cast.trainee.person)
    address = held(client, paper, cast.instructor)
    page = client.get(address).content.decode()
    for told in (cast.trainee.person.name, cast.trainee.email, cohort.title, f"/{attempt.pk}/"):
        assert told not in page
    assert cost(client, address) <= 15
    wrong = client.post(address, {"points-0": "11"})
    assert wrong.status_code == 200
    assert Reading.objects.get().given_at is None
    assert client.post(address, {"points-0": "8.5", "remark": "好"}).status_code == 302
    attempt.refresh_from_db()
    assert attempt.percent == 85
    assert client.get(address).status_code == 302  # read already
    assert reading_data_of(cast.trainee.person)[0]["remarks"] == ["好"]


def test_a_paper_may_show_the_name(cohort, cast, client):
    paper = essay_paper(cohort.version, anonymous=False)
    sit(paper, cohort, person=cast.trainee.person)
    assert cast.trainee.person.name in client.get(held(client, paper, cast.instructor)).content.decode()


def test_what_another_has_taken_is_not_there(cohort, cast, client):
    paper = essay_paper(cohort.version, readers=2)
    sit(paper, cohort)
    address = held(client, paper, cast.instructor)
    client.force_login(cast.administrator)
    assert client.get(address).status_code == 404
    assert client.post(address, {"points-0": "1"}).status_code == 404
    back = reverse("marking:back", args=[Reading.objects.get().uid])
    assert client.post(back).status_code == 404


def test_an_answer_is_put_back(cohort, cast, client):
    paper = essay_paper(cohort.version)
    sit(paper, cohort)
    held(client, paper, cast.instructor)
    client.post(reverse("marking:back", args=[Reading.objects.get().uid]))
    assert "read/" in held(client, paper, cast.administrator)


@pytest.mark.parametrize("key", ["nonsense", "x" * 300, "bank-99999999999999999999", "%00"])
def test_a_question_that_is_not_there_is_no_fault(cohort, cast, client, key):
    paper = essay_paper(cohort.version)
    sit(paper, cohort)
    client.force_login(cast.administrator)
    base = f"/admin/marking/{paper.pk}/{key}/"
    for part in ("next", "done", "regrade"):
        for answer in (client.get(f"{base}{part}/"), client.post(f"{base}{part}/")):
            assert answer.status_code < 500


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"remedy": "key", "reason": "x", "seen": "0"},
        {"remedy": "key", "key": "zz", "reason": "x", "seen": "0", "act": "confirm"},
        {"remedy": "key", "key": ["1a", "1b"], "reason": "x", "seen": "0", "act": "confirm"},
        {"remedy": "out", "reason": "", "seen": "-1"},
        {"remedy": "full", "reason": "x", "seen": "7", "act": "confirm"},
        {"remedy": "full", "reason": "x\0", "seen": "0", "act": "confirm"},
    ],
)
def test_nonsense_corrects_no_key(cohort, cast, client, sent):
    paper = essay_paper(cohort.version, questions=make_paper())
    sit(paper, cohort, answers={"question-1": ["1a"]})
    client.force_login(cast.administrator)
    assert client.post(reverse("marking:regrade", args=[paper.pk, "question-1"]), sent).status_code == 200
    assert not Regrade.objects.exists()


def test_a_key_is_corrected_after_a_preview(cohort, cast, client):
    paper = essay_paper(cohort.version, questions=make_paper())
    sit(paper, cohort, "甲甲", {"question-1": ["1b"], "question-2": ["2a"]})
    client.force_login(cast.administrator)
    address = reverse("marking:regrade", args=[paper.pk, "question-1"])
    sent = {"remedy": "key", "key": ["1b"], "reason": "答案印错", "seen": "0"}
    preview = client.post(address, sent | {"act": "preview"}).content.decode()
    assert all(said in preview for said in ("甲甲", "50%", "100%"))
    assert not Regrade.objects.exists()
    answer = client.post(address, sent | {"act": "confirm"})
    for job in Job.objects.filter(kind=REGRADE):
        run_job(job.pk)
    assert jobs.REGRADE == REGRADE
    assert cost(client, answer["Location"]) <= 15
    assert cost(client, reverse("marking:paper", args=[paper.pk])) <= 15
    assert cost(client, address) <= 15
    assert Attempt.objects.get().percent == 100
    client.force_login(cast.instructor)
    assert client.get(address).status_code == 404


def test_points_are_corrected_at_the_desk(cohort, cast, client):
    paper = essay_paper(cohort.version)
    attempt = sit(paper, cohort)
    reading = actions.take_next(paper=paper, question="essay", actor=cast.instructor)
    actions.give_reading(reading=reading, points=points(4), remark="", actor=cast.instructor)
    client.force_login(cast.administrator)
    address = reverse("marking:correct", args=[reading.answer_id])
    assert cost(client, address) <= 15
    assert client.post(address, {"points": "99", "reason": "x", "seen": "0"}).status_code == 200
    assert client.post(address, {"points": "9", "reason": "漏看第二页", "seen": "0"}).status_code == 302
    attempt.refresh_from_db()
    assert (attempt.percent, attempt.passed) == (90, True)
    assert "漏看第二页" in client.get(reverse("marking:done", args=[paper.pk, "essay"])).content.decode()
    client.force_login(cast.auditor)
    assert client.get(address).status_code == 404


def test_the_result_page_tells_the_trainee_what_readers_say_within_its_budget(cohort, cast, client):
    paper = essay_paper(cohort.version)
    attempt = sit(paper, cohort, person=cast.trainee.person)
    reading = actions.take_next(paper=paper, question="essay", actor=cast.instructor)
    client.force_login(cast.trainee)
    address = reverse("lms:attempt-result", args=[attempt.pk])
    assert "评语在这里" not in client.get(address).content.decode()
    actions.give_reading(reading=reading, points=points(4), remark="评语在这里", actor=cast.instructor)
    page = client.get(address).content.decode()
    assert "评语在这里" in page
    assert cast.instructor.person.name not in page
    assert cost(client, address) <= 15
