"""What supervision tells of a session or a gathering: how it is titled, and that nothing told late is forgotten."""

import pytest
from django.utils.translation import override

from credentials.hours.actions import (
    credit_participation,
    credit_session,
    reconcile,
    reconciling,
)
from credentials.models import HoursEntry, SettledRevision, SkippedCredit
from tests.credentials.hours.acts import minutes_of, take_back, told, took_part


def test_a_session_is_titled_in_both_languages_whoever_confirms_it(pairing):
    with override("en"):
        mine, theirs = credit_session(event=told(pairing, 1))
    by, of = pairing.supervisor.person.name, pairing.mentee.name
    assert (mine.title, mine.title_en) == (f"接受督导：{by}", f"Supervised by {by}")
    assert (theirs.title, theirs.title_en) == (f"开展督导：{of}", f"Supervising {of}")


def test_a_gathering_is_titled_in_both_languages_whoever_confirms_it(pairing):
    with override("en"):
        mine, theirs = credit_participation(event=took_part(pairing, 1, 1))
    assert (mine.title, mine.title_en) == (
        "参加集体督导：个案督导小组",
        "Gathering attended: 个案督导小组",
    )
    assert (theirs.title, theirs.title_en) == (
        "带领集体督导：个案督导小组",
        "Gathering led: 个案督导小组",
    )


def test_what_did_not_count_at_all_is_credited_by_the_reconciler_when_there_is_room(
    pairing, rule, cast, monkeypatch
):
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


@pytest.mark.parametrize("kind", ["supervision", "supervising"])
def test_a_corrected_gathering_of_which_nothing_counted_is_not_forgotten(
    pairing, rule, cast, monkeypatch, kind
):
    """Of whoever took part, and of whoever led: 90 minutes of a year are full, and then have room again."""
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
    first, second = took_part(pairing, 1, 1), took_part(pairing, 1, 1, 60, amended=1)
    credit_participation(event=first)
    SettledRevision.objects.create(source="supervision.participation:1", revision=1)
    monkeypatch.setattr(reconciling, "confirmations", list)
    monkeypatch.setattr(reconciling, "participations", lambda: [second])
    assert reconcile() == ["participation 1: hours credited"]
    assert minutes_of(pairing, "supervising") == [60]
