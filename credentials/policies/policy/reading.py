"""A policy file (YAML) as a policy. Every mistake is named with its line and field; nothing is taken that is not understood."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from credentials.policies.policy.asking import STAGES, ask_more
from credentials.policies.policy.conditions import (
    REGISTRY,
    Condition,
    any_of,
    facts_in,
    subjects_in,
)
from credentials.policies.policy.deciding import RESERVED, Policy, Switch
from credentials.policies.policy.facts import WORDS
from credentials.policies.policy.formats import FIRST, NEWEST, READINGS
from credentials.policies.policy.giving import benefits_at
from credentials.policies.policy.source import Mistake, Place, Source, SourceFault, ends_before
from credentials.policies.policy.switches import applies, switches_of

REVIEW_DAYS = 10  # working days for a stage where the text names none
CHANNELS = ("bank", "card", "none")
_KEYS = (
    "format", "code", "name", "document", "jurisdiction", "issuers", "in_force", "follows", "switches", "conditions", "benefits",
    "review", "notice", "payment", "draft",
)  # fmt: skip
_REQUIRED = ("code", "name", "document", "jurisdiction", "in_force", "benefits")
_GENERAL = ("is", "says", "article", "cure", "when")
MOST_LOOKED_AT = 200_000  # places of a text, once for each answer to its switches


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
    takes their place: the levels of this place, the regions that there are. Where it says in which `formats` a text is written,
    the text has to name one of them; else one that names none is of the newest.

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
    """As the format is read that the text names; where it names none, as `FIRST` and `NEWEST` say."""
    place = next((value for key, value in source.root.entries() if key == "format"), None)
    said = place.text(20) if place else NEWEST if source.is_new else FIRST
    if said not in READINGS:
        line, known = (place.line if place else 1), ", ".join(READINGS)
        values = {"text": said, "known": known}
        raise SourceFault([*source.mistakes, Mistake(line, "format", "no_format", values)])
    if place is None and "formats" in source.known:
        source.root.wrong("missing", name="format")
    elif place is not None and said not in source.known.get("formats", READINGS):
        place.wrong("old_format", text=said, newest=NEWEST)
    source.reading = READINGS[said]
    return _policy(source, chosen)


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
    starts_on = spans["from"].day() if "from" in spans else Place.day(top["in_force"])
    ends_on = _day_or_none(spans.get("until"))
    after_end = spans["after_end"].choice(("no", "windows", "until")) if "after_end" in spans else "no"
    policy = Policy(
        code=_code(top["code"]),
        name=top["name"].words(120),
        document=top["document"].words(),
        jurisdiction=_jurisdiction(top["jurisdiction"]),
        issuers=top["issuers"].several(Place.text) if "issuers" in top else (),
        starts_on=starts_on,
        ends_on=ends_on,
        after_end=after_end,
        claims_until=_day_or_none(spans.get("claims_until")),
        is_draft="draft" in top and top["draft"].truth(),
        is_confirmed="confirmed" not in spans or spans["confirmed"].truth(),
        follows=top["follows"].several(Place.text) if "follows" in top else (),
        benefits=benefits_at(top["benefits"], conditions, (starts_on, ends_on)),
        conditions=conditions,
        switches=tuple(switches.values()),
        stages=review["stages"].several(lambda one: one.choice(STAGES)) if "stages" in review else (),
        review_days=review["days"].whole(1, 365) if "days" in review else REVIEW_DAYS,
        notice_days=notice["days"].whole(0, 365) if "days" in notice else 0,
        notice_counts=notice["counts"].choice(("working", "calendar")) if "counts" in notice else "working",
        channel=payment["channel"].choice(CHANNELS) if "channel" in payment else "bank",
        reading=source.reading,
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
        if source.is_new and name in RESERVED:
            one.wrong("reserved", name=name)
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
