"""The benefits of a policy file: what each gives, to whom, when, and on which papers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from credentials.policies.policy.asking import ask_more_of
from credentials.policies.policy.benefits import (
    AFTER_MONTHS,
    AFTER_YEAR,
    PAYS,
    PER_POLICY,
    PER_YEAR,
    SUBJECT_OF,
    Benefit,
    Document,
)
from credentials.policies.policy.conditions import Condition
from credentials.policies.policy.source import Place
from credentials.policies.states import Kind

Span = tuple[datetime.date, datetime.date | None]
MOST_BENEFITS = 60
MOST_CHECKS = 1_000  # that all benefits together ask for each thing that they speak of
_BENEFIT_KEYS = (
    "kind", "name", "article", "amounts", "needs", "about", "top_up", "cap", "cap_of", "cap_per", "most_times", "monthly", "pays", "documents",
)  # fmt: skip


def benefits_at(place: Place, conditions: Mapping[str, Condition], in_force: Span) -> tuple[Benefit, ...]:
    """The benefits of a policy of this time, in the order of the text; what is wrong is noted."""
    found = []
    for name, one in place.few(MOST_BENEFITS).entries():
        parts = one.parts(_BENEFIT_KEYS, ("kind", "name"))
        kind = parts["kind"].choice(tuple(Kind)) if "kind" in parts else ""
        if kind and "name" in parts:
            found.append(_benefit(name, Kind(kind), parts, one, conditions, in_force))
    if place.is_mapping() and not any(True for _entry in place.entries()):
        place.wrong("empty")
    if sum(one.checks for one in found) > MOST_CHECKS:
        place.wrong("too_many", most=MOST_CHECKS)
    return tuple(found)


def _benefit(
    name: str,
    kind: Kind,
    parts: Mapping[str, Place],
    place: Place,
    conditions: Mapping[str, Condition],
    in_force: Span,
) -> Benefit:
    subject = SUBJECT_OF[kind]
    amounts = (
        {key: amount.money() for key, amount in parts["amounts"].entries()} if "amounts" in parts else {}
    )
    if kind is not Kind.IN_KIND and not amounts:
        place.wrong("missing", name="amounts")
    if place.source.is_new:
        ask_more_of(name, kind, parts)
    monthly = "monthly" in parts and parts["monthly"].truth()
    return Benefit(
        name=name,
        kind=kind,
        words=parts["name"].words(),
        article=parts["article"].text() if "article" in parts else "",
        amounts=amounts,
        needs=_named(parts.get("needs"), conditions, subject),
        about=_named(parts.get("about"), conditions, subject),
        subject=subject,
        top_up=parts["top_up"].choice(("difference", "none", "full")) if "top_up" in parts else "difference",
        cap=parts["cap"].money() if "cap" in parts and not parts["cap"].is_null() else None,
        cap_of=parts["cap_of"].several(lambda one: one.named("benefits")) if "cap_of" in parts else (),
        cap_per=parts["cap_per"].choice((PER_POLICY, PER_YEAR)) if "cap_per" in parts else PER_POLICY,
        most_times=parts["most_times"].whole(1, 100) if "most_times" in parts else None,
        monthly=monthly,
        pays=_pays(parts.get("pays"), kind, monthly),
        documents=_documents(parts.get("documents"), subject),
        reading=place.source.reading,
        in_force=in_force if place.source.reading.counts_own_months else None,
    )


def _pays(place: Place | None, kind: Kind, monthly: bool) -> str:
    """When a year is paid: by the month once those months are over, else once the year is, where the text says nothing."""
    if place is None:
        return AFTER_MONTHS if monthly else AFTER_YEAR
    if kind is not Kind.RECURRING:
        place.wrong("not_for_kind", name="pays", kind=str(kind))
    said = place.choice(PAYS)
    if said == AFTER_MONTHS and not monthly:
        place.wrong("missing", name="monthly")
    return said


def _named(place: Place | None, conditions: Mapping[str, Condition], subject: str) -> tuple[Condition, ...]:
    """The conditions that are named here; one that speaks of another subject than the benefit is a mistake."""
    found: dict[str, Condition] = {}
    for one in place.few().items() if place else ():
        name = one.choice(tuple(conditions))
        condition = conditions.get(name)
        if condition is None:
            continue
        if name in found and one.source.is_new:
            one.wrong("twice", name=name)
        if condition.subjects - {subject}:
            one.wrong("other_subject", name=name, subject=", ".join(sorted(condition.subjects - {subject})))
        elif condition.kind != "off":
            found[name] = condition
    return tuple(found.values())


def _documents(place: Place | None, subject: str) -> tuple[Document, ...]:
    found = []
    for name, one in place.entries() if place else ():
        if not one.is_mapping() or not any(key == "says" for key, _value in one.entries()):
            found.append(Document(name, one.words()))
            continue
        parts = one.parts(("says", "when"), ("says",))
        when = _key(parts["when"], subject) if "when" in parts else ""
        found.append(Document(name, parts["says"].words(), when))
    return tuple(found)


def _key(place: Place, subject: str) -> str:
    """The key of the claims for which a paper is asked: a level, a year; a title by whatever name it has."""
    if not place.source.is_new or subject == "title":
        return place.text()
    if subject == "qualification":
        return place.named("levels")
    if subject == "year":
        return str(place.whole(1900, 2200))
    place.wrong("no_key_here")
    return ""
