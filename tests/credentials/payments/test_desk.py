"""The finance desk: its numbers, building, releasing, the bank's table, papers, budgets, and the claimant's account."""

import io
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.jobs.actions import run_job
from core.models import AuditEntry
from core.sheets.writing import Heading, Table, workbook
from credentials.claims.actions import correct_account
from credentials.claims.models import Claim, PaymentEntry
from credentials.payments import actions, jobs
from credentials.payments.models import PaymentBatch
from credentials.payments.queries.balance import accounts_of, balance_of
from credentials.payments.queries.budgets import budget_rows
from credentials.payments.queries.desk import desk_rows, total_row
from credentials.payments.viewsets import building
from tests.core.pdf.reading import text_of
from tests.factories import make_user
from tests.factories.policies import make_policy_of
from tests.factories.subsidies import ACCOUNT, make_approved, make_batch, make_subsidies, policy_text

pytestmark = pytest.mark.django_db
LAST = ACCOUNT[-4:]


def page(client, user, name, *args, **query):
    client.force_login(user)
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def post(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(name, args=args), data, follow=True)


def table(*rows):
    headings = [Heading(label) for label in ("序号", "账号后四位", "结果", "原因")]
    return SimpleUploadedFile("结果.xlsx", workbook(Table("结果", headings, rows)))


def test_from_building_to_closing_at_the_desk(client, desk, cast):
    shown = page(client, desk.builder, "payments:build", desk.policy.pk)
    assert "壹仟伍佰元整" in shown and ACCOUNT not in shown
    post(client, desk.builder, "payments:build", desk.policy.pk, claim=[claim.pk for claim in desk.claims])
    batch = PaymentBatch.objects.get()
    post(client, desk.builder, "payments:drop", batch.pk, batch.lines.get(position=3).pk)
    post(client, desk.builder, "payments:act", batch.pk, "lock")
    assert "release" not in re.findall(
        rf"/{batch.pk}/(\w+)/\"", page(client, desk.builder, "payments:batch", batch.pk)
    )

    client.force_login(desk.builder)
    assert (
        client.post(reverse("payments:act", args=[batch.pk, "release"]), {"total": "1000"}).status_code == 404
    )
    post(client, desk.releaser, "payments:act", batch.pk, "release", total="999.99")
    batch.refresh_from_db()
    assert batch.state == "locked"
    post(client, desk.releaser, "payments:act", batch.pk, "release", total="1,000.00")
    batch.refresh_from_db()
    assert (batch.state, batch.released_by) == ("released", desk.releaser)

    today = timezone.localdate().isoformat()
    bad = post(
        client,
        desk.builder,
        "payments:results",
        batch.pk,
        on=today,
        file=table(("1", LAST, "成功", ""), ("2", "", "失败", "户名不符"), ("8", LAST, "成功", "")),
    )
    assert [one.code for one, *_why in bad.context["bad"]] == ["position_alone", "no_such_line"]
    assert "sealed" in bad.context and not bad.context["sealed"]
    good = post(
        client, desk.builder, "payments:results", batch.pk, on=today,
        file=table(("1", LAST, "成功", ""), ("2", LAST, "失败", "户名不符")),
    )  # fmt: skip
    assert not PaymentEntry.objects.exists()
    sealed = good.context["sealed"]
    post(client, desk.builder, "payments:enter", batch.pk, sealed=sealed + "x")
    assert not PaymentEntry.objects.exists()
    post(client, desk.builder, "payments:enter", batch.pk, sealed=sealed)
    post(client, desk.builder, "payments:enter", batch.pk, sealed=sealed)  # once
    assert PaymentEntry.objects.count() == 1
    post(client, desk.builder, "payments:act", batch.pk, "close")
    batch.refresh_from_db()
    assert batch.state == "closed"

    returned = batch.lines.get(state="failed")
    mine = page(client, returned.holder, "credentials:claim-account", returned.claim_id)
    assert "户名不符" in mine and ACCOUNT not in mine
    correct_account(
        claim=returned.claim,
        bank="示例银行新支行",
        account="62220215",
        consent_version="1",
        actor=returned.holder,
    )
    again = page(client, desk.builder, "payments:build", desk.policy.pk)
    assert batch.serial in again and "示例银行新支行" in again


def test_the_numbers_lead_to_lists_and_the_ledger_balances(client, desk, cast, tree):
    batch = make_batch(*desk.claims[:2], built_by=desk.builder, released_by=desk.releaser, state="released")
    one, two = batch.lines.all()
    for line, paid in ((one, True), (two, False)):
        actions.record_result(
            line=line, paid=paid, on=timezone.localdate(), reason="" if paid else "销户", actor=desk.builder
        )
    year = timezone.localdate().year
    said = {"policy": desk.policy, "year": year, "words": "示例财〔2026〕1号", "actor": desk.builder}
    actions.set_budget(amount=Decimal(1200), **said)

    total = total_row(desk_rows(desk.builder, "policy"))
    assert {name: (cell.count, cell.amount) for name, cell in total.cells.items()} == {
        "notice": (0, 0), "due": (1, 500), "returned": (1, 500), "locked": (0, 0), "paid": (1, 500),
        "give": (0, 0), "given": (0, 0),
    }  # fmt: skip
    districts = {row.label: row for row in desk_rows(desk.builder, "district")}
    assert districts["河东区指导中心"].cells["due"].count == 1
    assert [row.label for row in desk_rows(cast.finance, "district")] == ["和平区指导中心"]
    row = budget_rows(desk.builder, year)[0]
    assert (row.paid, row.committed, row.is_over) == (500, 1500, True)
    assert balance_of(desk.policy) == (500, 500) and accounts_of([desk.policy])[desk.policy.pk].is_balanced

    assert "1,200" in page(client, desk.builder, "payments:index", by="district", year=str(year))
    assert two.name in page(
        client, desk.builder, "payments:claims", group="returned", policy=str(desk.policy.pk)
    )
    assert "示例财" in page(client, desk.releaser, "payments:budgets")
    assert batch.serial in page(client, desk.releaser, "payments:batches")
    page(client, desk.builder, "payments:choose")
    for user, code in ((cast.auditor, 200), (cast.trainee, 403), (cast.instructor, 404)):
        client.force_login(user)
        assert client.get(reverse("payments:index")).status_code == code
        assert client.get(reverse("payments:batch", args=[batch.pk])).status_code in (403, 404)


def test_a_chart_says_amounts_as_the_table_and_a_list_says_its_title_once(client, desk, tree):
    shown = page(client, desk.builder, "payments:index")
    bars = re.search(r'<ul class="bars">.*?</ul>', shown, re.S)[0]
    assert "¥1,500.00" in bars and "¥0.00" in bars and not re.search(r"[\d.]+ 元", bars)
    district = tree["district"]
    listed = page(client, desk.builder, "payments:claims", group="due", district=str(district.pk))
    (heading,) = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", listed[listed.index("<main") :], re.S)
    assert "待发放" in heading and district.name in heading


def test_the_second_person_finds_the_control_total_out_and_wrong_tries_are_written_down(
    client, desk, tmp_path
):
    batch = make_batch(*desk.claims, built_by=desk.builder, state="locked")
    said = ("1,500.00", "壹仟伍佰元整")

    def papers(user):
        client.force_login(user)
        pdf = client.get(reverse("payments:paper", args=[batch.pk, "roster"]))
        sheet = client.get(reverse("payments:paper", args=[batch.pk, "roster-sheet"])).content
        rows = [cell.value for row in load_workbook(io.BytesIO(sheet)).active.iter_rows() for cell in row]
        lists = page(client, user, "payments:batch", batch.pk), page(client, user, "payments:batches")
        return lists, text_of(b"".join(pdf.streaming_content), tmp_path), " ".join(map(str, rows))

    for user, shown in ((desk.builder, True), (desk.releaser, False)):
        (one, many), pdf, sheet = papers(user)
        assert [
            said[0] in one,
            said[1] in one,
            said[0] in many,
            said[0] in pdf,
            said[1] in pdf,
            said[1] in sheet,
        ] == [shown] * 6
        assert "500.00" in one and "500.00" in pdf  # of each line

    answer = post(client, desk.releaser, "payments:act", batch.pk, "release", total="1400")
    assert "不是控制总额" in answer.content.decode() and said[0] not in answer.content.decode()
    tried = AuditEntry.objects.get(action="credentials.miss_control_total")
    assert (tried.user, tried.data["after"]) == (desk.releaser, {"amount": "1400.00"})
    post(client, desk.releaser, "payments:act", batch.pk, "release", total="1500")
    assert said[0] in page(client, desk.releaser, "payments:batch", batch.pk)


def test_papers_are_for_those_who_pay_and_every_one_taken_out_is_written_down(client, desk, cast):
    batch = make_batch(*desk.claims, built_by=desk.builder, state="locked")
    client.force_login(desk.builder)
    assert client.get(reverse("payments:paper", args=[batch.pk, "bank"])).status_code == 404
    actions.release_batch(batch=batch, total=batch.total, actor=desk.releaser)
    for name in ("roster", "roster-sheet", "bank", "bank-sheet"):
        answer = client.get(reverse("payments:paper", args=[batch.pk, name]))
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200 and content
        assert "no-store" in answer["Cache-Control"]
    entries = AuditEntry.objects.filter(action="credentials.take_out_batch")
    assert [entry.data["after"]["paper"] for entry in entries.order_by("pk")] == [
        "roster", "roster-sheet", "bank", "bank-sheet",
    ]  # fmt: skip
    trail = page(client, desk.builder, "payments:batch", batch.pk).partition("办理记录")[2]
    assert all(f"· {name}" in trail for name in ("花名册（PDF）", "花名册（XLSX）", "银行代发文件（CSV）"))
    for user in (cast.auditor, cast.finance, cast.outsider):
        client.force_login(user)
        assert client.get(reverse("payments:paper", args=[batch.pk, "roster"])).status_code == 404


def test_a_long_batch_and_a_long_table_are_jobs(desk, monkeypatch):
    monkeypatch.setattr(jobs, "LONG_LINES", 1)
    job = jobs.ask_for_batch(policy=desk.policy, claims=desk.claims, actor=desk.builder)
    run_job(job.pk)
    job.refresh_from_db()
    batch = PaymentBatch.objects.get()
    assert (job.state, job.done, batch.count, batch.total) == ("done", 3, 3, 1500)
    batch = actions.lock_batch(batch=batch, actor=desk.builder)
    batch = actions.release_batch(batch=batch, total=batch.total, actor=desk.releaser)
    results = [
        jobs.Result(line.pk, line.position > 1, "" if line.position > 1 else "销户")
        for line in batch.lines.all()
    ]
    job = jobs.ask_for_results(batch=batch, results=results, on=timezone.localdate(), actor=desk.builder)
    run_job(job.pk)
    assert sorted(Claim.objects.values_list("state", flat=True)) == ["approved", "paid", "paid"]


def cost(client, user, address, **query):
    client.force_login(user)
    client.get(address, query)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, query).status_code == 200
    return len(captured)


def test_long_lists_come_in_pages_and_cost_the_same(client, desk, tree, monkeypatch):
    first = make_batch(desk.claims[0], built_by=desk.builder, released_by=desk.releaser, state="released")
    one = first.lines.get()
    actions.record_result(line=one, paid=False, on=timezone.localdate(), reason="销户", actor=desk.builder)
    pages = {
        reverse("payments:choose"): 9,
        reverse("payments:build", args=[desk.policy.pk]): 15,
        reverse("payments:batch", args=[first.pk]): 15,
    }
    few = [cost(client, desk.builder, address) for address in pages]
    for number in range(4):
        place = tree["city"] if number == 0 else tree["station"]
        make_approved(make_user(f"申领人{number}", place).person, desk.version, desk.approver)
    assert few == [cost(client, desk.builder, address) for address in pages] == list(pages.values())

    monkeypatch.setattr(building, "SHOWN", 3)
    shown = page(client, desk.builder, "payments:build", desk.policy.pk, p="2")
    assert shown.count('name="claim"') == 3 and 'name="all"' in shown
    post(client, desk.builder, "payments:build", desk.policy.pk, all="on")
    batch = PaymentBatch.objects.get(state="draft")
    assert batch.count == 6  # all but the one that would go to the account from which it came back
    assert not batch.lines.filter(claim=desk.claims[0]).exists()
    of_city = Claim.objects.get(employer=tree["city"])
    cards = page(client, desk.builder, "payments:index", by="district")
    assert "district=none" in cards
    far = page(client, desk.builder, "payments:claims", group="locked", district="none")
    assert re.findall(r"SL-\d+-\d+", far) and of_city.serial in far and desk.claims[1].serial not in far
    assert 'data-label="待发放"' in cards and 'data-label="due"' not in cards
    claim = desk.claims[1]
    listed = page(client, desk.builder, "payments:claims", group="locked")
    assert reverse("claims:inspect", args=[claim.pk]) in listed


def test_two_policies_of_one_name_are_told_apart_by_place_day_and_text(client, desk, tree, cast):
    text, other = "《示例市社会工作人才激励办法》", "《示例市社会工作人才激励办法（续）》"
    assert text not in page(client, desk.builder, "payments:choose")
    words = policy_text(code="example-2021", notice=0, stages="city", channel="bank").replace(text, other)
    make_policy_of(tree["city"], cast.city_administrator, words)

    for name in ("payments:choose", "payments:index"):
        shown = page(client, desk.builder, name)
        for title in (text, other):
            assert re.search(rf"{tree['city'].name} · 自\d+年\d+月\d+日起执行 · {title}<", shown), (
                name,
                title,
            )
        assert "example-2021<" not in shown

    make_subsidies(tree["city"], cast.city_administrator, code="example-2022")  # of the same text
    assert "example-2022<" in page(client, desk.builder, "payments:choose")


def test_what_the_bank_returned_is_called_the_same_on_every_page(client, desk):
    sent = make_batch(desk.claims[0], built_by=desk.builder, released_by=desk.releaser, state="released")
    actions.record_result(
        line=sent.lines.get(), paid=False, on=timezone.localdate(), reason="账户不存在", actor=desk.builder
    )

    for name, args in {"wagtailadmin_home": (), "payments:index": (), "payments:batches": (), "payments:batch": (sent.pk,)}.items():  # fmt: skip
        text = page(client, desk.builder, name, *args)
        assert "银行退回" in text, name
        assert not re.search(r"银行退回的款项|<th[^>]*>\s*退回\s*<", text), name
    assert page(client, desk.builder, "payments:claims", group="returned").count("银行退回")
