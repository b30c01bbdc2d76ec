"""A cohort as a page shows it to one visitor: what they can do there, and in which order it is listed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.access.scope import Asker
from lms.cohorts.models import Cohort
from lms.cohorts.policy import (
    HELD,
    JOINABLE,
    Offer,
    OfferKind,
    RunState,
    Standing,
    Visitor,
    offer_for,
)
from lms.cohorts.queries.runs import _local, facts_of, state_words, tone_of
from lms.cohorts.queries.wording import titled, words

_ORDER = (
    OfferKind.ACCEPT,
    OfferKind.CONTINUE,
    OfferKind.UNDER_REVIEW,
    OfferKind.ON_WAITING_LIST,
    OfferKind.APPLY,
    OfferKind.SIGN_IN,
    OfferKind.JOIN_WAITING_LIST,
    OfferKind.MOVE,
    OfferKind.ELSEWHERE,
    OfferKind.OPENS_ON,
    OfferKind.TO_BE_SCHEDULED,
    OfferKind.COMPLETED,
    OfferKind.CLOSED,
)

_ICONS = {
    OfferKind.ACCEPT: "circle-check",
    OfferKind.CONTINUE: "play",
    OfferKind.COMPLETED: "book-open",
    OfferKind.UNDER_REVIEW: "hourglass",
    OfferKind.ON_WAITING_LIST: "hourglass",
    OfferKind.SIGN_IN: "log-in",
    OfferKind.MOVE: "arrow-right",
}


@dataclass(frozen=True)
class CohortOffer:
    """One cohort as a page shows it to one visitor; all words are in the visitor's language."""

    cohort_id: int
    course_id: int
    title: str
    place: str
    organisation: str
    opens_at: datetime | None
    closes_at: datetime | None
    starts_on: date | None
    ends_on: date | None
    capacity: int
    seats_free: int
    state: str
    state_label: str
    tone: str
    kind: str
    label: str
    sentence: str
    icon: str
    url: str
    is_primary: bool
    deadline: datetime | None
    plan: Any = None  # of lms/admissions, which says what it asks for

    @property
    def plan_id(self) -> int | None:
        return self.plan.pk if self.plan is not None else None

    @property
    def is_within_reach(self) -> bool:
        """Whether this visitor can do something here now, or knows from when on."""
        return bool(self.url) or self.state == RunState.OPENS_ON


def offers_for(
    course_ids: Iterable[int], user: Asker, *, now: datetime | None = None
) -> dict[int, list[CohortOffer]]:
    """What the announced cohorts of these courses offer this visitor, best first; every course id has its list.

    At most two queries, however many courses and cohorts. Runs that are over or cancelled show only to those who
    are in them.
    """
    ids = list(course_ids)
    moment = timezone.localtime(now)
    mine = _standing(ids, user)
    going_on = Q(ends_on=None) | Q(ends_on__gte=moment.date())
    announced = Q(is_public=True, cancelled_at=None) & going_on
    rows = Cohort.objects.filter(announced | Q(pk__in=list(mine)), course_id__in=ids)
    found: dict[int, list[CohortOffer]] = {course_id: [] for course_id in ids}
    for cohort in rows.with_waiting().select_related("organisation", "plan"):
        found[cohort.course_id].append(_offer(cohort, mine, user, moment))
    for offers in found.values():
        offers.sort(
            key=lambda offer: (
                _ORDER.index(OfferKind(offer.kind)),
                offer.starts_on or date.max,
                offer.cohort_id,
            )
        )
    return found


@dataclass(frozen=True)
class OpenCourse:
    """A course that a visitor could apply for now: what it brings, and its best offer."""

    title: str
    title_en: str
    minutes: int
    offer: CohortOffer

    @property
    def title_here(self) -> str:
        return titled(self.title, self.title_en)


def open_courses(user: Asker, limit: int = 3) -> list[OpenCourse]:
    """The courses with an announced cohort that takes applications now and that this user is not in, nor has completed,
    the next to begin first. Up to three queries."""
    me = user.pk or 0
    held = Q(enrolments__person__user_id=me, enrolments__state__in=sorted(HELD | {Standing.COMPLETED}))
    known = Cohort.objects.filter(held).values("course")
    open_now = Cohort.objects.public().in_state(*JOINABLE, RunState.FULL_WAITING_LIST)
    taking = open_now.exclude(enrolments__person__user_id=me).exclude(course__in=known)
    versions = {
        cohort.pk: cohort.version for cohort in taking.select_related("version").order_by("starts_on")[:50]
    }
    offers = offers_for({version.course_id for version in versions.values()}, user)
    best = (found[0] for found in offers.values() if found)
    open_ = sorted(
        (offer for offer in best if offer.cohort_id in versions and offer.url),
        key=lambda offer: offer.starts_on or date.max,
    )
    return [
        OpenCourse(version.title, version.title_en, version.minutes, offer)
        for offer in open_[:limit]
        for version in (versions[offer.cohort_id],)
    ]


def offer_of(cohort: Cohort, user: Asker, *, is_invited: bool = False, now: datetime | None = None) -> Offer:
    """What one cohort offers this visitor, with a code that opens it or without, as policy says it."""
    mine = _standing([cohort.course_id], user)
    visitor = replace(_visitor(cohort, mine, user), is_invited=is_invited)
    return offer_for(facts_of(cohort), visitor, now=timezone.localtime(now))


@dataclass(frozen=True)
class WayBack:
    """How somebody who has left a cohort, or let its offer lapse, comes back to it: the button's label and address, and
    whether it leads to the waiting list only."""

    label: str
    url: str
    is_waiting_list: bool


def way_back(cohort: Cohort, user: Asker) -> WayBack | None:
    """What an announced cohort offers now to whoever is in it no more; None where they could not apply. As `offer_of`,
    for the page of an enrolment and the notice of an offer that has run out: neither promises a door that is closed."""
    if not (cohort.is_public or cohort.by_invitation):
        return None
    offer = offer_of(cohort, user)
    if offer.kind not in (OfferKind.APPLY, OfferKind.JOIN_WAITING_LIST):
        return None
    is_waiting_list = offer.kind == OfferKind.JOIN_WAITING_LIST
    return WayBack(words(offer.label), _url(offer, cohort, None), is_waiting_list)


def _standing(course_ids: list[int], user: Asker) -> dict[int, Any]:
    """The visitor's standing enrolments in cohorts of these courses, by cohort."""
    person = getattr(user, "person", None) if user.is_authenticated else None
    if person is None:
        return {}
    rows = person.enrolments.active().filter(cohort__course_id__in=course_ids).with_place()
    return {row.cohort_id: row for row in rows.select_related("cohort")}


_WEIGHS = (Standing.ENROLLED, Standing.APPLIED, Standing.COMPLETED)


def place_elsewhere(cohort: Cohort, mine: dict[int, Any]) -> Any:
    """Of a person's standing enrolments (by cohort) the one in another cohort of the same course that counts here: where
    they learn, or else have applied or completed; None without one."""
    others = [
        row
        for row in mine.values()
        if row.cohort.course_id == cohort.course_id and row.cohort_id != cohort.pk and row.state in _WEIGHS
    ]
    return min(others, key=lambda row: _WEIGHS.index(row.state), default=None)


def _visitor(cohort: Cohort, mine: dict[int, Any], user: Asker) -> Visitor:
    enrolment = mine.get(cohort.pk)
    if enrolment is None:
        other = place_elsewhere(cohort, mine)
        return Visitor(
            is_signed_in=bool(user.is_authenticated),
            elsewhere=str(other.state) if other else None,
            elsewhere_title=titled(other.cohort.title, other.cohort.title_en) if other else "",
        )
    return Visitor(
        is_signed_in=True,
        standing=str(enrolment.state),
        place=enrolment.place,
        offer_until=_local(enrolment.offer_expires_at) if enrolment.state == Standing.OFFERED else None,
    )


def _offer(cohort: Cohort, mine: dict[int, Any], user: Asker, now: datetime) -> CohortOffer:
    facts, enrolment = facts_of(cohort), mine.get(cohort.pk)
    offer = offer_for(facts, _visitor(cohort, mine, user), now=now)
    joins = offer.state in JOINABLE or offer.state == RunState.FULL_WAITING_LIST
    return CohortOffer(
        cohort_id=cohort.pk,
        course_id=cohort.course_id,
        title=titled(cohort.title, cohort.title_en),
        place=cohort.place,
        organisation=cohort.organisation.name,
        opens_at=facts.opens_at,
        closes_at=facts.closes_at,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        capacity=cohort.capacity,
        seats_free=facts.seats_free,
        state=offer.state,
        state_label=state_words(offer.state),
        tone=tone_of(offer.state),
        kind=offer.kind,
        label=words(offer.label),
        sentence=words(offer.sentence),
        icon=_ICONS.get(offer.kind, ""),
        url=_url(offer, cohort, enrolment or place_elsewhere(cohort, mine)),
        is_primary=offer.kind
        in (
            OfferKind.ACCEPT,
            OfferKind.APPLY,
            OfferKind.SIGN_IN,
            OfferKind.CONTINUE,
            OfferKind.JOIN_WAITING_LIST,
        ),
        deadline=facts.closes_at if joins and enrolment is None else None,
        plan=cohort.plan,
    )


def _url(offer: Offer, cohort: Cohort, enrolment: Any) -> str:
    """Where the button leads. Whoever is not signed in is asked to by the address itself, and comes back to it."""
    if not offer.is_action:
        return ""
    if offer.kind == OfferKind.MOVE:
        return reverse("lms:transfer-ask", args=[enrolment.pk])
    if enrolment is None or offer.kind in (OfferKind.APPLY, OfferKind.JOIN_WAITING_LIST):
        return reverse("lms:enrolment-apply", args=[cohort.pk])
    if offer.kind in (OfferKind.CONTINUE, OfferKind.COMPLETED):
        return reverse("lms:learning-resume", args=[enrolment.pk])
    return reverse("lms:enrolment-detail", args=[enrolment.pk])
