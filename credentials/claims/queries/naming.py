"""What is known of somebody, in words and side by side: as it was frozen with a claim, and as it is known today."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.sheets.words import list_words
from core.templatetags.times import day
from credentials.claims.models import Claim
from credentials.policies.models import PolicyVersion, SubsidyPolicy
from credentials.policies.policy.facts import CONDUCT, LISTS, SECTIONS, Type
from credentials.policies.queries.labels import (
    answer_label,
    fact_label,
    listed_label,
    region_label,
    value_label,
)
from credentials.policies.queries.words import said

# The facts that are days: they are frozen as ISO dates.
DAYS = {
    name
    for types in (*SECTIONS.values(), *(types for _singular, types in LISTS.values()), CONDUCT)
    for name, kind in types.items()
    if kind is Type.DAY
}
NOT_SAID = ("key", "is_loose")  # marks that mean nothing to a reader
Item = Mapping[str, Any]


@dataclass(frozen=True)
class Paid:
    """One payment: of which policy, by the name of its newest version where it is one of ours, and for what."""

    policy: str
    version: PolicyVersion | None
    words: str


@dataclass(frozen=True)
class Said:
    """What is said of one fact: in words, or as several things, each with its labels and values, or as payments."""

    words: str = ""
    things: tuple[tuple[tuple[str, str], ...], ...] = ()
    payments: tuple[Paid, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.things or self.payments)


@dataclass(frozen=True)
class FactRow:
    """One fact as it was frozen, and as it is known today; `is_said` where it rests on the claimant’s word."""

    label: str
    frozen: Said
    now: Said
    is_said: bool = False

    @property
    def is_changed(self) -> bool:
        return self.frozen != self.now


def fact_rows(frozen: Item, now: Item, said: Collection[str], called: PaidNames) -> list[FactRow]:
    """Every fact that is known then or now, side by side; `said` are the paths that rest on the claimant’s word, `called` what the
    codes in payments are called."""
    found = []
    for section, names in SECTIONS.items():
        for name in names:
            before, after = frozen.get(section, {}).get(name), now.get(section, {}).get(name)
            if before is not None or after is not None:
                path = f"{section}.{name}"
                there, here = (Said(_value(path, one)) for one in (before, after))
                found.append(FactRow(listed_label(path), there, here, path in said))
    for plural, (singular, _types) in LISTS.items():
        there, here = (_things(facts.get(plural), singular) for facts in (frozen, now))
        if there or here:
            is_said = any(path.startswith(f"{singular}.") for path in said)
            found.append(FactRow(fact_label(singular), there, here, is_said))
    for name, words in (("conduct", _breaches), ("paid", called.said_of)):
        there, here = (words(facts.get(name) or ()) for facts in (frozen, now))
        if there or here:
            none = Said(_("none"))
            found.append(FactRow(fact_label(name), there or none, here or none))
    return found


@dataclass(frozen=True)
class PaidNames:
    """What the codes in payments are called: policies by their code, each with its newest version, and titles by their key."""

    versions: Mapping[str, PolicyVersion]
    titles: Mapping[str, str]

    def said_of(self, items: Iterable[Item]) -> Said:
        return Said(payments=tuple(self._paid(one) for one in items))

    def _paid(self, item: Item) -> Paid:
        version = self.versions.get(item.get("policy", ""))
        policy = version.policy() if version else None
        benefit = policy.benefit(item.get("benefit", "")) if policy else None
        key = item.get("key", "")
        words = (
            said(benefit.words) if benefit else item.get("benefit", ""),
            self.titles.get(key) or value_label(key),
            f"¥{item['amount']}" if item.get("amount") else "",
            _value("paid.on", item["on"]) if item.get("on") else "",
        )
        name = said(policy.name) if policy else str(item.get("policy", ""))
        return Paid(name, version, " · ".join(one for one in words if one))


def paid_names(claim: Claim, now: Item) -> PaidNames:
    """The names for what was paid, as it was frozen with the claim and as it is known `now`; of the
    claim’s own policy the version by which it was asked. Two queries where something was paid, else none."""
    codes = {one.get("policy", "") for facts in (claim.facts, now) for one in facts.get("paid") or ()} - {""}
    rows = (
        SubsidyPolicy.objects.select_related("organisation")
        .filter(code__in=codes, versions__isnull=False)
        .distinct()
    )
    found = rows.prefetch_related("versions").order_by("pk") if codes else ()
    versions = {row.code: latest for row in found if (latest := row.latest())}
    own = claim.version
    titles = [one for facts in (claim.facts, now) for one in facts.get("titles") or ()]
    named = {one.get("key", ""): str(one.get("name", "")) for one in titles}
    return PaidNames(versions | {own.subsidy.code: own}, named)


def _things(items: Iterable[Item] | None, singular: str) -> Said:
    """Several things, each with the name and the value of what is said of it."""
    things = (
        tuple(
            (listed_label(path), _value(path, value))
            for name, value in item.items()
            if name not in NOT_SAID and (path := f"{singular}.{name}")
        )
        for item in items or ()
    )
    return Said(things=tuple(one for one in things if one))


def _breaches(items: Iterable[Item]) -> Said:
    lines = (list_words(_value(f"conduct.{name}", value) for name, value in item.items()) for item in items)
    return Said("\n".join(lines))


def _value(path: str, value: Any) -> str:
    """The value of a frozen fact in the reader’s language."""
    name = path.rpartition(".")[2]
    if value is None:
        return _("not known")
    if name in DAYS:
        return day(datetime.date.fromisoformat(str(value)))
    if isinstance(value, list):
        return list_words(value_label(each) for each in value)
    if "region" in name or name == "residence":
        return region_label(str(value))
    return answer_label(path, value)
