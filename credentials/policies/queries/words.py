"""Why a policy decides as it does, in a sentence for each finding."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.sheets.words import list_words
from credentials.policies.policy import Finding, Policy, Words
from credentials.policies.policy.deciding import IN_FORCE, NOT_FOR_THIS, NOT_PAID, SUBJECT
from credentials.policies.policy.timing import GIVEN, VERIFIED, YEAR_DUE
from credentials.policies.queries.labels import fact_label, region_label, value_label
from credentials.policies.states import Verdict

SENTENCES: dict[str, Any] = {
    "not_known": gettext_lazy("Not known: %(fact)s."),
    "holds": gettext_lazy("Holds: %(fact)s."),
    "not_so": gettext_lazy("Does not hold: %(fact)s."),
    "is": gettext_lazy("%(fact)s: %(found)s."),
    "is_none": gettext_lazy("There is none: %(fact)s."),
    "is_not_allowed": gettext_lazy("%(fact)s: %(found)s. The policy does not list it."),
    "is_barred": gettext_lazy("%(fact)s: %(found)s. The policy excludes it."),
    "for_the_authority": gettext_lazy(
        "%(fact)s: %(found)s. The policy's list is open, so the authority has to judge whether it counts."
    ),
    "too_few": gettext_lazy("%(fact)s: %(found)s; at least %(limit)s is needed."),
    "too_many": gettext_lazy("%(fact)s: %(found)s; at most %(limit)s is allowed."),
    "inside": gettext_lazy("%(fact)s: %(region)s."),
    "outside": gettext_lazy("%(fact)s: %(region)s, outside %(regions)s."),
    "until": gettext_lazy("%(fact)s: %(day)s. You can claim until %(last)s."),
    "too_early": gettext_lazy("%(fact)s: %(day)s. You can claim from that day on."),
    "too_late": gettext_lazy("%(fact)s: %(day)s. The last day to claim was %(last)s."),
    "day_fits": gettext_lazy("%(fact)s: %(day)s."),
    "day_before": gettext_lazy("%(fact)s: %(day)s, before %(first)s."),
    "day_after": gettext_lazy("%(fact)s: %(day)s, after %(last)s."),
    "window_open": gettext_lazy("Claims are accepted until %(last)s."),
    "window_begun": gettext_lazy("Claims have been accepted since %(first)s."),
    "window_ahead": gettext_lazy("Claims are accepted from %(first)s on."),
    "window_over": gettext_lazy("Claims were accepted until %(last)s; whoever is later has waived the sum."),
    "ended_early": gettext_lazy("%(fact)s: %(day)s, until %(ended)s: less than %(months)s months."),
    "ended_before": gettext_lazy("%(fact)s: %(day)s. The end on record, %(ended)s, lies before it."),
    "ends_later": gettext_lazy(
        "%(fact)s: %(day)s. The end on record, %(ended)s, is still to come on the day of the claim."
    ),
    "held_no_more": gettext_lazy(
        "%(fact)s: %(day)s, until %(ended)s: it has to go on on the day of the claim."
    ),
    "not_long_enough": gettext_lazy("%(fact)s: %(day)s. The %(months)s months are full on %(full)s."),
    "not_proved_yet": gettext_lazy(
        "%(fact)s: %(day)s. It is proved until %(proved)s; %(months)s months end on %(last)s."
    ),
    "long_enough": gettext_lazy("%(fact)s: %(day)s, %(months)s months or more."),
    "breach": gettext_lazy("On record: %(heads)s. It counts until %(until)s."),
    "breach_undated": gettext_lazy("On record without a day: %(heads)s."),
    "no_breach": gettext_lazy("Nothing is on record in that time."),
    "paid_before": gettext_lazy("Paid before: %(amount)s yuan. It is paid once only."),
    "never_paid": gettext_lazy("Nothing was paid before."),
    "paid_this_year": gettext_lazy("Another incentive was paid in %(year)s."),
    "paid_undated": gettext_lazy("Another incentive was paid; the day is not known."),
    "nothing_this_year": gettext_lazy("No other incentive was paid this year."),
    "held": gettext_lazy("Holds: %(levels)s."),
    "not_held": gettext_lazy("Holds no such qualification."),
    "no_subject": gettext_lazy("There is nothing to claim for: %(fact)s is missing."),
    "judged_so": gettext_lazy("Not on record; the reviewer finds it fulfilled: %(words)s"),
    "judged_not": gettext_lazy("Not on record; the reviewer finds it not fulfilled: %(words)s"),
    "untied_payments": gettext_lazy(
        "Earlier payments without a record behind them: %(count)s, together %(total)s yuan (%(lines)s)."
    ),
    "policy_ahead": gettext_lazy("The policy begins on %(first)s."),
    "policy_in_force": gettext_lazy("The policy has been in force since %(first)s."),
    "policy_tail": gettext_lazy("The policy ended on %(last)s; claims are accepted until %(until)s."),
    "policy_windows": gettext_lazy(
        "The policy ended on %(last)s; a time for claiming that had begun runs on."
    ),
    "policy_over": gettext_lazy("The policy ended on %(last)s."),
    "year_before": gettext_lazy("The policy begins on %(first)s and pays nothing for %(year)s."),
    "year_outside": gettext_lazy(
        "The policy is in force from %(first)s to %(last)s and pays nothing for %(year)s."
    ),
    "year_not_over": gettext_lazy("%(year)s is not over yet; it is paid from %(due)s on."),
    "months_not_over": gettext_lazy(
        "The months of %(year)s that it is paid for are not over yet (%(months)s); they are on %(due)s."
    ),
    "year_ahead": gettext_lazy("%(year)s has not begun yet; it is paid from %(due)s on."),
    "amount_not_known": gettext_lazy("The amount cannot be known yet."),
    "past_not_known": gettext_lazy("Entitled to %(entitled)s yuan; what was paid before is not known."),
    "no_amount": gettext_lazy("The policy names no amount for this."),
    "paid_already": gettext_lazy(
        "Entitled to %(entitled)s yuan, of which %(paid)s yuan were paid: nothing is left."
    ),
    "often_enough": gettext_lazy("Paid %(times)s times already: the most that the policy allows."),
    "capped": gettext_lazy(
        "Entitled to %(entitled)s yuan; with %(total)s yuan paid, the ceiling is %(cap)s yuan."
    ),
    "cap_undated": gettext_lazy(
        "The ceiling is %(cap)s yuan a year; the day of an earlier payment is not known, so neither is what is left of it."
    ),
    "cap_reached": gettext_lazy("The ceiling of %(cap)s yuan is reached: %(total)s yuan were paid."),
    "difference": gettext_lazy("Entitled to %(entitled)s yuan, less %(paid)s yuan paid before."),
    "full": gettext_lazy("Entitled to %(entitled)s yuan; nothing was paid before."),
}
TITLES: dict[str, Any] = {
    IN_FORCE: gettext_lazy("The policy is in force"),
    NOT_PAID: gettext_lazy("Not paid yet"),
    NOT_FOR_THIS: gettext_lazy("Earlier payments without a record were for something else"),
    YEAR_DUE: gettext_lazy("The year lies within the policy, and what it is paid for is over"),
    GIVEN: gettext_lazy("There is such a thing on the day of the claim"),
    VERIFIED: gettext_lazy("It is verified"),
    SUBJECT: gettext_lazy("There is something to claim for"),
}
CURES: dict[str, Any] = {
    "not_known": gettext_lazy("Have it entered and verified: %(fact)s."),
    "for_the_authority": gettext_lazy("Ask the authority to decide whether it counts."),
    "too_early": gettext_lazy("Claim from %(day)s on."),
    "window_ahead": gettext_lazy("Claim from %(first)s on."),
    "not_long_enough": gettext_lazy("Claim from %(full)s on."),
    "not_proved_yet": gettext_lazy("Prove it until %(last)s."),
    "ended_before": gettext_lazy("Have the two days corrected and verified."),
    "ends_later": gettext_lazy("Have the day of the end verified, or taken out while it goes on."),
    "breach": gettext_lazy("Claim after %(until)s, if nothing new is recorded."),
    "breach_undated": gettext_lazy("Have the day of the record entered."),
    "paid_this_year": gettext_lazy("Claim in the next calendar year."),
    "paid_undated": gettext_lazy("Have the day of the payment entered."),
    "policy_ahead": gettext_lazy("Claim from %(first)s on."),
    "year_not_over": gettext_lazy("Claim from %(due)s on."),
    "months_not_over": gettext_lazy("Claim from %(due)s on, or for the months that are over."),
    "year_ahead": gettext_lazy("Claim from %(due)s on."),
    "outside": gettext_lazy("Only what lies in %(regions)s counts."),
    "amount_not_known": gettext_lazy("Have the missing fact entered and verified."),
    "cap_undated": gettext_lazy("Have the day of the payment entered."),
    "past_not_known": gettext_lazy("Have the earlier payments entered."),
    "untied_payments": gettext_lazy("A reviewer says in words whether this claim is for the same."),
}

# What a condition asks for that could still come to be so; where a code stands in neither table, it is over for good.
WANTED: dict[str, Any] = {
    "not_so": gettext_lazy("It would have to hold: %(fact)s."),
    "is_none": gettext_lazy("Have it entered and verified: %(fact)s."),
    "is_not_allowed": gettext_lazy("Only what the policy lists counts."),
    "is_barred": gettext_lazy("Only what the policy does not exclude counts."),
    "too_few": gettext_lazy("At least %(limit)s is needed."),
    "not_held": gettext_lazy("Obtain such a qualification and have it verified."),
    "no_subject": gettext_lazy("Have it entered and verified: %(fact)s."),
}


def finding_words(finding: Finding) -> str:
    """One finding in a sentence, in the reader's language."""
    return str(SENTENCES[finding.code]) % _said(finding.values)


def cure_words(finding: Finding, policy: Policy) -> str:
    """What would make this condition pass; empty where it passes, and where nothing can."""
    if finding.verdict is Verdict.PASS:
        return ""
    condition = policy.conditions.get(finding.name)
    if finding.verdict is Verdict.FAIL and condition and condition.cure:
        return said(condition.cure)
    found = CURES.get(finding.code)
    return str(found) % _said(finding.values) if found else ""


def outlook_words(finding: Finding, policy: Policy) -> str:
    """What would make this condition pass, also where nothing can any more: said for everything that does not pass."""
    if finding.verdict is Verdict.PASS:
        return ""
    found = WANTED.get(finding.code)
    return (
        cure_words(finding, policy)
        or (str(found) % _said(finding.values) if found else "")
        or _("Nothing can change this for this claim.")
    )


def title_words(finding: Finding, policy: Policy) -> str:
    """What the condition asks for, as the policy says it."""
    condition = policy.conditions.get(finding.name)
    return said(condition.words) if condition else str(TITLES[finding.name])


def article_of(finding: Finding, policy: Policy) -> str:
    """Where in the policy the condition stands; empty for what every policy asks."""
    condition = policy.conditions.get(finding.name)
    return condition.article if condition else ""


def said(words: Words) -> str:
    """What a policy says, in the reader's language where it is translated."""
    return words.said(get_language() or "zh-hans")


def _said(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _one(name, value) for name, value in values.items()}


def _one(name: str, value: Any) -> str:
    if isinstance(value, datetime.date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if name == "fact":
        return fact_label(value)
    if name == "region":
        return region_label(value)
    if name == "regions":
        return list_words(region_label(each) for each in value)
    if isinstance(value, tuple):
        return list_words(value_label(each) for each in value)
    return str(value) if value is not None else "–"
