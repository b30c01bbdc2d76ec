"""What the application form of a claim says, gathered for the printer."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Protocol

import cn2an
from django.conf import settings
from django.utils.translation import override

from credentials.claims.document import FormFacts
from credentials.claims.models import Claim
from credentials.claims.policy import FORM
from credentials.claims.queries.page import ClaimPage, page_of
from credentials.claims.queries.words import yuan

# The form is a Chinese paper, whoever asks for it.
OPINIONS = {
    "employer": "用人单位意见",
    "street": "乡镇（街道）意见",
    "county": "县（市、区）主管部门意见",
    "city": "市级主管部门意见",
    "province": "省级主管部门意见",
}


class NumbersLike(Protocol):
    """The whole numbers, as the action that audits them hands them out."""

    @property
    def id_number(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def phone(self) -> str: ...


def form_facts(claim: Claim, numbers: NumbersLike, today: datetime.date) -> FormFacts:
    """The form of a claim by the records of today, or by what was frozen."""
    with override("zh-hans"):
        page = page_of(claim, today)
        policy = page.asked.policy
        return FormFacts(
            serial=claim.serial,
            title=f"{page.policy}申请表",
            policy=page.policy,
            document=page.document,
            person=_person(claim, numbers),
            subject=(("申领项目", page.title), *_subject(page)),
            amount=f"人民币 {page.amount} 元" if page.amount else "待核定",
            capitals=_capitals(page),
            payment=_payment(claim, numbers) if page.pays else (),
            said=tuple(page.said),
            papers=tuple(
                (slot.label, slot.paper is not None) for slot in page.slots if slot.document.name != FORM
            ),
            opinions=tuple(OPINIONS[stage] for stage in policy.stages if stage in OPINIONS),
            platform=settings.WAGTAIL_SITE_NAME,
            dated=claim.claimed_on or today,
            watermark="样例" if claim.person.is_sample else None,
        )


def _person(claim: Claim, numbers: NumbersLike) -> tuple[tuple[str, str], ...]:
    person = claim.person
    fields = "、".join(person.fields.values_list("name", flat=True))
    return (
        ("姓名", person.name),
        ("联系电话", numbers.phone),
        ("证件类型", person.get_id_type_display()),
        ("证件号码", numbers.id_number),
        ("工作单位", claim.employer.name if claim.employer else ""),
        ("服务领域", fields),
    )


def _subject(page: ClaimPage) -> list[tuple[str, str]]:
    decision = page.asked.decision
    found = list(page.known)
    if decision and decision.entitled is not None:
        found.append(("发放标准", f"{yuan(decision.entitled)} 元"))
    if decision and decision.paid is not None:
        found.append(("已领金额", f"{yuan(decision.paid)} 元"))
    return found


def _payment(claim: Claim, numbers: NumbersLike) -> tuple[tuple[str, str], ...]:
    return ("户名", claim.person.name), ("开户行（全称）", claim.bank), ("账号", numbers.account)


def _capitals(page: ClaimPage) -> str:
    """The amount in capitals: 壹仟元整."""
    if not page.amount:
        return ""
    return str(cn2an.an2cn(str(Decimal(page.amount.replace(",", ""))), "rmb"))
