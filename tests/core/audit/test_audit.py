"""The audit: written with the act, never changed, read by those who cover it, taken out without harm."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from core.access.states import READERS
from core.audit.actions import record
from core.models import AuditEntry, Organisation
from core.organisations.queries import tops_of


@pytest.fixture
def acts(cast: SimpleNamespace, tree: dict[str, Organisation]) -> SimpleNamespace:
    """One act in each district, one of the city, and one with a name that a spreadsheet would run."""
    for place in ("district", "street", "other_district", "city"):
        record(action=f"test.{place}", target=tree[place], actor=cast.administrator, organisation=tree[place])
    record(
        action="test.change",
        target=cast.trainee.person,
        actor=cast.administrator,
        organisation=tree["station"],
        before={"name": "王明"},
        after={"name": "王鸣"},
        reason="=cmd|' /C calc'!A0",
        label='=HYPERLINK("http://evil")',
    )
    return cast


def test_an_entry_can_be_neither_changed_nor_deleted(acts: SimpleNamespace) -> None:
    entry = AuditEntry.objects.first()
    for act in (
        lambda: AuditEntry.objects.filter(pk=entry.pk).update(action="forged"),
        lambda: AuditEntry.objects.filter(pk=entry.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert AuditEntry.objects.filter(pk=entry.pk, action=entry.action).exists()


def test_the_mirror_gets_one_line_of_json_an_act_once_it_is_committed(
    cast: SimpleNamespace,
    tree: dict[str, Organisation],
    settings: object,
    tmp_path: Path,
    django_capture_on_commit_callbacks: object,
) -> None:
    settings.AUDIT_LOG = tmp_path / "audit.jsonl"
    with django_capture_on_commit_callbacks(execute=True):
        record(
            action="test.mirror",
            target=tree["street"],
            actor=None,
            organisation=tree["street"],
            reason="因为",
        )
        assert not settings.AUDIT_LOG.exists()
    (line,) = settings.AUDIT_LOG.read_text(encoding="utf-8").splitlines()
    fact = json.loads(line)
    assert (fact["action"], fact["actor"], fact["data"]) == ("test.mirror", None, {"reason": "因为"})


@pytest.mark.parametrize(
    ("part", "seen"), [("auditor", True), ("administrator", True), ("finance", False), ("instructor", False)]
)
def test_the_report_is_for_those_who_read_the_tree(
    client: Client, acts: SimpleNamespace, part: str, seen: bool
) -> None:
    client.force_login(getattr(acts, part))
    answer = client.get("/admin/audit/")
    assert (answer.status_code == 200) is seen
    if seen:
        body = answer.content.decode()
        assert "test.district" in body and "test.street" in body
        assert "test.other_district" not in body and "test.city" not in body


@pytest.mark.parametrize(
    ("query", "present", "absent"),
    [
        ("action=test.street", "test.street", "test.district"),
        ("actor=单于", "test.street", "没有这样的行"),
        ("actor=无此人", "filter", "test.street"),
        ("label=新街道", "test.street", "test.change"),
        ("timestamp_from=2999-01-01", "filter", "test.street"),
        ("organisation=street", "test.street", "test.district"),
    ],
)
def test_filters_narrow_it_down(
    client: Client,
    acts: SimpleNamespace,
    tree: dict[str, Organisation],
    query: str,
    present: str,
    absent: str,
) -> None:
    client.force_login(acts.auditor)
    query = query.replace("organisation=street", f"organisation={tree['street'].pk}")
    body = client.get(f"/admin/audit/results/?{query}").content.decode()
    rows = body[body.find("<tbody") :] if "<tbody" in body else ""
    assert present in (rows or "filter") and absent not in rows


def test_the_spreadsheets_open_in_chinese_and_run_nothing(client: Client, acts: SimpleNamespace) -> None:
    client.force_login(acts.auditor)
    csv = b"".join(client.get("/admin/audit/?export=csv").streaming_content)
    assert csv.startswith("\ufeff".encode()) and "单于明" in csv.decode("utf-8-sig")
    assert "\"'=HYPERLINK" in csv.decode("utf-8-sig")
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(client.get("/admin/audit/?export=xlsx").streaming_content))
    )
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert any(cell.value and str(cell.value).startswith("'=HYPERLINK") for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
    assert not any(cell.value == "test.other_district" for cell in cells)
    taken = AuditEntry.objects.filter(action="core.export_audit", user=acts.auditor)
    assert taken.count() == 2 and taken.first().organisation in tops_of(acts.auditor, *READERS)


def test_the_queries_of_the_report_do_not_grow(
    client: Client, acts: SimpleNamespace, tree: dict[str, Organisation]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(acts.auditor)
    client.get("/admin/audit/")
    with CaptureQueriesContext(connection) as few:
        client.get("/admin/audit/")
    for _ in range(30):
        record(
            action="test.more",
            target=tree["street"],
            actor=acts.city_administrator,
            organisation=tree["street"],
        )
    with CaptureQueriesContext(connection) as many:
        client.get("/admin/audit/")
    assert len(many) == len(few)


@pytest.mark.parametrize("more", ["", "results/", "?export=xlsx"])
def test_wagtails_own_site_history_leads_to_ours(client: Client, acts: SimpleNamespace, more: str) -> None:
    client.force_login(acts.auditor)
    answer = client.get(f"/admin/reports/site-history/{more}")
    assert (answer.status_code, answer.url) == (302, "/admin/audit/")


def test_every_answer_names_its_request_and_the_audit_knows_it(client: Client, cast: SimpleNamespace) -> None:
    client.force_login(cast.trainee)
    answer = client.get("/profile/export/", headers={"X-Request-ID": "forged"})
    assert (
        AuditEntry.objects.get(action="core.export_own_data").request_id == answer["X-Request-ID"] != "forged"
    )


def test_facts_are_told_in_the_readers_words(cast: SimpleNamespace, tree: dict[str, Organisation]) -> None:
    from core.audit.queries import details

    entry = record(
        action="core.grant_role",
        target=cast.auditor.roles.get(),
        actor=cast.city_administrator,
        organisation=tree["district"],
        before={"ends_on": None},
        after={"ends_on": "2026-12-01", "role": "auditor", "kept": True},
        reason="轮岗",
    )
    assert details(entry) == "截止日期：— → 2026-12-01；角色：审计；已保存：是；“轮岗”"


def test_lists_and_moments_are_told_in_the_readers_words(cast: SimpleNamespace) -> None:
    from core.audit.queries import details

    entry = record(
        action="core.save_profile",
        target=cast.trainee.person,
        actor=cast.trainee,
        organisation=None,
        after={
            "functions": ["educational", "other"],
            "starts_at": "2026-11-23T13:00:00+08:00",
            "number": 3,
            "more": {"a": 1},
        },
    )
    assert details(entry) == "督导功能：教育、other；开始：2026-11-23 13:00；编号：3；more：a 1"


# NUL cannot be stored on PostgreSQL; record() never gets one, since forms refuse it.
ANY_FACT = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.text(st.characters(categories=["L", "N", "P"]), max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(facts=st.dictionaries(st.sampled_from(["steps", "state", "name", "act"]), ANY_FACT, max_size=3))
def test_no_fact_makes_an_entry_unreadable(facts: dict[str, object]) -> None:
    """An entry that could not be shown would take its whole page from the auditor."""
    from core.audit.queries import details

    entry = AuditEntry(action="credentials.add_rule", data={"before": facts, "after": facts})
    assert isinstance(details(entry), str)


def test_a_fact_with_parts_is_told_part_by_part() -> None:
    from core.audit.queries import details

    steps = [{"from_minutes": 15, "hours": "0.5"}, {"from_minutes": 30, "hours": "1"}]
    told = details(AuditEntry(action="credentials.add_rule", data={"after": {"steps": steps}}))
    assert "满（分钟） 15，学时 0.5、满（分钟） 30，学时 1" in told
