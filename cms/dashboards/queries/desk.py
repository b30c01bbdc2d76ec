"""What stands on a person's desk: gathered through the public doors of the apps below, decided there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.dashboards.queries.work import Work, work_of
from core.access.scope import Asker, scope_of
from core.access.states import DESK, READERS, Role
from core.jobs.models import Job
from core.organisations.actions import AUTHORS, EDITORS
from core.people.models import Person
from credentials.public import (
    Claimable,
    HoursAtDesk,
    OpenClaim,
    certificates_of,
    claimable_of,
    hours_at_desk,
    interns_to_sign,
    open_claims_of,
)
from lms.public import (
    EnrolmentCard,
    NextClass,
    SurveyCard,
    TaughtCohort,
    classes_of,
    cohorts_for,
    deadlines_of,
    enrolments_of,
    has_courses,
    surveys_waiting_for,
    taught_for,
)
from supervision.public import PairingFact, WayFact, pairings_of, ways_of

COHORTS_SHOWN, JOBS_SHOWN, PAST_SHOWN = 6, 4, 3
CLASS_DAYS, CLASSES_READ = timedelta(days=7), 20


@dataclass(frozen=True)
class Due:
    """Something with a date that this person should know of."""

    on: date
    label: str
    url: str


@dataclass(frozen=True)
class Declared:
    """An employer that was declared and waits for the word of an administrator there."""

    organisation: str
    since: datetime


@dataclass(frozen=True)
class Learning:
    """A course that goes on, and until when: the last day of the cohort, or an earlier one that a pathway sets."""

    card: EnrolmentCard
    due_on: date | None
    is_of_pathway: bool


@dataclass(frozen=True)
class TraineeDesk:
    """Learning: what goes on, what waits, what was earned."""

    learning: list[Learning]
    waiting: list[Any]
    past: list[Any]
    due: list[Due]
    certificates: list[Any]
    hours: HoursAtDesk
    claimable: Claimable | None = None
    claims: Sequence[OpenClaim] = ()
    declared: Declared | None = None
    lacks_profile: bool = False

    @property
    def is_new(self) -> bool:
        return not (self.learning or self.waiting or self.past)


@dataclass(frozen=True)
class SupervisionDesk:
    """Supervision from both sides; `hours` are those given and received, by kind. `ways` is None for whoever has a
    supervisor or is one; for others it says what they have asked for, and which rounds are open to them."""

    mentees: list[PairingFact]
    supervisors: list[PairingFact]
    is_supervisor: bool
    hours: HoursAtDesk | None
    ways: list[WayFact] | None = None
    interns: int = 0  # internships that wait for this supervisor's signature

    @property
    def seeks(self) -> bool:
        """Whether a supervisor is still to be found."""
        return self.ways is not None

    @property
    def to_confirm(self) -> int:
        """How many sessions wait for this person's word as mentee."""
        return sum(pairing.waiting for pairing in self.supervisors)

    @property
    def confirm_url(self) -> str:
        """Where they wait: at the one supervisor, or in the list of all."""
        found = [pairing.url for pairing in self.supervisors if pairing.waiting]
        return found[0] if len(found) == 1 else reverse("supervision:home")

    @property
    def unconfirmed(self) -> int:
        """How many logged sessions wait for the word of the mentees."""
        return sum(pairing.waiting for pairing in self.mentees)

    @property
    def first(self) -> PairingFact | None:
        """The mentee for whom a session is most likely recorded next."""
        return next((pairing for pairing in self.mentees if pairing.log_url), None)


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    icon: str


@dataclass(frozen=True)
class OfficeDesk:
    """One office role: where it is held, and what it leads to."""

    role: str
    label: str
    places: list[str]
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True)
class Desk:
    """Everything on one page. A part that is not this person's is None or empty."""

    trainee: TraineeDesk | None
    supervision: SupervisionDesk | None
    offices: list[OfficeDesk]
    cohorts: list[Any]
    jobs: list[Job]
    work: list[Work] = field(default_factory=list)
    surveys: list[SurveyCard] = field(default_factory=list)
    taught: list[TaughtCohort] = field(default_factory=list)
    may_open: bool = False  # no cohort yet, but a course that one could be opened for

    @property
    def works(self) -> bool:
        """Whether things come to this desk to be decided, marked, answered or paid."""
        return any(
            office.role in (Role.ADMINISTRATOR, Role.INSTRUCTOR, Role.FINANCE) for office in self.offices
        )

    @property
    def cohorts_at(self) -> str:
        """The first role that decides on cohorts or reads them; they stand there once, whatever other roles there are."""
        return next((office.role for office in self.offices if office.role in READERS), "")

    @property
    def supervision_first(self) -> bool:
        """A supervisor who learns nothing at the moment sees the supervision on top."""
        return bool(
            self.supervision and self.supervision.is_supervisor and self.trainee and self.trainee.is_new
        )


def desk_of(user: Asker) -> Desk:
    """The desk of a signed-in user, a part for each role held today; whoever holds none is looked after as a trainee."""
    person: Person | None = getattr(user, "person", None)
    places: dict[str, list[str]] = {}
    for role, place in scope_of(user).places:
        places.setdefault(role, []).append(place)
    cards = enrolments_of(person) if person else []
    learns = Role.TRAINEE in places or not places or bool(cards)
    supervises = Role.SUPERVISOR in places
    writes = bool(places.keys() & DESK) and _writes_pages(user)
    offices = [_office(role, places[role], writes) for role in Role.values if role in places and role in DESK]
    cohorts = cohorts_for(user, limit=COHORTS_SHOWN) if places.keys() & READERS else []
    trainee = _trainee(person, cards) if learns else None
    return Desk(
        trainee=trainee,
        supervision=_supervision(person, supervises, trainee, user) if learns or supervises else None,
        offices=offices,
        cohorts=cohorts,
        jobs=list(Job.objects.visible_to(user)[:JOBS_SHOWN]) if places.keys() & READERS else [],
        work=work_of(user, places),
        surveys=surveys_waiting_for(user),
        taught=taught_for(user, limit=COHORTS_SHOWN) if Role.INSTRUCTOR in places else [],
        may_open=Role.ADMINISTRATOR in places and not cohorts and has_courses(),
    )


def _trainee(person: Person | None, cards: list[Any]) -> TraineeDesk:
    if person is None:
        return TraineeDesk([], [], [], [], [], HoursAtDesk())
    learning = [card for card in cards if card.is_learning]
    deadlines = deadlines_of(person, cards) if learning else {}
    ended = [card for card in cards if card.is_past]
    return TraineeDesk(
        learning=[_learning(card, deadlines.get(card.course_id)) for card in learning],
        waiting=sorted((card for card in cards if card.is_waiting), key=lambda card: card.urgency),
        past=ended[:PAST_SHOWN],
        due=_due(cards, person, deadlines),
        certificates=certificates_of(person),
        hours=hours_at_desk(person),
        claimable=claimable_of(person, timezone.localdate()),
        claims=open_claims_of(person, timezone.localdate()),
        declared=_declared(person),
        lacks_profile=person.practice_started_on is None
        or not (person.employer_id or person.declared_employer_id),
    )


def _supervision(
    person: Person | None, supervises: bool, trainee: TraineeDesk | None, user: Asker
) -> SupervisionDesk | None:
    """The hours are read once for the whole page. Who learns and has nobody is shown the ways to a supervisor."""
    if person is None:
        return None
    pairings = pairings_of(person)
    return SupervisionDesk(
        mentees=sorted((pairing for pairing in pairings if pairing.is_supervisor), key=_longest_without),
        supervisors=[pairing for pairing in pairings if not pairing.is_supervisor],
        is_supervisor=supervises,
        hours=None if trainee else hours_at_desk(person),
        ways=None if pairings or supervises else ways_of(person),
        interns=interns_to_sign(user) if supervises else 0,
    )


def _longest_without(pairing: PairingFact) -> tuple[bool, date]:
    """Who has not been seen for longest stands first: whoever had no session yet, then by the day of the last one."""
    return pairing.last_on is not None, pairing.last_on or pairing.starts_on


def _declared(person: Person) -> Declared | None:
    if person.declared_employer is None or person.declared_at is None:
        return None
    return Declared(person.declared_employer.name, person.declared_at)


def _learning(card: EnrolmentCard, deadline: date | None) -> Learning:
    if deadline is not None and (card.ends_on is None or deadline < card.ends_on):
        return Learning(card, deadline, is_of_pathway=True)
    return Learning(card, card.ends_on, is_of_pathway=False)


def _next_classes(person: Person) -> list[NextClass]:
    """All classes of the next days; where there are none, the next one. One query."""
    found = classes_of(person, limit=CLASSES_READ)
    until = timezone.now() + CLASS_DAYS
    return [each for each in found if each.starts_at <= until] or found[:1]


def _due(cards: list[Any], person: Person, deadlines: Mapping[int, date]) -> list[Due]:
    """The next days that matter, nearest first, with all classes of the next days."""
    today = timezone.localdate()
    learns = any(card.is_member for card in cards)
    found = [
        Due(timezone.localtime(each.starts_at).date(), _class_words(each), each.url)
        for each in (_next_classes(person) if learns else ())
    ]
    for card in cards:
        if card.offer_until:
            words = _("Accept your place: %(course)s") % {"course": card.course_title}
            found.append(Due(timezone.localdate(card.offer_until), words, card.url))
        if not card.is_learning:
            continue  # nothing begins for somebody whose place is not decided
        if card.starts_on and card.starts_on >= today:
            found.append(
                Due(card.starts_on, _("%(course)s begins") % {"course": card.course_title}, card.url)
            )
        deadline = deadlines.get(card.course_id)
        if deadline and deadline >= today and (card.ends_on is None or deadline < card.ends_on):
            words = _("Your pathway asks for %(course)s by this day") % {"course": card.course_title}
            found.append(Due(deadline, words, card.learn_url))
        if card.ends_on and card.ends_on >= today:
            words = _("Last day to finish %(course)s") % {"course": card.course_title}
            found.append(Due(card.ends_on, words, card.learn_url))
    return sorted(found, key=lambda due: due.on)


def _class_words(next_class: NextClass) -> str:
    starts_at = timezone.localtime(next_class.starts_at)
    return _("Class at %(time)s: %(title)s") % {"time": f"{starts_at:%H:%M}", "title": next_class.title}


def _writes_pages(user: Asker) -> bool:
    """Whether Wagtail's groups let this account write pages at all."""
    return bool(user.is_superuser or user.groups.filter(name__in=(EDITORS, AUTHORS)).exists())


def _office(role: str, places: list[str], writes: bool) -> OfficeDesk:
    links = {
        Role.ADMINISTRATOR: (
            Link(_("Cohorts and applications"), reverse("cohorts:index"), "calendar-days"),
            Link(_("Open a cohort"), reverse("cohorts:add"), "plus"),
            Link(_("Certificates"), reverse("certificates:index"), "award"),
            Link(_("Pages and courses"), reverse("wagtailadmin_explore_root"), "file-text"),
            Link(_("The whole desk"), reverse("wagtailadmin_home"), "building-2"),
        ),
        Role.INSTRUCTOR: (
            Link(_("Teaching"), reverse("teaching:index"), "graduation-cap"),
            Link(_("To mark"), reverse("teaching:marking"), "file-check"),
            Link(_("Write courses and pages"), reverse("wagtailadmin_explore_root"), "pencil"),
            Link(_("Cohorts"), reverse("cohorts:index"), "calendar-days"),
        ),
        Role.AUDITOR: (
            Link(_("What happened: the audit"), reverse("audit:index"), "history"),
            Link(_("Cohorts and applications"), reverse("cohorts:index"), "calendar-days"),
            Link(_("Certificates"), reverse("certificates:index"), "award"),
            Link(_("Review of claims"), reverse("claims:index"), "file-check"),
            Link(_("Payments"), reverse("payments:index"), "banknote"),
        ),
        Role.FINANCE: (
            Link(_("Payments"), reverse("payments:index"), "banknote"),
            Link(_("Payment batches"), reverse("payments:batches"), "list-checks"),
            Link(_("Budgets"), reverse("payments:budgets"), "chart-column"),
            Link(_("Allowance statements"), reverse("supervision_allowances:index"), "file-text"),
        ),
    }
    explorer = reverse("wagtailadmin_explore_root")
    shown = [link for link in links[Role(role)] if writes or link.url != explorer]
    return OfficeDesk(role, str(Role(role).label), places, shown)
