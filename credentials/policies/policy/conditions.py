"""The registry of conditions: every kind of question that a policy can put to the facts, each with three answers.

A policy file names a kind (`is: within`) and its values; what comes out is a function from facts and a day to a finding.
A rule that no kind can say needs a new kind here, and that is the only Python that a further policy may need.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from credentials.policies.policy.dates import ONE_DAY, within_last_day
from credentials.policies.policy.facts import SUBJECTS, Facts, Type, all_facts, type_of
from credentials.policies.policy.source import Place, Words
from credentials.policies.states import Verdict

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN


class Finding(NamedTuple):
    """How one condition stands, and why: `code` and `values` make the sentence (queries.words)."""

    name: str
    verdict: Verdict
    code: str
    values: Mapping[str, Any]
    last_day: datetime.date | None = None  # passes until then
    first_day: datetime.date | None = None  # passes from then on


class Asked(NamedTuple):
    """What a condition looks at: the facts, with the one thing that the benefit speaks of beside them."""

    sections: Mapping[str, Mapping[str, Any]]
    facts: Facts
    on: datetime.date


class Answer(NamedTuple):
    verdict: Verdict
    code: str
    values: Mapping[str, Any] = MappingProxyType({})
    last_day: datetime.date | None = None
    first_day: datetime.date | None = None


Check = Callable[[Asked], Answer]


@dataclass(frozen=True)
class Condition:
    """One condition of a policy: what the text asks for, where it stands, what would cure it, and the check."""

    name: str
    kind: str
    words: Words
    article: str
    cure: Words | None
    subjects: frozenset[str]  # what it speaks of besides the person: qualification, title, …
    facts: tuple[str, ...]
    check: Check

    def find(self, asked: Asked) -> Finding:
        return Finding(self.name, *self.check(asked))


@dataclass(frozen=True)
class Registered:
    """A kind of condition: which values it takes, and how a check is made of them."""

    allowed: tuple[str, ...]
    required: tuple[str, ...]
    build: Callable[[Mapping[str, Place]], Check]


REGISTRY: dict[str, Registered] = {}
_FACT_KEYS = ("fact", "after", "since", "until_fact")


def facts_in(parts: Mapping[str, Place]) -> tuple[str, ...]:
    """The facts that a condition with these values looks at."""
    return tuple(parts[key].text() for key in _FACT_KEYS if key in parts)


def subjects_in(facts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(path.partition(".")[0] for path in facts) & frozenset(SUBJECTS)


def _kind(name: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Callable[[Any], Any]:
    def register(build: Any) -> Any:
        REGISTRY[name] = Registered((*required, *optional), required, build)
        return build

    return register


def _fact(place: Place, *types: Type) -> tuple[str, str]:
    """Section and name of the fact that is named here."""
    path = place.choice(all_facts())
    if path and type_of(path) not in types:
        place.wrong("fact_type", name=path, types=tuple(each.value for each in types))
    section, _dot, name = path.partition(".")
    return section, name


def _missing(section: str, name: str) -> Answer:
    return Answer(UNKNOWN, "not_known", {"fact": f"{section}.{name}"})


# --- Yes and no, lists, numbers, regions --------------------------------------------------------------------------


def _truth(parts: Mapping[str, Place], wanted: bool) -> Check:
    section, name = _fact(parts["fact"], Type.TRUTH)
    missing, values = _missing(section, name), {"fact": f"{section}.{name}"}
    fits, differs = Answer(PASS, "holds", values), Answer(FAIL, "not_so", values)

    def check(asked: Asked) -> Answer:
        found = asked.sections.get(section, {}).get(name)
        return missing if found is None else fits if found is wanted else differs

    return check


@_kind("yes", ("fact",))
def _yes(parts: Mapping[str, Place]) -> Check:
    return _truth(parts, True)


@_kind("no", ("fact",))
def _no(parts: Mapping[str, Place]) -> Check:
    return _truth(parts, False)


def _said(found: Any) -> tuple[str, ...]:
    return found if isinstance(found, tuple) else (str(found),)


@_kind("one_of", ("fact", "of"), ("open",))
def _one_of(parts: Mapping[str, Place]) -> Check:
    """One of the values. With `open` the list of the text ends in 等: another value is for the authority to judge."""
    section, name = _fact(parts["fact"], Type.TEXT, Type.TEXTS)
    allowed = frozenset(parts["of"].several(Place.text))
    is_open = "open" in parts and parts["open"].truth()
    missing, path = _missing(section, name), f"{section}.{name}"

    def check(asked: Asked) -> Answer:
        found = asked.sections.get(section, {}).get(name)
        if found is None:
            return missing
        said = _said(found)
        values = {"fact": path, "found": said}
        if not allowed.isdisjoint(said):
            return Answer(PASS, "is", values)
        if is_open and said:
            return Answer(UNKNOWN, "for_the_authority", values)
        return Answer(FAIL, "is_not_allowed" if said else "is_none", values)

    return check


@_kind("none_of", ("fact", "of"))
def _none_of(parts: Mapping[str, Place]) -> Check:
    section, name = _fact(parts["fact"], Type.TEXT, Type.TEXTS)
    barred = frozenset(parts["of"].several(Place.text))
    missing, path = _missing(section, name), f"{section}.{name}"

    def check(asked: Asked) -> Answer:
        found = asked.sections.get(section, {}).get(name)
        if found is None:
            return missing
        values = {"fact": path, "found": _said(found)}
        is_free = barred.isdisjoint(values["found"])
        return Answer(PASS, "is", values) if is_free else Answer(FAIL, "is_barred", values)

    return check


@_kind("contains", ("fact", "any"))
def _contains(parts: Mapping[str, Place]) -> Check:
    """The text of the fact holds one of these words."""
    section, name = _fact(parts["fact"], Type.TEXT)
    wanted = parts["any"].several(Place.text)
    missing, path = _missing(section, name), f"{section}.{name}"

    def check(asked: Asked) -> Answer:
        found = asked.sections.get(section, {}).get(name)
        if found is None:
            return missing
        values = {"fact": path, "found": (found,)}
        if any(word in found for word in wanted):
            return Answer(PASS, "is", values)
        return Answer(FAIL, "is_not_allowed", values)

    return check


@_kind("at_least", ("fact", "number"))
def _at_least(parts: Mapping[str, Place]) -> Check:
    return _number(parts, at_least=True)


@_kind("at_most", ("fact", "number"))
def _at_most(parts: Mapping[str, Place]) -> Check:
    return _number(parts, at_least=False)


def _number(parts: Mapping[str, Place], *, at_least: bool) -> Check:
    section, name = _fact(parts["fact"], Type.NUMBER)
    limit = parts["number"].whole()
    missing, path = _missing(section, name), f"{section}.{name}"
    code = "too_few" if at_least else "too_many"

    def check(asked: Asked) -> Answer:
        found = asked.sections.get(section, {}).get(name)
        if found is None:
            return missing
        values = {"fact": path, "found": (found,), "limit": limit}
        holds = found >= limit if at_least else found <= limit
        return Answer(PASS, "is", values) if holds else Answer(FAIL, code, values)

    return check


@_kind("in_region", ("fact", "region"))
def _in_region(parts: Mapping[str, Place]) -> Check:
    """The place lies in one of these regions, by the codes of GB/T 2260: 421000 holds 421003, 420000 both."""
    section, name = _fact(parts["fact"], Type.REGION)
    codes = parts["region"].several(Place.region)
    stems = tuple(
        code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code for code in codes
    )
    missing, path = _missing(section, name), f"{section}.{name}"

    def check(asked: Asked) -> Answer:
        found = asked.sections.get(section, {}).get(name)
        if found is None:
            return missing
        values = {"fact": path, "region": found, "regions": codes}
        return Answer(PASS, "inside", values) if found.startswith(stems) else Answer(FAIL, "outside", values)

    return check


# --- Days and spans -----------------------------------------------------------------------------------------------


def _span(parts: Mapping[str, Place]) -> tuple[int, int]:
    """Months and days of a span; noted as a mistake when it has none."""
    months = 12 * parts["years"].whole(0, 100) if "years" in parts else 0
    months += parts["months"].whole(0, 1200) if "months" in parts else 0
    days = parts["days"].whole(0, 40_000) if "days" in parts else 0
    if not months and not days:
        next(iter(parts.values())).wrong("no_span")
    return months, days


@_kind("within", ("after",), ("years", "months", "days", "eve"))
def _within(parts: Mapping[str, Place]) -> Check:
    """Claimed within a span after a day: calendar years and months; with `eve` it ends the day before the anniversary."""
    section, name = _fact(parts["after"], Type.DAY)
    months, days = _span(parts)
    eve = "eve" in parts and parts["eve"].truth()
    missing, path = _missing(section, name), f"{section}.{name}"

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


@_kind("between", ("fact",), ("from", "until"))
def _between(parts: Mapping[str, Place]) -> Check:
    """The day of a fact lies between these two, both included; either may be left out."""
    section, name = _fact(parts["fact"], Type.DAY)
    first, last = _bounds(parts)
    missing, path = _missing(section, name), f"{section}.{name}"

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
        parts["until"].wrong("ends_before")
    return first, last


@_kind("claimed", (), ("from", "until"))
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


@_kind("lasted", ("since", "months"), ("until_fact",))
def _lasted(parts: Mapping[str, Place]) -> Check:
    """Something has gone on for so many calendar months without a break. Until a day of its end is known, it goes on."""
    section, name = _fact(parts["since"], Type.DAY)
    end = _fact(parts["until_fact"], Type.DAY) if "until_fact" in parts else None
    months = parts["months"].whole(1, 1200)
    missing, path = _missing(section, name), f"{section}.{name}"

    def check(asked: Asked) -> Answer:
        start = asked.sections.get(section, {}).get(name)
        if start is None:
            return missing
        ended = asked.sections.get(end[0], {}).get(end[1]) if end else None
        full = within_last_day(
            start, months, 0
        )  # 12 months from 1 March are full with the end of 28 or 29 February
        values = {"fact": path, "day": start, "months": months, "full": full, "ended": ended}
        if ended is not None and ended < full - ONE_DAY:
            return Answer(FAIL, "ended_early", values)
        if asked.on < full:
            return Answer(FAIL, "not_long_enough", values, None, full)
        return Answer(PASS, "long_enough", values)

    return check


# --- Records ------------------------------------------------------------------------------------------------------


@_kind("clean", ("heads", "years"))
def _clean(parts: Mapping[str, Place]) -> Check:
    """No conduct record of these heads in the last so many calendar years before the claim, its day included."""
    heads = frozenset(parts["heads"].several(Place.text))
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


@_kind("first_time", ("benefits",))
def _first_time(parts: Mapping[str, Place]) -> Check:
    """Nothing was ever paid of these benefits, by whatever policy."""
    benefits = frozenset(parts["benefits"].several(Place.text))
    missing = Answer(UNKNOWN, "not_known", {"fact": "paid"})

    def check(asked: Asked) -> Answer:
        if asked.facts.paid is None:
            return missing
        before = [one for one in asked.facts.paid if one.benefit in benefits and one.amount]
        if before:
            return Answer(FAIL, "paid_before", {"amount": sum(one.amount for one in before)})
        return Answer(PASS, "never_paid", {})

    return check


@_kind("alone_in_year", ("benefits",))
def _alone_in_year(parts: Mapping[str, Place]) -> Check:
    """Nothing was paid of these benefits in the calendar year of the claim."""
    benefits = frozenset(parts["benefits"].several(Place.text))
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


@_kind("holds", ("levels",))
def _holds(parts: Mapping[str, Place]) -> Check:
    """Holds a qualification of one of these levels, whatever the benefit speaks of."""
    levels = frozenset(parts["levels"].several(Place.text))
    missing = Answer(UNKNOWN, "not_known", {"fact": "qualifications"})

    def check(asked: Asked) -> Answer:
        held = asked.facts.qualifications
        if held is None:
            return missing
        found = tuple(item["level"] for item in held if item.get("level") in levels)
        return Answer(PASS, "held", {"levels": found}) if found else Answer(FAIL, "not_held", {})

    return check


def any_of(conditions: tuple[Condition, ...]) -> Check:
    """One of several conditions is enough; a yes outweighs what is not known, and that outweighs a no."""

    def check(asked: Asked) -> Answer:
        found = [condition.check(asked) for condition in conditions]
        for verdict in (PASS, UNKNOWN):
            if fitting := [one for one in found if one.verdict is verdict]:
                days = [one.last_day for one in fitting]
                last = None if None in days else max(day for day in days if day)
                return fitting[0]._replace(last_day=last)
        first = [one.first_day for one in found if one.first_day]
        return found[0]._replace(first_day=min(first, default=None))

    return check
