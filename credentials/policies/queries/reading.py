"""A policy and its decisions as a page shows them: everything in the reader's words."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.sheets.words import list_words
from credentials.policies.models import SubsidyPolicy
from credentials.policies.policy import Benefit, Condition, Decision, Policy
from credentials.policies.policy.benefits import AFTER_MONTHS, AFTER_YEAR, ANY, PER_YEAR, WITHIN_YEAR
from credentials.policies.queries.labels import region_label, value_label
from credentials.policies.queries.words import article_of, cure_words, finding_words, said, title_words
from credentials.policies.states import Kind, Outcome, Standing, Verdict

STANDINGS: dict[Standing, Any] = {
    Standing.DRAFT: pgettext_lazy("policy", "Draft"),
    Standing.FUTURE: pgettext_lazy("policy", "Not in force yet"),
    Standing.IN_FORCE: pgettext_lazy("policy", "In force"),
    Standing.UNCONFIRMED: pgettext_lazy("policy", "Over, renewal unconfirmed"),
    Standing.LAPSED: pgettext_lazy("policy", "Over"),
}
KINDS: dict[Kind, Any] = {
    Kind.HIGHEST_LEVEL: gettext_lazy("By the highest level; a higher one later brings the difference."),
    Kind.PER_EVENT: gettext_lazy("Once for each title."),
    Kind.RECURRING: gettext_lazy("For each year of work."),
    Kind.ONCE: gettext_lazy("Once."),
    Kind.IN_KIND: gettext_lazy("In kind, without money."),
}
TOP_UPS: dict[str, Any] = {
    "none": gettext_lazy("By level; nothing more after one of them was paid."),
    "full": gettext_lazy("By level, each by itself."),
}
PAYS: dict[str, Any] = {
    AFTER_YEAR: gettext_lazy("Paid once the year is over."),
    AFTER_MONTHS: gettext_lazy("Paid once the months are over that it is paid for."),
    WITHIN_YEAR: gettext_lazy("Paid within the year."),
}
OUTCOMES: dict[Outcome, Any] = {
    Outcome.GRANT: pgettext_lazy("decision", "Granted"),
    Outcome.REFUSE: pgettext_lazy("decision", "Refused"),
    Outcome.UNKNOWN: pgettext_lazy("decision", "Cannot be decided yet"),
    Outcome.LAPSED: pgettext_lazy("decision", "Too late: the policy is over"),
}
VERDICTS: dict[Verdict, Any] = {
    Verdict.PASS: pgettext_lazy("condition", "Fulfilled"),
    Verdict.FAIL: pgettext_lazy("condition", "Not fulfilled"),
    Verdict.UNKNOWN: pgettext_lazy("condition", "Not known"),
}
STAGES: dict[str, Any] = {
    "employer": pgettext_lazy("review stage", "employer"),
    "street": pgettext_lazy("review stage", "street"),
    "county": pgettext_lazy("review stage", "district"),
    "city": pgettext_lazy("review stage", "city"),
    "province": pgettext_lazy("review stage", "province"),
}


def standing_words(row: SubsidyPolicy, on: datetime.date) -> str:
    """In which state a policy is on this day, by its newest version; a draft where nothing is published."""
    latest = row.latest()
    return str(STANDINGS[latest.standing(on) if latest else Standing.DRAFT])


def described(policy: Policy) -> dict[str, Any]:
    """What a policy says, for a page."""
    return {
        "code": policy.code,
        "document": said(policy.document),
        "issuers": list_words(policy.issuers),
        "region": region_label(policy.jurisdiction),
        "starts_on": policy.starts_on,
        "ends_on": policy.ends_on,
        "after_end": _after_end(policy),
        "benefits": [_benefit(one, policy) for one in policy.benefits],
        "switches": [_switch(one) for one in policy.switches],
        "stages": [str(STAGES[one]) for one in policy.stages],
        "notice": _notice(policy),
    }


def _after_end(policy: Policy) -> str:
    if policy.ends_on is None:
        return ""
    if policy.after_end == "windows":
        return _("A time for claiming that had begun before the end runs on.")
    if policy.after_end == "until" and policy.claims_until:
        return _("Claims are taken for some time after the end.")
    return _("Nothing is paid after the end.")


def _notice(policy: Policy) -> str:
    if not policy.notice_days:
        return ""
    words = _("%(days)d working days") if policy.notice_counts == "working" else _("%(days)d calendar days")
    return words % {"days": policy.notice_days}


def _switch(switch: Any) -> dict[str, Any]:
    chosen = next(words for value, words in switch.options if value == switch.chosen)
    return {"asks": said(switch.asks), "chosen": said(chosen)}


def _benefit(benefit: Benefit, policy: Policy) -> dict[str, Any]:
    manner = TOP_UPS.get(benefit.top_up) if benefit.kind is Kind.HIGHEST_LEVEL else None
    when = PAYS[benefit.pays] if benefit.kind is Kind.RECURRING else ""
    return {
        "name": said(benefit.words),
        "article": benefit.article,
        "manner": f"{manner or KINDS[benefit.kind]}{when}",
        "amounts": [_amount(key, amount, benefit) for key, amount in benefit.amounts.items()],
        "cap": benefit.cap,
        "cap_of": list_words(said(one.words) for one in policy.benefits if one.name in benefit.cap_of),
        "is_cap_of_year": benefit.cap_per == PER_YEAR,
        "most_times": benefit.most_times,
        "conditions": [_condition(one) for one in (*benefit.about, *benefit.needs)],
        "papers": [said(paper.words) for paper in benefit.documents],
    }


def _amount(key: str, amount: Decimal, benefit: Benefit) -> dict[str, Any]:
    label = "" if key == ANY else value_label(key)
    per = _("a month") if benefit.monthly else _("a year") if benefit.kind is Kind.RECURRING else ""
    return {"label": label, "amount": amount, "per": per}


def _condition(condition: Condition) -> dict[str, str]:
    return {"words": said(condition.words), "article": condition.article}


@dataclass(frozen=True)
class Told:
    """A decision for a page."""

    benefit: str
    key: str
    outcome: Outcome
    outcome_words: str
    amount: Decimal | None
    first_day: datetime.date | None
    last_day: datetime.date | None
    conditions: tuple[dict[str, Any], ...]


def told(decision: Decision, policy: Policy) -> Told:
    """A decision with each condition in words."""
    benefit = policy.benefit(decision.benefit)
    assert benefit is not None
    return Told(
        benefit=said(benefit.words),
        key=value_label(decision.key) if decision.key else "",
        outcome=decision.outcome,
        outcome_words=str(OUTCOMES[decision.outcome]),
        amount=decision.amount,
        first_day=decision.first_day,
        last_day=decision.last_day,
        conditions=tuple(
            {
                "verdict": str(found.verdict),
                "verdict_words": str(VERDICTS[found.verdict]),
                "requirement": title_words(found, policy),
                "sentence": finding_words(found),
                "article": article_of(found, policy),
                "cure": cure_words(found, policy),
            }
            for found in decision.findings
        ),
    )
