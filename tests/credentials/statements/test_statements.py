"""An hours statement: frozen facts, one file, and an answer for whoever is given it."""

import hashlib
import io
import json
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Person
from credentials.hours.actions import correct_hours, credit_attendance
from credentials.models import HoursEntry, HoursStatement, StatementCounter
from credentials.statements.actions import StatementRefused, issue_statement
from credentials.statements.document import render
from credentials.statements.files import open_statement, printed
from credentials.statements.queries import look_up_statement
from tests.factories import make_cohort, make_enrolment, make_period, make_settled
from tests.lms.enrolments.test_concurrency import at_once

LIST = reverse("credentials:statement-list")


@pytest.fixture
def entry(tree, cast):
    enrolment = make_enrolment(make_cohort(tree["district"]), cast.trainee.person)
    return credit_attendance(event=make_settled(enrolment))


def issued(cast, actor=None, days=30):
    today = timezone.localdate()
    return issue_statement(
        person=cast.trainee.person,
        first_on=today - timedelta(days=days),
        last_on=today,
        actor=actor or cast.trainee,
    )


def content_of(statement) -> bytes:
    with open_statement(statement) as file:
        return file.read()


def test_its_file_is_what_was_issued_and_names_its_code(entry, cast):
    statement = issued(cast)
    content = content_of(statement)
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == statement.sha256
    assert statement.code_grouped.encode() in content
    assert statement.serial.startswith("XS-")
    assert statement.facts["total_hours"] == "2"
    assert render(printed(statement.facts)) == content


def test_a_lost_file_is_made_again_and_a_spoilt_one_is_never_handed_out(entry, cast):
    statement = issued(cast)
    content = content_of(statement)
    storages["private"].delete(statement.file)
    assert content_of(statement) == content


def test_asked_twice_on_one_day_it_is_the_same_paper(entry, cast, tree):
    first = issued(cast)
    assert issued(cast) == first
    other = make_settled(make_enrolment(make_cohort(tree["district"]), cast.trainee.person), attendance_id=9)
    times = {"starts_at": other.starts_at + timedelta(hours=4), "ends_at": other.ends_at + timedelta(hours=4)}
    credit_attendance(
        event=make_settled(
            make_enrolment(make_cohort(tree["district"]), cast.trainee.person), attendance_id=9, **times
        )
    )
    assert issued(cast) != first
    assert look_up_statement(first.code).verdict == "genuine"  # later hours make nothing false


@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET id = id"])
def test_the_database_refuses_to_change_one(entry, cast, statement):
    issued(cast)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("credentials_hoursstatement"))


def test_after_a_correction_it_is_superseded(entry, cast):
    statement = issued(cast)
    correct_hours(entry=entry, reason="误签", actor=cast.administrator)
    answer = look_up_statement(statement.code)
    assert (answer.verdict, answer.corrected) == ("superseded", 1)
    with pytest.raises(StatementRefused):
        issued(cast)


def test_what_cannot_be_stated_is_refused_with_a_sentence(entry, cast):
    today = timezone.localdate()
    for first, last in (
        (today, today - timedelta(days=1)),
        (today + timedelta(days=5), today + timedelta(days=9)),
    ):
        with pytest.raises(StatementRefused):
            issue_statement(person=cast.trainee.person, first_on=first, last_on=last, actor=cast.trainee)
    Person.objects.filter(pk=cast.trainee.person.pk).update(name="王ཀ")
    with pytest.raises(StatementRefused, match="ཀ"):
        issued(cast)
    Person.objects.filter(pk=cast.trainee.person.pk).update(employer=None)
    with pytest.raises(StatementRefused):
        issued(cast)
    assert not HoursStatement.objects.exists()


def test_two_thousand_entries_make_many_pages(entry, cast):
    fields = {
        name: getattr(entry, name) for name in ("person", "organisation", "kind", "occurred_on", "rule")
    }
    rows = [
        HoursEntry(**fields, title=f"第{number}次：" + "长标题" * 12, minutes=45, source=f"test:{number}")
        for number in range(400)
    ]
    HoursEntry.objects.bulk_create(rows)
    statement = issued(cast)
    assert len(statement.facts["lines"]) == 401
    assert content_of(statement).count(b"/Type /Page\n") > 5


def test_the_level_stands_on_a_statement_of_a_verified_period(entry, cast):
    period = make_period(cast.trainee.person)
    statement = issue_statement(
        person=cast.trainee.person, first_on=period.starts_on, last_on=period.ends_on, actor=cast.trainee
    )
    assert statement.facts["target"] == "72"


# --- Pages ---------------------------------------------------------------------------------------------------------


def test_its_person_makes_one_and_gets_the_file(client, entry, cast):
    client.force_login(cast.trainee)
    assert client.get(LIST).status_code == 200
    today = timezone.localdate()
    values = {"first_on": (today - timedelta(days=9)).isoformat(), "last_on": today.isoformat()}
    page = client.post(LIST, values, follow=True)
    statement = HoursStatement.objects.get()
    assert statement.serial in page.content.decode()
    file = reverse("credentials:statement-file", args=[statement.serial])
    assert client.get(file)["Content-Type"] == "application/pdf"
    for bad in ("x", "XS-2026-000001-A", "XH-2026-000001-C"):
        assert client.get(reverse("credentials:statement-file", args=[bad])).status_code == 404
    for values in (
        {"first_on": "x", "last_on": "9999-99-99"},
        {"first_on": today, "last_on": "1999-01-01"},
    ):
        assert client.post(LIST, values).context["form"].errors


@pytest.mark.parametrize(
    ("part", "may"),
    [
        ("administrator", 200),
        ("auditor", 200),
        ("outsider", 404),
        ("other_trainee", 404),
        ("instructor", 404),
    ],
)
def test_officers_in_scope_open_it_and_others_do_not(client, entry, cast, part, may):
    statement = issued(cast)
    client.force_login(getattr(cast, part))
    assert client.get(reverse("credentials:statement-file", args=[statement.serial])).status_code == may


def test_an_administrator_issues_one_and_an_auditor_only_reads(client, entry, cast):
    address = reverse("statements:person", args=[cast.trainee.person.pk])
    today = timezone.localdate().isoformat()
    values = {"first_on": entry.occurred_on.isoformat(), "last_on": today}
    for part, status in (("auditor", 404), ("outsider", 404), ("trainee", 403)):
        client.force_login(getattr(cast, part))
        assert client.post(address, values).status_code == status
    assert not HoursStatement.objects.exists()
    client.force_login(cast.administrator)
    assert client.get(address).status_code == 200
    assert client.post(address, values).status_code == 302
    assert HoursStatement.objects.get().issued_by == cast.administrator


def test_a_stranger_verifies_it_and_learns_the_name_in_part_only(client, entry, cast):
    statement = issued(cast)
    address = reverse("verify-code", args=[statement.code])
    page = client.get(address)
    text = page.content.decode()
    assert page.status_code == 200
    assert "林小荷" not in text
    assert statement.serial in text
    assert page["X-Robots-Tag"].startswith("noindex")
    right = SimpleUploadedFile("a.pdf", content_of(statement), content_type="application/pdf")
    for typed, matches in (
        ({"name": "林小荷", "file": right}, (True, True)),
        ({"name": "林荷"}, (False, None)),
    ):
        answer = client.post(address, typed).context["answer"]
        assert (answer.name_matches, answer.file_matches) == matches
    assert client.get(address + "?serial=XS-2020-000001-A").context["answer"].verdict == "unknown"


def test_the_code_and_the_serial_are_typed_on_the_verify_page(client, entry, cast):
    statement = issued(cast)
    answer = client.post(
        reverse("verify"), {"code": f"{statement.serial} {statement.code_grouped}"}, follow=True
    )
    assert answer.context["statement"] == statement
    alone = client.post(reverse("verify"), {"code": statement.serial})
    assert alone.context["form"].errors["code"]


def test_the_command_tells_genuine_superseded_and_tampered(entry, cast, tmp_path):
    statement = issued(cast)
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(content_of(statement))
    bad.write_bytes(content_of(statement) + b"\n")

    def said(what):
        out = io.StringIO()
        with pytest.raises(SystemExit) as end:
            call_command("verify_certificate", str(what), stdout=out)
        return json.loads(out.getvalue()), end.value.code

    for what in (good, statement.code):
        found, code = said(what)
        assert (found["verdict"], found["name_masked"], code) == ("genuine", "林**", 0)
    found, code = said(bad)
    assert (found["verdict"], found["verdict_of_code"], code) == ("tampered", "genuine", 1)
    correct_hours(entry=entry, reason="误签", actor=cast.administrator)
    assert said(good)[0]["verdict"] == "superseded"


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_asked_by_eight_clicks_at_once_it_is_one(entry, cast):
    made = at_once(lambda _: issued(cast).pk, range(8))
    assert set(made) == {HoursStatement.objects.get().pk}
    assert StatementCounter.objects.get().last == 1
