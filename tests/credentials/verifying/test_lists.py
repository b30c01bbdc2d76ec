"""A table of codes in, the table with verdicts out."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from credentials.certificates.actions import revoke
from credentials.certificates.policy import grouped_code, new_code
from credentials.verifying.queries import lists
from credentials.verifying.views import LISTS_A_MINUTE
from tests.credentials.statements.conftest import issued
from tests.credentials.verifying.conftest import sheet_of
from tests.factories import make_certificate


def sent(client, table, name="名单.xlsx"):
    return client.post(reverse("verify-list"), {"file": SimpleUploadedFile(name, table.getvalue())})


def rows_of(answer):
    assert answer.status_code == 200
    assert answer["Content-Type"].endswith("sheet"), answer.context["form"].errors
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return [
        ["" if cell is None else str(cell) for cell in row]
        for row in sheet.iter_rows(min_row=3, values_only=True)
    ]


def test_every_row_has_its_verdict_and_bad_ones_are_named(client, certificate, entry, cast, tree):
    revoked = make_certificate(cast.other_trainee.person, tree["district"])
    revoke(certificate=revoked, reason="考试作弊", actor=cast.administrator)
    statement = issued(cast)
    answer = sent(
        client,
        sheet_of(
            (grouped_code(certificate.code), "林小荷"),
            (certificate.verify_url, "林小河"),
            (f"{revoked.serial} {revoked.code}", ""),
            (statement.code, "林小荷"),
            (new_code(), "林小荷"),
            (certificate.serial, ""),
            ("=HYPERLINK(1)\x00", "张" * 500),
        ),
    )
    rows = rows_of(answer)
    assert [row[3] for row in rows] == [
        "有效",
        "重复查询",
        "已撤销",
        "真实",
        "查无此证",
        "不是核验码",
        "不是核验码",
    ]
    assert [row[0] for row in rows] == ["2", "3", "4", "5", "6", "7", "8"]
    assert "姓名相符" in rows[0][4]
    assert "2" in rows[1][4]
    assert rows[0][5] == "林**"
    assert rows[0][6] == certificate.serial
    text = str(rows)
    assert "考试作弊" not in text
    client.cookies["django_language"] = "en"
    assert rows_of(sent(client, sheet_of((certificate.code, ""), headings=("Code", "Name"))))[0][3] == "Valid"


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 20, b"PK\x03\x04broken", "别的,表\n1,2".encode(), "核验码\n".encode()]
)
def test_a_table_that_cannot_be_read_is_answered_with_what_to_do(client, db, content):
    answer = sent(client, io.BytesIO(content))
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]


def test_it_has_limits(client, db, monkeypatch, one_minute):
    monkeypatch.setattr(lists, "MOST_ROWS", 3)
    assert sent(client, sheet_of(*[("A", "")] * 4)).context["form"].errors
    blank = client.get(reverse("verify-list-blank"))
    assert load_workbook(io.BytesIO(blank.content)).active["A1"].value == "核验码"
    for _ in range(LISTS_A_MINUTE):
        last = client.post(reverse("verify-list"))
    assert last.status_code == 429
