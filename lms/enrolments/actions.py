"""An enrolment's way: apply, be decided on, withdraw, complete. Every verb locks the cohort before the enrolment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify
from core.people.models import Person
from core.states import StaleState, move
from lms.admissions.actions import (
    NOTHING,
    HandedIn,
    NotPossible,
    approve_step,
    check_admission,
    hand_in,
    refuse_step,
    tell_step,
)
from lms.admissions.queries import current_step, may_take_seat, next_in_line
from lms.cohorts.models import Cohort
from lms.cohorts.policy import OfferKind
from lms.cohorts.queries import offer_of, words
from lms.courses.versions import CourseVersion, version_of
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import Checklist
from lms.enrolments.queries import checklist_of, checklists_of, completion_of, deciders_of
from lms.enrolments.states import MOVES, EnrolmentState
from lms.signals import course_completed

AT_ONCE = 500  # enrolments looked at together


@dataclass(frozen=True)
class Application:
    """The result of applying: the enrolment, and the place on the waiting list (None: a seat is kept)."""

    enrolment: Enrolment
    place: int | None


@transaction.atomic
def apply(
    *, cohort: Cohort, person: Person, actor: Asker, statement: str = "", handed: HandedIn = NOTHING
) -> Application:
    """Apply for a cohort: a seat is kept until the decision, or else the person joins the waiting list.

    Seats are taken by compare-and-set and never exceed the capacity; the waiting list has the order of arrival.
    Raises NotPossible when the window, the places, a condition or an enrolment that still stands forbid it, or the
    person has no real name. Side effects: what was handed in and the approval steps are frozen (lms/admissions); an
    audit entry; a notice to the administrators who decide first (one a day for each cohort).
    """
    if not person.name.strip():
        raise NotPossible(_("Please write your real name into your profile first: the organiser needs it."))
    rows = Cohort.objects.select_for_update(of=("self",)).select_related("organisation", "plan")
    cohort = rows.get(pk=cohort.pk)
    offer = offer_of(cohort, person.user)
    if offer.kind not in (OfferKind.APPLY, OfferKind.JOIN_WAITING_LIST):
        raise NotPossible(words(offer.label if offer.is_action else offer.sentence))
    admission = check_admission(cohort=cohort, person=person, handed=handed)
    seated = may_take_seat(cohort, person) and _take_seat(cohort)
    if not seated and not cohort.has_waiting_list:
        raise NotPossible(_("All places are taken."))
    enrolment = Enrolment.objects.create(
        cohort=cohort,
        person=person,
        version_id=cohort.version_id,
        state=EnrolmentState.APPLIED if seated else EnrolmentState.WAITING,
        statement=statement.strip(),
        applied_at=timezone.now(),
    )
    hand_in(enrolment=enrolment, admission=admission, handed=handed)
    _record("lms.apply", enrolment, actor, after={"state": enrolment.state})
    if not tell_step(enrolment=enrolment):
        _tell_deciders(cohort)
    return Application(enrolment, enrolment.place)


@transaction.atomic
def approve(*, enrolment: Enrolment, actor: Asker, comment: str = "") -> None:
    """Admit an applicant, or approve the step where the application waits while others are still to decide.

    Raises IllegalMove or StaleState when it is no longer an application under review, and NotPossible for one's own
    application, whatever roles one holds, and at another tier's step. Side effects: audit entry, notice."""
    _refuse_own(enrolment, actor)
    if not approve_step(enrolment=enrolment, actor=actor, comment=comment):
        return
    old = move(
        enrolment,
        EnrolmentState.ENROLLED,
        MOVES,
        decided_at=timezone.now(),
        decided_by_id=actor.pk,
        reason="",
    )
    _record(
        "lms.approve_enrolment", enrolment, actor, before={"state": old}, after={"state": enrolment.state}
    )
    _tell(
        enrolment,
        "approved",
        gettext_noop("You have a place: %(cohort)s"),
        gettext_noop("Your application was approved. You can begin to learn now."),
    )


@transaction.atomic
def refuse(*, enrolment: Enrolment, actor: Asker, reason: str) -> None:
    """Refuse an applicant and say why; a kept seat goes to the next on the waiting list.

    Raises NotPossible without a reason and for one's own application. Side effects: audit entry, notice.
    """
    _refuse_own(enrolment, actor)
    if not reason.strip():
        raise NotPossible(_("Write the reason: the applicant will read it."))
    step = current_step(enrolment)
    _end(enrolment, EnrolmentState.REFUSED, "lms.refuse_enrolment", actor, reason.strip())
    if step is not None:
        refuse_step(step=step, actor=actor, reason=reason)
    fill_places(cohort=enrolment.cohort)
    _tell(
        enrolment,
        "refused",
        gettext_noop("Your application was not successful: %(cohort)s"),
        gettext_noop("Reason: %(reason)s"),
        reason=reason.strip(),
    )


@transaction.atomic
def withdraw(*, enrolment: Enrolment, actor: Asker, reason: str = "") -> None:
    """Leave a cohort or take an application back; the seat goes to the next on the waiting list at once.

    Side effects: audit entry; a notice to the trainee when somebody else withdrew them.
    """
    _end(enrolment, EnrolmentState.WITHDRAWN, "lms.withdraw_enrolment", actor, reason.strip())
    fill_places(cohort=enrolment.cohort)
    if actor.pk != enrolment.person.user_id:
        _tell(
            enrolment,
            "withdrawn",
            gettext_noop("You were withdrawn from %(cohort)s"),
            gettext_noop("Reason: %(reason)s"),
            reason=reason.strip() or "—",
        )


@transaction.atomic
def fill_places(*, cohort: Cohort) -> int:
    """Move up whoever waits first while places are free; returns how many. Side effects for each: audit, notice."""
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=cohort.pk)
    today = timezone.localdate()
    if cohort.cancelled_at or (cohort.ends_on and cohort.ends_on < today):
        return 0
    waiting = next_in_line(cohort)
    for enrolment in waiting:
        if not _take_seat(cohort):
            break
        enrolment.cohort = cohort
        old = move(enrolment, EnrolmentState.APPLIED, MOVES)
        _record("lms.move_up", enrolment, None, before={"state": old}, after={"state": enrolment.state})
        _tell(
            enrolment,
            "moved-up",
            gettext_noop("A place became free: %(cohort)s"),
            gettext_noop(
                "You moved up from the waiting list. The organiser now decides on your application."
            ),
        )
        tell_step(enrolment=enrolment)
    return len(waiting)


@transaction.atomic
def end_all(*, cohort: Cohort, reason: str, actor: Asker | None) -> int:
    """End every enrolment that still stands in a cancelled cohort; what is completed stays completed."""
    rows = (
        cohort.enrolments.active()
        .exclude(state=EnrolmentState.COMPLETED)
        .select_related("person__user", "cohort__organisation")
    )
    ended = list(rows)
    for enrolment in ended:
        learning = enrolment.state == EnrolmentState.ENROLLED
        new = EnrolmentState.WITHDRAWN if learning else EnrolmentState.REFUSED
        _end(enrolment, new, "lms.cancel_cohort", actor, reason)
        _tell(
            enrolment,
            "cancelled",
            gettext_noop("Cancelled: %(cohort)s"),
            gettext_noop("This cohort does not take place. Reason: %(reason)s"),
            reason=reason,
        )
    return len(ended)


@transaction.atomic
def complete_if_done(*, enrolment: Enrolment) -> Checklist:
    """Complete the enrolment when its course's rule is met, exactly once however many ask; returns what is missing.

    The row is locked before the facts are read, so that of two last steps made at the same time the second sees the
    first. Side effects, in order: the state; an audit entry; CourseCompleted (certificates and hours hang on it);
    a notice.
    """
    row = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    row.version = version_of(row.version_id)
    checklist = checklist_of(row)
    if row.state != EnrolmentState.ENROLLED or not checklist.is_complete:
        return checklist
    try:
        old = move(row, EnrolmentState.COMPLETED, MOVES, completed_at=timezone.now())
    except StaleState:
        return checklist
    enrolment.state, enrolment.completed_at = row.state, row.completed_at
    _record("lms.complete_enrolment", row, None, before={"state": old}, after={"state": row.state})
    course_completed.send(Enrolment, event=completion_of(row))
    _tell(
        row,
        "completed",
        gettext_noop("Course completed: %(course)s"),
        gettext_noop("You have done everything that the course asks for. Well done."),
    )
    return checklist


def complete_those_done(*, enrolment_ids: Iterable[int]) -> list[int]:
    """Complete those of these enrolments whose rule is met now; returns which. Called when a fact may have changed for
    many (a class is settled, a mark given, a survey answered): a handful of queries for every 500 that are not done.

    Side effects: as `complete_if_done` for each.
    """
    ids, completed = sorted(set(enrolment_ids)), []
    for start in range(0, len(ids), AT_ONCE):
        rows = Enrolment.objects.filter(state=EnrolmentState.ENROLLED).in_bulk(ids[start : start + AT_ONCE])
        found = checklists_of(rows.values())
        for pk in [pk for pk, checklist in found.items() if checklist.is_complete]:
            complete_if_done(enrolment=rows[pk])
            if rows[pk].state == EnrolmentState.COMPLETED:
                completed.append(pk)
    return completed


@transaction.atomic
def move_to_version(*, cohort: Cohort, version: CourseVersion, actor: Asker) -> int:
    """Move a cohort to another version of its course, with everybody who has not completed it; returns how many.

    Lessons and quizzes are known by their keys, so what is done stays done as far as the new version still has it.
    Nobody is completed or un-completed by the move itself, except who now meets the rule. Side effect: audit entry.
    """
    cohort = (
        Cohort.objects.select_for_update(of=("self",))
        .select_related("organisation", "version")
        .get(pk=cohort.pk)
    )
    if version.course_id != cohort.course_id:
        raise NotPossible(_("This version belongs to another course."))
    if version.pk == cohort.version_id:
        return 0
    before = {"version": cohort.version.number}
    Cohort.objects.filter(pk=cohort.pk).update(version=version)
    moved = cohort.enrolments.active().exclude(state=EnrolmentState.COMPLETED)
    ids = list(moved.values_list("pk", flat=True))
    moved.update(version=version)
    record(
        action="lms.move_to_version",
        target=cohort,
        actor=actor,
        organisation=cohort.organisation,
        before=before,
        after={"version": version.number, "enrolments": len(ids)},
    )
    complete_those_done(enrolment_ids=ids)
    return len(ids)


def reconcile() -> list[str]:
    """Find and mend what a crash could leave: counted seats, free places, completions. Says what it mended."""
    found = []
    for cohort in Cohort.objects.select_related("organisation"):
        with transaction.atomic():
            locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
            seated = locked.enrolments.seated().count()
            if seated != locked.seats_taken:
                Cohort.objects.filter(pk=cohort.pk).update(seats_taken=seated)
                found.append(f"cohort {cohort.pk}: places taken {locked.seats_taken} → {seated}")
            moved = fill_places(cohort=cohort)
        if moved:
            found.append(f"cohort {cohort.pk}: {moved} moved up from the waiting list")
    learning = Enrolment.objects.filter(state=EnrolmentState.ENROLLED)
    done = complete_those_done(enrolment_ids=learning.values_list("pk", flat=True))
    return found + [f"enrolment {pk}: completed" for pk in done]


def _take_seat(cohort: Cohort) -> bool:
    free = Cohort.objects.filter(pk=cohort.pk, seats_taken__lt=F("capacity"), cancelled_at=None)
    return bool(free.update(seats_taken=F("seats_taken") + 1))


def _end(enrolment: Enrolment, new: str, action: str, actor: Asker | None, reason: str) -> None:
    """Move to an end state; a kept seat becomes free."""
    Cohort.objects.select_for_update().get(pk=enrolment.cohort_id)
    had_seat = enrolment.holds_seat
    changes: dict[str, Any] = {"reason": reason, "decided_at": timezone.now()}
    changes["decided_by_id"] = actor.pk if actor is not None else None
    old = move(enrolment, new, MOVES, **changes)
    if had_seat:
        Cohort.objects.filter(pk=enrolment.cohort_id).update(seats_taken=F("seats_taken") - 1)
    _record(action, enrolment, actor, before={"state": old}, after={"state": new}, reason=reason)


def _refuse_own(enrolment: Enrolment, actor: Asker) -> None:
    if enrolment.person.user_id == actor.pk:
        raise NotPossible(_("Nobody decides on their own application. Ask another administrator."))


def _record(action: str, enrolment: Enrolment, actor: Asker | None, **facts: Any) -> None:
    record(action=action, target=enrolment, actor=actor, organisation=enrolment.cohort.organisation, **facts)


def _tell(enrolment: Enrolment, what: str, title: str, body: str, **values: Any) -> None:
    notify(
        user=enrolment.person.user,
        kind=f"lms.enrolment_{what.replace('-', '_')}",
        title=title,
        body=body,
        url=reverse("lms:enrolment-detail", args=[enrolment.pk]),
        source=f"lms.enrolment:{enrolment.pk}:{what}",
        cohort=enrolment.cohort.title,
        course=enrolment.version.title,
        **values,
    )


def _tell_deciders(cohort: Cohort) -> None:
    today = timezone.localdate()
    for user in deciders_of(cohort):
        notify(
            user=user,
            kind="lms.applications",
            title=gettext_noop("Applications wait for you: %(cohort)s"),
            body=gettext_noop("New applications have come in today. Each waits for your decision."),
            url=reverse("applications:cohort", args=[cohort.pk]),
            source=f"lms.applications:{cohort.pk}:{today.isoformat()}",
            cohort=cohort.title,
        )
