from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from lms.assignments import actions
from lms.models import Enrolment, GivenMark, Submission
from tests.factories import make_learned
from tests.lms.assignments.test_actions import enrol, hand_in, mark, task_of
from tests.lms.assignments.test_views import at

RULE = {"due_days": 7, "late_days": 3, "late_percent": 10, "late_floor": 50}


def late(enrolment, days):
    """So many days after the due day."""
    return time_machine.travel(
        timezone.make_aware(
            timezone.datetime.combine(enrolment.cohort.starts_on, timezone.datetime.min.time())
        )
        + timedelta(days=7 + days, hours=12),
        tick=False,
    )


@pytest.fixture
def enrolment(tree, cast):
    return make_learned(enrol(tree, cast, **RULE))


def test_the_mark_says_what_came_before_what_was_taken_and_what_is_left(enrolment, cast, client):
    with late(enrolment, 2):
        row = hand_in(enrolment)
        assert (row.is_late, row.days_late) == (True, 2)
        row = mark(row, cast.instructor, score=90)
    assert (row.score, row.deducted, row.before_deduction) == (70, 20, 90)
    assert GivenMark.objects.get().deducted == 20
    client.force_login(cast.trainee)
    page = client.get(at("detail", enrolment)).text
    assert all(words in page for words in ("90", "20", "70"))


def test_what_lateness_brings_below_the_bar_does_not_pass_and_says_so(enrolment, cast):
    with late(enrolment, 3):
        row = hand_in(enrolment)
        with pytest.raises(actions.NotPossible, match="30"):
            mark(row, cast.instructor, score=80)


def test_beyond_the_last_day_nothing_is_written_or_handed_in(enrolment, cast, client):
    with late(enrolment, 4):
        with pytest.raises(actions.NotPossible):
            hand_in(enrolment)
        client.force_login(cast.trainee)
        page = client.get(at("detail", enrolment))
        assert page.context["standing"].is_closed
        assert "work-form" not in page.text
        assert client.post(at("detail", enrolment), {"text": "晚了"}).status_code == 200
    assert not Submission.objects.exists()


def test_a_draft_of_before_cannot_be_handed_in_after(enrolment, cast):
    with late(enrolment, -1):
        draft = actions.save_draft(
            enrolment=enrolment, assignment=task_of(enrolment), actor=cast.trainee, text="字"
        )
    with late(enrolment, 4), pytest.raises(actions.NotPossible):
        actions.submit_assignment(submission=draft, actor=cast.trainee)


def test_what_the_teacher_returned_costs_nothing_when_it_first_came_in_time(enrolment, cast):
    with late(enrolment, -1):
        mark(hand_in(enrolment), cast.instructor, passes=False, score=None)
    with late(enrolment, 30):
        row = hand_in(enrolment, "改过的")
        assert (row.is_late, row.days_late) == (True, 0)
        assert mark(row, cast.instructor, score=90).score == 90


def test_the_rule_stands_on_the_page_before_and_what_it_costs_now(enrolment, cast, client):
    with late(enrolment, -1):
        client.force_login(cast.trainee)
        page = client.get(at("detail", enrolment))
    assert len(page.context["standing"].late_words) == 3
    assert all(sentence in page.text for sentence in page.context["standing"].late_words)
    with late(enrolment, 1):
        client.force_login(cast.trainee)
        assert client.get(at("detail", enrolment)).context["standing"].would_lose == 10


def test_the_desk_says_what_the_rule_takes(enrolment, cast, client):
    with late(enrolment, 1):
        row = hand_in(enrolment)
        client.force_login(cast.instructor)
        assert client.get(reverse("assignments:mark", args=[row.pk])).context["would_lose"] == 10
    assert Enrolment.objects.get().submissions.get().days_late == 1
