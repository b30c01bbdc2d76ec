"""A city's policy that is in force, claims under it at any stage, and the batches that pay them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.models import Organisation, Person, User
from tests.factories.core import give_role, make_user
from tests.factories.credentials import make_proof, make_qualification
from tests.factories.policies import make_policy_of

if TYPE_CHECKING:
    from core.attachments.models import Attachment
    from credentials.models import (
        Claim,
        PaymentBatch,
        PaymentLine,
        PaymentReversal,
        PolicyVersion,
    )

POLICY = """
format: 2
code: {code}
name: {{zh-hans: 示例市社会工作人才激励}}
document: {{zh-hans: 《示例市社会工作人才激励办法》}}
jurisdiction: "421000"
issuers: [示例市民政局]
in_force: {{from: 2020-01-01}}
conditions:
  in_time:
    is: within
    after: qualification.issued_on
    years: 1
    says: {{zh-hans: 自证书签发之日起一年内申请}}
    article: 第三条
  serves_here:
    is: in_region
    fact: work.region
    region: "421000"
    says: {{zh-hans: 在示例市从业}}
  long_enough:
    is: lasted
    since: work.since
    months: 6
    says: {{zh-hans: 在岗满六个月}}
  clean_record:
    is: clean
    heads: [unlawful, discipline, ethics, industry]
    years: 3
    says: {{zh-hans: 近三年无违规}}
benefits:
  certificate:
    kind: highest_level
    name: {{zh-hans: 考证激励}}
    amounts: {{assistant: 500, social_worker: 1000, senior: 3000}}
    top_up: difference
    needs: [serves_here, in_time, long_enough, clean_record]
    documents:
      form: {{zh-hans: 申请表（单位盖章）}}
      certificate: {{zh-hans: 职业资格证书}}
  commended:
    kind: per_event
    name: {{zh-hans: 表彰激励}}
    amounts: {{any: 2000}}
    needs: [serves_here, clean_record]
    documents:
      title: {{zh-hans: 荣誉证书}}
  training:
    kind: in_kind
    name: {{zh-hans: 免费培训}}
    needs: [serves_here]
review: {{stages: [{stages}]}}
notice: {{days: {notice}, counts: working}}
payment: {{channel: {channel}}}
"""
ACCOUNT = "6222020200112233445"  # fails the Luhn check: nobody's


def give_region(place: Organisation, code: str) -> None:
    """Say where an organisation is: 421000 is Jingzhou, 421002 and 421003 are districts of it."""
    from core.organisations.models import Region

    name = {"421000": "荆州市"}.get(code, f"示例区{code}")
    level = "city" if code.endswith("00") else "county"
    region, _ = Region.objects.get_or_create(code=code, defaults={"name": name, "level": level})
    Organisation.objects.filter(pk=place.pk).update(region=region)
    place.region = region


def policy_text(
    *,
    code: str = "example-2020",
    notice: int = 5,
    stages: str = "employer, county, city",
    channel: str = "bank",
) -> str:
    """The text of the sample policy."""
    return POLICY.format(code=code, notice=notice, stages=stages, channel=channel)


def make_subsidies(
    city: Organisation,
    officer: User,
    *,
    code: str = "example-2020",
    notice: int = 5,
    stages: str = "employer, county, city",
    channel: str = "bank",
) -> PolicyVersion:
    """A policy of this city, published: 500, 1000 or 3000 yuan a level, 2000 a commendation; in kind with the channel
    `none`. The city is given a region."""
    give_region(city, "421000")
    text = policy_text(code=code, notice=notice, stages=stages, channel=channel)
    version = make_policy_of(city, officer, text).latest()
    assert version is not None
    return version


def make_claim(
    person: Person,
    version: PolicyVersion,
    *,
    level: str = "assistant",
    state: str = "draft",
    days_ago: int = 60,
    entered_by: User | None = None,
    proof: Attachment | None = None,
) -> Claim:
    """A claim for a verified certificate of this level: as a `draft` with everything in it, or handed in (`review`); by an
    officer for its person with `entered_by` and `proof`."""
    from core.attachments.actions import keep_file
    from credentials.claims import actions

    if not person.id_hash:
        person.set_id_number("resident_id", f"1201991990{person.pk % 10**7:07}X")
        person.save()
    if not person.qualification_records.filter(level__code=level).exists():
        make_qualification(person, level, days_ago=days_ago)
    person = Person.objects.select_related("employer", "user").get(pk=person.pk)
    actor = entered_by or person.user
    if entered_by and proof is None:
        proof = keep_file(upload=make_proof(), actor=entered_by)
    claim = actions.start_claim(
        person=person, version=version, benefit="certificate", key=level, proof=proof, actor=actor
    )
    actions.save_draft(
        claim=claim,
        declared={"work.since": "2024-01-01"},
        bank="" if claim.in_kind else "示例银行荆州支行",
        account=None if claim.in_kind else ACCOUNT,
        agrees=not claim.in_kind,
        consent_version="paper-1" if entered_by else "1",
        actor=actor,
    )
    for slot in ("form", "certificate"):
        file = keep_file(upload=make_proof(name=f"{slot}.pdf"), actor=actor)
        actions.add_paper(claim=claim, slot=slot, file=file, actor=actor)
    if state != "draft":
        claim = actions.hand_in(claim=claim, actor=actor)
    claim.refresh_from_db()
    return claim


def pass_claim(claim: Claim, *officers: User) -> Claim:
    """Pass a claim at its stage, once for each of these officers."""
    from credentials.claims.actions import review_claim

    for officer in officers:
        claim.refresh_from_db()
        review_claim(claim=claim, stage=claim.stage, verdict="pass", actor=officer)
    claim.refresh_from_db()
    return claim


def make_reviewer(place: Organisation, name: str = "审核员") -> User:
    """An administrator of this place."""
    officer = make_user(name, place)
    give_role(officer, "administrator", place)
    return officer


def make_claim_with_all(person: Person, version: PolicyVersion, officer: User) -> Claim:
    """A claim that was refused and appealed against, with a conflict of interest and a line of the payment ledger."""
    from core.attachments.actions import keep_file
    from credentials.models import Claim, PaymentEntry

    claim = make_claim(person, version, level="social_worker", state="review")
    refusal = claim.reviews.create(
        holder=claim.holder, stage="county", verdict="refuse", reason="不符", by=officer
    )
    claim.appeals.create(against=refusal, holder=claim.holder, refused_by=officer, words="请复核")
    claim.conflicts.create(officer=officer, words="同学")
    Claim.objects.filter(pk=claim.pk).update(state="refused", reason="不符", claimed_on=timezone.localdate())
    PaymentEntry.objects.create(
        person=person,
        holder=claim.holder,
        authority=claim.authority,
        claim=claim,
        kind="earlier",
        policy=version.subsidy.code,
        benefit=claim.benefit,
        key="",
        amount=100,
        on=timezone.localdate(),
        source=f"earlier:{claim.pk}",
        proof=keep_file(upload=make_proof(), actor=officer),
        entered_by=officer,
    )
    claim.refresh_from_db()
    return claim


def make_payer(place: Organisation, name: str = "财务员") -> User:
    """A finance officer of this place."""
    officer = make_user(name, place)
    give_role(officer, "finance", place)
    return officer


def make_approved(
    person: Person, version: PolicyVersion, officer: User, *, level: str = "assistant"
) -> Claim:
    """A claim that has passed everything and waits for payment, approved by this officer."""
    from core.states import move
    from credentials.claims.models import Claim
    from credentials.claims.states import MOVES

    claim = make_claim(person, version, level=level, state="review")
    move(claim, "approved", MOVES, stage_due_on=None, approved_by=officer)
    return Claim.objects.select_related("version__subsidy").get(pk=claim.pk)


def make_batch(
    *claims: Claim, built_by: User, released_by: User | None = None, state: str = "draft"
) -> PaymentBatch:
    """A batch of these claims, of one policy: `draft`, `locked`, or `released` by another officer."""
    from credentials.payments import actions

    built = actions.build_batch(policy=claims[0].version.subsidy, claims=claims, actor=built_by)
    batch = built.batch
    assert batch is not None and not built.left, built.left
    if state != "draft":
        batch = actions.lock_batch(batch=batch, actor=built_by)
    if state == "released":
        batch = actions.release_batch(batch=batch, total=batch.total, actor=released_by)
    return batch


def money_back(**said: Any) -> Any:
    """What an officer says about money that the bank sent back today: the claim is paid again."""
    from django.utils import timezone

    from credentials.payments.actions import Back
    from credentials.payments.states import ReversalCause, ReversalEnd

    about: dict[str, Any] = {
        "cause": ReversalCause.CAME_BACK,
        "end": ReversalEnd.AGAIN,
        "on": timezone.localdate(),
        "reason": "收款账户已销户",
        "reference": "退汇凭证8号",
    }
    return Back(**about | said)


def make_paid(claim: Claim, *, built_by: User, released_by: User) -> PaymentLine:
    """The line of a claim that was paid today by a batch of its own."""
    from django.utils import timezone

    from credentials.payments import actions

    batch = make_batch(claim, built_by=built_by, released_by=released_by, state="released")
    actions.record_result(line=batch.lines.get(), paid=True, on=timezone.localdate(), actor=built_by)
    return batch.lines.select_related("batch__policy__organisation", "claim").get()


def make_payment_rows(claim: Claim, officer: User) -> PaymentBatch:
    """A batch that is being built with one line for this claim, and a budget, written past the verbs."""
    from credentials.models import PaymentBatch, PaymentBudget

    policy = claim.version.subsidy
    about = {"authority": policy.organisation, "policy": policy, "year": 2026}
    number = PaymentBatch.objects.count() + 1
    batch = PaymentBatch.objects.create(
        **about, serial=f"FF-2026-{number:04}", built_by=officer, total=500, count=1
    )
    _put_line(batch, claim, officer)
    PaymentBudget.objects.create(
        **about, number=number, amount=1000, words="示例财〔2026〕1号", set_by=officer
    )
    return batch


def _put_line(batch: PaymentBatch, claim: Claim, officer: User) -> PaymentLine:
    from credentials.models import PaymentLine

    return PaymentLine.objects.create(
        batch=batch,
        position=1,
        claim=claim,
        holder=claim.holder,
        approver=make_user("审批人"),
        built_by=officer,
        name=claim.name,
        id_hash=claim.id_hash,
        enterer=claim.entered_by,
        id_sealed="120199199001010000",
        level="助理社会工作师",
        standard=500,
        already=0,
        amount=500,
        bank="示例银行荆州支行",
        account_sealed=ACCOUNT,
    )


def make_reversal_rows(claim: Claim, officer: User, second: User) -> PaymentReversal:
    """A claim like this one whose line was paid and whose money came back: recorded, not confirmed. Written past the verbs."""
    from django.utils import timezone

    from core.attachments.actions import keep_file
    from credentials.models import Claim, PaymentBatch, PaymentLine, PaymentReversal

    today, policy = timezone.localdate(), claim.version.subsidy
    names = ("person", "name", "holder", "version", "authority", "employer", "family")
    other = Claim.objects.create(
        **{name: getattr(claim, name) for name in names}, benefit="commended", key="r", state="withdrawn"
    )
    batch = PaymentBatch.objects.create(
        authority=policy.organisation,
        policy=policy,
        year=2026,
        serial=f"FF-2026-{PaymentBatch.objects.count() + 1:04}",
        built_by=officer,
        total=500,
        count=1,
    )
    line = _put_line(batch, other, officer)
    now = timezone.now()
    PaymentLine.objects.filter(pk=line.pk).update(released_by=second)
    PaymentBatch.objects.filter(pk=batch.pk).update(
        state="released", locked_at=now, released_by=second, released_at=now
    )
    PaymentLine.objects.filter(pk=line.pk).update(
        state="paid", paid_on=today, settled_by=second, settled_at=now
    )
    return PaymentReversal.objects.create(
        line=line,
        claim=other,
        holder=other.holder,
        authority=batch.authority,
        amount=500,
        cause="came_back",
        end="again",
        on=today,
        reason="账户已销户",
        reference="退汇凭证8号",
        proof=keep_file(upload=make_proof(), actor=officer),
        recorded_by=officer,
    )
