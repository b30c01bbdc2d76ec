"""Conditions on days and on how long something has gone on."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from credentials.policies.policy.conditions.registry import (
    FAIL,
    PASS,
    UNKNOWN,
    Answer,
    Asked,
    Check,
    fact_of,
    kind,
    missing_fact,
)
from credentials.policies.policy.dates import ONE_DAY, full_from, months_after, within_last_day
from credentials.policies.policy.facts import PROVED_UNTIL, Type
from credentials.policies.policy.source import Place, ends_before


def _span(parts: Mapping[str, Place]) -> tuple[int, int]:
    """Months and days of a span; noted as a mistake when it has none."""
    months = 12 * parts["years"].whole(0, 100) if "years" in parts else 0
    months += parts["months"].whole(0, 1200) if "months" in parts else 0
    days = parts["days"].whole(0, 40_000) if "days" in parts else 0
    if not months and not days:
        next(iter(parts.values())).wrong("no_span")
    return months, days


@kind("within", ("after",), ("years", "months", "days", "eve"))
def _within(parts: Mapping[str, Place]) -> Check:
    """Claimed within a span after a day: calendar years and months; with `eve` it ends the day before the anniversary."""
    section, name = fact_of(parts["after"], Type.DAY)
    months, days = _span(parts)
    eve = "eve" in parts and parts["eve"].truth()
    missing, path = missing_fact(section, name), f"{section}.{name}"

    def check(asked: Asked) -> Answer:
        found = asked.sections.get(section, {}).get(name)
        if found is None:
            return missing
        last = within_last_day(found, months, days, eve=eve)
        values = {"fact": path, "day": found, "last": last}
        if asked.on < found:
            return Answer(FAIL, "too_early", values, last, found)
        return Answer(
            PASS if asked.on <= last else FAIL, "until" if asked.on <= last else "too_late", values, last
        )

    return check


@kind("between", ("fact",), ("from", "until"))
def _between(parts: Mapping[str, Place]) -> Check:
    """The day of a fact lies between these two, both included; either may be left out."""
    section, name = fact_of(parts["fact"], Type.DAY)
    first, last = _bounds(parts)
    missing, path = missing_fact(section, name), f"{section}.{name}"

    def check(asked: Asked) -> Answer:
        found = asked.sections.get(section, {}).get(name)
        if found is None:
            return missing
        values = {"fact": path, "day": found, "first": first, "last": last}
        if first is not None and found < first:
            return Answer(FAIL, "day_before", values)
        if last is not None and found > last:
            return Answer(FAIL, "day_after", values)
        return Answer(PASS, "day_fits", values)

    return check


def _bounds(parts: Mapping[str, Place]) -> tuple[datetime.date | None, datetime.date | None]:
    first = parts["from"].day() if "from" in parts else None
    last = parts["until"].day() if "until" in parts else None
    if first and last and first > last:
        ends_before(parts["from"], parts["until"])
    return first, last


@kind("claimed", (), ("from", "until"))
def _claimed(parts: Mapping[str, Place]) -> Check:
    """Claimed in a window that is the same for everybody; later is waived."""
    first, last = _bounds(parts)
    values = {"first": first, "last": last}
    ahead = Answer(FAIL, "window_ahead", values, last, first)
    over = Answer(FAIL, "window_over", values, last)
    is_open = Answer(PASS, "window_open" if last else "window_begun", values, last)

    def check(asked: Asked) -> Answer:
        if first is not None and asked.on < first:
            return ahead
        return over if last is not None and asked.on > last else is_open

    return check


@kind("lasted", ("since", "months"), ("until_fact", "held"))
def _lasted(parts: Mapping[str, Place]) -> Check:
    """Something has gone on for so many calendar months without a break. Until a day of its end is known, it goes on; where
    a fact says how far it is proved, more than that is not known. With `held` it must go on on the day of the claim, too. An
    end before the beginning says nothing, and one that is still to come has not come: what rests on it is not known."""
    section, name = fact_of(parts["since"], Type.DAY)
    end = fact_of(parts["until_fact"], Type.DAY) if "until_fact" in parts else None
    months = parts["months"].whole(1, 1200)
    held = "held" in parts and parts["held"].truth()
    if held and end is None:
        parts["held"].wrong("only_with", other="until_fact")
    missing, path = missing_fact(section, name), f"{section}.{name}"
    proof = PROVED_UNTIL.get(path, "")
    reading = parts["since"].source.reading
    over, doubts = full_from if reading.ends_short_months else months_after, reading.doubts_ends

    def check(asked: Asked) -> Answer:
        start = asked.sections.get(section, {}).get(name)
        if start is None:
            return missing
        ended = asked.sections.get(end[0], {}).get(end[1]) if end else None
        full = over(start, months)  # 12 months from 1 March: with the end of 28 or 29 February
        values = {"fact": path, "day": start, "months": months, "full": full, "ended": ended}
        if ended is not None and ended < start and doubts:
            return Answer(UNKNOWN, "ended_before", values)
        if ended is not None and ended < full - ONE_DAY:
            return Answer(FAIL, "ended_early", values)
        if held and ended is not None and ended < asked.on:
            return Answer(FAIL, "held_no_more", values)
        if asked.on < full:
            return Answer(FAIL, "not_long_enough", values, None, full)
        if ended is not None and ended > asked.on and doubts:
            return Answer(UNKNOWN, "ends_later", values)
        proved = asked.sections.get(section, {}).get(proof)
        if ended is None and proved is not None and proved < full - ONE_DAY:
            return Answer(UNKNOWN, "not_proved_yet", values | {"proved": proved, "last": full - ONE_DAY})
        return Answer(PASS, "long_enough", values)

    return check
