"""After a cancellation: whoever had a place has one elsewhere with one click, and jumps no list by it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from core.states import Refused
from lms.cohorts.actions import cancel_cohort
from lms.enrolments.actions import complete_if_done
from lms.enrolments.states import EnrolmentState as S
from lms.models import Cohort
from lms.transfers import actions
from lms.transfers.queries import places_elsewhere
from tests.factories import make_cohort, make_enrolment, make_learned
from tests.lms.transfers.steps import again, seats


def test_the_notice_of_a_cancellation_is_urgent_and_names_what_there_is_elsewhere(cast, new, cancelled):
    notice = Notice.objects.get(kind="lms.enrolment_cancelled")
    assert notice.url == reverse("lms:enrolment-detail", args=[cancelled.pk])
    assert notice.deliveries.get(channel="mail").due_at <= timezone.now()
    assert "keep what you have learned" in notice.body
    assert [place.id for place in places_elsewhere(cancelled)] == [new.pk]


def test_whoever_had_a_place_has_one_elsewhere_with_one_click(cast, new, cancelled):
    actions.move_elsewhere(enrolment=cancelled, target=new, actor=cast.trainee)
    moved = again(cancelled)
    assert (moved.cohort, moved.state, moved.reason) == (new, S.ENROLLED, "")
    assert seats() == {"白天班": 0, "夜间班": 1}
    with pytest.raises(Refused):
        actions.move_elsewhere(enrolment=again(cancelled), target=new, actor=cast.trainee)


def test_another_organisation_decides_anew(cast, tree, old, cancelled):
    target = make_cohort(tree["other_district"], old.version, title="外区班")
    actions.move_elsewhere(enrolment=cancelled, target=target, actor=cast.trainee)
    assert again(cancelled).state == S.APPLIED
    assert Notice.objects.get(kind="lms.transfers").user == cast.outsider


def test_who_had_only_applied_is_decided_on(cast, old, new):
    applied = make_enrolment(old, cast.trainee.person, "applied")
    cancel_cohort(cohort=old, actor=cast.administrator, reason="场地维修")
    actions.move_elsewhere(enrolment=again(applied), target=new, actor=cast.trainee)
    assert again(applied).state == S.APPLIED


def test_nobody_jumps_a_list_by_a_cancellation(cast, new, cancelled):
    make_enrolment(new, cast.other_trainee.person, "waiting")
    assert places_elsewhere(cancelled) == []
    with pytest.raises(Refused):
        actions.move_elsewhere(enrolment=cancelled, target=new, actor=cast.trainee)
    assert again(cancelled).state == S.CANCELLED


def test_who_has_applied_there_already_is_not_moved(cast, new, cancelled):
    make_enrolment(new, cast.trainee.person, "applied")
    Cohort.objects.filter(pk=new.pk).update(capacity=5)
    assert places_elsewhere(cancelled) == []
    with pytest.raises(Refused):
        actions.move_elsewhere(enrolment=cancelled, target=again(new), actor=cast.trainee)


def test_hours_of_a_completed_course_stay_when_the_cohort_is_cancelled(cast, tree, old):
    from credentials.models import HoursEntry

    done = make_learned(make_enrolment(old, cast.trainee.person))
    complete_if_done(enrolment=done)
    cancel_cohort(cohort=old, actor=cast.administrator, reason="场地维修")
    assert again(done).state == S.COMPLETED
    assert HoursEntry.objects.filter(person=cast.trainee.person).exists()
