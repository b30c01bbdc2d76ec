"""Conditions on what is on record: conduct, payments, qualifications held."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from credentials.policies.policy.conditions.registry import FAIL, PASS, UNKNOWN, Answer, Asked, Check, kind
from credentials.policies.policy.dates import ONE_DAY, within_last_day
from credentials.policies.policy.source import Place


@kind("clean", ("heads", "years"))
def _clean(parts: Mapping[str, Place]) -> Check:
    """No conduct record of these heads in the last so many calendar years before the claim, its day included."""
    heads = frozenset(parts["heads"].several(lambda one: one.named("heads")))
    months = 12 * parts["years"].whole(1, 100)
    missing = Answer(UNKNOWN, "not_known", {"fact": "conduct"})

    def check(asked: Asked) -> Answer:
        if asked.facts.conduct is None:
            return missing
        ours = [one for one in asked.facts.conduct if one.head in heads]
        counted = [(within_last_day(one.on, months, 0), one) for one in ours if one.on and one.on <= asked.on]
        standing = [(until, one) for until, one in counted if asked.on <= until]
        if standing:
            until = max(until for until, _one in standing)
            values = {"heads": tuple(one.head for _until, one in standing), "until": until}
            return Answer(FAIL, "breach", values, None, until + ONE_DAY)
        if any(one.on is None for one in ours):
            return Answer(UNKNOWN, "breach_undated", {"heads": tuple(one.head for one in ours)})
        return Answer(PASS, "no_breach", {})

    return check


@kind("first_time", ("benefits",))
def _first_time(parts: Mapping[str, Place]) -> Check:
    """Nothing was ever paid of these benefits, by whatever policy."""
    benefits = frozenset(parts["benefits"].several(lambda one: one.named("benefits")))
    missing = Answer(UNKNOWN, "not_known", {"fact": "paid"})

    def check(asked: Asked) -> Answer:
        if asked.facts.paid is None:
            return missing
        before = [one for one in asked.facts.paid if one.benefit in benefits and one.amount]
        if before:
            return Answer(FAIL, "paid_before", {"amount": sum(one.amount for one in before)})
        return Answer(PASS, "never_paid", {})

    return check


@kind("alone_in_year", ("benefits",))
def _alone_in_year(parts: Mapping[str, Place]) -> Check:
    """Nothing was paid of these benefits in the calendar year of the claim."""
    benefits = frozenset(parts["benefits"].several(lambda one: one.named("benefits")))
    missing = Answer(UNKNOWN, "not_known", {"fact": "paid"})

    def check(asked: Asked) -> Answer:
        if asked.facts.paid is None:
            return missing
        ours = [one for one in asked.facts.paid if one.benefit in benefits and one.amount]
        if any(one.on is not None and one.on.year == asked.on.year for one in ours):
            year = asked.on.year
            return Answer(FAIL, "paid_this_year", {"year": year}, None, datetime.date(year + 1, 1, 1))
        if any(one.on is None for one in ours):
            return Answer(UNKNOWN, "paid_undated", {})
        return Answer(PASS, "nothing_this_year", {})

    return check


@kind("holds", ("levels",))
def _holds(parts: Mapping[str, Place]) -> Check:
    """Holds a qualification of one of these levels, whatever the benefit speaks of."""
    levels = frozenset(parts["levels"].several(lambda one: one.named("levels")))
    asks = parts["levels"].source.reading.asks_verified
    missing = Answer(UNKNOWN, "not_known", {"fact": "qualifications"})

    def check(asked: Asked) -> Answer:
        held = asked.facts.qualifications
        if held is None:
            return missing
        verified = [item for item in held if not asks or item.get("is_verified") is not False]
        found = tuple(item["level"] for item in verified if item.get("level") in levels)
        return Answer(PASS, "held", {"levels": found}) if found else Answer(FAIL, "not_held", {})

    return check
