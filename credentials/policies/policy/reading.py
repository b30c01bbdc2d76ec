"""A policy file (YAML) as a policy. Every mistake is named with its line and field; nothing is taken that is not understood."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from credentials.policies.policy.asking import STAGES, ask_more, ask_more_of
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
from credentials.policies.policy.conditions import (
    REGISTRY,
    Condition,
    any_of,
    facts_in,
    subjects_in,
)
from credentials.policies.policy.deciding import Policy, Switch
from credentials.policies.policy.facts import WORDS
from credentials.policies.policy.source import Mistake, Place, Source, SourceFault, ends_before
from credentials.policies.policy.switches import applies, switches_of
from credentials.policies.states import Kind

REVIEW_DAYS = 10  # working days for a stage where the text names none
CHANNELS = ("bank", "card", "none")
_KEYS = (
    "format", "code", "name", "document", "jurisdiction", "issuers", "in_force", "follows", "switches", "conditions", "benefits",
    "review", "notice", "payment", "draft",
)  # fmt: skip
_REQUIRED = ("code", "name", "document", "jurisdiction", "in_force", "benefits")
_GENERAL = ("is", "says", "article", "cure", "when")
MOST_BENEFITS = 60
FIRST = "1"  # what a text is written in that names no format
MOST_LOOKED_AT = 200_000  # places of a text, once for each answer to its switches
MOST_CHECKS = 1_000  # that all benefits together ask for each thing that they speak of


def read_policy(text: str, chosen: Mapping[str, str] | None = None) -> Policy:
    """The policy that a file says, with other answers to its switches where `chosen` names some.

    Raises SourceFault with every mistake in the text, in the order of its lines.
    """
    source = Source(text)
    policy = _read(source, chosen or {})
    source.finish()
    return policy


def check_policy(
    text: str, chosen: Mapping[str, str] | None = None, known: Mapping[str, Collection[str]] | None = None
) -> Policy:
    """The same for a text that somebody is writing: every other answer to each of its switches must make a policy, too, and
    every word that names a level, a head of conduct, a benefit, … must be one. `known` adds to the words of `facts.WORDS` or
    takes their place: the levels of this place, the regions that there are.

    What is published is read by `read_policy`: it stays what it was, however much more is asked of a new text.
    """
    source = Source(text)
    source.write_anew({**WORDS, **(known or {})})
    answers = dict(chosen or {})
    policy = _read(source, answers)
    others = [
        {**answers, switch.name: value}
        for switch in policy.switches
        for value, _words in switch.options
        if value != switch.chosen
    ]
    if source.places * len(others) > MOST_LOOKED_AT:
        source.root.wrong("too_many", most=MOST_LOOKED_AT // source.places)
        others = []
    for each in others:
        source.begin_again()
        _read(source, each)
    source.finish()
    return policy


def _read(source: Source, chosen: Mapping[str, str]) -> Policy:
    """By the reader of the format that the text names; the first one where it names none."""
    place = next((value for key, value in source.root.entries() if key == "format"), None)
    said = place.text(20) if place else FIRST
    if said not in READERS:
        line, known = (place.line if place else 1), ", ".join(READERS)
        values = {"text": said, "known": known}
        raise SourceFault([*source.mistakes, Mistake(line, "format", "no_format", values)])
    return READERS[said](source, chosen)


def _policy(source: Source, chosen: Mapping[str, str]) -> Policy:
    top = source.root.parts(_KEYS, _REQUIRED)
    if not all(key in top for key in _REQUIRED):
        source.finish()
    switches = switches_of(source, top.get("switches"), chosen)
    source.root = Place(source, source.root.node, "")  # read again, now that switches are known
    top = source.root.parts(_KEYS)
    spans = top["in_force"].parts(("from", "until", "after_end", "claims_until", "confirmed"), ("from",))
    source.known["benefits"] = _names(top["benefits"])
    conditions = _conditions(source, top.get("conditions"), switches)
    review = top["review"].parts(("stages", "days")) if "review" in top else {}
    notice = top["notice"].parts(("days", "counts"), ("days",)) if "notice" in top else {}
    payment = top["payment"].parts(("channel",)) if "payment" in top else {}
    after_end = spans["after_end"].choice(("no", "windows", "until")) if "after_end" in spans else "no"
    policy = Policy(
        code=_code(top["code"]),
        name=top["name"].words(120),
        document=top["document"].words(),
        jurisdiction=_jurisdiction(top["jurisdiction"]),
        issuers=top["issuers"].several(Place.text) if "issuers" in top else (),
        starts_on=spans["from"].day() if "from" in spans else Place.day(top["in_force"]),
        ends_on=_day_or_none(spans.get("until")),
        after_end=after_end,
        claims_until=_day_or_none(spans.get("claims_until")),
        is_draft="draft" in top and top["draft"].truth(),
        is_confirmed="confirmed" not in spans or spans["confirmed"].truth(),
        follows=top["follows"].several(Place.text) if "follows" in top else (),
        benefits=_benefits(top["benefits"], conditions),
        conditions=conditions,
        switches=tuple(switches.values()),
        stages=review["stages"].several(lambda one: one.choice(STAGES)) if "stages" in review else (),
        review_days=review["days"].whole(1, 365) if "days" in review else REVIEW_DAYS,
        notice_days=notice["days"].whole(0, 365) if "days" in notice else 0,
        notice_counts=notice["counts"].choice(("working", "calendar")) if "counts" in notice else "working",
        channel=payment["channel"].choice(CHANNELS) if "channel" in payment else "bank",
    )
    if policy.ends_on and policy.ends_on < policy.starts_on:
        ends_before(spans["from"], spans["until"])
    if after_end == "until" and policy.claims_until is None:
        top["in_force"].wrong("missing", name="claims_until")
    if source.is_new:
        ask_more(policy, top, spans, review)
    return policy


def _names(place: Place) -> tuple[str, ...]:
    """The names of what is listed here, before any of it is read."""
    return tuple(str(key.value) for key, _value in place.node.value) if place.is_mapping() else ()


def _jurisdiction(place: Place) -> str:
    code = place.region()
    regions = place.source.known.get("regions")
    if regions is not None and code not in regions and not place.is_wrong():
        place.wrong("no_such_region", text=code)
    return code


def _day_or_none(place: Place | None) -> Any:
    return None if place is None or place.is_null() else place.day()


def _code(place: Place) -> str:
    said = place.text(60)
    if not said.replace("-", "").replace("_", "").isalnum() or not said.isascii():
        place.wrong("no_code", text=said[:60])
    return said


# --- Conditions ---------------------------------------------------------------------------------------------------


def _conditions(source: Source, place: Place | None, switches: Mapping[str, Switch]) -> dict[str, Condition]:
    """All conditions by name. One whose switch stands otherwise is there with the kind "off"."""
    found: dict[str, Condition] = {}
    for name, one in place.few().entries() if place else ():
        kind_place = next((value for key, value in one.entries() if key == "is"), None)
        kind = kind_place.choice((*REGISTRY, "any_of")) if kind_place else ""
        if not kind:
            one.wrong("missing", name="is")
            continue
        allowed, required = (("conditions",), ("conditions",)) if kind == "any_of" else _takes(kind)
        parts = one.parts((*_GENERAL, *allowed), ("is", "says", *required))
        if not all(key in parts for key in ("says", *required)):
            continue
        found[name] = _condition(name, kind, parts, found, is_on=applies(parts.get("when"), switches))
    return found


def _takes(kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return REGISTRY[kind].allowed, REGISTRY[kind].required


def _condition(
    name: str, kind: str, parts: Mapping[str, Place], known: Mapping[str, Condition], *, is_on: bool
) -> Condition:
    values = {key: place for key, place in parts.items() if key not in _GENERAL}
    inner: tuple[Condition, ...] = ()
    if kind == "any_of":
        named = [
            known[each]
            for each in parts["conditions"].several(lambda one: one.choice(known))
            if each in known
        ]
        # All of them side by side, each once: nested they would double with each level. One that its switch leaves out
        # opens no way either.
        on = [each for each in named if each.kind != "off"]
        inner = tuple({one.name: one for each in on for one in each.inner or (each,)}.values())
        is_on = is_on and bool(inner)
        facts = tuple(dict.fromkeys(path for each in inner for path in each.facts))
        check = any_of(inner)
        if not named:
            parts["conditions"].wrong("empty")
    else:
        check, facts = REGISTRY[kind].build(values), facts_in(values)
    return Condition(
        name=name,
        kind=kind if is_on else "off",
        words=parts["says"].words(),
        article=parts["article"].text() if "article" in parts else "",
        cure=parts["cure"].words() if "cure" in parts else None,
        subjects=subjects_in(facts),
        facts=facts,
        check=check,
        inner=inner,
    )


# --- Benefits -----------------------------------------------------------------------------------------------------

_BENEFIT_KEYS = (
    "kind", "name", "article", "amounts", "needs", "about", "top_up", "cap", "cap_of", "cap_per", "most_times", "monthly", "pays", "documents",
)  # fmt: skip


def _benefits(place: Place, conditions: Mapping[str, Condition]) -> tuple[Benefit, ...]:
    found = []
    for name, one in place.few(MOST_BENEFITS).entries():
        parts = one.parts(_BENEFIT_KEYS, ("kind", "name"))
        kind = parts["kind"].choice(tuple(Kind)) if "kind" in parts else ""
        if kind and "name" in parts:
            found.append(_benefit(name, Kind(kind), parts, one, conditions))
    if place.is_mapping() and not any(True for _entry in place.entries()):
        place.wrong("empty")
    if sum(one.checks for one in found) > MOST_CHECKS:
        place.wrong("too_many", most=MOST_CHECKS)
    return tuple(found)


def _benefit(
    name: str, kind: Kind, parts: Mapping[str, Place], place: Place, conditions: Mapping[str, Condition]
) -> Benefit:
    subject = SUBJECT_OF[kind]
    amounts = (
        {key: amount.money() for key, amount in parts["amounts"].entries()} if "amounts" in parts else {}
    )
    if kind is not Kind.IN_KIND and not amounts:
        place.wrong("missing", name="amounts")
    if place.source.is_new:
        ask_more_of(kind, parts)
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


# A format is read for ever as it was when the first text in it was published: what means something else is a new format
# with a reader of its own, and kept texts try it (tests/credentials/policies/frozen/).
READERS: Mapping[str, Callable[[Source, Mapping[str, str]], Policy]] = {FIRST: _policy}
