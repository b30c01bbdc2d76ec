"""Tables of people: every wrong row is named, the right ones become accounts, and nothing is taken over twice."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.imports import actions
from core.imports.models import SheetImport
from core.imports.queries import counts_of
from core.imports.states import ImportState, Outcome
from core.jobs.actions import run_job
from core.models import Activation, AuditEntry, Organisation, Person, User
from core.people.actions import forget_unconfirmed
from core.sheets.writing import Heading, Table, workbook
from core.states import IllegalMove
from tests.factories import ServiceFieldFactory, make_user

HEADINGS = ("姓名", "手机号", "邮箱", "证件号码", "单位", "服务领域", "从业起始日期")
GOOD = [
    ("林䶮", "13800138001", "", "", "和平区新街社工站", "社区建设", "2021-09-01"),
    ("诸葛明", "", "ZhuGe@example.com", "120199199003071011", "", "", ""),
    ("阿不都拉·买买提", "13800138002", "amt@example.com", "", "", "", ""),
]


def table(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    return SimpleUploadedFile(
        "名单.xlsx", workbook(Table("名单", [Heading(name) for name in HEADINGS], rows))
    )


@pytest.fixture
def sent(
    cast: SimpleNamespace, tree: dict[str, Organisation], django_capture_on_commit_callbacks: Any
) -> Any:
    """Send a table as the district's administrator; checked, and taken over when `take` says so."""
    ServiceFieldFactory()

    def send(*rows: tuple[str, ...], all_or_none: bool = False, take: bool = True) -> SheetImport:
        sheet = actions.start_import(
            kind="people",
            organisation=tree["district"],
            title="名单",
            upload=table(*rows),
            all_or_none=all_or_none,
            actor=cast.administrator,
        )
        run_job(sheet.job.pk)
        sheet.refresh_from_db()
        if take and sheet.lines.filter(outcome=Outcome.NEW).exists():
            actions.apply_import(sheet=sheet, actor=cast.administrator)
            run_job(sheet.job.pk)
            sheet.refresh_from_db()
        return sheet

    return send


def counts(sheet: SheetImport) -> dict[str, int]:
    return {name: number for name, number in counts_of(sheet).items() if number}


def wrong(sheet: SheetImport) -> list[tuple[int, str]]:
    return list(sheet.lines.filter(outcome=Outcome.WRONG).values_list("number", "column"))


def test_right_rows_become_accounts_with_everything_that_stands_in_them(sent, tree):
    sheet = sent(*GOOD)
    assert (sheet.state, counts(sheet)) == (ImportState.DONE, {"applied": 3})
    person = Person.objects.get(name="林䶮")
    assert (person.user.phone, person.employer, person.practice_started_on.isoformat()) == (
        "13800138001",
        tree["station"],
        "2021-09-01",
    )
    assert [field.name for field in person.fields.all()] == ["社区建设"]
    assert person.pinyin and person.name_search
    assert not person.user.has_mail and not person.user.has_usable_password()
    other = User.objects.get(email="zhuge@example.com")
    assert (other.person.id_number, other.person.employer) == ("120199199003071011", tree["district"])


def test_the_same_table_again_changes_nothing(sent):
    sent(*GOOD)
    before = (User.objects.count(), Person.objects.count(), AuditEntry.objects.count())
    again = sent(*GOOD)
    assert (again.state, counts(again)) == (ImportState.CHECKED, {"known": 3})
    after = (User.objects.count(), Person.objects.count(), AuditEntry.objects.count())
    assert after == (*before[:2], before[2] + 1)  # only that it was sent


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("", "13800138003", "", "", "", "", ""), "姓名"),
        (("=cmd", "13800138003", "", "", "", "", ""), "姓名"),
        (("林一", "", "", "", "", "", ""), "手机号"),
        (("林一", "12800138003", "", "", "", "", ""), "手机号"),
        (("林一", "", "no address", "", "", "", ""), "邮箱"),
        (("林一", "13800138003", "", "120199199003071012", "", "", ""), "证件号码"),
        (("林一", "13800138003", "", "", "不存在的单位", "", ""), "单位"),
        (("林一", "13800138003", "", "", "河东区新街社工站", "", ""), "单位"),  # of another district
        (("林一", "13800138003", "", "", "", "占星", ""), "服务领域"),
        (("林一", "13800138003", "", "", "", "", "昨天"), "从业起始日期"),
        (("林一", "13800138003", "", "", "", "", "2199-01-01"), "从业起始日期"),
        (("林一", "13800138001", "", "", "", "", ""), "手机号"),  # stands in row 2 already
    ],
)
def test_a_wrong_row_is_named_with_its_column_and_the_rest_goes_on(sent, row, column):
    sheet = sent(GOOD[0], row, GOOD[2])
    assert wrong(sheet) == [(3, column)]
    assert all(sheet.lines.filter(outcome=Outcome.WRONG).values_list("message", flat=True))
    assert counts(sheet) == {"applied": 2, "wrong": 1}


def test_with_all_or_nothing_one_wrong_row_keeps_every_other_out(sent, cast):
    before = User.objects.count()
    with pytest.raises(actions.ImportRefused):
        sent(GOOD[0], ("", "", "", "", "", "", ""), ("林一", "1", "", "", "", "", ""), all_or_none=True)
    assert User.objects.count() == before


def test_a_number_of_somebody_with_another_name_is_refused(sent, cast):
    cast.trainee.phone = "13800138009"
    cast.trainee.save()
    sheet = sent(
        ("别人", "13800138009", "", "", "", "", ""),
        (cast.trainee.person.name, "13800138009", "", "", "", "", ""),
    )
    assert wrong(sheet) == [(2, "手机号"), (3, "手机号")]  # the second stands there twice
    sheet = sent((cast.trainee.person.name, "13800138009", "", "", "", "", ""))
    assert counts(sheet) == {"known": 1}


def test_numbers_of_two_accounts_in_one_row_are_refused(sent):
    sent(*GOOD)
    sheet = sent(("林䶮", "13800138001", "amt@example.com", "", "", "", ""))
    assert wrong(sheet) == [(2, "手机号")]


def test_an_account_made_in_between_is_not_made_twice(sent, cast):
    sheet = sent(*GOOD, take=False)
    make_user("诸葛明", email="zhuge@example.com")
    actions.apply_import(sheet=sheet, actor=cast.administrator)
    run_job(sheet.job.pk)
    assert counts(sheet) == {"applied": 2, "known": 1}


def test_a_second_click_takes_nothing_over_again(sent, cast):
    sheet = sent(*GOOD, take=False)
    actions.apply_import(sheet=SheetImport.objects.get(pk=sheet.pk), actor=cast.administrator)
    with pytest.raises(IllegalMove):
        actions.apply_import(sheet=sheet, actor=cast.administrator)


def test_the_file_is_erased_when_it_has_served(sent):
    assert not storages["private"].exists(sent(*GOOD).file.stored)
    kept = sent(("林一", "1", "", "", "", "", ""))
    assert kept.has_file and storages["private"].exists(kept.file.stored)
    actions.drop_import(sheet=kept, actor=kept.created_by)
    actions.erase_file(sheet=kept)
    assert not storages["private"].exists(kept.file.stored)


def test_a_file_that_is_no_table_is_refused_in_a_sentence(cast, tree):
    sheet = actions.start_import(
        kind="people",
        organisation=tree["district"],
        title="x",
        upload=SimpleUploadedFile("x.xlsx", b"PK\x03\x04"),
        all_or_none=False,
        actor=cast.administrator,
    )
    run_job(sheet.job.pk)
    sheet.refresh_from_db()
    assert sheet.state == ImportState.REFUSED and sheet.problem


def test_an_imported_account_is_taken_over_with_its_code_once(sent, client: Client, cast):
    sheet = sent(*GOOD)
    client.force_login(cast.administrator)
    book = openpyxl.load_workbook(io.BytesIO(client.post(reverse("imports:codes", args=[sheet.pk])).content))
    codes = {row[0].value: row[3].value for row in book.active.iter_rows(min_row=3)}
    assert set(codes) == {row[0] for row in GOOD}
    client.logout()
    form = {
        "login": "138 0013 8001",
        "code": codes["林䶮"].lower(),
        "password1": "liuxing-yu-2026",
        "password2": "liuxing-yu-2026",
    }
    assert client.post(reverse("core:activate"), form).status_code == 200  # without consent
    assert client.post(reverse("core:activate"), form | {"consent": "on"}).status_code == 302
    assert client.login(username="x", password="x") is False
    signed = client.post(reverse("account_login"), {"login": "13800138001", "password": "liuxing-yu-2026"})
    assert signed.status_code == 302 and "_auth_user_id" in client.session
    client.logout()
    again = client.post(reverse("core:activate"), form | {"consent": "on"})
    assert again.status_code == 200 and again.context["form"].errors["code"]


def test_a_code_is_only_for_its_account_and_dies_when_new_ones_are_drawn(sent, client: Client, cast):
    from core.people.actions import activation_of, draw_codes

    sent(*GOOD)
    users = {user.person.name: user for user in User.objects.filter(activation__isnull=False)}
    old = draw_codes(users=users.values(), actor=cast.administrator)
    new = draw_codes(users=users.values(), actor=cast.administrator)
    one, other = users["林䶮"], users["诸葛明"]
    assert activation_of(user=one, code=old[one.pk]) is None
    assert activation_of(user=other, code=new[one.pk]) is None
    assert activation_of(user=one, code=new[one.pk]) is not None
    assert not Activation.objects.filter(code_hash__in=new.values()).exists()


def test_accounts_that_wait_for_their_people_are_not_forgotten(sent):
    sent(*GOOD)
    User.objects.update(date_joined="2020-01-01T00:00:00Z")
    waiting = set(Activation.objects.values_list("user_id", flat=True))
    forget_unconfirmed()
    assert set(User.objects.filter(pk__in=waiting).values_list("pk", flat=True)) == waiting


def test_wrong_rows_come_back_as_a_table_that_can_be_mended_and_sent(sent, client: Client, cast):
    sheet = sent(GOOD[0], ("林一", "138", "", "", "", "", ""))
    client.force_login(cast.administrator)
    answer = client.get(reverse("imports:wrong", args=[sheet.pk]))
    lines = [
        [cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active
    ]
    assert lines[1][0] == 3 and lines[1][2:4] == ["林一", "138"]


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
