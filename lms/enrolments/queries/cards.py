"""Enrolments as their trainee sees them: the card of each, and the way of an application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.people.models import Person
from core.templatetags.times import day_time
from core.ui.charts import whole_percent
from lms.admissions.queries import Review, reviews_of
from lms.cohorts.queries import titled, words
from lms.courses.versions import versions_of
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import Ask, Checklist, Condition
from lms.enrolments.queries.completion import PLACES, checklist_in, checklists_of, source_of
from lms.enrolments.states import LEARNING, PENDING, EnrolmentState


@dataclass(frozen=True)
class EnrolmentCard:
    """One enrolment as its trainee sees it, in the language of the request."""

    id: int
    course_id: int
    course_title: str
    cohort_title: str
    organisation: str
    state: str
    state_label: str
    tone: str
    place: int | None
    starts_on: date | None
    ends_on: date | None
    applied_at: datetime
    decided_at: datetime | None
    completed_at: datetime | None
    reason: str
    done: int
    total: int
    percent: int
    next_step: str
    url: str
    learn_url: str
    offer_until: datetime | None = None
    has_begun: bool = False

    @property
    def is_waiting(self) -> bool:
        """Whether a place, a decision or an answer is still to come."""
        return self.state in PENDING

    @property
    def is_learning(self) -> bool:
        """Whether the course goes on for this person."""
        return self.state == EnrolmentState.ENROLLED

    @property
    def is_past(self) -> bool:
        """Whether it is over: completed, or ended otherwise."""
        return not (self.is_waiting or self.is_learning)

    @property
    def is_member(self) -> bool:
        """Whether this person is in the cohort, learning or done: its classes are theirs."""
        return self.state in LEARNING

    @property
    def urgency(self) -> int:
        """Among what waits, what is to be done first stands first: a place to accept, then what others decide on."""
        return _FIRST.index(EnrolmentState(self.state)) if self.is_waiting else len(_FIRST)


_FIRST = (EnrolmentState.OFFERED, EnrolmentState.APPLIED, EnrolmentState.WAITING)

TONES = {
    EnrolmentState.APPLIED: "wait",
    EnrolmentState.WAITING: "wait",
    EnrolmentState.OFFERED: "warn",
    EnrolmentState.ENROLLED: "info",
    EnrolmentState.COMPLETED: "good",
    EnrolmentState.REFUSED: "bad",
    EnrolmentState.WITHDRAWN: "plain",
    EnrolmentState.LAPSED: "plain",
    EnrolmentState.CANCELLED: "bad",
}


def enrolments_of(person: Person | None) -> list[EnrolmentCard]:
    """All enrolments of a person, what can be learned first, then the newest.

    Three queries however many there are, one more if any is on a waiting list, and those for what a rule asks beside
    lessons and quizzes; the versions are kept in the process.
    """
    if person is None:
        return []
    rows = Enrolment.objects.filter(person=person).select_related("cohort__organisation")
    enrolments = sorted(
        rows, key=lambda row: (row.state != EnrolmentState.ENROLLED, -row.applied_at.timestamp())
    )
    waiting = [row.pk for row in enrolments if row.state == EnrolmentState.WAITING]
    places = Enrolment.objects.filter(pk__in=waiting).with_place() if waiting else ()
    ahead = {row.pk: row.ahead for row in places}
    versions = versions_of(row.version_id for row in enrolments)
    for row in enrolments:
        row.ahead, row.version = ahead.get(row.pk, 0), versions[row.version_id]
    checklists = checklists_of(row for row in enrolments if row.state in LEARNING)
    return [card_of(row, checklists.get(row.pk)) for row in enrolments]


def card_of(enrolment: Enrolment, checklist: Checklist | None) -> EnrolmentCard:
    """The card of one enrolment; without a checklist, as of one who has not begun."""
    cohort, version = enrolment.cohort, enrolment.version
    checklist = checklist or checklist_in(version, frozenset())
    learning = enrolment.state in LEARNING
    return EnrolmentCard(
        id=enrolment.pk,
        course_id=cohort.course_id,
        course_title=titled(version.title, version.title_en),
        cohort_title=titled(cohort.title, cohort.title_en),
        organisation=cohort.organisation.name,
        state=enrolment.state_now,
        state_label=_state_label(enrolment),
        tone=TONES[enrolment.state_now],
        place=enrolment.place,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        applied_at=enrolment.applied_at,
        decided_at=enrolment.decided_at,
        completed_at=enrolment.completed_at,
        reason=enrolment.reason,
        done=checklist.done,
        total=checklist.total,
        percent=whole_percent(checklist.done, checklist.total),
        next_step=words(checklist.missing[0].sentence) if learning and checklist.missing else "",
        url=reverse("lms:enrolment-detail", args=[enrolment.pk]),
        learn_url=reverse("lms:learning-resume", args=[enrolment.pk]) if learning else "",
        offer_until=enrolment.offer_expires_at if enrolment.state_now == EnrolmentState.OFFERED else None,
        has_begun=enrolment.last_item is not None or checklist.done > 0,
    )


def _state_label(enrolment: Enrolment) -> str:
    """The trainee's word for the state; on a waiting list with the place there."""
    if enrolment.place is None:
        return enrolment.state_for_trainee
    return _("Number %(place)s on the waiting list") % {"place": enrolment.place}


@dataclass(frozen=True)
class ConditionShown:
    """One condition of the completion rule in the language of the request; `url` leads to where it is done."""

    title: str
    tone: str
    label: str
    standing: str
    advice: str
    url: str


def shown_conditions(enrolment: Enrolment, checklist: Checklist) -> list[ConditionShown]:
    """The conditions of the rule as the trainee reads them. No query."""
    return [_shown(enrolment, condition) for condition in checklist.conditions]


def _shown(enrolment: Enrolment, condition: Condition) -> ConditionShown:
    tone, label = "wait", pgettext("condition", "Missing")
    is_met = condition.is_met or enrolment.state == EnrolmentState.COMPLETED  # what was met once stays so
    if is_met:
        tone, label = "good", pgettext("condition", "Done")
    elif condition.is_lost:
        tone, label = "bad", pgettext("condition", "Out of reach")
    advice = condition.advice if not is_met and condition.advice != condition.standing else None
    return ConditionShown(
        title=words(condition.title),
        tone=tone,
        label=label,
        standing=words(condition.standing),
        advice=words(advice) if advice else "",
        url="" if is_met else _place(enrolment, condition),
    )


def _place(enrolment: Enrolment, condition: Condition) -> str:
    """Where a condition is worked on: the next lesson or quiz, or the page of the feature that counts it."""
    item, source = condition.next, source_of(PLACES.get(condition.ask, ""))
    if item is not None:
        name = "lms:attempt-start" if item.kind == "quiz" else "lms:learning-lesson"
        return reverse(name, args=[enrolment.pk, item.key])
    if source is not None and source.place:
        return reverse(source.place, args=[enrolment.pk])
    return reverse("lms:learning-resume", args=[enrolment.pk]) if condition.ask == Ask.MINUTES else ""


@dataclass(frozen=True)
class StatusStep:
    """One step of an application's way; `hint` says what it waits for and on whom."""

    label: str
    state: str  # done | now | todo | stopped
    hint: str = ""


def steps_of(enrolment: Enrolment) -> list[StatusStep]:
    """An application's way from handing in to completion, with the step where it stands now."""
    state, who = enrolment.state_now, enrolment.cohort.organisation.name
    steps = [(_("Application handed in"), day_time(enrolment.applied_at))]
    if state == EnrolmentState.WAITING:
        hint = _("You are number %(place)s. When it is your turn, a place is offered to you.") % {
            "place": enrolment.place
        }
        steps.append((_("Waiting list"), hint))
    if state == EnrolmentState.OFFERED and enrolment.offer_expires_at:
        hint = _("We wait for your answer until %(time)s.") % {"time": day_time(enrolment.offer_expires_at)}
        steps.append((_("Your answer to the offer"), hint))
    review = _("%(who)s reads it and decides. We tell you at once.") % {"who": who}
    decided = day_time(enrolment.decided_at) if enrolment.decided_at else ""
    ended = {
        EnrolmentState.REFUSED: _("Not admitted"),
        EnrolmentState.WITHDRAWN: _("Withdrawn"),
        EnrolmentState.LAPSED: _("Offer lapsed"),
        EnrolmentState.CANCELLED: _("Cohort cancelled"),
    }.get(state)
    if state == EnrolmentState.LAPSED and enrolment.offer_expires_at:
        decided = day_time(enrolment.offer_expires_at)
    if state == EnrolmentState.CANCELLED and enrolment.cohort.cancelled_at:
        decided = day_time(enrolment.cohort.cancelled_at)
    reviews = reviews_of(enrolment)
    if ended:
        passed = [StatusStep(each.who, "done", each.words) for each in reviews if each.state == "done"]
        first = StatusStep(*steps[0][:1], "done", steps[0][1])
        return [first, *passed, StatusStep(ended, "stopped", decided)]
    if not any(each.is_step_here for each in reviews):
        reviews = _with_organiser(enrolment, reviews, review if state in PENDING else decided)
    steps += [(each.who, each.words) for each in reviews]
    steps.append(
        (
            _("Learning"),
            _("At your own pace, on this device or another.") if state == EnrolmentState.ENROLLED else "",
        )
    )
    finished = (
        day_time(enrolment.completed_at) if enrolment.completed_at else _("Then the certificate is issued.")
    )
    steps.append((_("Course completed"), finished))
    approved = sum(each.state == "done" for each in reviews)
    now = {
        EnrolmentState.WAITING: 1,
        EnrolmentState.OFFERED: 1,
        EnrolmentState.APPLIED: 1 + approved,
        EnrolmentState.ENROLLED: 1 + len(reviews),
    }.get(state, len(steps))
    return [
        StatusStep(label, "done" if number < now else "now" if number == now else "todo", hint)
        for number, (label, hint) in enumerate(steps)
    ]


def _with_organiser(enrolment: Enrolment, reviews: list[Review], hint: str) -> list[Review]:
    """The way of an application that the organiser decides on alone here, with that decision in its place: last, or
    before the moves that came after it; without one where a former cohort's steps had admitted the person already."""
    at = None if enrolment.state in PENDING else enrolment.decided_at
    moves = [each.at for each in reviews if each.is_move and each.at]
    former = max((each.at for each in reviews if each.is_of_former and each.at), default=None)
    left = [moment for moment in moves if former and moment >= former]
    if at and left and at <= left[0]:
        return reviews
    own = Review("", _("Decision by the organiser"), "now" if enrolment.state in PENDING else "done", hint)
    later = sum(moment >= at for moment in moves) if at else 0
    place = len(reviews) - later
    return [*reviews[:place], own, *reviews[place:]]
