"""Commendations: registered by officers, one by one or from a table, shown to their person, struck off with a reason."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.imports import actions
from core.imports.queries import counts_of
from core.jobs.actions import run_job
from core.models import Notice
from core.sheets.writing import Heading, Table, workbook
from credentials.commendations.actions import CommendationRefused, strike_commendation
from credentials.models import Commendation
from credentials.public import commendations_of
from tests.factories import make_commendation

HEADINGS = ("姓名", "邮箱", "表彰级别", "荣誉名称", "授予单位", "年份", "文号")


def test_it_is_registered_once_by_another_and_struck_off_with_a_reason(cast):
    row = make_commendation(cast.trainee.person, cast.administrator)
    assert Notice.objects.filter(user=cast.trainee).count() == 1
    for person, fields in (
        (cast.trainee.person, {}),
        (cast.administrator.person, {}),
        (cast.trainee.person, {"year": 2999}),
    ):
        with pytest.raises(CommendationRefused):
            make_commendation(person, cast.administrator, **fields)
    assert [each.rank for each in commendations_of([row.person_id])[row.person_id]] == ["city"]
    for fields in ({"state": "struck"}, {"rank": "world"}, {"year": 1}, {"registered_by": cast.trainee}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Commendation.objects.filter(pk=row.pk).update(**fields)
    with pytest.raises(CommendationRefused):
        strike_commendation(commendation=row, reason=" ", actor=cast.administrator)
    strike_commendation(commendation=row, reason="重复", actor=cast.administrator)
    assert commendations_of([row.person_id]) == {row.person_id: []}
    make_commendation(cast.trainee.person, cast.administrator)


def test_a_table_says_which_rows_are_wrong_and_the_rest_is_registered(cast, tree):
    def of(user, *said):
        return (user.person.name, user.email, *said)

    rows = [
        of(cast.trainee, "国家级", "先进个人（示例）", "示例部", "2024年", "示例〔2024〕1号"),
        of(cast.supervisor, "省级", "最美社工（示例）", "示例厅", "2025", ""),
        of(cast.supervisor, "省级", "最美社工（示例）", "示例厅", "2025", ""),
        of(cast.finance, "世界级", "", "示例厅", "去年", ""),
        of(cast.administrator, "省级", "最美社工（示例）", "示例厅", "2025", ""),
        of(cast.outside_trainee, "省级", "最美社工（示例）", "示例厅", "2025", ""),
    ]
    table = workbook(Table("名单", [Heading(name) for name in HEADINGS], rows))
    sheet = actions.start_import(
        kind="commendations",
        organisation=tree["district"],
        title="名单",
        upload=SimpleUploadedFile("表彰.xlsx", table),
        all_or_none=False,
        actor=cast.administrator,
    )
    run_job(sheet.job.pk)
    sheet.refresh_from_db()
    assert counts_of(sheet) == {"new": 2, "known": 0, "wrong": 4, "applied": 0}
    actions.apply_import(sheet=sheet, actor=cast.administrator)
    run_job(sheet.job.pk)
    assert set(Commendation.objects.values_list("person", "rank")) == {
        (cast.trainee.person.pk, "national"),
        (cast.supervisor.person.pk, "provincial"),
    }


def test_at_the_desk_and_on_ones_own_page(client, cast):
    client.force_login(cast.administrator)
    add = reverse("commendations:add", args=[cast.trainee.person.pk])
    assert client.get(add).status_code == 200
    answers = {"rank": "county", "title": "优秀社工（示例）", "issuer": "示例区民政局", "year": 2025}
    assert client.post(add, answers | {"year": "9" * 60}).context["form"].errors
    client.post(add, answers)
    row = Commendation.objects.get()
    assert client.post(add, answers).context["form"].errors
    for name in ("index", "upload"):
        assert client.get(reverse(f"commendations:{name}")).status_code == 200
    inspect = reverse("commendations:inspect", args=[row.pk])
    assert client.get(inspect).status_code == 200
    page = client.get(reverse("people:detail", args=[cast.trainee.person.pk])).content.decode()
    assert "优秀社工（示例）" in page and add in page
    client.force_login(cast.trainee)
    assert "优秀社工（示例）" in client.get(reverse("credentials:qualification-list")).content.decode()
    client.force_login(cast.outsider)
    assert client.get(inspect).status_code == 404
    client.force_login(cast.administrator)
    client.post(inspect, {"reason": "误录"})
    row.refresh_from_db()
    assert row.state == "struck"
