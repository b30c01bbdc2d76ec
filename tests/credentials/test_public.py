"""`reconcile` closes whatever gap an interruption left, says so, and finds nothing the second time."""

import io

import pytest
from django.core.files.storage import storages
from django.core.management import call_command

from core.models import Person
from credentials import public
from credentials.certificates.actions import revoke
from credentials.hours.actions import correct_hours
from credentials.models import Certificate, HoursEntry
from supervision.models import Session
from tests.credentials.conftest import pdf_of
from tests.factories import (
    make_certificate,
    make_cohort,
    make_enrolment,
    make_learned,
    make_pairing,
    make_session,
    make_supervisor,
)


def mended() -> list[str]:
    """What `manage.py reconcile` says of certificates and hours; a second run has nothing to say. The talent pool, which
    the factories tell of nobody, is left out."""
    found = []
    for _ in range(2):
        out = io.StringIO()
        call_command("reconcile", stdout=out, verbosity=0)
        lines = [line for line in out.getvalue().splitlines() if line.startswith("credentials: ")]
        lines = [line.removeprefix("credentials: ") for line in lines]
        found.append([line for line in lines if not line.startswith("talent pool")])
    assert found[1] == []
    return found[0]


def test_where_nothing_is_missing_there_is_nothing_to_say(tree, cast):
    assert mended() == []


def test_a_completion_without_certificate_and_hours_gets_both(tree, cast):
    enrolment = make_enrolment(make_cohort(tree["district"]), cast.trainee.person, "completed")
    lines = mended()
    made = Certificate.objects.get()
    assert made.enrolment == enrolment
    assert HoursEntry.objects.get().source == f"lms.enrolment:{enrolment.pk}"
    assert lines == [
        f"enrolment {enrolment.pk}: hours credited",
        f"certificate {made.serial}: was missing, issued",
        f"certificate {made.serial}: file made",
    ]


def test_a_course_whose_last_step_was_done_and_never_told_is_completed_and_issued(tree, cast):
    make_learned(make_enrolment(make_cohort(tree["district"]), cast.trainee.person))
    assert mended() == [f"certificate {Certificate.objects.get().serial}: file made"]
    assert HoursEntry.objects.count() == 1


def test_a_certificate_without_its_file_gets_it(certificate):
    HoursEntry.objects.all()
    mended()
    certificate.refresh_from_db()
    assert storages["private"].exists(certificate.file)
    assert pdf_of(certificate)


def test_a_confirmed_session_without_hours_is_credited_to_both_sides(tree, cast):
    pairing = make_pairing(make_supervisor(cast.supervisor, tree["agency"]), cast.trainee.person)
    session = make_session(pairing, "confirmed")
    make_session(pairing, "logged", days_ago=3)
    assert mended() == [f"session {session.pk}: hours credited"]
    assert set(HoursEntry.objects.values_list("person", "kind")) == {
        (cast.trainee.person.pk, "supervision"),
        (cast.supervisor.person.pk, "supervising"),
    }
    assert Session.objects.count() == 2


def test_half_a_session_is_made_whole(tree, cast):
    pairing = make_pairing(make_supervisor(cast.supervisor, tree["agency"]), cast.trainee.person)
    session = make_session(pairing, "confirmed")
    fields = {"organisation": tree["station"], "kind": "supervision", "minutes": 60, "title": "督导"}
    source = f"supervision.session:{session.pk}"
    HoursEntry.objects.create(
        person=cast.trainee.person, occurred_on=session.starts_at.date(), source=source, **fields
    )
    assert mended() == [f"session {session.pk}: hours credited"]
    assert HoursEntry.objects.count() == 2


def test_what_was_revoked_or_taken_back_stays_so(tree, cast):
    enrolment = make_enrolment(make_cohort(tree["district"]), cast.trainee.person, "completed")
    mended()
    revoke(certificate=Certificate.objects.get(), reason="考试作弊", actor=cast.administrator)
    correct_hours(entry=HoursEntry.objects.get(), reason="考试作弊", actor=cast.administrator)
    assert mended() == []
    assert Certificate.objects.get(enrolment=enrolment).state == "revoked"
    assert public.hours_of(cast.trainee.person).learned == 0


def test_what_is_on_hold_is_issued_when_its_cause_is_gone(tree, cast):
    Person.objects.filter(pk=cast.trainee.person.pk).update(name="王ཀ")
    enrolment = make_enrolment(make_cohort(tree["district"]), cast.trainee.person, "completed")
    assert mended() == [
        f"enrolment {enrolment.pk}: hours credited",
        f"enrolment {enrolment.pk}: certificate put on hold",
    ]
    Person.objects.filter(pk=cast.trainee.person.pk).update(name="王䶮")
    lines = mended()
    serial = Certificate.objects.get().serial
    assert lines == [f"certificate {serial}: was on hold, issued", f"certificate {serial}: file made"]


def test_one_that_cannot_be_drawn_does_not_keep_the_others_waiting(tree, cast):
    facts = {"name": "王ཀ", "course_title": "课程", "hours": "2", "issuer": "机构"}
    bad = make_certificate(cast.trainee.person, tree["district"], facts=facts)
    good = make_certificate(cast.other_trainee.person, tree["district"])
    lines = public.reconcile()
    assert f"certificate {good.serial}: file made" in lines
    assert any(line.startswith(f"certificate {bad.serial}: no file") for line in lines)
    good.refresh_from_db()
    assert pdf_of(good)


@pytest.mark.parametrize("number", [1, 6])
def test_looking_for_gaps_takes_the_same_statements_for_one_and_for_many(
    tree, cast, number, django_assert_num_queries
):
    for _ in range(number):
        make_enrolment(make_cohort(tree["district"]), cast.trainee.person, "completed")
    public.reconcile()
    with django_assert_num_queries(35):
        assert public.reconcile() == []


def test_other_apps_are_told_what_a_certificate_is_worth(certificate, cast):
    (fact,) = public.certificates_of(cast.trainee.person)
    assert (fact.serial, fact.verdict, fact.verdict_label) == (certificate.serial, "valid", "有效")
    assert fact.url == certificate.get_absolute_url()
    assert public.certificates_of(cast.other_trainee.person) == []
