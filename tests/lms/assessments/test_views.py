from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lms.courses.versions import paper_of
from lms.models import Answer, Attempt, Enrolment
from tests.factories import make_cohort, make_enrolment, make_paper, make_version

BUDGET = 100


@pytest.fixture
def enrolment(tree, cast):
    version = make_version(lessons=1, in_order=False, questions=make_paper(20), minutes_left=30)
    return make_enrolment(make_cohort(tree["district"], version), cast.trainee.person)


@pytest.fixture
def trainee(client, cast):
    client.force_login(cast.trainee)
    return client


def start_url(enrolment):
    return reverse("lms:attempt-start", args=[enrolment.pk, enrolment.version.papers.get().key])


def page(attempt, number):
    return reverse("lms:attempt-page", args=[attempt.pk, number])


def begin(client, enrolment):
    client.post(start_url(enrolment))
    return Attempt.objects.get(state="open")


def answers(number, letter="a"):
    """The form of one page with every question answered by this letter."""
    return {f"q-question-{n}": f"{n}{letter}" for n in range(number * 5 - 4, number * 5 + 1)}


def words(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_the_whole_journey_stays_within_its_budget(trainee, enrolment, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):  # the quiz is kept in the process
        trainee.get(start_url(enrolment))
        paper_of(enrolment.version.papers.get().pk)
    with CaptureQueriesContext(connection) as statements:
        assert trainee.get(start_url(enrolment)).status_code == 200
        where = trainee.post(start_url(enrolment)).url
        for number in range(1, 5):
            assert trainee.get(where).status_code == 200
            go = number + 1 if number < 4 else "review"
            where = trainee.post(where, answers(number) | {"go": go}).url
        assert trainee.get(where).status_code == 200
        where = trainee.post(where).url
        shown = trainee.get(where)
    assert shown.status_code == 200
    assert "解析20" in shown.content.decode()
    assert Attempt.objects.get().passed
    assert len(statements) <= BUDGET


def test_the_right_answers_never_leave_before_handing_in(trainee, enrolment):
    attempt = begin(trainee, enrolment)
    pages = [start_url(enrolment), *(page(attempt, number) for number in range(1, 5))]
    pages.append(reverse("lms:attempt-submit", args=[attempt.pk]))
    for address in pages:
        text = trainee.get(address).content.decode()
        assert "解析" not in text
        assert "correct" not in text
    shown = trainee.get(reverse("lms:attempt-result", args=[attempt.pk]))
    assert shown.url == page(attempt, 1)


def test_each_answer_is_saved_while_the_page_stays_open(trainee, enrolment):
    attempt = begin(trainee, enrolment)
    address = reverse("lms:attempt-answer", args=[attempt.pk, "question-3"])
    with CaptureQueriesContext(connection) as statements:
        shown = trainee.post(
            address, {"q-question-3": "3b", "flag-question-3": "1"}, headers={"HX-Request": "true"}
        )
    assert shown.status_code == 200
    assert len(statements) <= 7  # the session, the account, the attempt; lock and write in a transaction
    assert list(Answer.objects.values_list("question", "chosen", "is_flagged")) == [
        ("question-3", ["3b"], True)
    ]
    assert 'value="3b" checked' in trainee.get(page(attempt, 1)).content.decode()


def test_a_late_answer_gets_a_sentence_and_the_result_is_shown(trainee, enrolment):
    attempt = begin(trainee, enrolment)
    trainee.post(page(attempt, 1), answers(1))
    Attempt.objects.update(deadline_at=timezone.now() - timedelta(seconds=1))
    address = reverse("lms:attempt-answer", args=[attempt.pk, "question-9"])
    late = trainee.post(address, {"q-question-9": "9a"})
    assert reverse("lms:attempt-result", args=[attempt.pk]) in late.content.decode()
    assert trainee.post(page(attempt, 2), answers(2)).url == reverse("lms:attempt-result", args=[attempt.pk])
    attempt.refresh_from_db()
    assert (attempt.state, attempt.right, attempt.total) == ("expired", 5, 20)


@pytest.mark.parametrize("forged", [{"q-question-1": "2a"}, {"q-question-1": ["1a", "1b"]}])
def test_a_forged_form_gets_a_sentence_and_saves_nothing(trainee, enrolment, forged):
    attempt = begin(trainee, enrolment)
    answer = trainee.post(page(attempt, 1), forged)
    assert answer.url == page(attempt, 1)
    assert words(answer)
    assert not Answer.objects.exists()
    unknown = trainee.post(reverse("lms:attempt-answer", args=[attempt.pk, "nonsense"]), {"q-nonsense": "x"})
    assert unknown.status_code == 200
    assert not Answer.objects.exists()


@pytest.mark.parametrize("number", [0, 5, 99999])
def test_a_page_that_is_not_there_leads_to_the_first(trainee, enrolment, number):
    attempt = begin(trainee, enrolment)
    assert trainee.get(page(attempt, number)).url == page(attempt, 1)
    assert trainee.post(page(attempt, number), {"go": "²"}).status_code == 302


def test_a_double_click_hands_in_once(trainee, enrolment):
    attempt = begin(trainee, enrolment)
    address = reverse("lms:attempt-submit", args=[attempt.pk])
    result = reverse("lms:attempt-result", args=[attempt.pk])
    assert [trainee.post(address).url for _ in range(2)] == [result, result]
    assert trainee.get(address).url == result
    assert trainee.get(page(attempt, 1)).url == result
    assert Attempt.objects.get().percent == 0


def test_a_double_click_starts_once(trainee, enrolment):
    assert trainee.post(start_url(enrolment)).url == trainee.post(start_url(enrolment)).url


def test_a_failed_quiz_says_what_is_left(trainee, enrolment):
    for left in (2, 1, 0):
        attempt = begin(trainee, enrolment)
        trainee.post(reverse("lms:attempt-submit", args=[attempt.pk]))
        shown = trainee.get(reverse("lms:attempt-result", args=[attempt.pk]))
        assert (shown.context["standing"].left, shown.context["standing"].best) == (left, 0)
    refused = trainee.post(start_url(enrolment))
    assert refused.url == start_url(enrolment)
    assert words(refused)
    assert trainee.get(start_url(enrolment)).status_code == 200


@pytest.mark.parametrize(
    "part",
    ["other_trainee", "outside_trainee", "administrator", "auditor", "instructor", "finance", "outsider"],
)
def test_nobody_sits_or_sees_the_attempt_of_another(client, trainee, cast, enrolment, part):
    attempt = begin(trainee, enrolment)
    client.force_login(getattr(cast, part))
    addresses = [start_url(enrolment), page(attempt, 1)]
    addresses += [reverse(f"lms:attempt-{name}", args=[attempt.pk]) for name in ("submit", "result")]
    for address in addresses:
        assert client.get(address).status_code == 404
        if not address.endswith("result/"):
            assert client.post(address).status_code == 404
    assert client.post(reverse("lms:attempt-answer", args=[attempt.pk, "question-1"])).status_code == 404


def test_who_has_withdrawn_finds_no_quiz(trainee, enrolment):
    attempt = begin(trainee, enrolment)
    Enrolment.objects.update(state="withdrawn")
    assert trainee.get(start_url(enrolment)).status_code == 404
    assert trainee.get(page(attempt, 1)).status_code == 404


def test_the_right_answers_are_told_only_when_no_attempt_is_left_to_use_them(trainee, enrolment):
    for left in (2, 1, 0):
        attempt = begin(trainee, enrolment)
        trainee.post(reverse("lms:attempt-submit", args=[attempt.pk]))
        sheet = trainee.get(reverse("lms:attempt-result", args=[attempt.pk])).context["sheet"]
        told = {choice.is_correct is not None for question in sheet.questions for choice in question.choices}
        assert told == {left == 0}
        assert all(question.is_right is False for question in sheet.questions)


def test_a_quiz_that_opens_later_speaks_of_itself_not_of_applications(trainee, cast, tree):
    version = make_version(lessons=1, in_order=True, questions=make_paper(5))
    locked = make_enrolment(make_cohort(tree["district"], version), cast.trainee.person)
    shown = trainee.get(start_url(locked)).content.decode()
    assert "尚未开放" in shown and "尚未开放报名" not in shown
