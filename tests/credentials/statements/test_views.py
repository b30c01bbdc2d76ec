"""Statements for their people, and for whoever is given one."""

import io
import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from credentials.hours.actions import correct_hours
from credentials.models import HoursStatement
from tests.credentials.statements.conftest import content_of, issued
from tests.factories import make_period

LIST = reverse("credentials:statement-list")


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
    shown = client.get(LIST, headers={"accept-language": "en"}).content.decode()
    assert "Open the PDF" in shown and f'href="{file}?download"' in shown
    for bad in ("x", "XS-2026-000001-A", "XH-2026-000001-C"):
        assert client.get(reverse("credentials:statement-file", args=[bad])).status_code == 404
    for values in (
        {"first_on": "x", "last_on": "9999-99-99"},
        {"first_on": today, "last_on": "1999-01-01"},
    ):
        assert client.post(LIST, values).context["form"].errors


def test_the_form_opens_with_the_period_up_to_today_and_takes_no_day_to_come(client, entry, cast):
    period = make_period(cast.trainee.person)
    client.force_login(cast.trainee)
    today = timezone.localdate()
    page = client.get(LIST)
    assert page.context["form"].initial == {"first_on": period.starts_on, "last_on": today}
    values = {"first_on": period.starts_on.isoformat(), "last_on": period.ends_on.isoformat()}
    assert "last_on" in client.post(LIST, values).context["form"].errors


def test_nobody_makes_papers_by_the_hundred_of_the_same_hours(client, entry, cast, monkeypatch):
    monkeypatch.setattr("core.access.limits.time", SimpleNamespace(time=lambda: 0))  # all within one minute
    client.force_login(cast.trainee)
    today = timezone.localdate()
    for days in range(9, 21):  # every other first day is another paper
        values = {"first_on": (today - timedelta(days=days)).isoformat(), "last_on": today.isoformat()}
        last = client.post(LIST, values)
    assert (last.status_code, client.get(LIST).status_code) == (429, 200)
    assert HoursStatement.objects.count() == 10


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


def test_the_public_page_speaks_of_a_statement_and_of_who_credited_the_hours(client, entry, cast):
    statement = issued(cast)
    page = client.get(f"/verify/{statement.code}/").content.decode()
    for words in ("证明编号", "证明上的全名", "学时认定单位", "本人", "核验其他证书或证明"):
        assert words in page
    for words in ("证书编号", "证书上的全名", "核验另一张证书", "发证单位", "林小荷"):
        assert words not in page
