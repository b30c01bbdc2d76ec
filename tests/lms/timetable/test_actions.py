from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.notices.models import Delivery
from lms.cohorts.actions import cancel_cohort
from lms.models import CalendarFeed, ClassSession, Cohort
from lms.timetable.actions import (
    InTheWay,
    NotPlanned,
    cancel_class,
    change_class,
    plan_class,
    remind_classes,
    renew_feed,
)
from lms.timetable.policy import Clash
from lms.timetable.queries import classes_of
from tests.factories import make_attendance, make_class, make_cohort, make_enrolment, make_user, make_version


@pytest.fixture
def plan(cohort, cast):
    def planned(*drafts, at=cohort, accepted=""):
        return plan_class(cohort=at, drafts=drafts, actor=cast.administrator, accepted=accepted)

    return planned


def kinds(raised):
    return [each.kind for each in raised.value.conflicts]


def acts():
    return list(AuditEntry.objects.filter(action__startswith="lms.").values_list("action", flat=True))


def test_a_planned_class_is_audited_and_the_enrolled_are_told_once_a_day(plan, draft, cohort, cast):
    make_enrolment(cohort, cast.trainee.person)
    make_enrolment(cohort, cast.other_trainee.person, "applied")
    plan(draft(days=5))
    plan(draft(days=6))
    assert acts() == ["lms.plan_class"] * 2
    assert list(Notice.objects.values_list("user", flat=True)) == [cast.trainee.pk]


def test_the_instructor_is_told_what_they_teach(plan, draft, cast):
    plan(draft(instructor_id=cast.instructor.person.pk))
    notice = Notice.objects.get(user=cast.instructor)
    assert notice.kind == "lms.class_teach"
    assert "接案与预估" in notice.title_in()
    assert "301" in notice.body_in()


def test_the_audit_never_keeps_a_meeting_link(plan, draft, cast):
    (made,) = plan(draft(mode="online", place="", room="", link="https://meet.example.com/secret"))
    change_class(
        klass=made,
        draft=draft(mode="online", link="https://meet.example.com/other"),
        actor=cast.administrator,
    )
    assert AuditEntry.objects.exclude(data={}).exists()
    assert not any("meet.example" in str(entry.data) for entry in AuditEntry.objects.all())


@pytest.mark.parametrize("wrong", [{"place": ""}, {"mode": "online"}, {"minutes": 0}, {"title": ""}])
def test_a_class_that_lacks_something_is_refused(plan, draft, wrong):
    with pytest.raises(NotPlanned):
        plan(draft(**wrong))


def test_the_same_cohort_twice_at_the_same_time_is_refused_whatever_is_ticked(plan, draft):
    plan(draft())
    with pytest.raises(InTheWay) as raised:
        plan(draft(title="另一节"))
    assert kinds(raised) == [Clash.COHORT]
    assert raised.value.key == ""
    with pytest.raises(InTheWay):
        plan(draft(title="另一节"), accepted=raised.value.key)


def test_the_database_itself_refuses_two_classes_of_a_cohort_at_one_time(cohort, other):
    first, later = make_class(cohort, days=5), make_class(cohort, days=6)
    times = {
        "starts_at": first.ends_at - timedelta(minutes=1),
        "ends_at": first.ends_at + timedelta(minutes=9),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        make_class(cohort, **times)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClassSession.objects.filter(pk=later.pk).update(**times)
    make_class(other, **times)
    gone = make_class(cohort, **times, cancelled_at=first.starts_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClassSession.objects.filter(pk=gone.pk).update(cancelled_at=None)
    make_class(cohort, starts_at=first.ends_at, ends_at=first.ends_at + timedelta(minutes=9))
    assert ClassSession.objects.filter(pk=first.pk).update(title="改名") == 1


def test_an_instructor_cannot_be_in_two_buildings(plan, draft, other, cast):
    teacher = cast.instructor.person.pk
    plan(draft(instructor_id=teacher), at=other)
    with pytest.raises(InTheWay) as raised:
        plan(draft(instructor_id=teacher, room="302"))
    assert kinds(raised) == [Clash.TWO_PLACES]
    assert raised.value.key == ""


def test_a_taken_room_is_a_warning_that_is_accepted_by_its_name(plan, draft, other):
    plan(draft(), at=other)
    with pytest.raises(InTheWay) as raised:
        plan(draft())
    assert kinds(raised) == [Clash.ROOM]
    with pytest.raises(InTheWay):
        plan(draft(), accepted="yes")
    plan(draft(), accepted=raised.value.key)
    assert ClassSession.objects.count() == 2


def test_a_warning_that_was_not_shown_is_not_accepted(plan, draft, other, cohort, cast):
    plan(draft(), at=other)
    with pytest.raises(InTheWay) as seen:
        plan(draft())
    for place in (cohort, other):
        make_enrolment(place, cast.trainee.person)
    with pytest.raises(InTheWay) as raised:
        plan(draft(), accepted=seen.value.key)
    assert kinds(raised) == [Clash.ROOM, Clash.TRAINEES]


def test_trainees_with_two_classes_at_once_are_counted(plan, draft, other, cohort, cast):
    for part in (cast.trainee, cast.other_trainee):
        make_enrolment(cohort, part.person)
        make_enrolment(other, part.person)
    make_enrolment(cohort, cast.outside_trainee.person)
    plan(draft(), at=other)
    with pytest.raises(InTheWay) as raised:
        plan(draft(room="302"))
    assert kinds(raised) == [Clash.TRAINEES]
    assert "2" in raised.value.conflicts[0].text


def test_what_another_organisation_plans_is_told_without_its_title(plan, draft, cast, tree, cohort):
    elsewhere = make_cohort(tree["other_district"], make_version(course=cohort.course))
    make_class(elsewhere, days=5, title="别区的课")
    with pytest.raises(InTheWay) as raised:
        plan(draft())
    (conflict,) = raised.value.conflicts
    assert "别区的课" not in conflict.text
    assert conflict.url == ""


def test_a_class_outside_the_days_of_its_cohort_is_planned_and_moved_only_when_that_is_accepted(
    plan, draft, cohort, cast
):
    first = timezone.localdate() + timedelta(days=4)
    Cohort.objects.filter(pk=cohort.pk).update(starts_on=first, ends_on=first + timedelta(days=6))
    (made,) = plan(draft(days=4))
    for days, kind in ((3, Clash.BEFORE_COHORT), (11, Clash.AFTER_COHORT)):
        with pytest.raises(InTheWay) as found:
            plan(draft(days=days))
        assert kinds(found) == [kind] and found.value.key
        with pytest.raises(InTheWay) as moving:
            change_class(klass=made, draft=draft(days=days), actor=cast.administrator)
        assert kinds(moving) == [kind]
        assert plan(draft(days=days), accepted=found.value.key)
    assert plan(draft(days=10))  # the last day is one of its days
    with pytest.raises(InTheWay) as series:
        plan(draft(days=9), draft(days=16))
    assert kinds(series) == [Clash.AFTER_COHORT]


def test_a_cohort_whose_days_are_not_known_takes_classes_on_any(plan, draft, cohort):
    Cohort.objects.filter(pk=cohort.pk).update(starts_on=None, ends_on=None)
    assert plan(draft(days=300))


def test_a_cancelled_class_is_in_nobodys_way(plan, draft, other, cast):
    (made,) = plan(draft(), at=other)
    cancel_class(klass=made, actor=cast.administrator, reason="老师生病")
    assert plan(draft())


def test_what_is_in_the_way_costs_one_query_however_long_the_series(draft, cohort, other, cast):
    from lms.timetable.queries import conflicts_of

    for day in (1, 8, 15):
        make_class(other, days=day, instructor=cast.instructor.person)
    slots = [make_class(cohort, days=day, instructor=cast.instructor.person).slot for day in (1, 8, 15, 22)]
    cast.administrator.has_perm("lms.change_cohort", cohort)
    with CaptureQueriesContext(connection) as captured:
        found = conflicts_of(slots, cast.administrator, cohort)
    assert len(captured) == 1
    assert len(found) == 6  # each of three: the instructor and the room


@pytest.fixture
def planned(plan, draft, cohort, cast):
    """A class in five days with an instructor, for which two are enrolled; what was told so far is forgotten."""
    for part in (cast.trainee, cast.other_trainee):
        make_enrolment(cohort, part.person)
    (made,) = plan(draft(instructor_id=cast.instructor.person.pk))
    Notice.objects.all().delete()
    return made


def test_a_moved_class_has_a_higher_sequence_and_everybody_is_told_once(planned, draft, cast):
    moved = draft(days=6, instructor_id=cast.instructor.person.pk)
    changed = change_class(klass=planned, draft=moved, actor=cast.administrator, sequence=0)
    assert (changed.sequence, changed.uid) == (1, planned.uid)
    told = Notice.objects.filter(kind="lms.class_changed")
    assert {notice.user for notice in told} == {cast.trainee, cast.other_trainee, cast.instructor}
    assert acts().count("lms.change_class") == 1
    change_class(klass=planned, draft=moved, actor=cast.administrator)
    assert Notice.objects.count() == 3


def test_a_new_title_is_kept_and_nobody_is_disturbed(planned, draft, cast):
    new = draft(title="接案", instructor_id=cast.instructor.person.pk)
    assert change_class(klass=planned, draft=new, actor=cast.administrator).sequence == 1
    assert not Notice.objects.exists()


def test_who_takes_over_and_who_no_longer_teaches_are_both_told(planned, draft, cast):
    new = make_user("柯岚")
    change_class(klass=planned, draft=draft(instructor_id=new.person.pk), actor=cast.administrator)
    assert dict(Notice.objects.values_list("user", "kind")) == {
        cast.instructor.pk: "lms.class_freed",
        new.pk: "lms.class_teach",
    }


@pytest.mark.parametrize(("days", "at_once"), [(1, True), (6, False)])
def test_what_changes_within_two_days_is_told_at_once(planned, draft, cast, days, at_once):
    change_class(
        klass=planned,
        draft=draft(days=days, instructor_id=cast.instructor.person.pk),
        actor=cast.administrator,
    )
    due = set(Delivery.objects.values_list("due_at", flat=True))
    assert due
    assert all((moment <= timezone.now()) is at_once for moment in due)


def test_a_class_to_come_is_moved_to_a_time_to_come(planned, draft, cast):
    """Five days ago nobody was there: whoever moves it there has mistyped the day."""
    with pytest.raises(NotPlanned):
        change_class(klass=planned, draft=draft(days=-5), actor=cast.administrator)
    planned.refresh_from_db()
    assert planned.sequence == 0


def test_who_was_second_to_change_a_class_is_told(planned, draft, cast):
    change_class(klass=planned, draft=draft(days=6), actor=cast.administrator, sequence=0)
    with pytest.raises(NotPlanned):
        change_class(klass=planned, draft=draft(days=7), actor=cast.city_administrator, sequence=0)


def test_of_a_class_that_is_over_only_title_and_instructor_can_be_corrected(cohort, cast):
    held = make_class(cohort, days=-1)
    same = held.draft
    with pytest.raises(NotPlanned):
        change_class(klass=held, draft=replace(same, ends_at=same.ends_at + timedelta(hours=1)), actor=None)
    change_class(klass=held, draft=replace(same, title="接案"), actor=None)
    make_attendance(held, make_enrolment(cohort, cast.trainee.person))
    with pytest.raises(NotPlanned):
        cancel_class(klass=held, actor=None, reason="太晚")
    assert not Notice.objects.exists()


def test_a_cancelled_class_stays_with_its_reason_and_is_cancelled_once(planned, draft, cast):
    assert cancel_class(klass=planned, actor=cast.administrator, reason="老师生病")
    assert not cancel_class(klass=planned, actor=cast.administrator, reason="又一次")
    planned.refresh_from_db()
    assert (planned.sequence, planned.cancel_reason) == (1, "老师生病")
    assert Notice.objects.filter(kind="lms.class_cancelled").count() == 3
    assert "老师生病" in Notice.objects.first().body_in()
    with pytest.raises(NotPlanned):
        change_class(klass=planned, draft=draft(days=9), actor=cast.administrator)


def test_cancelling_wants_a_reason(planned):
    with pytest.raises(NotPlanned):
        cancel_class(klass=planned, actor=None, reason=" ")


def test_a_cancelled_cohort_takes_its_classes_to_come_with_it(planned, draft, plan, cohort, cast):
    held = make_class(cohort, days=-3)
    cancel_cohort(cohort=cohort, actor=cast.administrator, reason="人数不足")
    planned.refresh_from_db()
    held.refresh_from_db()
    assert planned.cancel_reason == "人数不足"
    assert held.cancelled_at is None
    told = Notice.objects.filter(kind="lms.class_cancelled")
    assert [notice.user for notice in told] == [cast.instructor]  # the trainees were told of the cohort
    with pytest.raises(NotPlanned):
        plan(draft(days=20))


def test_many_people_are_told_in_few_statements(planned, draft, cohort, cast):
    for number in range(30):
        make_enrolment(cohort, make_user(f"学员{number}").person)
    with CaptureQueriesContext(connection) as captured:
        cancel_class(klass=planned, actor=cast.administrator, reason="停电")
    assert Notice.objects.count() == 33
    assert len(captured) < 30


@pytest.mark.parametrize(("clock", "told"), [("05:59", 0), ("06:00", 2), ("23:59", 2)])
def test_everybody_is_reminded_of_tomorrow_once(cohort, cast, clock, told):
    with time_machine.travel(f"2026-03-13 {clock}:30+08:00", tick=False):
        make_enrolment(cohort, cast.trainee.person)
        make_enrolment(cohort, cast.other_trainee.person, "withdrawn")
        for days in (0, 1, 2):
            make_class(cohort, days=days, instructor=cast.instructor.person)
        make_class(cohort, days=1, cancelled_at=timezone.now())
        assert remind_classes() == told
        assert remind_classes() == 0
    assert Notice.objects.count() == told


def test_a_new_calendar_address_ends_the_old_one(cast):
    old = renew_feed(actor=cast.trainee, person=cast.trainee.person).token
    new = renew_feed(actor=cast.trainee, person=cast.trainee.person).token
    assert CalendarFeed.objects.of_token(old) is None
    assert CalendarFeed.objects.of_token(new).person == cast.trainee.person
    assert len(new) >= 43  # 256 bits


def test_a_calendar_address_is_sealed_in_the_database(cast):
    token = renew_feed(actor=cast.trainee, person=cast.trainee.person).token
    with connection.cursor() as cursor:
        cursor.execute("SELECT token_sealed, token_hash FROM lms_calendarfeed")
        assert all(token not in column for column in cursor.fetchone())


def test_the_next_classes_cost_one_query(planned, cast, cohort, django_assert_num_queries):
    make_class(cohort, days=-1)
    make_class(cohort, days=3, cancelled_at=timezone.now())
    with django_assert_num_queries(1):
        (found,) = classes_of(cast.trainee.person)
    assert (found.title, found.cohort_title) == ("接案与预估", "秋季班")
    assert classes_of(cast.instructor.person) == [found]
    assert classes_of(cast.outside_trainee.person) == classes_of(None) == []
