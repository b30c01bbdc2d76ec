"""A city's policy that is in force, and claims under it at any stage with the people who decide them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import Organisation, Person, User
from tests.factories.core import give_role, make_user
from tests.factories.credentials import make_proof, make_qualification
from tests.factories.policies import make_policy_of

if TYPE_CHECKING:
    from core.attachments.models import Attachment
    from credentials.models import (
        Claim,
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
