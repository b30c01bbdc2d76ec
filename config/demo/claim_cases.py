"""A sample claim for each branch of the policy in Jingzhou: the last day of the year, the difference to a lower level, a conduct
record, a double claim, a fact that nobody knows, a return, an appeal, and an entry on behalf with its proof."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from config.demo.claiming import qualified
from config.demo.hours import paper_of
from config.demo.teaching import at_desk
from core.attachments.actions import keep_file
from core.models import Attachment, Person, User
from credentials.claims.actions import (
    ClaimRefused,
    Earlier,
    add_paper,
    appeal,
    enter_earlier_payment,
    hand_in,
    review_claim,
    save_draft,
    start_claim,
)
from credentials.claims.states import Verdict
from credentials.conduct.actions import record_conduct
from credentials.models import Claim, PolicyVersion

BANK = "示例银行荆州支行"
ACCOUNT = "62220202001133{:04}5"  # fails the check of bank cards: nobody's


def claim_cases(*, people: Sequence[Person], version: PolicyVersion, first: Claim, officer: User) -> None:
    """What the module says; `first` is a paid claim of the lowest level."""
    rest = [
        one for one in people[10:] if not one.conduct_records.exists()
    ]  # the ten before have tried certificates
    if len(rest) < 7:
        return
    _difference(first, version, officer)
    _last_day(people[1], version)
    claims = []
    for place, (person, days) in enumerate(zip(rest, (12, 14, 25, 11, 3), strict=False)):
        with at_desk(days, 9 + place):
            of = qualified(person, "social_worker", 60 + place - days, officer)
            claims.append(hand_in_sample(*of, version, ACCOUNT.format(place), is_known=place < 4))
    returned, appealed, barred, doubled, _unknown = claims
    with at_desk(7):
        _decide(returned, Verdict.RETURN, "职业资格证书扫描件缺页，请补齐后重新提交（示例）。", officer)
    _appealed(appealed, officer)
    _barred(barred, officer)
    _doubled(doubled, version, officer)
    with at_desk(2, 15):
        _on_behalf(*qualified(rest[5], "assistant", 80, officer), version, officer)


def hand_in_sample(
    person: Person, level: str, version: PolicyVersion, account: str, *, is_known: bool = True
) -> Claim:
    """A claim that its person has handed in; of one that is not known nobody says since when they work."""
    claim = start_claim(person=person, version=version, benefit="certificate", key=level, actor=person.user)
    _fill(claim, account, person.user, is_known)
    return hand_in(claim=claim, actor=person.user)


def _fill(claim: Claim, account: str, actor: User, is_known: bool = True) -> None:
    since = f"{timezone.localdate() - datetime.timedelta(days=900)}"
    save_draft(
        claim=claim, declared={"work.since": since} if is_known else {}, bank=BANK, account=account, agrees=True,
        consent_version="2026-11", actor=actor,
    )  # fmt: skip
    add_paper(
        claim=claim, slot="certificate", file=_paper("职业资格证书（样例）", claim.person, actor), actor=actor
    )


def _paper(title: str, person: Person, actor: User) -> Attachment:
    paper = paper_of(title, f"{person.name}，内容为虚构。", timezone.localdate())
    name = f"{title.removesuffix('（样例）')}.pdf"
    return keep_file(upload=SimpleUploadedFile(name, paper, "application/pdf"), actor=actor)


def _decide(claim: Claim, verdict: Verdict, reason: str, officer: User) -> None:
    review_claim(claim=claim, stage=claim.stage, verdict=verdict, reason=reason, actor=officer)


def _appealed(claim: Claim, officer: User) -> None:
    """Refused, and appealed against with a paper that proves it."""
    with at_desk(9, 15):
        _decide(claim, Verdict.REFUSE, "工作单位与社保缴纳单位不一致（示例）。", officer)
    with at_desk(4, 20):
        proof = _paper("劳务派遣协议（样例）", claim.person, claim.holder)
        refused = Claim.objects.get(pk=claim.pk)
        words = "社保由派遣单位缴纳，附协议，请复核（示例）。"
        appeal(claim=refused, words=words, papers=[proof], actor=claim.holder)


def _difference(first: Claim, version: PolicyVersion, officer: User) -> None:
    """The lower level is paid: the higher one brings the difference."""
    person = Person.objects.select_related("user", "employer").get(pk=first.person_id)
    with at_desk(6):
        hand_in_sample(*qualified(person, "social_worker", 4, officer), version, ACCOUNT.format(90))


def _last_day(person: Person, version: PolicyVersion) -> None:
    """A certificate of 365 days: handed in on its last day; where midnight has passed meanwhile, it stays a draft."""
    claim = start_claim(
        person=person, version=version, benefit="certificate", key="assistant", actor=person.user
    )
    _fill(claim, ACCOUNT.format(91), person.user)
    with suppress(ClaimRefused):
        hand_in(claim=claim, actor=person.user)


def _barred(claim: Claim, officer: User) -> None:
    """What was established after it was handed in counts, too."""
    day = timezone.localdate() - datetime.timedelta(days=40)
    with at_desk(16):
        record_conduct(
            person=claim.person, head="ethics", occurred_on=day, established_on=day + datetime.timedelta(days=20),
            source="示例市民政局〔示例〕2号", details="样例，内容为虚构。", actor=officer,
        )  # fmt: skip
    with at_desk(15):
        _decide(claim, Verdict.REFUSE, "近三年内有违背职业操守的认定（示例）。", officer)


def _doubled(claim: Claim, version: PolicyVersion, officer: User) -> None:
    """Another place has paid for the same certificate before."""
    with at_desk(6, 15):
        enter_earlier_payment(
            person=claim.person, actor=officer,
            earlier=Earlier(
                authority=version.subsidy.organisation, policy=version.subsidy.code, benefit="certificate", key=claim.key,
                amount=Decimal(1000), on=timezone.localdate() - datetime.timedelta(days=30), words="原工作地已发放（示例）",
                proof=_paper("外地发放凭证（样例）", claim.person, officer),
            ),
        )  # fmt: skip
    with at_desk(5):
        _decide(claim, Verdict.REFUSE, "同一证书已由原工作地发放，不重复发放（示例）。", officer)


def _on_behalf(person: Person, level: str, version: PolicyVersion, officer: User) -> None:
    """Entered by an officer who was asked to, in writing; somebody else decides."""
    claim = start_claim(
        person=person, version=version, benefit="certificate", key=level, actor=officer,
        proof=_paper("委托书（样例）", person, officer),
    )  # fmt: skip
    _fill(claim, ACCOUNT.format(92), officer)
    hand_in(claim=claim, actor=officer)
