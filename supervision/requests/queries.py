"""Reading requests: whom a trainee may ask and why not, what waits for a supervisor, the waiting list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy

from core.organisations.models import Organisation, Tier
from core.people.models import Person, ServiceField
from core.people.words import words_of
from supervision.conflicts.queries import barred_for
from supervision.pairings.models import Pairing
from supervision.pairings.queries import leaders_of
from supervision.requests.models import PairingRequest
from supervision.requests.policy import Answer, Facts, may_ask
from supervision.requests.states import RequestState
from supervision.supervisors.models import Speciality, Supervisor
from supervision.supervisors.queries import tiers_of

MOST_OFFERED = 40  # words to choose from
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
    common: tuple[str, ...] = ()  # the languages that both speak

    @property
    def why(self) -> str:
        words: Any = WORDS[self.answer.code]
        return str(words % {"name": self.supervisor.person.name, "waiting": self.waiting})


@dataclass(frozen=True)
class Sought:
    """What a trainee looks for in a supervisor; what is empty is not asked for. `field` is a service field's code and
    `district` an organisation's path; of `languages` one is enough; `room` is "now" (a place is free for the asking) or
    "month" (and this month is not full by the supervisor's own figure)."""

    name: str = ""
    field: str = ""
    speciality: str = ""
    population: str = ""
    languages: tuple[str, ...] = ()
    form: str = ""
    district: str = ""
    room: str = ""


def supervisors_for(person: Person, sought: Sought | None = None) -> QuerySet[Any]:
    """The supervisors who serve where the mentee works, those who can take somebody first. A name is looked for
    everywhere. What is not known finds nobody.
    """
    sought = sought or Sought()
    rows = with_public_profile()
    if sought.name:
        rows = rows.named(sought.name)
    elif person.employer:
        rows = rows.serving(person.employer.path)
    else:
        rows = rows.none()
    if sought.field:
        rows = rows.filter(pk__in=Supervisor.objects.filter(fields__code=sought.field).values("pk"))
    if sought.speciality:
        rows = rows.filter(pk__in=Speciality.objects.filter(name=sought.speciality).values("supervisor"))
    if sought.population:
        rows = rows.with_word("populations", sought.population)
    if sought.languages:
        rows = rows.with_word("languages", *sought.languages)
    if sought.form:
        rows = rows.offering(sought.form)
    if sought.district:
        rows = rows.filter(organisation__path__startswith=sought.district)
    if sought.room:
        rows = _with_room(rows, month=sought.room == "month")
    return rows.order_by("-is_active", F("load") * 100 / (F("capacity") + 1), "code")


def with_public_profile() -> Any:
    """The supervisors with what everybody sees of them who looks for one."""
    rows = Supervisor.objects.with_month().select_related("person", "organisation")
    return rows.prefetch_related("designations", "fields", "specialities")


def _with_room(rows: Any, *, month: bool) -> Any:
    """Those of whom one can ask at once: a place is free that is kept for nobody, and nobody waits. With `month` only
    those whose month is not full; that is one query more."""
    live = PairingRequest.objects.filter(supervisor=OuterRef("pk")).order_by()
    kept = live.filter(state=RequestState.OPEN, is_offered=True).values("supervisor").annotate(n=Count("pk"))
    rows = rows.filter(~Exists(live.filter(state=RequestState.WAITING)), is_active=True)
    rows = rows.filter(capacity__gt=F("load") + Coalesce(Subquery(kept.values("n")), 0))
    return rows.exclude(pk__in=rows.full_this_month()) if month else rows


@dataclass(frozen=True)
class Offered:
    """The words by which the supervisors in somebody's reach can be found, the most frequent first, with how many have
    them."""

    populations: list[tuple[str, int]]
    languages: list[tuple[str, int]]
    specialities: list[tuple[str, int]]


def words_offered(person: Person) -> Offered:
    """What the supervisors say of themselves who serve where this person works. Two queries."""
    if person.employer is None:
        return Offered([], [], [])
    rows = Supervisor.objects.active().serving(person.employer.path).order_by()
    said = list(rows.values_list("populations", "languages"))
    named = Speciality.objects.filter(supervisor__in=rows.values("pk")).order_by()
    return Offered(
        populations=Counter(word for text, _ in said for word in words_of(text)).most_common(MOST_OFFERED),
        languages=Counter(word for _, text in said for word in words_of(text)).most_common(MOST_OFFERED),
        specialities=Counter(named.values_list("name", flat=True)).most_common(MOST_OFFERED),
    )


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
    mine = set(words_of(person.languages))
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
        common = tuple(word for word in words_of(row.languages) if word in mine)
        found.append(Choice(row, tuple(tiers_of(row)), answer, max(facts.free, 0), waiting, common))
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
    """The cities and districts in which the supervisors work who serve the mentee's place. Two queries."""
    if person.employer is None:
        return []
    rows = Supervisor.objects.active().serving(person.employer.path).order_by()
    above = {
        path
        for own in set(rows.values_list("organisation__path", flat=True))
        for path in Organisation.paths_above(own)
    }
    return list(Organisation.objects.filter(path__in=above, tier__in=(Tier.CITY, Tier.COUNTY)))


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
