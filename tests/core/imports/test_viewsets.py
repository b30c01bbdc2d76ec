"""Imports at the desk."""

from __future__ import annotations

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.imports.models import SheetImport
from core.jobs.actions import run_job
from core.models import AuditEntry, Person
from tests.core.imports.conftest import GOOD, table
from tests.factories import give_role, make_user


def test_wrong_rows_come_back_as_a_table_that_can_be_mended_and_sent(sent, client: Client, cast):
    sheet = sent(GOOD[0], ("林一", "138", "", "", "", "", ""))
    client.force_login(cast.administrator)
    answer = client.get(reverse("imports:wrong", args=[sheet.pk]))
    lines = [
        [cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active
    ]
    assert lines[1][0] == 3 and lines[1][2:4] == ["林一", "138"]


def test_what_is_wrong_can_still_be_read_once_the_file_is_erased(
    sent, client: Client, cast, django_capture_on_commit_callbacks
):
    number = "120199199003071011"
    sheet = sent(("林一", "138", "", number, "", "", ""))
    client.force_login(cast.administrator)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("imports:drop", args=[sheet.pk]))
    address = reverse("imports:wrong", args=[sheet.pk])
    assert address in client.get(reverse("imports:detail", args=[sheet.pk])).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get(address).content))
    lines = [[cell.value for cell in row] for row in book.active]
    assert [(line[0], line[2], line[3]) for line in lines[1:]] == [(2, "林一", "手机号")] and lines[1][1]
    assert number not in str(lines)


def test_a_table_in_which_all_is_wrong_is_not_called_old(sent, client: Client, cast):
    client.force_login(cast.administrator)
    bad = ("林一", "138", "", "", "", "", "")

    def said(*rows):
        page = client.get(reverse("imports:detail", args=[sent(*rows, take=False).pk])).content.decode()
        return [words for words in ("所有行都有误", "没有新内容", "没有新的行") if words in page]

    assert said(bad) == ["所有行都有误"]
    sent(GOOD[0])
    assert said(GOOD[0]) == ["没有新内容"]
    assert said(GOOD[0], bad) == ["没有新的行"]
    assert said(GOOD[1], bad) == []


def test_a_file_that_was_sent_before_is_known_again(client: Client, cast, tree):
    client.force_login(cast.administrator)
    file = table(*GOOD).read()

    def send(content: bytes) -> str:
        upload = SimpleUploadedFile("名单.xlsx", content)
        form = {"organisation": tree["district"].pk, "file": upload, "all_or_none": "rest"}
        return client.get(client.post(reverse("imports:add-people"), form).url).content.decode()

    assert "曾发送过同一份文件" not in send(file)
    first = SheetImport.objects.get()
    again = send(file)
    assert "曾发送过同一份文件" in again and reverse("imports:detail", args=[first.pk]) in again
    assert "曾发送过同一份文件" not in send(table(GOOD[0]).read())


def test_only_who_sent_a_table_takes_its_wrong_rows_out_and_each_time_is_audited(
    sent, client: Client, cast, tree
):
    sheet = sent(GOOD[0], ("林一", "138", "", "120199199003071011", "", "", ""))
    colleague = make_user("仇乐山", tree["district"])
    give_role(colleague, "administrator", tree["district"])
    address = reverse("imports:wrong", args=[sheet.pk])
    for other in (colleague, cast.city_administrator, cast.auditor):
        client.force_login(other)
        page = client.get(reverse("imports:detail", args=[sheet.pk]))
        assert page.status_code == 200 and address not in page.content.decode()
        assert client.get(address).status_code == 404
    client.force_login(cast.administrator)
    assert address in client.get(reverse("imports:detail", args=[sheet.pk])).content.decode()
    for _time in range(2):
        client.get(address)
    entries = AuditEntry.objects.filter(action="core.take_wrong_rows")
    assert [(entry.user_id, entry.target_id) for entry in entries] == [
        (cast.administrator.pk, str(sheet.pk))
    ] * 2


def test_the_desk_sends_checks_and_takes_over(client: Client, cast, tree, django_capture_on_commit_callbacks):
    client.force_login(cast.administrator)
    form = {"organisation": tree["district"].pk, "file": table(*GOOD), "all_or_none": "rest"}
    answer = client.post(reverse("imports:add-people"), form)
    sheet = SheetImport.objects.get()
    assert answer.url == reverse("imports:detail", args=[sheet.pk])
    run_job(sheet.job.pk)
    assert "3" in client.get(answer.url).content.decode()
    client.post(reverse("imports:apply", args=[sheet.pk]))
    sheet.refresh_from_db()
    run_job(sheet.job.pk)
    assert Person.objects.filter(name="诸葛明").exists()
    assert client.get(reverse("imports:index")).status_code == 200
    assert client.get(reverse("imports:blank", args=["people"])).status_code == 200
    assert client.get(reverse("imports:blank", args=["nothing"])).status_code == 404


def test_another_district_sees_no_import(client: Client, cast, sent):
    sheet = sent(*GOOD)
    client.force_login(cast.outsider)
    for name in ("detail", "progress", "wrong"):
        assert client.get(reverse(f"imports:{name}", args=[sheet.pk])).status_code == 404
    for name in ("apply", "drop", "codes"):
        assert client.post(reverse(f"imports:{name}", args=[sheet.pk])).status_code == 404
