"""Minutes of classes are credited once, corrected by newer revisions, and never twice for the same time."""

from datetime import timedelta

import pytest
from django.utils import translation

from core.models import AuditEntry, Notice
from credentials.hours.actions import correct_hours, credit_attendance, reconcile, reconciling
from credentials.hours.queries import totals_of
from credentials.models import HoursEntry, SettledRevision, SkippedCredit
from lms.models import ClassSession
from lms.signals import attendance_settled
from supervision.sessions import actions as sessions
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_pairing,
    make_session,
    make_settled,
    make_supervisor,
)
from tests.lms.enrolments.test_concurrency import at_once


@pytest.fixture
def enrolment(tree, cast):
    return make_enrolment(make_cohort(tree["district"]), cast.trainee.person)


def standing():
    return list(HoursEntry.objects.standing().values_list("source", "minutes"))


def test_a_settled_attendance_is_credited_once(enrolment):
    for _ in range(3):
        attendance_settled.send(ClassSession, event=make_settled(enrolment))
    entry = HoursEntry.objects.get()
    assert (entry.source, entry.kind, entry.minutes) == ("lms.attendance:7", "class", 90)
    assert entry.ends_at - entry.starts_at == timedelta(minutes=90)
    assert AuditEntry.objects.filter(action="credentials.credit").count() == 1


def test_a_newer_revision_takes_back_and_credits_anew(enrolment, cast):
    credit_attendance(event=make_settled(enrolment))
    credit_attendance(event=make_settled(enrolment, 2, 60))
    credit_attendance(event=make_settled(enrolment, 3, 75))
    assert standing() == [("lms.attendance:7:3", 75)]
    assert HoursEntry.objects.count() == 5
    assert totals_of(cast.trainee.person).learned * 45 // 1 <= 75


def test_why_it_was_settled_anew_is_read_in_the_readers_language(enrolment, cast):
    credit_attendance(event=make_settled(enrolment))
    with translation.override("en"):
        credit_attendance(event=make_settled(enrolment, 2, 60))
    row = HoursEntry.objects.get(kind="correction")
    notice = Notice.objects.get(user=cast.trainee, source__startswith="credentials.correct_hours")
    for language, said in (
        ("zh-hans", "考勤重新认定（第 2 次）：由 90 分钟改为 60 分钟。"),
        ("en", "The attendance was settled anew (revision 2): 60 minutes instead of 90."),
    ):
        with translation.override(language):
            assert (row.reason_here, notice.body_in()) == (said, said)
    assert "由 90 分钟" in AuditEntry.objects.get(action="credentials.correct_hours").data["reason"]


def test_what_an_officer_wrote_is_left_as_it_is(enrolment, cast):
    entry = credit_attendance(event=make_settled(enrolment))
    row = correct_hours(entry=entry, reason="到课不足 50%(见表)s", actor=cast.administrator)
    assert row.reason_here == "到课不足 50%(见表)s"


def test_a_newer_revision_of_the_same_minutes_is_noted_and_changes_nothing(enrolment):
    credit_attendance(event=make_settled(enrolment))
    assert credit_attendance(event=make_settled(enrolment, 2)) is None
    assert standing() == [("lms.attendance:7", 90)]
    assert SettledRevision.objects.get().revision == 2
    assert credit_attendance(event=make_settled(enrolment, 1, 30)) is None
    assert HoursEntry.objects.count() == 1


@pytest.mark.parametrize("newest", [0, 60])
def test_an_older_revision_that_arrives_late_changes_nothing(enrolment, newest):
    credit_attendance(event=make_settled(enrolment, 3, newest))
    before = standing()
    for old in (1, 2, 1):
        credit_attendance(event=make_settled(enrolment, old))
    assert standing() == before == ([("lms.attendance:7:3", 60)] if newest else [])
    assert SettledRevision.objects.get().revision == 3


def test_an_attendance_taken_back_to_nothing_leaves_a_correction(enrolment):
    credit_attendance(event=make_settled(enrolment))
    credit_attendance(event=make_settled(enrolment, 2, 0))
    assert standing() == []
    assert sorted(HoursEntry.objects.values_list("minutes", flat=True)) == [-90, 90]


def test_what_an_officer_took_back_is_not_credited_again(enrolment, cast):
    event = make_settled(enrolment)
    correct_hours(entry=credit_attendance(event=event), reason="误签", actor=cast.administrator)
    assert credit_attendance(event=event) is None
    assert standing() == []


def test_the_numbers_of_attendances_are_not_mixed_up(enrolment):
    """12 and 1:2 begin alike."""
    other = {"starts_at": make_settled(enrolment).starts_at - timedelta(days=3)}
    other["ends_at"] = other["starts_at"] + timedelta(minutes=90)
    credit_attendance(event=make_settled(enrolment, attendance_id=12, **other))
    credit_attendance(event=make_settled(enrolment, attendance_id=1))
    credit_attendance(event=make_settled(enrolment, 2, 30, attendance_id=1))
    assert set(standing()) == {("lms.attendance:12", 90), ("lms.attendance:1:2", 30)}


# --- Nothing counts twice ------------------------------------------------------------------------------------------


def test_only_the_part_that_nothing_covers_is_credited(enrolment):
    event = make_settled(enrolment)
    credit_attendance(event=event)
    later = {
        "starts_at": event.starts_at + timedelta(minutes=60),
        "ends_at": event.ends_at + timedelta(minutes=60),
    }
    row = credit_attendance(event=make_settled(enrolment, attendance_id=8, **later))
    assert row.minutes == 60
    assert row.evidence["asked"] == 90
    assert row.evidence["taken"] == 30
    assert [each["title"] for each in row.evidence["by"]] == ["接案与预估"]


def test_when_nothing_is_left_the_person_is_told_once_and_the_audit_says_why(enrolment, cast, monkeypatch):
    event = make_settled(enrolment)
    first = credit_attendance(event=event)
    again = make_settled(enrolment, attendance_id=8, title="同一时间的另一课")
    for _ in range(3):
        assert credit_attendance(event=again) is None
    assert HoursEntry.objects.count() == 1
    assert (
        Notice.objects.filter(user=cast.trainee, source="credentials.skip_credit:lms.attendance:8").count()
        == 1
    )
    assert AuditEntry.objects.filter(action="credentials.skip_credit").count() == 1
    correct_hours(entry=first, reason="误签", actor=cast.administrator)
    monkeypatch.setattr(reconciling, "settled_attendances", lambda: [event, again])
    assert reconcile() == ["attendance 8: hours credited"]
    assert standing() == [("lms.attendance:8", 90)]
    assert reconcile() == []


def test_what_added_nothing_is_not_told_again_when_its_notice_is_gone(enrolment, cast):
    credit_attendance(event=make_settled(enrolment))
    again = make_settled(enrolment, attendance_id=8)
    credit_attendance(event=again)
    Notice.objects.filter(user=cast.trainee).delete()
    credit_attendance(event=again)
    assert SkippedCredit.objects.get().source == "lms.attendance:8"
    assert not Notice.objects.filter(user=cast.trainee).exists()
    assert AuditEntry.objects.filter(action="credentials.skip_credit").count() == 1


def test_both_sides_of_a_session_are_credited_and_each_only_for_free_time(tree, cast, enrolment):
    pairing = make_pairing(make_supervisor(cast.supervisor, tree["agency"]), cast.trainee.person)
    session = make_session(pairing)
    covering = {"starts_at": session.starts_at, "ends_at": session.starts_at + timedelta(minutes=45)}
    credit_attendance(event=make_settled(enrolment, minutes=45, **covering))
    sessions.confirm_session(session=session, actor=cast.trainee, revision=1)
    found = HoursEntry.objects.filter(source__startswith="supervision").values_list("kind", "minutes")
    assert set(found) == {("supervision", 15), ("supervising", 60)}


def test_reconciling_finds_what_was_never_heard(enrolment, monkeypatch):
    events = [make_settled(enrolment, 2, 60), make_settled(enrolment, 4, 0, attendance_id=9)]
    monkeypatch.setattr(reconciling, "settled_attendances", lambda: events)
    assert len(reconcile()) == 2
    assert standing() == [("lms.attendance:7:2", 60)]
    assert reconcile() == []


# --- At once -------------------------------------------------------------------------------------------------------


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_eight_deliveries_at_once_credit_once(enrolment):
    event = make_settled(enrolment)
    made = at_once(lambda _: credit_attendance(event=event), range(8))
    assert len([entry for entry in made if entry]) == HoursEntry.objects.count() == 1


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_revisions_in_any_order_at_once_leave_the_newest(enrolment):
    at_once(lambda n: credit_attendance(event=make_settled(enrolment, n, 10 * n)), [3, 1, 8, 2, 7, 4, 6, 5])
    assert standing() == [("lms.attendance:7:8", 80)]


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_eight_overlapping_credits_at_once_never_take_the_same_minutes(enrolment):
    event = make_settled(enrolment)

    def one(number):
        moved = timedelta(minutes=10 * number)
        times = {"starts_at": event.starts_at + moved, "ends_at": event.ends_at + moved}
        credit_attendance(event=make_settled(enrolment, attendance_id=number, **times))

    at_once(one, range(8))
    total = sum(minutes for _, minutes in standing())
    assert total == 160  # from 9:00 to 11:40, whoever came first
