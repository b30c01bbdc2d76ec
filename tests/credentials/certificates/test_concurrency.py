"""Many at once make one: real threads, each with its own connection."""

from types import SimpleNamespace

import pytest
from django.core.files.storage import storages

from core.models import AuditEntry, Job, Notice, Person
from core.states import IllegalMove
from credentials.certificates import actions
from credentials.certificates.files import render_file
from credentials.issuing.actions import start_issue
from credentials.models import Certificate, HoursEntry, PendingIssue, SerialCounter
from lms.enrolments.actions import complete_if_done
from lms.models import Enrolment
from lms.public import completion_told
from lms.signals import course_completed
from tests.factories import (
    give_role,
    make_certificate,
    make_cohort,
    make_enrolment,
    make_learned,
    make_organisation,
    make_user,
)
from tests.lms.enrolments.test_concurrency import at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    """A district with its officer and a trainee."""
    district = make_organisation("和平区指导中心", tier="county", kind="centre")
    officer = make_user("单于明", district)
    give_role(officer, "administrator", district)
    return SimpleNamespace(district=district, officer=officer, person=make_user("林小荷", district).person)


def moved(act):
    """1 for whoever moved it, 0 for whoever came too late."""

    def one(_):
        try:
            act()
        except IllegalMove:
            return 0
        return 1

    return one


def test_eight_completions_at_once_are_one_certificate_and_one_entry(place):
    enrolment = make_learned(make_enrolment(make_cohort(place.district), place.person))

    def complete(_):
        complete_if_done(enrolment=Enrolment.objects.get(pk=enrolment.pk))

    at_once(complete, range(8))
    assert Certificate.objects.count() == HoursEntry.objects.count() == SerialCounter.objects.get().last == 1
    assert Notice.objects.filter(kind="certificate").count() == 1


def test_the_event_told_eight_times_at_once_is_heard_once(place):
    event = completion_told(make_enrolment(make_cohort(place.district), place.person, "completed").pk)

    def tell(_):
        course_completed.send(Enrolment, event=event)
        return Certificate.objects.get(enrolment_id=event.enrolment_id).pk

    assert len(set(at_once(tell, range(8)))) == 1
    assert Certificate.objects.count() == HoursEntry.objects.count() == SerialCounter.objects.get().last == 1
    for action in ("credentials.issue", "credentials.credit"):
        assert AuditEntry.objects.filter(action=action).count() == 1


def test_forty_people_completing_at_once_get_forty_serials_without_a_gap(place):
    cohort = make_cohort(place.district, capacity=50)
    people = [make_user("林一", place.district).person for _ in range(40)]
    events = [completion_told(make_enrolment(cohort, person, "completed").pk) for person in people]
    at_once(lambda event: course_completed.send(Enrolment, event=event), events)
    numbers = sorted(int(serial[8:14]) for serial in Certificate.objects.values_list("serial", flat=True))
    assert numbers == list(range(1, 41))
    assert SerialCounter.objects.get().last == 40


def test_eight_workers_make_one_file(place):
    certificate = make_certificate(place.person, place.district)
    made = at_once(lambda _: render_file(certificate_id=certificate.pk).file, range(8))
    assert len(set(made)) == 1
    folder, _, name = made[0].rpartition("/")
    certificate.refresh_from_db()
    kept = [each for each in storages["private"].listdir(folder)[1] if each.startswith(certificate.sha256)]
    assert kept == [name]


@pytest.mark.parametrize("verb", [actions.revoke, actions.replace])
def test_a_double_click_makes_one_move(place, verb):
    pk = make_certificate(place.person, place.district).pk

    def click():
        verb(certificate=Certificate.objects.get(pk=pk), reason="更正", actor=place.officer)

    assert sum(at_once(moved(click), range(8))) == 1
    assert AuditEntry.objects.filter(action=f"credentials.{verb.__name__}").count() == 1
    assert Certificate.objects.filter(state="valid").count() == (verb is actions.replace)


def test_revoked_and_replaced_at_once_is_one_of_the_two(place):
    pk = make_certificate(place.person, place.district).pk

    def click(number):
        verb = actions.revoke if number % 2 else actions.replace
        verb(certificate=Certificate.objects.get(pk=pk), reason="更正", actor=place.officer)

    assert sum(at_once(lambda number: moved(lambda: click(number))(number), range(8))) == 1
    assert Certificate.objects.count() == SerialCounter.objects.get().last


def test_tried_again_by_eight_clicks_what_was_on_hold_is_issued_once(place):
    Person.objects.filter(pk=place.person.pk).update(name="王ཀ")
    event = completion_told(make_enrolment(make_cohort(place.district), place.person, "completed").pk)
    assert at_once(lambda _: actions.issue(event=event), range(8)) == [None] * 8
    pending = PendingIssue.objects.get()
    assert Notice.objects.filter(user=place.person.user).count() == 1
    assert AuditEntry.objects.filter(action="credentials.hold").count() == 1
    Person.objects.filter(pk=place.person.pk).update(name="王䶮")
    made = at_once(lambda _: actions.issue_pending(pending=pending, actor=place.officer), range(8))
    assert {each.pk for each in made} == {Certificate.objects.get().pk}
    assert SerialCounter.objects.get().last == 1


def test_a_double_click_on_issue_starts_one_job(place):
    cohort = make_cohort(place.district)
    make_enrolment(cohort, place.person, "completed")
    jobs = at_once(lambda _: start_issue(cohort=cohort, actor=place.officer).pk, range(8))
    assert set(jobs) == {Job.objects.get().pk}
    assert AuditEntry.objects.filter(action="credentials.start_issue").count() == 1
