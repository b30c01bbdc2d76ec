"""What a policy may ask about somebody: a closed catalogue of facts, and a person's facts read from data.

What is not said is not known: a missing fact, a null, `unknown` and 未知 are the same. An empty list says that there is none.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from credentials.policies.policy.source import Place, Source


class Type(StrEnum):
    TEXT = "text"
    TEXTS = "texts"
    NUMBER = "number"
    DAY = "day"
    TRUTH = "truth"
    REGION = "region"


_READ: Mapping[Type, Callable[[Place], Any]] = {
    Type.TEXT: Place.text,
    Type.TEXTS: lambda place: place.several(Place.text),
    Type.NUMBER: Place.whole,
    Type.DAY: Place.day,
    Type.TRUTH: Place.truth,
    Type.REGION: Place.region,
}

# What is said of the person themself, once.
SECTIONS: Mapping[str, Mapping[str, Type]] = {
    "person": {
        "id_type": Type.TEXT,
        "residence": Type.REGION,
        "is_clean_declared": Type.TRUTH,  # the applicant's own word
    },
    "work": {
        "region": Type.REGION,  # where they serve
        "fields": Type.TEXTS,  # the service fields
        "employer_kind": Type.TEXT,  # see EMPLOYER_KINDS
        "since": Type.DAY,  # in this work without a break
        "until": Type.DAY,
        "is_full_time": Type.TRUTH,
        "is_insured": Type.TRUTH,  # social insurance paid by the employer
    },
}

# What there may be several of. A benefit speaks of one of them at a time: under the second name.
LISTS: Mapping[str, tuple[str, Mapping[str, Type]]] = {
    "qualifications": (
        "qualification",
        {
            "level": Type.TEXT,
            "number": Type.TEXT,
            "exam_on": Type.DAY,
            "result_on": Type.DAY,
            "issued_on": Type.DAY,
            "exam_region": Type.REGION,
            "is_registered": Type.TRUTH,
            "registered_region": Type.REGION,
            "is_verified": Type.TRUTH,
        },
    ),
    "titles": (
        "title",
        {
            "key": Type.TEXT,
            "name": Type.TEXT,
            "rank": Type.TEXT,  # see RANKS
            "issuer": Type.TEXT,
            "year": Type.NUMBER,
            "given_on": Type.DAY,
            "is_to_individual": Type.TRUTH,
        },
    ),
    "internships": (
        "internship",
        {
            "key": Type.TEXT,
            "year_of_study": Type.NUMBER,
            "is_full_time_student": Type.TRUTH,
            "is_social_work_student": Type.TRUTH,
            "is_placed_by_bureau": Type.TRUTH,
            "ended_on": Type.DAY,
            "employed_from": Type.DAY,
            "employed_until": Type.DAY,  # where it has ended
            "employed_proved_until": Type.DAY,
            "employed_region": Type.REGION,
            "is_employed_in_field": Type.TRUTH,
        },
    ),
    "years": (
        "year",
        {"year": Type.NUMBER, "months": Type.NUMBER, "level": Type.TEXT, "is_appraised": Type.TRUTH},
    ),
}
SUBJECTS: Mapping[str, str] = {singular: plural for plural, (singular, _types) in LISTS.items()}
# What goes on since a day is known no further than it is proved: the day since, and the fact that says how far.
PROVED_UNTIL: Mapping[str, str] = {"internship.employed_from": "employed_proved_until"}
HEADS: Mapping[str, str] = {  # of conduct, with what a facts file may call them as well
    "unlawful": "违法",
    "discipline": "重大违纪",
    "ethics": "违背职业操守",
    "industry": "违反行业管理规范",
}
_HEADS = {**{head: head for head in HEADS}, **{said: head for head, said in HEADS.items()}}
LEVELS = ("assistant", "social_worker", "senior")  # of the whole country; a place may keep further ones
RANKS = ("national", "provincial", "city", "county")
EMPLOYER_KINDS = (
    "agency", "station", "community", "public_institution", "civil_service", "state_enterprise",
)  # fmt: skip
ID_TYPES = (
    "resident_id", "hk_macao_permit", "taiwan_permit", "hk_macao_taiwan_residence", "passport", "foreign_residence",
)  # fmt: skip
# The words that a new text may use, and the facts that are said in them.
WORDS: Mapping[str, tuple[str, ...]] = {
    "heads": tuple(HEADS),
    "levels": LEVELS,
    "ranks": RANKS,
    "employer_kinds": EMPLOYER_KINDS,
    "id_types": ID_TYPES,
}
SAID_IN: Mapping[str, str] = {
    "qualification.level": "levels",
    "year.level": "levels",
    "title.rank": "ranks",
    "work.employer_kind": "employer_kinds",
    "person.id_type": "id_types",
}
CONDUCT: Mapping[str, Type] = {"head": Type.TEXT, "on": Type.DAY}
PAID = ("benefit", "key", "amount", "on", "policy", "is_loose")
MOST_ITEMS = 50  # qualifications, titles, … of one person
MOST_PAYMENTS = 200


def type_of(path: str) -> Type | None:
    """The type of a fact such as `qualification.issued_on`; None when the catalogue does not have it."""
    section, _dot, name = path.partition(".")
    if section in SECTIONS:
        return SECTIONS[section].get(name)
    return LISTS[SUBJECTS[section]][1].get(name) if section in SUBJECTS else None


def all_facts() -> tuple[str, ...]:
    """Every fact of the catalogue, as a policy writes it."""
    found = [f"{section}.{name}" for section, names in SECTIONS.items() for name in names]
    return (*found, *(f"{one}.{name}" for one, names in LISTS.values() for name in names))


@dataclass(frozen=True, slots=True)
class Paid:
    """What the ledger shows as paid. An empty `policy` means: by a policy that nobody named; `is_loose`: its key was
    typed, or is of another account, so that no record of this person need stand behind it."""

    benefit: str
    amount: Decimal
    key: str = ""  # the level, the title or the year that it was for
    on: datetime.date | None = None
    policy: str = ""
    is_loose: bool = False


@dataclass(frozen=True, slots=True)
class Breach:
    """One conduct record that stands."""

    head: str
    on: datetime.date | None


Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about one person on one day. A list that is None is not known."""

    sections: Mapping[str, Item]
    qualifications: tuple[Item, ...] | None = None
    titles: tuple[Item, ...] | None = None
    internships: tuple[Item, ...] | None = None
    years: tuple[Item, ...] | None = None
    conduct: tuple[Breach, ...] | None = None
    paid: tuple[Paid, ...] | None = None

    def subjects(self, singular: str) -> tuple[Item, ...] | None:
        """The things of this kind that a benefit may speak of."""
        found: tuple[Item, ...] | None = getattr(self, SUBJECTS[singular])
        return found


def read_facts(text: str) -> Facts:
    """The facts that a YAML text says. Raises SourceFault with every mistake in it."""
    source = Source(text)
    facts = facts_at(source.root)
    source.finish()
    return facts


NOTHING_KNOWN = Facts(MappingProxyType({}))


def facts_at(place: Place, base: Facts = NOTHING_KNOWN) -> Facts:
    """The facts at a place of a text, over those of `base`; mistakes are noted there."""
    parts = place.parts((*SECTIONS, *LISTS, "conduct", "paid"))
    sections = dict(base.sections)
    for name in SECTIONS:
        if name in parts:
            sections[name] = _over(sections.get(name, {}), parts[name], SECTIONS[name])
    found: dict[str, Any] = {name: _items(parts[name], LISTS[name][1]) for name in LISTS if name in parts}
    if "conduct" in parts:
        found["conduct"] = _conduct(parts["conduct"])
    if "paid" in parts:
        found["paid"] = _paid(parts["paid"])
    return replace(base, sections=MappingProxyType(sections), **found)


def _over(before: Item, place: Place, types: Mapping[str, Type]) -> Item:
    """The facts of a section over earlier ones: what is said to be unknown is so from now on."""
    if place.is_null():
        return {}
    parts = place.parts(types)
    kept = {name: value for name, value in before.items() if name not in parts}
    return {**kept, **_item(place, types)}


def _item(place: Place, types: Mapping[str, Type]) -> Item:
    if place.is_null():
        return {}
    return {name: _READ[types[name]](one) for name, one in place.parts(types).items() if not one.is_null()}


def _items(place: Place, types: Mapping[str, Type]) -> tuple[Item, ...] | None:
    return None if place.is_null() else tuple(_item(one, types) for one in place.few(MOST_ITEMS).items())


def _conduct(place: Place) -> tuple[Breach, ...] | None:
    if place.is_null():
        return None
    found = []
    for one in place.few(MOST_ITEMS).items():
        parts = one.parts(CONDUCT, ("head",))
        day = parts.get("on")
        known = day.day() if day and not day.is_null() else None
        head = parts["head"].choice(_HEADS) if "head" in parts else ""
        found.append(Breach(_HEADS.get(head, ""), known))
    return tuple(found)


def _paid(place: Place) -> tuple[Paid, ...] | None:
    if place.is_null():
        return None
    found = []
    for one in place.few(MOST_PAYMENTS).items():
        parts = one.parts(PAID, ("benefit", "amount"))
        said = {name: parts[name].text() for name in ("benefit", "key", "policy") if name in parts}
        found.append(
            Paid(
                said.get("benefit", ""),
                parts["amount"].money() if "amount" in parts else Decimal(0),
                said.get("key", ""),
                parts["on"].day() if "on" in parts and not parts["on"].is_null() else None,
                said.get("policy", ""),
                "is_loose" in parts and not parts["is_loose"].is_null() and parts["is_loose"].truth(),
            )
        )
    return tuple(found)
