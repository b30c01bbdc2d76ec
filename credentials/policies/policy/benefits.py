"""The benefits of a policy and how much each is worth: per level, per title, per month or year, once, or in kind."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from credentials.policies.policy.conditions import Condition
from credentials.policies.policy.dates import whole_months
from credentials.policies.policy.facts import Item, Paid
from credentials.policies.policy.formats import AS_FIRST, Reading
from credentials.policies.policy.source import Words
from credentials.policies.states import Kind

ANY = "any"  # one amount for all
# When a year is paid: once it is over; once the months are over that it is paid for; or while they still run.
AFTER_YEAR, AFTER_MONTHS, WITHIN_YEAR = "after_year", "after_months", "within_year"
PAYS = (AFTER_YEAR, AFTER_MONTHS, WITHIN_YEAR)
PER_POLICY, PER_YEAR = "policy", "year"
ZERO = Decimal(0)

# What a benefit of each kind speaks of, and the fact that says which amount applies.
SUBJECT_OF: Mapping[Kind, str] = {
    Kind.HIGHEST_LEVEL: "qualification",
    Kind.PER_EVENT: "title",
    Kind.RECURRING: "year",
    Kind.ONCE: "internship",
    Kind.IN_KIND: "",
}
_AMOUNT_BY: Mapping[str, str] = {
    "qualification": "level",
    "title": "rank",
    "year": "level",
    "internship": "",
    "": "",
}
_KEY_BY: Mapping[str, tuple[str, ...]] = {
    "qualification": ("level",),
    "title": ("key", "name", "year"),
    "year": ("year",),
    "internship": (),
    "": (),
}


@dataclass(frozen=True)
class Document:
    """A paper that a claim needs."""

    name: str
    words: Words
    when: str = ""  # only for claims of this key


@dataclass(frozen=True)
class Benefit:
    """One thing that a policy gives, to whom, and how much."""

    name: str
    kind: Kind
    words: Words
    article: str
    amounts: Mapping[str, Decimal]
    needs: tuple[Condition, ...]
    about: tuple[Condition, ...] = ()  # which of several subjects it speaks of at all
    subject: str = ""
    top_up: str = "difference"  # or "none": nothing after a lower level; or "full": each level by itself
    cap: Decimal | None = None  # over everything that this policy pays to somebody
    cap_of: tuple[str, ...] = ()  # or only over these benefits
    cap_per: str = PER_POLICY  # or over what is paid in the calendar year of the claim
    most_times: int | None = None
    monthly: bool = False
    pays: str = AFTER_YEAR  # of a year: see PAYS
    documents: tuple[Document, ...] = ()
    reading: Reading = AS_FIRST
    in_force: tuple[datetime.date, datetime.date | None] | None = (
        None  # the policy's own time, where it is read so that only its months count
    )

    @property
    def is_one_sum(self) -> bool:
        """Whether whatever was paid of it counts against each claim, not only what was paid for the same key."""
        return self.kind is Kind.ONCE or (self.kind is Kind.HIGHEST_LEVEL and self.top_up != "full")

    @property
    def checks(self) -> int:
        """How many checks one decision about it takes."""
        return 1 + sum(condition.checks for condition in (*self.about, *self.needs))

    def is_for(self, key: str, paid_for: str) -> bool:
        """Whether what was paid under a key was for this one. Where one amount stands for all, nothing says which of them it was
        that was paid as `any`: it counts against each, where it is read so."""
        return paid_for == key or (self.reading.counts_any and paid_for == ANY and ANY in self.amounts)

    def months_in(self, year: int) -> range:
        """The months of a year that can be paid: those that lie within the policy's own time as a whole."""
        return whole_months(year, *self.in_force) if self.in_force else range(1, 13)

    def key_of(self, item: Item | None) -> str:
        """What the ledger calls this claim: the level, the title, the year; empty where there can be but one."""
        names = _KEY_BY[self.subject]
        if item is None or not names:
            return ""
        if self.subject == "title" and item.get("key"):
            return str(item["key"])
        return "·".join(str(item[name]) for name in names if item.get(name) is not None)

    def is_called(self, key: str) -> bool:
        """Whether a claim of it can be called so, whoever says it: a level or a year. A title is only what is on record."""
        if self.subject == "qualification":
            return ANY in self.amounts or key in self.amounts
        return self.subject != "title" and (self.subject != "year" or (key.isdecimal() and len(key) == 4))


class Worth(NamedTuple):
    """What a claim comes to. `entitled` is None where the amount cannot be known; `due` where that or the past is not."""

    entitled: Decimal | None
    paid: Decimal | None
    due: Decimal | None
    code: str
    values: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Past:
    """What was paid to somebody before under this policy or those that it follows."""

    lines: tuple[Paid, ...]
    policies: frozenset[str]

    def of(self, benefit: str) -> list[Paid]:
        return [line for line in self.lines if line.benefit == benefit and self._counts(line)]

    def untied(self, benefit: Benefit) -> list[Paid]:
        """What was paid of it without a record that says for what. Where it is one sum all of it counts anyway."""
        if benefit.is_one_sum:
            return []
        return [one for one in self.of(benefit.name) if one.is_loose and not benefit.is_called(one.key)]

    def under_cap(self, benefit: Benefit, on: datetime.date) -> tuple[Decimal, bool]:
        """What counts against the cap of this benefit on this day, and whether some of it bears no day that would say so."""
        lines = [
            line
            for line in self.lines
            if self._counts(line) and (not benefit.cap_of or line.benefit in benefit.cap_of)
        ]
        if benefit.cap_per != PER_YEAR:
            return total(lines), False
        dated = [line for line in lines if line.on and line.on.year == on.year]
        return total(dated), any(line.on is None and line.amount for line in lines)

    def _counts(self, line: Paid) -> bool:
        return not line.policy or line.policy in self.policies


def total(lines: Iterable[Paid]) -> Decimal:
    return sum((line.amount for line in lines), ZERO)


def entitlement(benefit: Benefit, item: Item | None) -> tuple[Decimal | None, str]:
    """What the text gives for this, before anything that was paid, and "" or why there is none."""
    if benefit.kind is Kind.IN_KIND:
        return ZERO, ""
    amount = benefit.amounts.get(ANY)
    if amount is None:
        name = _AMOUNT_BY[benefit.subject]
        said = item.get(name) if item else None
        if said is None:
            return None, "amount_not_known"
        amount = benefit.amounts.get(str(said))
        if amount is None:
            return ZERO, "no_amount"
    if benefit.monthly:
        months = item.get("months") if item else None
        if months is None:
            return None, "amount_not_known"
        year = item.get("year") if item else None
        most = (
            0 if year is None else len(benefit.months_in(year))
        )  # none: it is refused for the year, not for the sum
        amount *= min(int(months), most or 12)
    return amount, ""


def worth(benefit: Benefit, item: Item | None, past: Past | None, on: datetime.date) -> Worth:
    """What this claim comes to: the entitlement less what the ledger shows as paid, and never over the caps."""
    entitled, why = entitlement(benefit, item)
    if benefit.kind is Kind.IN_KIND:
        return Worth(ZERO, ZERO, ZERO, "in_kind")
    if why:
        return Worth(entitled, None, entitled, why)
    assert entitled is not None
    if past is None:
        return Worth(entitled, None, None, "past_not_known", {"entitled": entitled})
    key, lines = benefit.key_of(item), past.of(benefit.name)
    before = total(line for line in lines if benefit.is_one_sum or benefit.is_for(key, line.key))
    values = {"entitled": entitled, "paid": before}
    is_over = bool(before) and benefit.is_one_sum and benefit.top_up == "none"
    due = ZERO if is_over else max(entitled - before, ZERO)
    if not due:
        return Worth(entitled, before, ZERO, "paid_already", values)
    others = {line.key for line in lines if not benefit.is_for(key, line.key) and line.amount}
    if benefit.most_times is not None and len(others) >= benefit.most_times:
        return Worth(entitled, before, ZERO, "often_enough", values | {"times": benefit.most_times})
    found = Worth(entitled, before, due, "difference" if before else "full", values)
    return found if benefit.cap is None else _capped(benefit, past, on, found)


def _capped(benefit: Benefit, past: Past, on: datetime.date, found: Worth) -> Worth:
    """The same, never over the cap; not known where a payment without a day may count against it."""
    assert benefit.cap is not None and found.due is not None
    counted, is_undated = past.under_cap(benefit, on)
    left = max(benefit.cap - counted, ZERO)
    values = {**found.values, "cap": benefit.cap, "total": counted}
    if not left:
        return found._replace(due=ZERO, code="cap_reached", values=values)
    if is_undated:
        return found._replace(due=None, code="cap_undated", values=values)
    return found if found.due <= left else found._replace(due=left, code="capped", values=values)
