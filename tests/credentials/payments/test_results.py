"""What the bank says, where it says it oddly: another table, too many digits, account numbers in its reasons."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.jobs.actions import run_job
from core.jobs.models import Job
from core.models import AuditEntry
from credentials.claims.actions import is_account_open
from credentials.claims.models import Claim
from credentials.payments import actions, jobs
from credentials.payments.models import PaymentLine
from credentials.payments.policy import Expected, Result, Stated, match_results, without_numbers
from tests.factories.subsidies import ACCOUNT, make_batch, make_payer

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def released(desk, *claims):
    return make_batch(
        *(claims or desk.claims), built_by=desk.builder, released_by=desk.releaser, state="released"
    )


def ask(desk, batch, results):
    return jobs.ask_for_results(batch=batch, results=results, on=TODAY(), actor=desk.builder)


def test_another_table_of_as_many_lines_is_another_job_and_the_same_one_is_not_done_twice(desk, monkeypatch):
    monkeypatch.setattr(jobs, "LONG_LINES", 1)
    batch = released(desk)
    lines = list(batch.lines.order_by("position"))
    paid = [Result(line.pk, True) for line in lines]
    returned = [Result(line.pk, False, "账户已销户") for line in lines]

    first = ask(desk, batch, paid)

    assert ask(desk, batch, list(reversed(paid))) == first
    assert ask(desk, batch, returned) != first


def test_a_table_is_taken_again_after_the_job_that_had_it_was_cancelled(desk, monkeypatch):
    monkeypatch.setattr(jobs, "LONG_LINES", 1)
    batch = released(desk)
    results = [Result(line.pk, True) for line in batch.lines.all()]
    first = ask(desk, batch, results)
    Job.objects.filter(pk=first.pk).update(state="cancelled")

    again = ask(desk, batch, results)
    run_job(again.pk)

    assert again != first and set(Claim.objects.values_list("state", flat=True)) == {"paid"}


def test_a_number_of_a_thousand_digits_names_no_line(desk):
    line = released(desk, desk.claims[0]).lines.get()
    expected = Expected(line.pk, 1, line.name, line.last4, line.amount, is_open=True)
    rows = [Stated(2, "9" * 5000, line.name, "", "", "成功", "")]

    _results, bad, _silent = match_results(rows, [expected])

    assert [one.code for one in bad] == ["no_such_line"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"账号{ACCOUNT}已销户", "账号****3445已销户"),
        ("账号6222 0202 0011 2233 445不符", "账号****3445不符"),
        ("卡号６２２２０２０２已挂失", "卡号****０２０２已挂失"),
        ("2026-11-27 10:30 第1234567笔退回", "2026-11-27 10:30 第1234567笔退回"),
    ],
)
def test_of_a_number_in_the_banks_reason_the_last_digits_are_kept(said, kept):
    assert without_numbers(said) == kept


def test_no_account_number_in_a_reason_reaches_a_line_a_job_or_the_audit(desk, monkeypatch):
    batch = released(desk)
    said = f"账号{ACCOUNT}已销户"
    first, *others = batch.lines.order_by("position")
    actions.record_result(line=first, paid=False, on=TODAY(), reason=said, actor=desk.builder)
    monkeypatch.setattr(jobs, "LONG_LINES", 1)
    job = ask(desk, batch, [Result(line.pk, False, said) for line in others])
    run_job(job.pk)

    kept = [
        *PaymentLine.objects.values_list("reason", flat=True),
        *Claim.objects.values_list("reason", flat=True),
    ]
    assert set(kept) == {"账号****3445已销户"}
    told = [*Job.objects.values_list("params", flat=True), *AuditEntry.objects.values_list("data", flat=True)]
    assert ACCOUNT not in json.dumps(told, default=str)


@pytest.mark.parametrize("way", ["line taken out", "batch cancelled"])
def test_a_failed_account_can_be_corrected_although_its_claim_was_in_a_batch_meanwhile(desk, way):
    claim = desk.claims[0]
    line = released(desk, claim).lines.get()
    actions.record_result(line=line, paid=False, on=TODAY(), reason="户名不符", actor=desk.builder)
    claim.refresh_from_db()
    again = make_batch(claim, built_by=desk.builder)
    if way == "line taken out":
        actions.drop_line(line=again.lines.get(), actor=desk.builder)
    else:
        actions.cancel_batch(batch=again, reason="重做", actor=desk.builder)

    claim.refresh_from_db()
    assert (claim.state, claim.reason, is_account_open(claim)) == ("approved", "户名不符", True)


def test_the_trail_of_a_claim_shows_each_batch_what_the_bank_returned_and_the_posting(desk):
    claim = desk.claims[0]
    first = released(desk, claim)
    actions.record_result(
        line=first.lines.get(), paid=False, on=TODAY(), reason="户名不符", actor=desk.builder
    )
    claim.refresh_from_db()
    second = released(desk, claim)
    actions.record_result(line=second.lines.get(), paid=True, on=TODAY(), actor=desk.builder)

    trail = AuditEntry.objects.trail_of(claim).filter(user__in=(desk.builder, desk.releaser)).order_by("pk")
    assert [(one.action, one.data.get("reason", "")) for one in trail] == [
        ("credentials.lock_for_payment", ""),
        ("credentials.unlock_claim", "户名不符"),
        ("credentials.lock_for_payment", ""),
        ("credentials.record_payment", ""),
    ]
    assert [one.data["after"].get("batch") for one in trail][::2] == [first.serial, second.serial]
    assert trail[1].data["before"]["batch"] == first.serial


def test_the_trails_of_many_claims_are_written_in_one_statement(desk):
    def written(act):
        with CaptureQueriesContext(connection) as captured:
            act()
        begin = f'INSERT INTO "{AuditEntry._meta.db_table}"'
        return sum(one["sql"].startswith(begin) for one in captured)

    batches = []
    assert written(lambda: batches.append(make_batch(*desk.claims, built_by=desk.builder))) == 2
    assert written(lambda: actions.cancel_batch(batch=batches[0], reason="重做", actor=desk.builder)) == 2
    desk.claims = list(Claim.objects.select_related("version__subsidy"))
    batch = released(desk)
    results = [Result(line.pk, False, "账户已销户") for line in batch.lines.all()]
    enter = {"batch": batch, "results": results, "on": TODAY(), "actor": desk.builder}
    assert written(lambda: actions.import_results(**enter)) == 2


def test_who_may_say_what_became_of_the_lines_of_a_table_is_asked_once_for_all_of_them(desk):
    batch = released(desk)
    enter = {
        "batch": batch,
        "results": [Result(line.pk, True) for line in batch.lines.order_by("position")],
        "on": TODAY(),
    }
    friend = make_payer(batch.authority, "同学")
    desk.claims[1].conflicts.create(officer=friend, words="同学")

    with pytest.raises(actions.PaymentRefused, match=r"第 2 行：.*利益冲突"):
        actions.import_results(**enter, actor=friend)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        actions.import_results(**enter, actor=desk.builder)
    assert sum("claimconflict" in one["sql"] and "UNION" in one["sql"] for one in asked) == 1
    assert set(batch.lines.values_list("state", flat=True)) == {"paid"}
