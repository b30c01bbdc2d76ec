"""Reading requests: whom a trainee may ask and why not, what waits for a supervisor, the waiting list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy

from core.organisations.models import Organisation, Tier
from core.people.models import Person, ServiceField
from supervision.conflicts.queries import barred_for
from supervision.pairings.models import Pairing
from supervision.pairings.queries import leaders_of
from supervision.requests.models import PairingRequest
from supervision.requests.policy import Answer, Facts, may_ask
from supervision.requests.states import RequestState
from supervision.supervisors.models import Supervisor, province_of
from supervision.supervisors.queries import tiers_of

WORDS = {
    "self": gettext_lazy("This is you. Nobody supervises themselves."),
    "no_employer": gettext_lazy("Your employer is not confirmed yet. Name it in your profile first."),
    "elsewhere": gettext_lazy("%(name)s does not serve the place where you work."),
    "leads": gettext_lazy(
        "%(name)s administers your organisation. Choose somebody who does not decide about your work."
    ),
    "not_you": gettext_lazy("%(name)s cannot be your supervisor. Choose somebody else."),
    "paired": gettext_lazy("%(name)s supervises you already."),
    "asked": gettext_lazy("You have asked %(name)s already. The answer comes as a notice."),
    "takes_nobody": gettext_lazy("%(name)s takes no new mentees at present."),
    "too_many": gettext_lazy(
        "Three of your requests are open, which is the most. Withdraw one, or wait for an answer."
    ),
    "full": gettext_lazy("All places are taken. You can join the waiting list and would be the first in it."),
    "line": gettext_lazy("A place must become free first: %(waiting)s wait before you. You can join them."),
    "free": gettext_lazy("You can ask now."),
}


@dataclass(frozen=True)
class Choice:
    """A supervisor as one trainee sees them: what may be asked of them, and the sentence that says why."""

    supervisor: Supervisor
    tiers: tuple[str, ...]
    answer: Answer
    free: int
    waiting: int

    @property
    def why(self) -> str:
        words: Any = WORDS[self.answer.code]
        return str(words % {"name": self.supervisor.person.name, "waiting": self.waiting})


def supervisors_for(person: Person, *, name: str = "", field: str = "", district: str = "") -> QuerySet[Any]:
    """The supervisors who serve where the mentee works, those who can take somebody first. A name is looked for
    everywhere.

    `field` is a service field's code and `district` an organisation's path; what is not known finds nobody.
    """
    rows = Supervisor.objects.select_related("person", "organisation").prefetch_related(
        "designations", "fields"
    )
    if name:
        rows = rows.named(name)
    elif person.employer:
        rows = rows.serving(person.employer.path)
    else:
        rows = rows.none()
    if field:
        rows = rows.filter(pk__in=Supervisor.objects.filter(fields__code=field).values("pk"))
    if district:
        rows = rows.filter(organisation__path__startswith=district)
    return rows.order_by("-is_active", F("load") * 100 / (F("capacity") + 1), "code")


def choices_of(person: Person, supervisors: Iterable[Supervisor]) -> list[Choice]:
    """What this person may ask of each of them. Five queries for any number."""
    rows = list(supervisors)
    keys = [row.pk for row in rows]
    paired = set(
        Pairing.objects.open().filter(mentee=person, supervisor__in=keys).values_list("supervisor", flat=True)
    )
    asked = set(PairingRequest.objects.live().filter(mentee=person).values_list("supervisor", flat=True))
    barred = barred_for(person.pk)
    lines = line_lengths(keys)
    leaders = leaders_of(person.employer)
    here = serving_keys(rows, person.employer)
    found = []
    for row in rows:
        held, waiting = lines.get(row.pk, (0, 0))
        facts = Facts(
            is_self=row.pk == person.pk,
            leads=row.person.user_id in leaders,
            has_employer=person.employer is not None,
            serves_here=row.pk in here,
            barred=row.pk in barred,
            is_paired=row.pk in paired,
            has_asked=row.pk in asked,
            takes_new=row.is_active,
            free=row.places_free - held,
            waiting=waiting,
            open_requests=len(asked),
        )
        answer = may_ask(facts)
        found.append(Choice(row, tuple(tiers_of(row)), answer, max(facts.free, 0), waiting))
    return found


def serving_keys(supervisors: Iterable[Supervisor], employer: Organisation | None) -> set[int]:
    """Those of these supervisors who serve this place. One query."""
    if employer is None:
        return set()
    rows = Supervisor.objects.serving(employer.path).filter(pk__in=[row.pk for row in supervisors])
    return set(rows.order_by().values_list("pk", flat=True))


def line_lengths(supervisor_ids: Iterable[int]) -> Mapping[int, tuple[int, int]]:
    """For each supervisor, how many places are kept for an offer, and how many people wait. One query."""
    rows = PairingRequest.objects.live().filter(supervisor__in=list(supervisor_ids)).order_by()
    counted = rows.values("supervisor").annotate(
        held=Count("pk", filter=Q(state=RequestState.OPEN, is_offered=True)),
        waiting=Count("pk", filter=Q(state=RequestState.WAITING)),
    )
    return {row["supervisor"]: (row["held"], row["waiting"]) for row in counted}


def districts_for(person: Person) -> list[Organisation]:
    """The cities and districts of the mentee's province in which there are supervisors. Two queries."""
    province = province_of(person.employer)
    if not province:
        return []
    paths = Supervisor.objects.filter(organisation__path__startswith=province).order_by()
    above = {
        path
        for own in set(paths.values_list("organisation__path", flat=True))
        for path in Organisation.paths_above(own)
    }
    tiers = (Tier.CITY, Tier.COUNTY)
    rows = Organisation.objects.filter(path__startswith=province, tier__in=tiers)
    return [row for row in rows if row.path in above]


def fields_offered() -> QuerySet[ServiceField]:
    return ServiceField.objects.filter(is_active=True)


def place_in_line(request: PairingRequest) -> int:
    """The number at which a waiting request stands, from 1; 0 when it does not wait. One query."""
    if not request.is_waiting:
        return 0
    line = PairingRequest.objects.filter(
        supervisor=request.supervisor_id, state=RequestState.WAITING
    ).in_order()
    return list(line.values_list("pk", flat=True)).index(request.pk) + 1


@dataclass(frozen=True)
class Inbox:
    """What has been asked of a supervisor, and what a trainee has asked."""

    to_answer: list[PairingRequest]
    line: list[PairingRequest]
    mine: list[PairingRequest]


def inbox_of(person: Person | None) -> Inbox:
    """The live requests on both sides of this person, in the order of asking. One query."""
    if person is None:
        return Inbox([], [], [])
    rows = PairingRequest.objects.live().filter(Q(supervisor_id=person.pk) | Q(mentee=person))
    found = list(rows.select_related("supervisor__person", "mentee", "organisation").in_order())
    received = [row for row in found if row.supervisor_id == person.pk]
    return Inbox(
        to_answer=[row for row in received if row.is_open],
        line=[row for row in received if row.is_waiting],
        mine=[row for row in found if row.mentee_id == person.pk],
    )
