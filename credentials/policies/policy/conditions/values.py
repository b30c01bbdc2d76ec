"""Conditions on yes and no, on lists, words, numbers and regions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

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
from credentials.policies.policy.facts import SAID_IN, Type
from credentials.policies.policy.source import Place


def _truth(parts: Mapping[str, Place], wanted: bool) -> Check:
    section, name = fact_of(parts["fact"], Type.TRUTH)
    missing, values = missing_fact(section, name), {"fact": f"{section}.{name}"}
    fits, differs = Answer(PASS, "holds", values), Answer(FAIL, "not_so", values)

    def check(asked: Asked) -> Answer:
        found = asked.sections.get(section, {}).get(name)
        return missing if found is None else fits if found is wanted else differs

    return check


@kind("yes", ("fact",))
def _yes(parts: Mapping[str, Place]) -> Check:
    return _truth(parts, True)


@kind("no", ("fact",))
def _no(parts: Mapping[str, Place]) -> Check:
    return _truth(parts, False)


def _said(found: Any) -> tuple[str, ...]:
    return found if isinstance(found, tuple) else (str(found),)


def _words_of(place: Place, path: str) -> frozenset[str]:
    """The values that are listed for a fact; where it is said in words that are known, only in these."""
    what = SAID_IN.get(path, "")
    return frozenset(place.several(lambda one: one.named(what)))


@kind("one_of", ("fact", "of"), ("open",))
def _one_of(parts: Mapping[str, Place]) -> Check:
    """One of the values. With `open` the list of the text ends in 等: another value is for the authority to judge."""
    section, name = fact_of(parts["fact"], Type.TEXT, Type.TEXTS)
    allowed = _words_of(parts["of"], f"{section}.{name}")
    is_open = "open" in parts and parts["open"].truth()
    missing, path = missing_fact(section, name), f"{section}.{name}"

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


@kind("none_of", ("fact", "of"))
def _none_of(parts: Mapping[str, Place]) -> Check:
    section, name = fact_of(parts["fact"], Type.TEXT, Type.TEXTS)
    barred = _words_of(parts["of"], f"{section}.{name}")
    missing, path = missing_fact(section, name), f"{section}.{name}"

    def check(asked: Asked) -> Answer:
        found = asked.sections.get(section, {}).get(name)
        if found is None:
            return missing
        values = {"fact": path, "found": _said(found)}
        is_free = barred.isdisjoint(values["found"])
        return Answer(PASS, "is", values) if is_free else Answer(FAIL, "is_barred", values)

    return check


@kind("contains", ("fact", "any"))
def _contains(parts: Mapping[str, Place]) -> Check:
    """The text of the fact holds one of these words."""
    section, name = fact_of(parts["fact"], Type.TEXT)
    wanted = parts["any"].several(Place.text)
    missing, path = missing_fact(section, name), f"{section}.{name}"

    def check(asked: Asked) -> Answer:
        found = asked.sections.get(section, {}).get(name)
        if found is None:
            return missing
        values = {"fact": path, "found": (found,)}
        if any(word in found for word in wanted):
            return Answer(PASS, "is", values)
        return Answer(FAIL, "is_not_allowed", values)

    return check


_AROUND = re.compile(
    r"[\s“”‘’\"'《》「」]|(?:\d{4}(?:[-—~至]\d{4})?年度?)|第[\d〇零一二三四五六七八九十百]+届"
)


@kind("titled", ("fact", "of"), ("places",))
def _titled(parts: Mapping[str, Place]) -> Check:
    """The text of the fact is one of these titles, by itself or after these places; quotation marks, the year and which time
    it was given make no other title of it. More or other words do."""
    section, name = fact_of(parts["fact"], Type.TEXT)
    titles = frozenset(filter(None, (_AROUND.sub("", one) for one in parts["of"].several(Place.text))))
    if not titles:
        parts["of"].wrong("no_text")
    places = parts["places"].several(Place.text) if "places" in parts else ()
    missing, path = missing_fact(section, name), f"{section}.{name}"

    def check(asked: Asked) -> Answer:
        found = asked.sections.get(section, {}).get(name)
        if found is None:
            return missing
        values, rest = {"fact": path, "found": (found,)}, _AROUND.sub("", found)
        while rest not in titles and (place := next((one for one in places if rest.startswith(one)), "")):
            rest = rest.removeprefix(place)
        return Answer(PASS, "is", values) if rest in titles else Answer(FAIL, "is_not_allowed", values)

    return check


@kind("at_least", ("fact", "number"))
def _at_least(parts: Mapping[str, Place]) -> Check:
    return _number(parts, at_least=True)


@kind("at_most", ("fact", "number"))
def _at_most(parts: Mapping[str, Place]) -> Check:
    return _number(parts, at_least=False)


def _number(parts: Mapping[str, Place], *, at_least: bool) -> Check:
    section, name = fact_of(parts["fact"], Type.NUMBER)
    limit = parts["number"].whole()
    missing, path = missing_fact(section, name), f"{section}.{name}"
    code = "too_few" if at_least else "too_many"

    def check(asked: Asked) -> Answer:
        found = asked.sections.get(section, {}).get(name)
        if found is None:
            return missing
        values = {"fact": path, "found": (found,), "limit": limit}
        holds = found >= limit if at_least else found <= limit
        return Answer(PASS, "is", values) if holds else Answer(FAIL, code, values)

    return check


@kind("in_region", ("fact", "region"))
def _in_region(parts: Mapping[str, Place]) -> Check:
    """The place lies in one of these regions, by the codes of GB/T 2260: 421000 holds 421003, 420000 both."""
    section, name = fact_of(parts["fact"], Type.REGION)
    codes = parts["region"].several(Place.region)
    stems = tuple(
        code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code for code in codes
    )
    missing, path = missing_fact(section, name), f"{section}.{name}"

    def check(asked: Asked) -> Answer:
        found = asked.sections.get(section, {}).get(name)
        if found is None:
            return missing
        values = {"fact": path, "region": found, "regions": codes}
        return Answer(PASS, "inside", values) if found.startswith(stems) else Answer(FAIL, "outside", values)

    return check
