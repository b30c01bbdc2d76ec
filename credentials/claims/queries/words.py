"""Offers, decisions and claims as the claimant reads them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.sheets.words import list_words
from credentials.claims.models import Claim
from credentials.claims.states import ClaimState
from credentials.policies.policy import Benefit, Decision, Facts, Policy
from credentials.policies.policy.facts import SUBJECTS, Type, type_of
from credentials.policies.queries.labels import answer_label, listed_label, region_label, value_label
from credentials.policies.queries.reading import STAGES
from credentials.policies.queries.words import article_of, cure_words, finding_words, said, title_words

POINT_TONES = {"pass": "good", "fail": "bad", "unknown": "warn"}


@dataclass(frozen=True)
class Point:
    """One condition: what is asked for, how it stands, why, and what would cure it."""

    verdict: str
    requirement: str
    sentence: str
    article: str = ""
    cure: str = ""

    @property
    def tone(self) -> str:
        return POINT_TONES.get(self.verdict, "plain")

    @property
    def label(self) -> str:
        return {
            "pass": pgettext("condition", "Fulfilled"),
            "fail": pgettext("condition", "Not fulfilled"),
        }.get(self.verdict, pgettext("condition", "Not known"))


def points_of(decision: Decision, policy: Policy) -> list[Point]:
    """Every condition of a decision in the reader's language."""
    return [
        Point(
            str(one.verdict),
            title_words(one, policy),
            finding_words(one),
            article_of(one, policy),
            cure_words(one, policy),
        )
        for one in decision.findings
    ]


def frozen_points(decision: Mapping[str, Any]) -> list[Point]:
    """Every condition of a decision as it was frozen: Chinese, as the paper of record."""
    return [
        Point(
            one.get("result", ""),
            one.get("requirement", ""),
            one.get("sentence", ""),
            one.get("article", ""),
            one.get("cure", ""),
        )
        for one in decision.get("conditions", ())
    ]


def yuan(amount: Decimal | None) -> str:
    """An amount as people say it: 1,000, or 333.50; empty where it is not known."""
    if amount is None:
        return ""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def key_words(benefit: Benefit, key: str, facts: Facts | None) -> str:
    """What a claim is for: the level, the title or the year; empty where there can be but one."""
    if not key:
        return ""
    if benefit.subject == "title":
        titles = (facts.titles if facts else None) or ()
        named = next((str(item.get("name", "")) for item in titles if benefit.key_of(item) == key), "")
        return named or ("" if key.startswith("commendation-") else key)
    return key if benefit.subject == "year" else value_label(key)


def title_of(benefit: Benefit, key: str, facts: Facts | None) -> str:
    """The benefit with what it is for: 考证激励 · 助理社会工作师."""
    return " · ".join(one for one in (said(benefit.words), key_words(benefit, key, facts)) if one)


def value_words(path: str, value: Any) -> str:
    """The value of a fact in the reader's language."""
    kind = type_of(path)
    if isinstance(value, datetime.date):
        return date_format(value, "DATE_FORMAT")
    if kind is Type.REGION:
        return region_label(str(value))
    if isinstance(value, (tuple, list)):
        return list_words(value_label(one) for one in value)
    return answer_label(path, value)


def known_of(policy: Policy, benefit: Benefit, key: str, facts: Facts) -> list[tuple[str, str]]:
    """What the records say of everything that this benefit asks about: label and value."""
    paths = dict.fromkeys(path for one in (*benefit.needs, *benefit.about) for path in one.facts)
    item = _subject_of(benefit, key, facts)
    if benefit.subject == "qualification" and item:
        paths = {f"qualification.{name}": None for name in ("level", "number", "issued_on")} | paths
    found = []
    for path in paths:
        section, _dot, name = path.partition(".")
        known = item if section == benefit.subject else facts.sections.get(section, {})
        if section in SUBJECTS and section != benefit.subject:
            continue
        if (value := known.get(name)) is not None:
            found.append((listed_label(path), value_words(path, value)))
    return found


def _subject_of(benefit: Benefit, key: str, facts: Facts) -> Mapping[str, Any]:
    items = (facts.subjects(benefit.subject) if benefit.subject else None) or ()
    return next((item for item in items if benefit.key_of(item) == key), {})


def said_of(declared: Mapping[str, Any], skip: Iterable[str] = ()) -> list[tuple[str, str]]:
    """What the claimant says, label and value, from typed facts."""
    passed_over = {"person.is_clean_declared", *skip}
    return [
        (listed_label(path), value_words(path, value))
        for path, value in declared.items()
        if path not in passed_over
    ]


def waits_of(claim: Claim) -> str:
    """For whom a claim waits, in a few words; empty when it waits for nobody any more."""
    if claim.state == ClaimState.REVIEW:
        return _("Waits for: %(who)s") % {"who": STAGES.get(claim.stage, claim.stage)}
    if claim.state == ClaimState.DRAFT and claim.entered_by_id not in (None, claim.holder_id):
        return _("Is being entered for you; you can go on with it yourself")
    return {
        ClaimState.DRAFT: _("Waits for you: fill it in and hand it in"),
        ClaimState.RETURNED: _("Waits for you: correct it and hand it in again"),
        ClaimState.CLEARED: _("Waits for the public notice"),
        ClaimState.NOTICE: _("Waits for the end of the public notice"),
        ClaimState.APPROVED: _("Waits to be handed over by the authority")
        if claim.in_kind
        else _("Waits for you: correct the account")
        if claim.reason
        else _("Waits for the finance desk"),
        ClaimState.LOCKED: _("Waits for the bank"),
    }.get(ClaimState(claim.state), "")
