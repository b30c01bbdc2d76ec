"""An enrolment's way: apply, be decided on, withdraw, complete. Every verb locks the cohort before the enrolment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify, notify_many
from core.people.models import Person
from core.states import IllegalMove, Refused, StaleState, can_move, move
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
from lms.admissions.queries import may_take_seat
from lms.cohorts.models import Cohort
from lms.cohorts.policy import OfferKind
from lms.cohorts.queries import elsewhere, is_alarming, offer_of, words
from lms.courses.versions import CourseVersion, version_of
from lms.enrolments.models import Enrolment
from lms.enrolments.places import (
    expire_offers,
    free_seat,
    lock_cohort,
    lock_cohort_of,
    note,
    settle_offer,
    settle_places,
    take_seat,
    tell,
)
from lms.enrolments.policy import Checklist
from lms.enrolments.queries import checklist_of, checklists_of, completion_of, deciders_of, leaving_of
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

    Seats are taken by compare-and-set and never exceed the capacity; the waiting list has the order of arrival. A place
    that is free is first offered to whoever waits, under the same lock: no newcomer takes it before them. What is free
    afterwards is kept for organisations (lms/admissions), or nobody waits.
    Raises NotPossible when the window, the places, a condition or an enrolment that still stands forbid it, or the
    person has no real name. Side effects: what was handed in and the approval steps are frozen (lms/admissions); an
    audit entry; a notice to the administrators who decide first (one a day for each cohort).
    """
    if not person.name.strip():
        raise NotPossible(_("Please write your real name into your profile first: the organiser needs it."))
    cohort = lock_cohort(cohort.pk)
    settle_places(cohort)
    offer = offer_of(cohort, person.user)
    if offer.kind not in (OfferKind.APPLY, OfferKind.JOIN_WAITING_LIST):
        raise NotPossible(words(offer.label if offer.is_action else offer.sentence))
    admission = check_admission(cohort=cohort, person=person, handed=handed)
    seated = may_take_seat(cohort, person) and take_seat(cohort)
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
    note("lms.apply", enrolment, actor, after={"state": enrolment.state})
    if not tell_step(enrolment=enrolment):
        _tell_deciders(cohort)
    return Application(enrolment, enrolment.place)


@transaction.atomic
def approve(*, enrolment: Enrolment, actor: Asker, comment: str = "") -> EnrolmentState:
    """Admit an applicant, or approve the step where the application waits while others are still to decide; returns the
    state in which the application is now.

    Raises IllegalMove or StaleState when it is no longer an application under review, and NotPossible for one's own
    application, whatever roles one holds, at another tier's step, and without steps for whoever is no administrator
    over the cohort. Side effects: audit entry, notice."""
    _locked_to_decide(enrolment, actor, EnrolmentState.ENROLLED)
    if not approve_step(enrolment=enrolment, actor=actor, comment=comment):
        return EnrolmentState(enrolment.state)
    old = move(
        enrolment,
        EnrolmentState.ENROLLED,
        MOVES,
        decided_at=timezone.now(),
        decided_by_id=actor.pk,
        reason="",
    )
    note("lms.approve_enrolment", enrolment, actor, before={"state": old}, after={"state": enrolment.state})
    tell(
        enrolment,
        "approved",
        gettext_noop("You have a place: %(cohort)s"),
        gettext_noop("Your application was approved. You can begin to learn now."),
    )
    return EnrolmentState.ENROLLED


@transaction.atomic
def refuse(*, enrolment: Enrolment, actor: Asker, reason: str) -> None:
    """Refuse an applicant and say why; a kept seat goes to the next on the waiting list.

    Raises NotPossible without a reason, and as `approve`. Side effects: audit entry, notice.
    """
    if not reason.strip():
        raise NotPossible(_("Write the reason: the applicant will read it."))
    cohort = _locked_to_decide(enrolment, actor, EnrolmentState.REFUSED)
    refuse_step(enrolment=enrolment, actor=actor, reason=reason)
    _end(enrolment, EnrolmentState.REFUSED, "lms.refuse_enrolment", actor, reason.strip())
    settle_places(cohort)
    tell(
        enrolment,
        "refused",
        gettext_noop("Your application was not successful: %(cohort)s"),
        gettext_noop("Reason: %(reason)s"),
        reason=reason.strip(),
    )


@dataclass(frozen=True)
class Outcome:
    """What became of the decision on one application, in words for whoever decided."""

    name: str
    cohort: str
    done: bool
    text: str

    @property
    def sentence(self) -> str:
        """The words where the name does not stand beside them."""
        return self.text if self.done else f"{self.name} · {self.text}"


def decide(*, enrolment: Enrolment, actor: Asker, approves: bool, comment: str = "") -> Outcome:
    """Approve or refuse an application and say what came of it: the one dialogue of all desks and of the job.

    Raises nothing that an officer could cause. Side effects: as `approve` and `refuse`.
    """
    name, cohort = enrolment.person.name, enrolment.cohort.title
    try:
        if approves:
            is_admitted = (
                approve(enrolment=enrolment, actor=actor, comment=comment) == EnrolmentState.ENROLLED
            )
        else:
            refuse(enrolment=enrolment, actor=actor, reason=comment)
    except IllegalMove:
        return Outcome(name, cohort, False, decided_already(enrolment))
    except Refused as refused:
        return Outcome(name, cohort, False, str(refused))
    if not approves:
        text = _("%(name)s is refused and has been told the reason.")
    elif is_admitted:
        text = _("%(name)s has a place now.")
    else:
        text = _("Approved. The application of %(name)s goes on to the next step.")
    return Outcome(name, cohort, True, text % {"name": name})


def decided_already(enrolment: Enrolment) -> str:
    """What to say to whoever comes second: how the application stands by now."""
    enrolment.refresh_from_db(fields=["state"])
    if enrolment.state == EnrolmentState.APPLIED:  # a step of it
        return _("This was decided already. The page shows how it stands now.")
    return _("Already “%(state)s”. Nothing was changed.") % {"state": enrolment.get_state_display()}


@transaction.atomic
def withdraw(*, enrolment: Enrolment, actor: Asker, reason: str = "") -> None:
    """Leave a cohort or take an application back; the seat is offered to the next on the waiting list at once.

    After the cohort's last day to leave only an officer takes somebody out, which counts as dropping out: raises
    NotPossible for the trainee then. Hours already earned stay. Side effects: audit entry; a notice to the trainee when
    somebody else withdrew them.
    """
    cohort = lock_cohort_of(enrolment)
    rule = leaving_of(enrolment)
    if not rule.is_allowed and actor.pk == enrolment.person.user_id:
        raise NotPossible(words(rule.sentence))
    _end(
        enrolment,
        EnrolmentState.WITHDRAWN,
        "lms.withdraw_enrolment",
        actor,
        reason.strip(),
        withdrawn_late=rule.is_late,
    )
    settle_places(cohort)
    if actor.pk != enrolment.person.user_id:
        tell(
            enrolment,
            "withdrawn",
            gettext_noop("You were withdrawn from %(cohort)s"),
            gettext_noop("Reason: %(reason)s"),
            reason=reason.strip() or "—",
        )


@transaction.atomic
def fill_places(*, cohort: Cohort) -> int:
    """Offer free places to whoever waits first; returns how many. Side effects for each: audit, notice."""
    return settle_places(lock_cohort(cohort.pk))


def accept_offer(*, enrolment: Enrolment, actor: Asker) -> None:
    """Take the place that is held; the application is reviewed as any other.

    An offer whose time has run out is never accepted: it lapses at once, and the next person gets it. Raises NotPossible
    then and for anybody else than the person, and IllegalMove when there is no offer. Side effects, in order: the
    state; audit; the notice of the offer counts as read; a notice to those who decide.
    """
    refuse_others(enrolment, actor)
    expire_offers(cohort=enrolment.cohort)
    with transaction.atomic():
        lock_cohort_of(enrolment)
        enrolment.refresh_from_db(fields=["state", "offer_expires_at"])
        if enrolment.state_now == EnrolmentState.LAPSED:
            raise NotPossible(
                _("The time to accept has run out, and the place was offered to the next person.")
            )
        old = move(enrolment, EnrolmentState.APPLIED, MOVES)
        note("lms.accept_offer", enrolment, actor, before={"state": old}, after={"state": enrolment.state})
        settle_offer(enrolment)
        if not tell_step(enrolment=enrolment):
            _tell_deciders(enrolment.cohort)


@transaction.atomic
def decline_offer(*, enrolment: Enrolment, actor: Asker) -> None:
    """Say no to the place that is held; it goes to the next person at once.

    Raises NotPossible for anybody else than the person, and IllegalMove when there is no offer. Side effects: audit.
    """
    refuse_others(enrolment, actor)
    cohort = lock_cohort_of(enrolment)
    if enrolment.state != EnrolmentState.OFFERED:
        raise IllegalMove(enrolment, enrolment.state, EnrolmentState.WITHDRAWN)
    _end(enrolment, EnrolmentState.WITHDRAWN, "lms.decline_offer", actor, "")
    settle_places(cohort)


@transaction.atomic
def end_all(*, cohort: Cohort, reason: str, actor: Asker | None) -> int:
    """End every enrolment that still stands in a cancelled cohort, and say at once what there is elsewhere.

    What is completed stays completed, and hours that were earned stay. Who had been admitted is kept (`decided_at`), so
    that they need no second decision where the same organisation has a free place. So many at a time are read that
    memory does not grow with the cohort. Side effects for each person: audit, an urgent notice.
    """
    cohort = lock_cohort(cohort.pk)
    rest = cohort.enrolments.active().exclude(state=EnrolmentState.COMPLETED)
    body = gettext_noop("This cohort does not take place. Reason: %(reason)s")
    if elsewhere(cohort):
        body = gettext_noop(
            "This cohort does not take place. Reason: %(reason)s. Other cohorts of this course have free places: you can move there and keep what you have learned."
        )
    ended = 0
    while rows := list(rest.select_related("person__user__person").order_by("pk")[:AT_ONCE]):
        for enrolment in rows:
            enrolment.cohort = cohort
            old = move(enrolment, EnrolmentState.CANCELLED, MOVES, reason=reason)
            facts = {"before": {"state": old}, "after": {"state": enrolment.state}, "reason": reason}
            note("lms.cancel_cohort", enrolment, actor, **facts)
        ended += len(rows)
        _tell_cancelled(cohort, rows, body, reason)
    free_seat(cohort, cohort.seats_taken - cohort.enrolments.seated().count())
    return ended


def _tell_cancelled(cohort: Cohort, rows: list[Enrolment], body: str, reason: str) -> None:
    pages = {row.person.user_id: reverse("lms:enrolment-detail", args=[row.pk]) for row in rows}
    notify_many(
        users=[row.person.user for row in rows if row.person.user is not None],
        kind="lms.enrolment_cancelled",
        title=gettext_noop("Cancelled: %(cohort)s"),
        body=body,
        url=lambda user: pages[user.pk],
        source=f"lms.cohort:{cohort.pk}:cancelled",
        urgent=True,
        cohort=cohort.title,
        reason=reason,
    )


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
    note("lms.complete_enrolment", row, None, before={"state": old}, after={"state": row.state})
    course_completed.send(Enrolment, event=completion_of(row))
    tell(
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

    Nobody is completed or un-completed by the move itself, except who now meets the rule: for a big cohort that takes
    long, and jobs.py does the two steps one after the other. Side effect: audit entry.
    """
    moved = pin_version(cohort=cohort, version=version, actor=actor)
    if moved:
        complete_those_done(enrolment_ids=cohort.enrolments.learning().values_list("pk", flat=True))
    return moved


@transaction.atomic
def pin_version(*, cohort: Cohort, version: CourseVersion, actor: Asker) -> int:
    """Point a cohort and all who have not completed it at another version; returns how many. A few statements.

    Lessons and quizzes are known by their keys, so what is done stays done as far as the new version still has it.
    Raises NotPossible for a version of another course. Side effect: audit entry.
    """
    cohort = lock_cohort(cohort.pk)
    if version.course_id != cohort.course_id:
        raise NotPossible(_("This version belongs to another course."))
    if version.pk == cohort.version_id:
        return 0
    Cohort.objects.filter(pk=cohort.pk).update(version=version)
    moved = cohort.enrolments.active().exclude(state=EnrolmentState.COMPLETED).update(version=version)
    record(
        action="lms.move_to_version",
        target=cohort,
        actor=actor,
        organisation=cohort.organisation,
        before={"version": cohort.version.number},
        after={"version": version.number, "enrolments": moved},
    )
    return moved


def reconcile() -> list[str]:
    """Find and mend what a crash could leave: counted seats, free places, completions. Says what it mended."""
    found = []
    for cohort in Cohort.objects.select_related("organisation"):
        with transaction.atomic():
            locked = lock_cohort(cohort.pk)
            seated = locked.enrolments.seated().count()
            if seated != locked.seats_taken:
                found.append(f"cohort {cohort.pk}: places taken {locked.seats_taken} → {seated}")
                free_seat(locked, locked.seats_taken - seated)
            offered = settle_places(locked)
        if offered:
            found.append(f"cohort {cohort.pk}: {offered} places offered to the waiting list")
    learning = Enrolment.objects.filter(state=EnrolmentState.ENROLLED)
    done = complete_those_done(enrolment_ids=learning.values_list("pk", flat=True))
    return found + [f"enrolment {pk}: completed" for pk in done]


def _end(
    enrolment: Enrolment, new: str, action: str, actor: Asker | None, reason: str, **changes: Any
) -> None:
    """Move to an end state; a kept seat becomes free. The cohort is locked by the caller."""
    had_seat = enrolment.holds_seat
    offered = enrolment.state == EnrolmentState.OFFERED
    changes |= {"reason": reason, "decided_at": timezone.now()}
    changes["decided_by_id"] = actor.pk if actor is not None else None
    old = move(enrolment, new, MOVES, **changes)
    if had_seat:
        free_seat(enrolment.cohort)
    if offered:
        settle_offer(enrolment)
    note(action, enrolment, actor, before={"state": old}, after={"state": new}, reason=reason)


def warn_below_minimum(*, now: datetime | None = None) -> int:
    """Tell those who decide that a cohort has fewer people than its minimum, once for each first day.

    So many days before the start, or when applications have closed; returns how many notices were written. Safe to call
    at any time. Side effect: an urgent notice to each.
    """
    today = timezone.localdate(now)
    rows = Cohort.objects.filter(cancelled_at=None, min_members__gt=F("seats_taken"))
    coming = rows.filter(Q(starts_on=None) | Q(starts_on__gt=today)).with_waiting()
    due = [row for row in coming.select_related("organisation") if is_alarming(row, now)]
    return sum(_warn(cohort, user) for cohort in due for user in deciders_of(cohort))


def _warn(cohort: Cohort, user: Any) -> bool:
    notice = notify(
        user=user,
        kind="lms.below_minimum",
        title=gettext_noop("Too few people: %(cohort)s"),
        body=gettext_noop(
            "%(taken)s of at least %(minimum)s people. Advertise it, put it off, or cancel it in good time."
        ),
        url=reverse("applications:cohort", args=[cohort.pk]),
        source=f"lms.minimum:{cohort.pk}:{cohort.starts_on}",
        urgent=True,
        cohort=cohort.title,
        taken=cohort.seats_taken,
        minimum=cohort.min_members,
    )
    return notice is not None


def refuse_others(enrolment: Enrolment, actor: Asker) -> None:
    """Raise NotPossible for anybody but the person whose enrolment this is: what is theirs to say, nobody says for them."""
    if enrolment.person.user_id != actor.pk:
        raise NotPossible(_("Only the person themself can do this."))


def _locked_to_decide(enrolment: Enrolment, actor: Asker, new: str) -> Cohort:
    """The cohort of an application that is to be decided on, locked. Raises NotPossible for one's own application, and
    IllegalMove when there is nothing to decide any more."""
    if enrolment.person.user_id == actor.pk:
        raise NotPossible(_("Nobody decides on their own application. Ask another administrator."))
    cohort = lock_cohort_of(enrolment)
    if not can_move(MOVES, enrolment.state, new):
        raise IllegalMove(enrolment, enrolment.state, new)
    return cohort


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
