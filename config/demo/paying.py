"""Sample payments in Jingzhou: a closed batch of which the bank has returned one line, that line paid anew, and a batch that
waits for its second person."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone

from config.demo.claim_cases import claim_cases, hand_in_sample
from config.demo.teaching import at_desk
from core.models import Organisation, Person, User
from credentials.claims.actions import correct_account, review_claim
from credentials.models import Claim, PaymentBatch, PolicyVersion, QualificationRecord
from credentials.payments.actions import (
    Back,
    build_batch,
    close_batch,
    lock_batch,
    record_result,
    record_reversal,
    release_batch,
    set_budget,
)
from credentials.payments.states import ReversalCause, ReversalEnd
from credentials.policies.actions import publish_policy, save_policy

POLICY = """
format: 2
code: jingzhou-sample
name: {zh-hans: 荆州市社会工作人才考证激励（示例）}
document: {zh-hans: 《荆州市社会工作人才考证激励办法（示例）》}
jurisdiction: "421000"
issuers: [荆州市民政局（示例）]
in_force: {from: 2024-01-01}
conditions:
  in_time:
    is: within
    after: qualification.issued_on
    years: 1
    says: {zh-hans: 自证书签发之日起一年内申请}
    article: 第三条
  serves_here:
    is: in_region
    fact: work.region
    region: "421000"
    says: {zh-hans: 在荆州市从业}
    article: 第二条
  long_enough:
    is: lasted
    since: work.since
    months: 6
    says: {zh-hans: 在岗满六个月}
    article: 第二条
  clean_record:
    is: clean
    heads: [unlawful, discipline, ethics, industry]
    years: 3
    says: {zh-hans: 近三年无违法违纪、违背职业操守和违反行业管理规范情形}
    article: 第二条
benefits:
  certificate:
    kind: highest_level
    name: {zh-hans: 考证激励}
    amounts: {assistant: 500, social_worker: 1000, senior: 3000}
    top_up: difference
    needs: [serves_here, in_time, long_enough, clean_record]
    documents:
      certificate: {zh-hans: 职业资格证书}
review: {stages: [city]}
notice: {days: 0, counts: working}
payment: {channel: bank}
"""


def pay(people: Sequence[Person], named: dict[str, Organisation], accounts: dict[str, User]) -> None:
    """What the module says. Idempotent."""
    if PaymentBatch.objects.exists():
        return
    officer, first, second = (
        accounts[f"{name}@example.com"] for name in ("jingzhou", "jingzhou-finance", "jingzhou-cashier")
    )
    with at_desk(45):
        kept = save_policy(
            subsidy=None, organisation=named["jingzhou"], text=POLICY, cases="", answers={}, actor=officer
        )
        publish_policy(subsidy=kept, actor=officer)
    version = kept.latest()
    assert version is not None
    records = QualificationRecord.objects.filter(person__in=people, state="verified").order_by("-issued_on")
    recent = [row for row in records.select_related("person__user", "level") if _in_time(row)]
    if len(recent) < 3:
        return
    claims = [_claim(row, version, number, officer) for number, row in enumerate(recent)]
    with at_desk(24):
        year = timezone.localdate().year
        set_budget(policy=kept, year=year, amount=Decimal(10_000), words="示例财〔2026〕1号", actor=first)
    batch = _first_batch(claims[:-1], first, second)
    _paid_again(claims[0], first, second)
    _money_back(batch, claims[1], first)
    with at_desk(3):
        _locked(claims[-1:], first)
    claim_cases(people=people, version=version, first=claims[0], officer=officer)


def _first_batch(claims: Sequence[Claim], first: User, second: User) -> PaymentBatch:
    """Released on the day after it was locked; of its lines the bank has returned the first."""
    batch = _released(claims, first, second, 20)
    with at_desk(17, 15):
        for line in batch.lines.select_related("batch__policy__organisation", "claim"):
            failed = line.claim_id == claims[0].pk
            reason = "账号与户名不符（示例）" if failed else ""
            record_result(line=line, paid=not failed, on=timezone.localdate(), reason=reason, actor=first)
    with at_desk(16):
        close_batch(batch=batch, actor=first)
    return batch


def _paid_again(claim: Claim, first: User, second: User) -> None:
    """Its claimant puts the account right, and a new line pays it."""
    with at_desk(14, 20):
        correct_account(
            claim=claim,
            bank="示例银行沙市支行",
            account=_account(99),
            consent_version="1",
            actor=claim.holder,
        )
    again = _released([claim], first, second, 11)
    with at_desk(9):
        record_result(line=again.lines.get(), paid=True, on=timezone.localdate(), actor=first)
        close_batch(batch=again, actor=first)


def _money_back(batch: PaymentBatch, claim: Claim, first: User) -> None:
    """Of somebody who claims nothing else meanwhile: it waits for the cashier, who can confirm it."""
    with at_desk(4):
        back = Back(
            cause=ReversalCause.CAME_BACK,
            end=ReversalEnd.AGAIN,
            on=timezone.localdate(),
            reason="收款账户已销户（示例）",
            reference="示例退汇凭证8号",
        )
        record_reversal(line=batch.lines.get(claim=claim), back=back, actor=first)


def _in_time(row: QualificationRecord) -> bool:
    return row.issued_on is not None and (timezone.localdate() - row.issued_on).days < 360


def _claim(row: QualificationRecord, version: PolicyVersion, number: int, officer: User) -> Claim:
    """A claim that has passed its only stage."""
    with at_desk(28 - number, 9 + number):
        claim = hand_in_sample(row.person, row.level.code, version, _account(number))
    with at_desk(23 - number, 15):
        review_claim(claim=claim, stage=claim.stage, verdict="pass", actor=officer)  # type: ignore[arg-type]
    return Claim.objects.select_related("version__subsidy", "holder").get(pk=claim.pk)


def _account(number: int) -> str:
    """An account that fails the check of Luhn: nobody's."""
    return f"62220202001122{number:04}5"


def _locked(claims: Sequence[Claim], builder: User) -> PaymentBatch:
    built = build_batch(policy=claims[0].version.subsidy, claims=claims, actor=builder)
    assert built.batch is not None, built.left
    return lock_batch(batch=built.batch, actor=builder)


def _released(claims: Sequence[Claim], builder: User, releaser: User, days: int) -> PaymentBatch:
    """Locked so many days ago, and released on the day after."""
    with at_desk(days):
        batch = _locked(claims, builder)
    with at_desk(days - 1):
        return release_batch(batch=batch, total=batch.total, actor=releaser)
