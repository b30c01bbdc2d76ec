"""Batches from the approved claim to the ledger: who builds, who releases, what the bank says, and what never changes."""

import io
import shutil
import subprocess
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from openpyxl import load_workbook

from core.models import AuditEntry, Notice, User
from core.sheets.writing import workbook
from core.states import Refused
from credentials.claims.actions import correct_account
from credentials.claims.models import Claim, PaymentEntry
from credentials.payments import actions, files
from credentials.payments.actions import PaymentRefused
from credentials.payments.document import COLUMNS
from credentials.payments.models import PaymentBatch, PaymentBudget, PaymentLine
from credentials.payments.policy import Result
from tests.factories import give_role, make_conduct, make_user
from tests.factories.subsidies import ACCOUNT, make_approved, make_batch

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def released(desk, *claims):
    return make_batch(
        *(claims or desk.claims), built_by=desk.builder, released_by=desk.releaser, state="released"
    )


def settle(desk, line, paid=True, reason=""):
    actions.record_result(line=line, paid=paid, on=TODAY(), reason=reason, actor=desk.builder)


def test_a_batch_takes_approved_claims_and_lists_those_that_lost_their_ground(desk, cast):
    make_conduct(cast.trainee.person, cast.administrator)

    built = actions.build_batch(policy=desk.policy, claims=desk.claims, actor=desk.builder)

    assert (built.taken, built.batch.count, built.batch.total) == (2, 2, Decimal("1000.00"))
    told = AuditEntry.objects.get(action="credentials.build_batch")
    assert told.data["after"] == {"policy": desk.policy.name} and desk.policy.name != desk.policy.code
    assert [claim for claim, _why in built.left] == [desk.claims[0]]
    assert set(Claim.objects.values_list("state", flat=True)) == {"review", "locked"}
    line = built.batch.lines.get(holder=cast.other_trainee)
    assert (line.level, line.standard, line.already, line.amount) == ("助理社会工作师", 500, 0, 500)
    assert (line.account_sealed, line.account_masked) == (ACCOUNT, f"**** {ACCOUNT[-4:]}")
    again = actions.build_batch(policy=desk.policy, claims=desk.claims, actor=desk.builder)
    assert again.batch is None and len(again.left) == 3 and PaymentBatch.objects.count() == 1


def test_only_finance_of_the_authority_builds_and_never_for_themselves(desk, cast, tree):
    for other in (cast.finance, cast.city_administrator, cast.trainee):  # the first one's place lies below
        with pytest.raises(PaymentRefused):
            actions.build_batch(policy=desk.policy, claims=desk.claims, actor=other)
    give_role(cast.trainee, "finance", tree["province"])
    mine = User.objects.get(pk=cast.trainee.pk)
    built = actions.build_batch(policy=desk.policy, claims=Claim.objects.all(), actor=mine)
    assert built.taken == 2 and built.left[0][0] == desk.claims[0]


def test_lines_are_taken_out_and_batches_cancelled_while_nobody_has_released_them(desk):
    batch = make_batch(*desk.claims, built_by=desk.builder)
    actions.drop_line(line=batch.lines.get(position=2), actor=desk.builder)
    batch = actions.lock_batch(batch=batch, actor=desk.builder)
    kept = batch.lines.exclude(state="withdrawn").order_by("position")
    assert [line.position for line in kept] == [1, 2] and batch.total == 1000
    with pytest.raises(PaymentRefused):
        actions.drop_line(line=kept[0], actor=desk.builder)
    actions.return_batch(batch=batch, reason="少一人", actor=desk.releaser)
    with pytest.raises(PaymentRefused):
        actions.cancel_batch(batch=batch, reason=" ", actor=desk.builder)

    actions.cancel_batch(batch=batch, reason="重做", actor=desk.builder)

    assert set(Claim.objects.values_list("state", flat=True)) == {"approved"}
    assert make_batch(*desk.claims, built_by=desk.builder).serial.endswith("0002")


def test_a_second_person_releases_having_seen_the_control_total(desk, tree, cast):
    batch = make_batch(*desk.claims, built_by=desk.builder, state="locked")
    give_role(cast.outside_trainee, "finance", tree["city"])
    own = User.objects.get(pk=cast.outside_trainee.pk)
    for actor in (desk.builder, desk.approver, own, cast.finance, cast.auditor):
        with pytest.raises(PaymentRefused):
            actions.release_batch(batch=batch, total=batch.total, actor=actor)
    with pytest.raises(PaymentRefused) as refusal:
        actions.release_batch(batch=batch, total=Decimal("1499.99"), actor=desk.releaser)
    assert "500" not in str(refusal.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentBatch.objects.filter(pk=batch.pk).update(
            state="released", released_by=desk.builder, released_at=timezone.now()
        )

    batch = actions.release_batch(batch=batch, total=batch.total, actor=desk.releaser)

    assert batch.facts["capitals"] == "壹仟伍佰元整"
    assert set(batch.lines.values_list("released_by", flat=True)) == {desk.releaser.pk}
    with pytest.raises(PaymentRefused):
        actions.release_batch(batch=batch, total=batch.total, actor=desk.releaser)
    with pytest.raises(PaymentRefused):
        actions.cancel_batch(batch=batch, reason="太晚", actor=desk.builder)


def test_what_the_bank_returns_is_told_corrected_and_paid_by_a_new_line(desk, cast):
    first = released(desk, desk.claims[0])
    line = first.lines.get()
    settle(desk, line, paid=False, reason="账号与户名不符")
    claim = desk.claims[0]
    assert Notice.objects.filter(user=cast.trainee, title="The bank could not pay your subsidy").exists()
    other = {"claim": claim, "consent_version": "1"}
    with pytest.raises(Refused):
        correct_account(**other, bank="示例银行", account="6222021", actor=cast.other_trainee)

    correct_account(**other, bank="示例银行沙市支行", account="6222029900000015", actor=cast.trainee)
    actions.close_batch(batch=first, actor=desk.builder)
    claim.refresh_from_db()
    second = released(desk, claim)
    again = second.lines.get()
    settle(desk, again)

    line.refresh_from_db()
    assert (line.state, line.account_sealed) == ("failed", ACCOUNT)
    assert (again.attempt, again.bank, again.remark) == (
        2,
        "示例银行沙市支行",
        f"重新发放：{first.serial} 第1行退回",
    )
    entry = PaymentEntry.objects.get()
    assert (entry.source, entry.amount) == (f"payment:{again.pk}", 500)
    with pytest.raises(PaymentRefused):
        settle(desk, again)
    with pytest.raises(Refused):
        correct_account(**other, bank="示例银行", account="6222021", actor=cast.trainee)
    said = str(list(AuditEntry.objects.values_list("data", flat=True)))
    assert ACCOUNT not in said and "0015" not in said


def test_what_is_locked_settled_or_closed_never_changes_and_nothing_is_deleted(desk):
    batch = released(desk, *desk.claims[:2])
    one, two = batch.lines.all()
    refused = [
        (PaymentLine, one.pk, {"amount": 1}),
        (PaymentLine, one.pk, {"account_sealed": "1"}),
        (PaymentLine, one.pk, {"released_by": desk.builder}),
        (PaymentBatch, batch.pk, {"total": 1}),
        (PaymentBatch, batch.pk, {"facts": {}}),
        (PaymentBatch, batch.pk, {"serial": "FF-1"}),
    ]
    for model, pk, change in refused:
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.filter(pk=pk).update(**change)
    with pytest.raises(PaymentRefused):
        actions.close_batch(batch=batch, actor=desk.builder)
    settle(desk, one)
    settle(desk, two, paid=False, reason="销户")
    for change in ({"state": "waiting", "reason": ""}, {"reason": "别的"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            PaymentLine.objects.filter(pk=two.pk).update(**change)
    actions.close_batch(batch=batch, actor=desk.builder)
    for rows in (PaymentBatch.objects.all(), PaymentLine.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(reason="改")
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
    with pytest.raises(DatabaseError), transaction.atomic():  # no line is added to what is closed
        PaymentLine.objects.create(**facts_of(two) | {"position": 9, "attempt": 9})


def facts_of(line):
    left_out = ("id", "state", "reason", "paid_on", "settled_by", "settled_at", "released_by")
    return {
        field.name: getattr(line, field.name) for field in line._meta.fields if field.name not in left_out
    }


def test_the_database_refuses_two_live_lines_and_ones_own(desk, cast):
    one = make_batch(desk.claims[0], built_by=desk.builder)
    two = make_batch(desk.claims[1], built_by=desk.builder)
    line = facts_of(one.lines.get()) | {"batch": two, "position": 5, "attempt": 2}
    third = desk.claims[2]
    free = line | {"claim": third, "holder": third.holder, "name": third.name, "id_hash": third.id_hash}
    for wrong in (
        line,
        free | {"approver": free["holder"]},
        free | {"built_by": free["holder"]},
        free | {"released_by": free["holder"]},
        free | {"released_by": free["approver"]},
        free | {"amount": 0},
        free | {"state": "paid", "paid_on": TODAY()},
        free | {"position": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentLine.objects.create(**wrong)
    assert PaymentLine.objects.create(**free)


def table(*rows):
    from core.sheets.writing import Heading, Table

    headings = [Heading(label) for label in ("序号", "姓名", "账号后四位", "金额", "结果", "原因")]
    return io.BytesIO(workbook(Table("结果", headings, rows)))


def test_a_table_of_the_bank_is_taken_whole_or_not_at_all(desk):
    batch = released(desk)
    lines = files.roster_lines(batch)
    name = [line.name for line in lines]
    wrong = table(
        ("1", name[0], ACCOUNT[-4:], "500", "成功", ""),
        ("", name[1], ACCOUNT, "500.00", "失败", ""),  # without a reason
        ("3", "别人", "", "", "成功", ""),
        ("9", "", ACCOUNT[-4:], "500", "成功", ""),
        ("1", "", ACCOUNT[-4:], "500", "失败", "销户"),
        ("2", name[1], "", "499", "也许", ""),
    )
    reading = files.read_results(wrong, lines, desk.builder.pk)
    assert [(bad.number, bad.code) for bad in reading.bad] == [
        (2, "twice"), (3, "no_reason"), (4, "other_name"), (5, "no_such_line"), (6, "twice"), (7, "other_amount"),
    ]  # fmt: skip

    csv = "姓名,账号,金额,结果,原因\r\n".encode("gb18030")
    csv += "\r\n".join(
        f"{line.name},'{ACCOUNT},500,{'成功' if n else '退回'},{'' if n else '账户已销户'}"
        for n, line in enumerate(lines)
    ).encode("gb18030")
    reading = files.read_results(io.BytesIO(csv), lines, desk.builder.pk)
    assert (
        not reading.bad
        and not reading.silent
        and [one.paid for one in reading.results] == [False, True, True]
    )
    for unfit in ([*reading.results, Result(lines[1].pk, False, "又")], [Result(0, True)], []):
        with pytest.raises(PaymentRefused):
            actions.import_results(batch=batch, results=unfit, on=TODAY(), actor=desk.builder)
    assert not PaymentEntry.objects.exists()

    actions.import_results(batch=batch, results=reading.results, on=TODAY(), actor=desk.builder)

    assert PaymentEntry.objects.count() == 2
    again = files.read_results(io.BytesIO(csv), files.roster_lines(batch), desk.builder.pk)
    assert {bad.code for bad in again.bad} == {"settled"}
    with pytest.raises(PaymentRefused):
        actions.import_results(batch=batch, results=reading.results, on=TODAY(), actor=desk.builder)
    assert PaymentEntry.objects.count() == 2


def test_the_papers_are_what_was_released_and_long_numbers_are_texts(desk, cast, tree):
    person = make_user("欧阳䶮", tree["station"]).person
    claim = make_approved(person, desk.version, desk.approver)
    Claim.objects.filter(pk=claim.pk).update(account_sealed="622202020011223015")
    Claim.objects.filter(pk=desk.claims[1].pk).update(bank="＝1+1")  # Excel in Chinese takes it for a formula
    batch = released(desk, claim, desk.claims[1])
    person.set_id_number("resident_id", "120199199001019999")
    person.save()

    with files.open_roster(batch) as file:
        first = file.read()
    if shutil.which("pdftotext"):
        shown = subprocess.run(
            ["pdftotext", "-layout", "-", "-"], input=first, capture_output=True, check=True
        )
        text = shown.stdout.decode()
        for words in ("大写：人民币壹仟元整", "制表人：制表人", "审核人：审核人", "欧阳", "622202020"):
            assert words in text
    from django.core.files.storage import storages

    storages["private"].delete(batch.roster_file)
    with files.open_roster(PaymentBatch.objects.get(pk=batch.pk)) as file:
        assert file.read() == first  # drawn again from what was frozen

    sheet = load_workbook(io.BytesIO(workbook(files.roster_table(batch)))).active
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row}
    account = cells["622202020011223015"]
    assert (account.data_type, account.number_format) == ("s", "@")
    assert all(cells[line.id_sealed].data_type == "s" for line in batch.lines.all())
    assert "120199199001019999" not in cells
    bank = files.bank_csv(batch)
    assert ",'＝1+1," in bank.decode()
    assert bank.startswith(b"\xef\xbb\xbf") and b"622202020011223015," in bank and b"120199" not in bank
    assert load_workbook(io.BytesIO(workbook(files.bank_table(batch)))).active["B2"].data_type == "s"
    actions.take_out_batch(batch=batch, paper="roster", actor=desk.releaser)
    with pytest.raises(PaymentRefused):
        actions.take_out_batch(batch=batch, paper="roster", actor=cast.auditor)


def test_nothing_that_somebody_typed_becomes_a_formula(desk, tree):
    """Names and banks may begin like a formula: in no paper is it one. Amounts are figures, everything else is text."""
    person = make_user("=cmd|'/C calc'!A0", tree["station"]).person
    claim = make_approved(person, desk.version, desk.approver)
    Claim.objects.filter(pk=claim.pk).update(bank="@SUM(1+1)*示例银行", account_sealed="0000622202020011")
    batch = released(desk, claim)

    for table in (files.roster_table(batch), files.bank_table(batch)):
        sheet = load_workbook(io.BytesIO(workbook(table))).active
        cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value is not None}
        assert all(cell.data_type in "sn" for cell in cells.values())
        for text in ("=cmd|'/C calc'!A0", "@SUM(1+1)*示例银行", "0000622202020011"):
            assert cells[text].data_type == "s"
    assert [
        cell.value for cell in load_workbook(io.BytesIO(workbook(files.roster_table(batch)))).active[4]
    ] == [label for label, _share, _figures in COLUMNS]
    line = files.bank_csv(batch).decode("utf-8-sig").splitlines()[1]
    assert line == f"'=cmd|'/C calc'!A0,0000622202020011,'@SUM(1+1)*示例银行,500.00,{batch.serial}-1号"
    assert "0000622202020011" not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_a_budget_is_changed_by_another_row(desk, cast):
    said = {"policy": desk.policy, "year": 2026, "words": "示例财〔2026〕1号", "actor": desk.builder}
    actions.set_budget(amount=Decimal(1000), **said)
    row = actions.set_budget(amount=Decimal(2000), **said)
    assert row.number == 2 and PaymentBudget.objects.count() == 2
    with pytest.raises(PaymentRefused):
        actions.set_budget(amount=Decimal(1), **said | {"words": ""})
    with pytest.raises(PaymentRefused):
        actions.set_budget(amount=Decimal(1), **said | {"actor": cast.finance})
    with pytest.raises(DatabaseError), transaction.atomic():
        PaymentBudget.objects.update(amount=0)
