"""Sample claims under Tianjin’s sample policy: to be claimed now, a draft, in review, returned, refused and appealed against,
passed, in public notice, approved. Accounts are numbers that fail every check: nobody's."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from config.demo.hours import paper_of
from config.demo.qualifying import declare_sample, verify_sample
from config.demo.teaching import at_desk
from core.attachments.actions import keep_file
from core.models import Organisation, Person, User
from credentials.claims.actions import (
    add_paper,
    appeal,
    claims_to_post,
    declare_facts,
    hand_in,
    lines_of,
    mark_of,
    post_claims,
    review_claim,
    save_draft,
    start_claim,
)
from credentials.claims.states import ClaimState
from credentials.models import Claim, ConductRecord, PolicyVersion
from credentials.public_notices.actions import close_due_notices

ACCOUNT = "62{:017}"  # sample numbers begin with 62 and then only count: none passes the check of bank cards
BANK = "示例银行天津和平支行（示例）"
SLOTS = {"form": "申请表（样例）", "certificate": "职业资格证书（样例）", "bank_card": "银行卡（样例）"}


def claim_subsidies(
    version: PolicyVersion,
    people: Sequence[Person],
    accounts: dict[str, User],
    named: dict[str, Organisation],
) -> None:
    """One claim of each kind. Idempotent: where there is a claim, nothing is done."""
    if Claim.objects.exists():
        return
    county, city = accounts["district@example.com"], accounts["city@example.com"]
    with at_desk(3):
        _claim(version, accounts["halfway@example.com"].person, "assistant")
    with at_desk(1, 19):
        _draft(version, qualified(accounts["instructor@example.com"].person, "assistant", 640, city))
    with at_desk(9):
        supervisor = qualified(accounts["supervisor@example.com"].person, "social_worker", 120, city)
        returned = _claim(version, supervisor)
    with at_desk(6, 15):
        _decide(
            returned, "return", county, city, reason="申请表上的单位公章不清楚，请重新盖章后再上传（示例）。"
        )
    crowd = _crowd(people, named["district"], county)
    if len(crowd) < 7:
        return
    _notice(version, crowd[4], crowd[6], county, city)
    _review(version, crowd, county, city)


def _crowd(people: Sequence[Person], district: Organisation, officer: User) -> list[tuple[Person, str]]:
    """Seven of the district against whom nothing stands, each with a certificate that was verified weeks ago."""
    barred = set(ConductRecord.objects.standing().values_list("person", flat=True))
    mine = [
        person
        for person in people
        if person.employer and person.employer.path.startswith(district.path) and person.pk not in barred
    ]
    levels = ("assistant", "social_worker", "senior", "assistant", "social_worker", "assistant", "assistant")
    with at_desk(40):
        return [
            qualified(person, level, 90 + 10 * place, officer)
            for place, (person, level) in enumerate(zip(mine[:7], levels, strict=False))
        ]


def _review(version: PolicyVersion, crowd: Sequence[tuple[Person, str]], county: User, city: User) -> None:
    """Claims at each step of the review, each handed in and decided on days of its own."""
    handed_in = []
    for place, days in ((0, 2), (1, 8), (2, 15), (3, 12), (5, 7)):
        with at_desk(days, 9 + place):
            handed_in.append(_claim(version, crowd[place]))
    _waiting, there, cleared, refused, other = handed_in
    for claim, days, officer in (
        (there, 5, county),
        (cleared, 11, county),
        (cleared, 7, city),
        (other, 4, county),
    ):
        with at_desk(days, 14):
            _decide(claim, "pass", officer)
    with at_desk(8, 16):
        _decide(refused, "refuse", county, reason="社保缴纳单位与申请表所填单位不一致（示例）。")
    with at_desk(6, 20):
        words = "社保由总部统一缴纳，附上劳动合同，请复核（示例）。"
        appeal(claim=refused, words=words, actor=refused.holder)


def _notice(
    version: PolicyVersion, over: tuple[Person, str], running: tuple[Person, str], county: User, city: User
) -> None:
    """One claim whose public notice is over, so that it waits for payment, and one that is shown now."""
    _pass(version, over, (34, county), (31, county), (28, city))
    with at_desk(24):
        _post(version, city)
    for days in range(18, 5, -1):  # each night, as ever: whatever holidays there were
        with at_desk(days, 1):
            close_due_notices()
    _pass(version, running, (13, county), (9, county), (5, city))
    with at_desk(1):
        _post(version, city)


def _pass(version: PolicyVersion, of: tuple[Person, str], *steps: tuple[int, User]) -> None:
    """Handed in on the first of these days, and passed on the others."""
    (days, _officer), *reviews = steps
    with at_desk(days, 11):
        claim = _claim(version, of)
    for days, officer in reviews:
        with at_desk(days, 14):
            _decide(claim, "pass", officer)


def _post(version: PolicyVersion, officer: User) -> None:
    """Everything that waits for public notice is shown."""
    seen = mark_of(lines_of(claims_to_post(version.subsidy)))
    post_claims(
        subsidy=version.subsidy, title="天津市社会工作人才激励拟发放名单公示（示例）", contact="社会工作处（示例）", seen=seen,
        actor=officer,
    )  # fmt: skip


def qualified(person: Person, level: str, days_ago: int, officer: User) -> tuple[Person, str]:
    """A person with a verified certificate of this level."""
    if not person.qualification_records.standing().filter(level__code=level).exists():
        verify_sample(declare_sample(person, level, days_ago, f"示例{person.pk:010}"), officer)
    return person, level


@cache
def _paper(title: str) -> bytes:
    """One sheet for all: what it says is invented anyway."""
    return paper_of(title, "内容为虚构，仅供演示", timezone.localdate())


def _draft(version: PolicyVersion, of: tuple[Person, str]) -> Claim:
    person, level = of
    claim = start_claim(person=person, version=version, benefit="certificate", key=level, actor=person.user)
    declare_facts(claim=claim, declared={"work.since": _since()}, actor=person.user)
    return claim


def _claim(version: PolicyVersion, person: Person | tuple[Person, str], level: str = "") -> Claim:
    if isinstance(person, tuple):
        person, level = person
    claim = _draft(version, (person, level))
    save_draft(
        claim=claim, declared=claim.declared, bank=BANK, account=ACCOUNT.format(person.pk), agrees=True,
        consent_version="2026-11", actor=person.user,
    )  # fmt: skip
    for slot, title in SLOTS.items():
        upload = SimpleUploadedFile(f"{title}.pdf", _paper(title), "application/pdf")
        add_paper(claim=claim, slot=slot, file=keep_file(upload=upload, actor=person.user), actor=person.user)
    declare_facts(claim=claim, declared={"person.is_clean_declared": "yes"}, actor=person.user)
    return hand_in(claim=claim, actor=person.user)


def _decide(claim: Claim, verdict: str, *officers: User, reason: str = "") -> None:
    """This verdict by each of these officers who holds the stage at which the claim is."""
    from credentials.claims.queries.stages import why_not
    from credentials.claims.states import Verdict

    for officer in officers:
        claim.refresh_from_db()
        if claim.state == ClaimState.REVIEW and not why_not(claim, officer):
            review_claim(
                claim=claim, stage=claim.stage, verdict=Verdict(verdict), reason=reason, actor=officer
            )
            if verdict != "pass":
                break
    claim.refresh_from_db()


def _since() -> str:
    return f"{timezone.localdate() - datetime.timedelta(days=900)}"
