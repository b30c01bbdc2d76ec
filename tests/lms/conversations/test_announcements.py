import uuid
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.models import AuditEntry, Delivery, Notice
from lms.conversations.actions import announcements as actions
from lms.conversations.actions.fitness import NotPossible
from lms.conversations.models import Announcement, AnnouncementRead
from lms.conversations.queries import announcements_for, unread_of
from lms.models import Enrolment
from tests.factories import make_announcement, make_cohort, make_enrolment, make_user


@pytest.fixture
def cohort(tree, cast):
    cohort = make_cohort(tree["district"])
    make_enrolment(cohort, cast.trainee.person)
    make_enrolment(cohort, cast.other_trainee.person, "completed")
    make_enrolment(cohort, cast.outside_trainee.person, "withdrawn")
    return cohort


def announce(cohort, actor, **fields):
    defaults = {"key": uuid.uuid4(), "title": "周六停课", "body": "改为线上"}
    return actions.publish_announcement(cohort=cohort, actor=actor, **defaults | fields)


def told():
    return set(Notice.objects.filter(kind="lms.announcement").values_list("user__email", flat=True))


def test_everybody_who_learns_or_has_completed_is_told_and_nobody_else(cohort, cast):
    announce(cohort, cast.instructor)
    assert told() == {"trainee@example.com", "other_trainee@example.com"}
    notice = Notice.objects.get(user=cast.trainee, kind="lms.announcement")
    assert f"/enrolments/{cohort.enrolments.get(person=cast.trainee.person).pk}/" in notice.url
    assert "周六停课" in notice.title_in("zh-hans")


def test_sent_twice_it_is_one_announcement(cohort, cast):
    key = uuid.uuid4()
    first = announce(cohort, cast.instructor, key=key)
    assert announce(cohort, cast.instructor, key=key, title="又一次") == first
    assert Announcement.objects.get().title == "周六停课"
    assert Notice.objects.filter(kind="lms.announcement").count() == 2


def test_many_people_cost_few_statements(cohort, cast, django_assert_max_num_queries):
    for number in range(10):
        make_enrolment(cohort, make_user(f"学员{number}").person)
    with django_assert_max_num_queries(25):
        announce(cohort, cast.instructor)


def test_what_is_for_later_is_told_when_its_time_comes_and_once(cohort, cast):
    later = timezone.now() + timedelta(hours=3)
    row = announce(cohort, cast.instructor, publish_at=later)
    assert actions.tell_due_announcements() == 0
    assert not told()
    assert not Announcement.objects.visible_to(cast.trainee).exists()
    with time_machine.travel(later + timedelta(minutes=1), tick=False):
        assert actions.tell_due_announcements() == 1
        assert actions.tell_due_announcements() == 0
        assert Announcement.objects.visible_to(cast.trainee).get() == row
    assert len(told()) == 2


def test_an_urgent_one_goes_out_at_once(cohort, cast):
    announce(cohort, cast.instructor, is_urgent=True)
    delivery = Delivery.objects.filter(notice__user=cast.trainee).get()
    assert delivery.due_at <= timezone.now()


def test_reading_is_counted_once_and_only_of_those_who_still_learn(cohort, cast):
    row = announce(cohort, cast.instructor)
    enrolment = cohort.enrolments.get(person=cast.trainee.person)
    assert unread_of(enrolment) == 1
    for _ in range(2):
        actions.note_read(announcement=row, enrolment=enrolment)
    assert unread_of(enrolment) == 0
    assert [each.is_read for each in announcements_for(enrolment)] == [True]
    assert Announcement.objects.with_reads().get().reads_now == 1
    Enrolment.objects.filter(pk=enrolment.pk).update(state="withdrawn")
    assert Announcement.objects.with_reads().get().reads_now == 0
    assert AnnouncementRead.objects.count() == 1


def change(row, actor, **fields):
    defaults = {"title": row.title, "body": row.body, "is_pinned": False, "is_urgent": False}
    return actions.change_announcement(announcement=row, actor=actor, **defaults | fields)


def test_a_change_is_marked_and_told_to_nobody(cohort, cast):
    row = announce(cohort, cast.instructor)
    changed = change(row, cast.instructor, body="改到周日")
    assert changed.edited_at is not None
    assert Notice.objects.filter(kind="lms.announcement").count() == 2


def test_pinning_alone_is_no_change_of_what_was_said(cohort, cast):
    assert change(announce(cohort, cast.instructor), cast.instructor, is_pinned=True).edited_at is None


def test_a_change_upon_a_change_that_one_has_not_read_is_refused(cohort, cast):
    row = announce(cohort, cast.instructor)
    stale = Announcement.objects.get(pk=row.pk)
    change(row, cast.instructor, body="改到周日")
    with pytest.raises(NotPossible):
        change(stale, cast.administrator, body="改到下周")


def test_withdrawn_it_is_read_by_nobody_and_its_letters_stay_unsent(cohort, cast):
    row = announce(cohort, cast.instructor)
    assert Delivery.objects.filter(notice__kind="lms.announcement").exists()
    assert actions.withdraw_announcement(announcement=row, actor=cast.instructor)
    assert not actions.withdraw_announcement(announcement=row, actor=cast.instructor)
    assert not Delivery.objects.filter(notice__kind="lms.announcement").exists()
    assert not announcements_for(cohort.enrolments.get(person=cast.trainee.person)).exists()
    assert AuditEntry.objects.filter(action="lms.withdraw_announcement").count() == 1
    with pytest.raises(NotPossible):
        change(row, cast.instructor)


@pytest.mark.parametrize("part", ["trainee", "outsider", "auditor", "finance"])
def test_only_teachers_of_the_cohort_announce(cohort, cast, part):
    with pytest.raises(NotPossible):
        announce(cohort, getattr(cast, part))


def test_an_id_number_is_refused_while_the_telephone_of_the_organiser_may_stand(cohort, cast):
    from tests.lms.conversations.test_policy import ID, MOBILE

    with pytest.raises(NotPossible):
        announce(cohort, cast.instructor, body=f"请{ID}来")
    assert announce(cohort, cast.instructor, body=f"联系电话{MOBILE}").told_at


def test_a_withdrawn_one_that_was_for_later_is_never_told(cohort, cast):
    row = make_announcement(
        cohort, cast.instructor, publish_at=timezone.now() - timedelta(hours=1), withdrawn_at=timezone.now()
    )
    assert actions.tell_announcement(announcement=row) == 0
