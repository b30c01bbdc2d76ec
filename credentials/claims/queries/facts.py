"""What the records know about people, in the words of the policies: the same for one page and for a million people.

Only what is verified counts: a declared certificate, a commendation that was struck off or a conduct record that was
lifted says nothing. What no record knows is left out, and so is unknown to every policy.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db.models import Q

from core.organisations.models import Kind, Organisation
from core.people.models import Person
from credentials.claims.models import Claim, PaymentEntry
from credentials.claims.models.ledger import payment_of
from credentials.claims.states import EntryKind
from credentials.commendations.models import Commendation
from credentials.commendations.states import CommendationState
from credentials.conduct.models import ConductRecord
from credentials.internships.queries import internship_facts_of
from credentials.manual_entries.policy import plain_title
from credentials.policies.policy import Facts, Paid
from credentials.policies.policy.facts import Breach
from credentials.qualifications.models import QualificationRecord, RegistrationPeriod

# What a kind of organisation says about the kind of employer; of the others it says nothing that a policy could rest on.
EMPLOYER_KINDS: Mapping[str, str] = {Kind.STATION: "station", Kind.AGENCY: "agency"}
CHUNK = 2000
TITLE = "commendation-"  # how the key of a title on record begins


@dataclass(frozen=True)
class Workplace:
    """Where an organisation stands: its region (six digits, its own or that of the nearest above) and its kind."""

    region: str
    kind: str


def workplaces() -> dict[int, Workplace]:
    """Every organisation by its key. One query; the region of a street is that of its district."""
    found: dict[int, Workplace] = {}
    regions: dict[str, str] = {}
    rows = Organisation.objects.order_by("path").values_list("pk", "path", "region_id", "kind")
    for pk, path, region, kind in rows:
        above = regions.get(path[: -Organisation.steplen], "")
        regions[path] = (region or "")[:6] or above
        found[pk] = Workplace(regions[path], EMPLOYER_KINDS.get(kind, ""))
    return found


def facts_of_all(
    person_ids: Iterable[int], on: datetime.date, *, places: Mapping[int, Workplace] | None = None
) -> dict[int, Facts]:
    """What is known of each of these people on this day. Eleven queries, however many people there are (give a chunk)."""
    ids = list(person_ids)
    known = places if places is not None else workplaces()
    people = Person.objects.filter(pk__in=ids).order_by()
    rows = list(people.values_list("pk", "id_type", "employer_id", "id_hash"))
    lists = _Lists({pk: number or "" for pk, _type, _employer, number in rows}, on)
    return {pk: _facts(pk, id_type, known.get(employer), lists) for pk, id_type, employer, _number in rows}


def facts_of(person: Person, on: datetime.date, *, without: Claim | None = None) -> Facts:
    """What is known of one person; `without` leaves out what is granted by this claim itself."""
    workplace = _workplace_of(person.employer) if person.employer else None
    lists = _Lists({person.pk: person.id_hash or ""}, on, without=without)
    return _facts(person.pk, person.id_type, workplace, lists)


def titles_of(person: Person) -> dict[str, str]:
    """The titles of one person by the key that claims and payments call them by. One query."""
    rows = Commendation.objects.filter(person=person).values_list("pk", "title")
    return {f"{TITLE}{pk}": title for pk, title in rows}


def _workplace_of(organisation: Organisation) -> Workplace:
    region = organisation.region_id or ""
    if not region:
        above = Organisation.paths_above(organisation.path)
        near = Organisation.objects.filter(path__in=above, region__isnull=False).order_by("-path")
        region = near.values_list("region_id", flat=True).first() or ""
    return Workplace(region[:6], EMPLOYER_KINDS.get(organisation.kind, ""))


def _facts(pk: int, id_type: str, workplace: Workplace | None, lists: _Lists) -> Facts:
    work: dict[str, Any] = {}
    if workplace and workplace.region:
        work["region"] = workplace.region
    if workplace and workplace.kind:
        work["employer_kind"] = workplace.kind
    if fields := lists.fields.get(pk):
        work["fields"] = tuple(fields)
    person = {"id_type": id_type} if id_type else {}
    return Facts(
        sections=MappingProxyType({"person": person, "work": work}),
        qualifications=tuple(lists.qualifications.get(pk, ())),
        titles=tuple(lists.titles.get(pk, ())),
        internships=lists.internships.get(pk, ()),
        conduct=tuple(lists.conduct.get(pk, ())),
        paid=tuple(lists.paid.get(pk, ())),
    )


class _Lists:
    """What there are several of, read at once for all these people; `numbers` are the keyed hashes of their ID numbers."""

    def __init__(
        self, numbers: Mapping[int, str], on: datetime.date, *, without: Claim | None = None
    ) -> None:
        self.ids, self.asked, self.on = list(numbers), set(numbers), on
        self.by_number = {number: pk for pk, number in numbers.items() if number}
        self.fields = self._fields()
        self.qualifications = self._qualifications()
        self.title_keys: dict[str, str] = {}  # of each row: that of the first row of the same title
        self.title_names: dict[str, str] = {}
        self.on_record: set[str] = set()  # titles that are registered, not only struck off
        self.titles = self._titles()
        self.internships = internship_facts_of(self.ids)
        self.conduct = self._conduct()
        self.paid = self._paid(without)

    def _fields(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        through = Person.fields.through.objects.filter(person__in=self.ids)
        for pk, name in through.order_by("servicefield__position").values_list(
            "person_id", "servicefield__name"
        ):
            found[pk].append(name)
        return found

    def _qualifications(self) -> dict[int, list[Mapping[str, Any]]]:
        periods = RegistrationPeriod.objects.on(self.on).filter(state="verified", person__in=self.ids)
        registered = set(periods.order_by().values_list("person_id", "level_id"))
        found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        rows = QualificationRecord.objects.verified().filter(person__in=self.ids)
        for pk, level, code, number, issued_on in rows.order_by("issued_on", "pk").values_list(
            "person_id", "level_id", "level__code", "number", "issued_on"
        ):
            item = {"level": code, "number": number, "issued_on": issued_on, "is_verified": True}
            found[pk].append(item | ({"is_registered": True} if (pk, level) in registered else {}))
        return found

    def _titles(self) -> dict[int, list[Mapping[str, Any]]]:
        found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        first: dict[tuple[int, str, str, int], int] = {}
        rows = Commendation.objects.filter(person__in=self.ids).order_by("year", "pk")
        for pk, row, title, rank, issuer, year, state in rows.values_list(
            "person_id", "pk", "title", "rank", "issuer", "year", "state"
        ):
            # Struck off and registered anew it is the same title, however it is written.
            same = pk, plain_title(title), plain_title(issuer), year
            key = f"{TITLE}{first.setdefault(same, row)}"
            self.title_keys[f"{TITLE}{row}"], self.title_names[key] = key, title
            item = {"key": key, "name": title, "rank": rank, "issuer": issuer, "year": year}
            if state == CommendationState.REGISTERED and key not in self.on_record:
                self.on_record.add(key)
                # The register holds titles of people only.
                found[pk].append(item | {"is_to_individual": True})
        return found

    def _conduct(self) -> dict[int, list[Breach]]:
        found: dict[int, list[Breach]] = defaultdict(list)
        rows = ConductRecord.objects.standing().filter(person__in=self.ids)
        for pk, head, day in rows.order_by("occurred_on", "pk").values_list(
            "person_id", "head", "occurred_on"
        ):
            found[pk].append(Breach(head, day))
        return found

    def _paid(self, without: Claim | None) -> dict[int, list[Paid]]:
        """What the ledger shows, one line for each thing and year, and what is granted and not paid yet: nobody is granted
        the same twice while the money is on its way."""
        rows = self._payments(without)
        sums: dict[tuple[int, Paid, int], Decimal] = defaultdict(Decimal)
        days: dict[tuple[int, Paid, int], datetime.date] = {}
        names = _names_of({row[5] for row in rows if row[0] not in self.asked})
        paid_on = {source: day for *_others, day, source in rows if day}
        for holder, number, kind, policy, benefit, key, amount, day, source in rows:
            # What came back is taken off the year in which it was paid.
            is_back = kind == EntryKind.REVERSED
            on = (paid_on.get(payment_of(source), day) if is_back else day) or self.on
            for pk in {holder, self.by_number.get(number, holder)} & self.asked:
                called, is_loose = self._paid_for(key, kind, is_own=pk == holder, names=names)
                what = pk, Paid(benefit, Decimal(0), called, None, policy, is_loose), on.year
                sums[what] += amount
                days[what] = on
        found: dict[int, list[Paid]] = defaultdict(list)
        for what, amount in sums.items():
            if amount > 0:
                found[what[0]].append(replace(what[1], amount=amount, on=days[what]))
        return found

    def _payments(self, without: Claim | None) -> list[tuple[Any, ...]]:
        """The lines of the ledger that count, and what is due; what went to another account with their ID number is theirs as
        well. Two queries."""
        theirs = Q(person__in=self.ids) | Q(id_hash__in=list(self.by_number))
        entries = PaymentEntry.objects.filter(theirs).standing().order_by("on", "pk")
        due = Claim.objects.due().filter(theirs).order_by()
        due = due.exclude(pk=without.pk) if without else due
        owner = ("person_id", "id_hash")
        return [
            *entries.values_list(*owner, "kind", "policy", "benefit", "key", "amount", "on", "source"),
            *due.values_list(
                *owner, "state", "version__subsidy__code", "benefit", "key", "amount", "claimed_on", "state"
            ),
        ]

    def _paid_for(self, key: str, kind: str, *, is_own: bool, names: Mapping[str, str]) -> tuple[str, bool]:
        """What a payment was for, as decisions call it; and whether no record of this person stands behind that."""
        if not key.startswith(TITLE):
            return key, kind == EntryKind.EARLIER
        if not is_own:
            return names.get(key, key), True
        first = self.title_keys.get(key, key)
        if first in self.on_record:
            return first, False
        # Struck off: what is registered may be the same, corrected.
        return self.title_names.get(first, key), True


def _names_of(keys: set[str]) -> dict[str, str]:
    """What titles on record are called, by their keys: those of another account of the same person. One query, and none where
    there are none."""
    numbers = [key.removeprefix(TITLE) for key in keys if key.startswith(TITLE)]
    rows = Commendation.objects.filter(pk__in=[one for one in numbers if one.isdecimal()]) if numbers else ()
    return {f"{TITLE}{row.pk}": row.title for row in rows}
