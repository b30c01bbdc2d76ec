"""From when to when a cohort sits a quiz, and how long after an attempt the next may begin."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.models import AuditEntry
from lms.assessments import actions
from lms.assessments.actions import Chosen, NotPossible, TooLate
from lms.models import Attempt, PaperWindow
from tests.factories import make_cohort, make_enrolment, make_paper, make_version

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
HOUR = timedelta(hours=1)


@pytest.fixture
def sitting(tree, cast):
    version = make_version(lessons=0, questions=make_paper(3), minutes_left=30)
    enrolment = make_enrolment(make_cohort(tree["district"], version), cast.trainee.person, "enrolled")
    return enrolment, version.papers.get()


def start(sitting):
    return actions.start_attempt(enrolment=sitting[0], paper=sitting[1])


def opened(sitting, cast, opens, closes):
    return actions.set_paper_window(
        cohort=sitting[0].cohort,
        key=sitting[1].key,
        opens_at=opens,
        closes_at=closes,
        actor=cast.administrator,
    )


@time_machine.travel(NOON, tick=False)
def test_nobody_begins_before_or_after_and_is_told_when(sitting, cast):
    opened(sitting, cast, NOON + 2 * HOUR, NOON + 3 * HOUR)
    with pytest.raises(NotPossible, match=r"14:00.*还有 2 小时"):
        start(sitting)
    opened(sitting, cast, NOON - 2 * HOUR, NOON)
    with pytest.raises(NotPossible, match="12:00"):
        start(sitting)


@time_machine.travel(NOON, tick=False)
def test_an_attempt_ends_with_the_window_and_what_was_saved_counts(sitting, cast):
    opened(sitting, cast, NOON - HOUR, NOON + timedelta(minutes=10))
    attempt = start(sitting)
    assert attempt.deadline_at == NOON + timedelta(minutes=10)
    actions.save_answers(attempt=attempt, answers=[Chosen("question-1", ("1a",))])
    with time_machine.travel(NOON + timedelta(minutes=10), tick=False):
        with pytest.raises(TooLate):
            actions.save_answers(attempt=attempt, answers=[Chosen("question-2", ("2a",))])
        done = actions.expire(attempt=attempt)
    assert (done.state, done.right, done.finished_at) == ("expired", 1, attempt.deadline_at)


@time_machine.travel(NOON, tick=False)
def test_a_window_that_changes_reaches_whoever_is_answering(sitting, cast):
    attempt = start(sitting)
    opened(sitting, cast, NOON - HOUR, NOON + timedelta(minutes=5))
    attempt.refresh_from_db()
    assert attempt.deadline_at == NOON + timedelta(minutes=5)
    actions.lift_paper_window(cohort=sitting[0].cohort, key=sitting[1].key, actor=cast.administrator)
    actions.lift_paper_window(cohort=sitting[0].cohort, key=sitting[1].key, actor=cast.administrator)
    attempt.refresh_from_db()
    assert attempt.deadline_at == NOON + timedelta(minutes=30)
    acts = AuditEntry.objects.filter(action__endswith="paper_window").values_list("action", flat=True)
    assert sorted(acts) == ["lms.lift_paper_window", "lms.set_paper_window"]


def test_a_window_has_time_and_there_is_one_for_each_quiz(sitting, cast):
    with pytest.raises(NotPossible):
        opened(sitting, cast, NOON, NOON)
    fields = {"cohort": sitting[0].cohort, "key": sitting[1].key}
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperWindow.objects.create(**fields, opens_at=NOON, closes_at=NOON)
    PaperWindow.objects.create(**fields, opens_at=NOON, closes_at=NOON + HOUR)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperWindow.objects.create(**fields, opens_at=NOON, closes_at=NOON + HOUR)


def test_the_next_attempt_waits_so_long_after_the_last(tree, cast):
    version = make_version(lessons=0, questions=make_paper(1), sat={"cool_down": 90})
    enrolment = make_enrolment(make_cohort(tree["district"], version), cast.trainee.person, "enrolled")
    sitting = enrolment, version.papers.get()
    with time_machine.travel(NOON, tick=False):
        actions.submit_attempt(attempt=start(sitting))
        with pytest.raises(NotPossible, match=r"13:30.*还有 1 小时"):
            start(sitting)
    almost = time_machine.travel(NOON + timedelta(minutes=89, seconds=30), tick=False)
    with almost, pytest.raises(NotPossible, match="还有 1 分钟"):
        start(sitting)
    with time_machine.travel(NOON + timedelta(minutes=90), tick=False):
        assert start(sitting).number == 2


def test_who_runs_the_cohort_sets_the_time_at_the_desk(client, sitting, cast):
    enrolment, paper = sitting
    place = reverse("sittings:window", args=[enrolment.cohort_id, paper.key])
    client.force_login(cast.instructor)
    assert client.get(place).status_code == 404
    client.force_login(cast.administrator)
    assert client.get(place).status_code == 200
    assert client.post(place, {"opens_at": "2026-06-01 09:00"}).status_code == 200
    assert (
        client.post(place, {"opens_at": "2026-06-01 09:00", "closes_at": "2026-06-01 08:00"}).status_code
        == 200
    )
    assert not PaperWindow.objects.exists()
    sent = client.post(place, {"opens_at": "2026-06-01 09:00", "closes_at": "2026-06-01 11:00"})
    assert sent.status_code == 302
    assert PaperWindow.objects.get().opens_at == datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
    assert "11:00" in client.get(sent.url).content.decode()
    client.post(place, {"opens_at": "", "closes_at": ""})
    assert not PaperWindow.objects.exists()
    other = reverse("sittings:window", args=[enrolment.cohort_id, "6f9619ff-8b86-4d01-b42d-00cf4fc964aa"])
    assert client.post(other, {"opens_at": "", "closes_at": ""}).status_code == 404


@time_machine.travel(NOON, tick=False)
def test_the_start_page_says_when_the_quiz_is_open(client, sitting, cast):
    opened(sitting, cast, NOON + HOUR, NOON + 2 * HOUR)
    client.force_login(cast.trainee)
    place = reverse("lms:attempt-start", args=[sitting[0].pk, sitting[1].key])
    shown = client.get(place).content.decode()
    assert "还有 1 小时" in shown
    assert "quiz-go" not in shown
    opened(sitting, cast, NOON - HOUR, NOON + 2 * HOUR)
    assert "quiz-go" in client.get(place).content.decode()
    opened(sitting, cast, NOON - 2 * HOUR, NOON - HOUR)
    shown = client.get(place).content.decode()
    assert "quiz-go" not in shown
    assert not Attempt.objects.exists()
