"""The most minutes of a year: of one-to-one sessions as of groups. Nothing above it counts, and nothing is lost by it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.models import Notice
from credentials.hours.actions import (
    credit_session,
)
from credentials.hours.policy import Sharing
from credentials.models import HoursEntry
from supervision.signals import SessionConfirmed
from tests.credentials.hours.acts import (
    YEAR,
    attended,
    gathered,
    minutes_of,
    reconcile_rests,
    take_back,
    told,
)

# --- One to one --------------------------------------------------------------------------------------------------


def test_without_a_rule_every_minute_of_a_session_counts(pairing):
    for day in (1, 2, 3):
        credit_session(event=told(pairing, day))
    assert minutes_of(pairing) == [90, 90, 90]


def test_one_to_one_no_more_than_the_most_of_the_year_counts_on_either_side(pairing, rule):
    rule(kind="supervision", single_minutes=120)
    rule(kind="supervising", single_minutes=150)
    for day in (1, 2, 3):
        credit_session(event=told(pairing, day))
    assert minutes_of(pairing) == [90, 30]
    assert minutes_of(pairing, "supervising") == [90, 60]


def test_groups_and_sessions_have_each_their_own_most(pairing, rule):
    rule(kind="supervision", single_minutes=120, together_minutes=60)
    credit_session(event=told(pairing, 1))
    gathered(pairing, 2, 90)
    credit_session(event=told(pairing, 3))
    assert minutes_of(pairing) == [90, 60, 30]


def test_another_year_has_its_own_room(pairing, rule, cast):
    rule(kind="supervision", single_minutes=60)
    credit_session(event=told(pairing, 1))
    event = told(pairing, 2)
    later = timedelta(days=365)
    moved = {
        "held_on": event.held_on + later,
        "starts_at": event.starts_at + later,
        "ends_at": event.ends_at + later,
    }
    credit_session(event=SessionConfirmed(**vars(event) | moved))
    assert minutes_of(pairing) == [60, 60]


def test_the_person_sees_why_minutes_did_not_count(client, pairing, rule, cast):
    rule(kind="supervision", single_minutes=120)
    for day in (1, 2, 3):
        credit_session(event=told(pairing, day))
    client.force_login(cast.trainee)
    short = HoursEntry.objects.get(person=pairing.mentee_id, minutes=30)
    assert (short.evidence["asked"], short.evidence["beyond"]) == (90, 60)
    page = client.get(reverse("credentials:hours-evidence", args=[short.pk])).content.decode()
    assert "120" in page and "市局通知" in page and str(YEAR) in page
    page = client.get(reverse("credentials:hours-list")).content.decode()
    assert 'id="skipped"' in page
    assert (
        Notice.objects.filter(user=cast.trainee, source__startswith="credentials.nothing_counts").count() == 1
    )
    client.force_login(cast.supervisor)
    assert 'id="skipped"' not in client.get(reverse("credentials:hours-list")).content.decode()


# --- Nothing is lost ---------------------------------------------------------------------------------------------


def test_what_the_year_has_room_for_again_is_credited(pairing, rule, cast):
    rule(kind="supervision", single_minutes=120)
    first, second = (credit_session(event=told(pairing, day))[0] for day in (1, 2))
    assert (first.minutes, second.minutes) == (90, 30)
    take_back(first, cast)
    assert minutes_of(pairing) == [30, 60]
    assert HoursEntry.objects.filter(evidence__rest_of=second.pk).count() == 1


def test_corrected_to_less_a_session_leaves_its_room_to_the_next(pairing, rule):
    rule(kind="supervision", single_minutes=120)
    credit_session(event=told(pairing, 1, number=7))
    credit_session(event=told(pairing, 2, number=8))
    credit_session(event=told(pairing, 1, 60, number=7, amended=1))
    assert sorted(minutes_of(pairing)) == [30, 30, 60]
    assert sum(minutes_of(pairing)) == 120


def test_a_rest_never_goes_beyond_the_most_of_the_year(pairing, rule, cast):
    """60 of 90 minutes lie in a class; the others and a second gathering fill the year; then the class is taken back."""
    rule(kind="supervision", together_minutes=120)
    lesson = attended(pairing, 1, 60)
    assert gathered(pairing, 1, 90).minutes == 30
    assert gathered(pairing, 2, 90).minutes == 90
    take_back(lesson, cast)
    assert sum(minutes_of(pairing)) == 120


def test_a_rest_gets_what_the_year_still_has_room_for(pairing, rule, cast):
    rule(kind="supervision", together_minutes=100)
    lesson = attended(pairing, 1, 60)
    gathered(pairing, 1, 90)
    gathered(pairing, 2, 50)
    take_back(lesson, cast)
    assert minutes_of(pairing) == [30, 50, 20]
    assert reconcile_rests() == []


# --- By figures of every kind ------------------------------------------------------------------------------------


LENGTHS = st.lists(st.integers(1, 480), max_size=12)


@given(st.none() | st.integers(0, 2000), LENGTHS)
def test_one_after_another_they_fill_the_year_and_no_more(most, lengths):
    sharing, used = Sharing(most_single=most), 0
    for minutes in lengths:
        used += sharing.counted(minutes, "individual", "private", used)
    assert used == (sum(lengths) if most is None else min(sum(lengths), most))


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["session", "gathering", "class", "back"]), st.integers(1, 28), st.integers(15, 180)
    ),
    max_size=14,
)


@pytest.mark.django_db
def test_whatever_is_credited_and_taken_back_the_year_never_overflows(pairing, rule, cast):
    """Worked by chance: at every moment both kinds stay within their most, and nothing is credited twice at one time."""
    rule(kind="supervision", single_minutes=240, together_minutes=200)

    @given(ACTS)
    def holds(acts):
        with transaction.atomic():
            made = []
            for what, day, minutes in acts:
                if what == "session":
                    made += credit_session(event=told(pairing, day, minutes))[:1]
                elif what == "gathering":
                    made.append(gathered(pairing, day, minutes))
                elif what == "class":
                    made.append(attended(pairing, day, minutes))
                elif made and (entry := made.pop(0)) is not None:
                    take_back(entry, cast)
                rows = HoursEntry.objects.standing().filter(person=pairing.mentee_id)
                shared = [row for row in rows if row.kind == "supervision" and "together" in row.evidence]
                single = [row for row in rows if row.kind == "supervision" and "together" not in row.evidence]
                assert sum(row.minutes for row in shared) <= 200
                assert sum(row.minutes for row in single) <= 240
            transaction.set_rollback(True)

    from hypothesis import HealthCheck, settings

    settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))(holds)()
