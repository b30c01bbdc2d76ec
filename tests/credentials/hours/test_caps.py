"""The most minutes of a year: of one-to-one sessions as of groups. Nothing above it counts, and nothing is lost by it."""

from datetime import datetime, time, timedelta
from itertools import count

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from core.models import Notice
from credentials.hours.actions import (
    add_hours_rule,
    correct_hours,
    credit,
    credit_participation,
    credit_session,
    reconcile,
)
from credentials.hours.policy import Sharing
from credentials.models import HoursEntry, SkippedCredit
from supervision.signals import ParticipationConfirmed, SessionConfirmed
from tests.factories import make_pairing, make_supervisor

YEAR = timezone.localdate().year - 1  # over, so that every day of it lies in one calendar year
numbers = count(1000)


@pytest.fixture
def pairing(tree, cast):
    return make_pairing(make_supervisor(cast.supervisor, tree["agency"]), cast.trainee.person)


@pytest.fixture
def rule(tree, cast):
    def made(**more):
        given = {"organisation": tree["city"], "starts_on": datetime(YEAR, 1, 1).date(), "source": "市局通知"}
        return add_hours_rule(**given | {"minutes_per_hour": 45, "actor": cast.city_administrator} | more)

    return made


def at(day, hour=9, minute=0):
    return datetime.combine(
        datetime(YEAR, 6, day).date(), time(hour, minute), timezone.get_current_timezone()
    )


def told(pairing, day, minutes=90, hour=9, amended=0, number=None, **more):
    """Both sides agree on a session of the sixth month."""
    starts_at = at(day, hour)
    return SessionConfirmed(
        session_id=number or next(numbers),
        supervisor_person_id=pairing.supervisor_id,
        mentee_person_id=pairing.mentee_id,
        organisation_id=pairing.organisation_id,
        held_on=starts_at.date(),
        minutes=minutes,
        form="individual",
        mode="private",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        amended=amended,
        **more,
    )


def test_a_session_is_titled_in_both_languages_whoever_confirms_it(pairing):
    with override("en"):
        mine, theirs = credit_session(event=told(pairing, 1))
    by, of = pairing.supervisor.person.name, pairing.mentee.name
    assert (mine.title, mine.title_en) == (f"接受督导：{by}", f"Supervised by {by}")
    assert (theirs.title, theirs.title_en) == (f"开展督导：{of}", f"Supervising {of}")


def gathered(pairing, day, minutes, hour=9):
    """The mentee took part in a gathering."""
    return credit(
        person_id=pairing.mentee_id,
        organisation_id=pairing.organisation_id,
        kind="supervision",
        minutes=minutes,
        occurred_on=at(day).date(),
        title="集体督导",
        source=f"supervision.participation:{next(numbers)}",
        evidence={"form": "group", "mode": "accompanying"},
        starts_at=at(day, hour),
        ends_at=at(day, hour) + timedelta(minutes=minutes),
        form="group",
        mode="accompanying",
    )


def attended(pairing, day, minutes, hour=9):
    """The mentee was in a class, which is credited first."""
    return credit(
        person_id=pairing.mentee_id,
        organisation_id=pairing.organisation_id,
        kind="class",
        minutes=minutes,
        occurred_on=at(day).date(),
        title="课次",
        source=f"lms.attendance:{next(numbers)}",
        evidence={},
        starts_at=at(day, hour),
        ends_at=at(day, hour) + timedelta(minutes=minutes),
    )


def minutes_of(pairing, kind="supervision"):
    person = pairing.mentee_id if kind == "supervision" else pairing.supervisor_id
    rows = HoursEntry.objects.standing().filter(person=person, kind=kind).order_by("pk")
    return list(rows.values_list("minutes", flat=True))


def take_back(entry, cast):
    return correct_hours(entry=entry, reason="误记", actor=cast.administrator)


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


def test_what_did_not_count_at_all_is_credited_by_the_reconciler_when_there_is_room(
    pairing, rule, cast, monkeypatch
):
    from credentials.hours.actions import reconciling

    rule(kind="supervision", single_minutes=90)
    first, third = told(pairing, 1, number=1), told(pairing, 3, number=3)
    entry = credit_session(event=first)[0]
    credit_session(event=third)
    skipped = SkippedCredit.objects.get(person=pairing.mentee_id)
    assert (skipped.source, skipped.minutes, skipped.covered_by) == ("supervision.session:3", 90, None)
    monkeypatch.setattr(reconciling, "confirmations", lambda: [first, third])
    monkeypatch.setattr(reconciling, "participations", list)
    assert reconcile() == []
    take_back(entry, cast)
    assert reconcile() == ["session 3: hours credited"]
    assert minutes_of(pairing) == [90]
    assert list(SkippedCredit.objects.still(cast.trainee.person)) == []


def test_corrected_while_the_year_was_full_it_is_not_forgotten(pairing, rule, cast, monkeypatch):
    from credentials.hours.actions import reconciling

    rule(kind="supervision", single_minutes=90)
    first, second = told(pairing, 1, number=1), told(pairing, 2, number=2, amended=1)
    entry = credit_session(event=first)[0]
    credit_session(event=told(pairing, 2, 60, number=2))
    credit_session(event=second)
    (skipped,) = SkippedCredit.objects.still(cast.trainee.person)
    assert (skipped.source, skipped.minutes) == ("supervision.session:2:1", 90)  # as it is now, once
    take_back(entry, cast)
    monkeypatch.setattr(reconciling, "confirmations", lambda: [second])
    monkeypatch.setattr(reconciling, "participations", list)
    reconcile()
    assert minutes_of(pairing) == [90]
    assert reconcile() == []


def took_part(pairing, day, number, minutes=90, amended=0):
    """The mentee agrees that they were in a group which the supervisor led."""
    return ParticipationConfirmed(
        participation_id=number,
        gathering_id=number,
        person_id=pairing.mentee_id,
        organisation_id=pairing.organisation_id,
        minutes=minutes,
        leader_person_id=pairing.supervisor_id,
        leader_organisation_id=pairing.organisation_id,
        leader_supervises=True,
        leader_counts=True,
        gathering_minutes=minutes,
        circle_name="个案督导小组",
        held_on=at(day).date(),
        form="group",
        mode="accompanying",
        starts_at=at(day),
        ends_at=at(day) + timedelta(minutes=minutes),
        amended=amended,
    )


@pytest.mark.parametrize("kind", ["supervision", "supervising"])
def test_a_corrected_gathering_of_which_nothing_counted_is_not_forgotten(
    pairing, rule, cast, monkeypatch, kind
):
    """Of whoever took part, and of whoever led: 90 minutes of a year are full, and then have room again."""
    from credentials.hours.actions import reconciling

    rule(kind=kind, together_minutes=90)
    first, second = took_part(pairing, 1, 1), took_part(pairing, 2, 2, 60, amended=1)
    credit_participation(event=first)
    credit_participation(event=took_part(pairing, 2, 2))
    credit_participation(event=second)
    monkeypatch.setattr(reconciling, "confirmations", list)
    monkeypatch.setattr(reconciling, "participations", lambda: [first, second])
    assert reconcile() == []
    about = {"supervision": "participation", "supervising": "gathering"}[kind]
    take_back(HoursEntry.objects.standing().get(source=f"supervision.{about}:1"), cast)
    assert reconcile() == ["participation 2: hours credited"]
    assert minutes_of(pairing, kind) == [60]
    assert reconcile() == []


def test_a_correction_that_was_not_heard_of_the_leader_is_found(pairing, cast, monkeypatch):
    from credentials.hours.actions import reconciling
    from credentials.models import SettledRevision

    first, second = took_part(pairing, 1, 1), took_part(pairing, 1, 1, 60, amended=1)
    credit_participation(event=first)
    SettledRevision.objects.create(source="supervision.participation:1", revision=1)
    monkeypatch.setattr(reconciling, "confirmations", list)
    monkeypatch.setattr(reconciling, "participations", lambda: [second])
    assert reconcile() == ["participation 1: hours credited"]
    assert minutes_of(pairing, "supervising") == [60]


def reconcile_rests():
    from credentials.hours.actions import credit_rest
    from credentials.hours.queries import cut_short

    return [entry for entry in cut_short() if credit_rest(entry=entry)]


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
