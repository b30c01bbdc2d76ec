"""Planning, changing and cancelling classes. Every verb locks the cohort first, then the instructor."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.people.models import Person
from core.states import Refused
from lms.cohorts.models import Cohort
from lms.cohorts.queries import words
from lms.enrolments.actions import complete_those_done
from lms.enrolments.states import EnrolmentState
from lms.timetable.actions.telling import TOLD, tell_cancelled, tell_changed, tell_planned
from lms.timetable.models import CalendarFeed, ClassSession
from lms.timetable.policy import Draft, Slot, cancelling_refusal, is_urgent, overlap_among, problems_of
from lms.timetable.queries import Conflict, conflicts_of, enrolled_users, has_begun, key_of
from lms.timetable.states import Mode

FIELDS = (
    "title",
    "title_en",
    "starts_at",
    "ends_at",
    "mode",
    "place",
    "room",
    "link",
    "instructor_id",
    "is_required",
)
COUNTED = frozenset({"starts_at", "ends_at", "is_required"})  # what a completion rule can rest on
OPEN_WHEN_OVER = frozenset({"title", "title_en", "instructor_id"})


class NotPlanned(Refused):
    """The class cannot be planned, changed or cancelled so; the message says why."""


class InTheWay(NotPlanned):
    """Something is in the way: `conflicts`. Where none of them is impossible, `key` is what has to be accepted."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = list(conflicts)
        self.key = key_of(conflicts)
        super().__init__(" ".join(each.text for each in conflicts))


@transaction.atomic
def plan_class(
    *, cohort: Cohort, drafts: Sequence[Draft], actor: Asker | None, accepted: str = ""
) -> list[ClassSession]:
    """Plan one class, or a series of them; all or none.

    Raises NotPlanned for a draft that lacks something or a cancelled cohort, and InTheWay for what collides, or is on none
    of the cohort's days, unless `accepted` is the key of exactly these warnings. Side effects: an audit entry for each; one notice a day to the
    enrolled, and one to each instructor.
    """
    cohort = _locked(cohort.pk)
    for draft in drafts:
        _check(draft)
    slots = [draft.slot(cohort.pk) for draft in drafts]
    _lock_instructors(drafts)
    _refuse_conflicts(slots, cohort, actor, accepted)
    planned = []
    for draft in drafts:
        klass = ClassSession.objects.create(cohort=cohort, **_values(draft))
        record(
            action="lms.plan_class",
            target=klass,
            actor=actor,
            organisation=cohort.organisation,
            after=_facts(draft),
        )
        planned.append(klass)
    tell_planned(cohort, planned)
    return planned


@transaction.atomic
def change_class(
    *,
    klass: ClassSession,
    draft: Draft,
    actor: Asker | None,
    accepted: str = "",
    sequence: int | None = None,
) -> ClassSession:
    """Change a class. `sequence` is the one that was looked at: whoever was second is told, and loses nothing unseen.

    Raises NotPlanned and InTheWay as `plan_class`; what is cancelled stays, of what is over only the title and the
    instructor can be corrected; what is to come is moved to a time to come, and a class that somebody has been in begins
    when it began: its minutes rest on that. Side effects, in order: `sequence` one more; an audit entry with what changed; where
    time, place, mode or link changed, one notice to the enrolled and the instructor, at once within 48 hours; on commit,
    where it counts otherwise than before, whoever is done now completes the course.
    """
    cohort = _locked(klass.cohort_id)
    kept = ClassSession.objects.select_for_update(of=("self",)).select_related("instructor").get(pk=klass.pk)
    if sequence is not None and kept.sequence != sequence:
        raise NotPlanned(_("Somebody else has changed this class meanwhile. Look at it again first."))
    if kept.cancelled_at is not None:
        raise NotPlanned(_("This class is cancelled. Plan a new one in its place."))
    _check(draft)
    values = _values(draft)
    changed = {name for name in FIELDS if getattr(kept, name) != values[name]}
    if not changed:
        return kept
    _refuse_change(kept, draft, changed)
    if changed & (TOLD | {"instructor_id"}):
        _lock_instructors([draft])
        _refuse_conflicts([draft.slot(cohort.pk, kept.pk)], cohort, actor, accepted)
    before, old_start, old_teacher = _facts(kept.draft, changed), kept.starts_at, kept.instructor
    for name in changed:
        setattr(kept, name, values[name])
    kept.sequence += 1
    kept.save(update_fields=[*changed, "sequence", "updated_at"])
    kept.refresh_from_db()
    if old_teacher is not None and old_teacher != kept.instructor:
        kept.former_instructors.add(old_teacher)
    record(
        action="lms.change_class",
        target=kept,
        actor=actor,
        organisation=cohort.organisation,
        before=before,
        after=_facts(draft, changed),
    )
    tell_changed(kept, changed, is_urgent((old_start, kept.starts_at), now=timezone.now()), old_teacher)
    if changed & COUNTED:
        complete_later(cohort)
    return kept


def _refuse_change(kept: ClassSession, draft: Draft, changed: set[str]) -> None:
    """What is over is corrected only, what is to come stays to come, and what has begun is not moved."""
    if kept.ends_at <= timezone.now() and not changed <= OPEN_WHEN_OVER:
        raise NotPlanned(_("This class is over. Only its title and its instructor can be corrected."))
    if "starts_at" in changed and draft.ends_at <= timezone.now():
        raise NotPlanned(
            _("This time is over. A class that has not been held can only be moved to a time to come.")
        )
    if "starts_at" in changed and has_begun(kept.pk):
        raise NotPlanned(
            _(
                "Attendance has been taken in this class, so it cannot begin at another time. Plan a new class."
            )
        )


@dataclass(frozen=True)
class Cancelled:
    """What came of cancelling a class: how many people have been told."""

    told: int = 0


@transaction.atomic
def cancel_class(*, klass: ClassSession, actor: Asker | None, reason: str) -> Cancelled | None:
    """Say that a class does not take place; None when that was said before. It stays in every timetable, crossed out.

    Of one that is over and in which nobody is known to have been, the same says that it was not held; nobody needs to be
    told then. Raises NotPlanned without a reason, and when it has begun with somebody in it: their minutes count, so it is
    held to its end, which can be moved. Side effects: `sequence` one more; an audit entry; a notice to the enrolled and the
    instructor, at once within 48 hours; on commit, whoever is done now completes the course.
    """
    if not reason.strip():
        raise NotPlanned(_("Write why the class is cancelled: the trainees will read it."))
    cohort = _locked(klass.cohort_id)
    kept = ClassSession.objects.select_for_update(of=("self",)).select_related("instructor").get(pk=klass.pk)
    if kept.cancelled_at is not None:
        return None
    now = timezone.now()
    refusal = cancelling_refusal(kept.starts_at, kept.ends_at, somebody_came=has_begun(kept.pk), now=now)
    if refusal is not None:
        raise NotPlanned(words(refusal))
    _cancel(kept, cohort, actor, reason.strip())
    told = tell_cancelled(kept, enrolled_users(cohort.pk)) if now < kept.ends_at else 0
    complete_later(cohort)
    return Cancelled(told)


def complete_later(cohort: Cohort) -> None:
    """A class fewer may have been the last thing that a course asked for: on commit, so that no lock is held."""
    learning = cohort.enrolments.filter(state=EnrolmentState.ENROLLED)
    ids = list(learning.values_list("pk", flat=True))
    transaction.on_commit(partial(complete_those_done, enrolment_ids=ids))


@transaction.atomic
def cancel_all(*, cohort: Cohort, reason: str, actor: Asker | None) -> int:
    """Cancel every class to come of a cancelled cohort; returns how many. One that has begun is held to its end, so that
    whoever is in it gets their minutes.

    Its trainees have been told of the cohort, so only the instructors are told here. Side effects: as cancel_class.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=cohort.pk)
    rows = ClassSession.objects.standing().filter(cohort=cohort, starts_at__gt=timezone.now())
    coming = list(rows.select_for_update(of=("self",)).select_related("instructor"))
    for klass in coming:
        _cancel(klass, cohort, actor, reason[:300])
        tell_cancelled(klass, ())
    return len(coming)


def renew_feed(*, actor: Asker, person: Person | None = None, cohort: Cohort | None = None) -> CalendarFeed:
    """Make the secret address of a person's or a cohort's calendar, or a new one, which ends the old. Audited."""
    for _try in (1, 2):  # two clicks at once: the second one renews what the first one made
        try:
            with transaction.atomic():
                return _renew(actor, person, cohort)
        except IntegrityError:
            continue
    return _renew(actor, person, cohort)


def _renew(actor: Asker, person: Person | None, cohort: Cohort | None) -> CalendarFeed:
    owner: dict[str, Any] = {"person": person} if cohort is None else {"cohort": cohort}
    rows = CalendarFeed.objects.select_for_update().filter(**owner)
    feed = rows.first() or CalendarFeed(**owner)
    feed.token, feed.made_at = secrets.token_urlsafe(32), timezone.now()
    feed.save()
    organisation = cohort.organisation if cohort else None
    record(action="lms.renew_feed", target=feed, actor=actor, organisation=organisation)
    return feed


def _locked(cohort_id: int) -> Cohort:
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=cohort_id)
    if cohort.cancelled_at is not None:
        raise NotPlanned(_("This cohort is cancelled, and its classes with it."))
    return cohort


def _lock_instructors(drafts: Iterable[Draft]) -> None:
    """So that two cohorts do not take the same instructor at the same moment. No key of the row changes."""
    ids = {draft.instructor_id for draft in drafts if draft.instructor_id is not None}
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def _check(draft: Draft) -> None:
    for problem in problems_of(draft, today=timezone.localdate()):
        raise NotPlanned(words(problem.sentence))


def _refuse_conflicts(slots: Sequence[Slot], cohort: Cohort, actor: Asker | None, accepted: str) -> None:
    if overlap_among(slots):
        raise NotPlanned(_("Two of these classes would be at the same time."))
    found = conflicts_of(slots, actor, cohort)
    key = key_of(found)
    if found and not (key and accepted == key):
        raise InTheWay(found)


def _values(draft: Draft) -> dict[str, Any]:
    """The columns of a draft: texts trimmed, nothing kept that its mode does not have."""
    found = {
        name: value.strip() if isinstance(value, str) else value for name, value in asdict(draft).items()
    }
    if draft.mode == Mode.ONLINE:
        found |= {"place": "", "room": ""}
    if draft.mode == Mode.ON_SITE:
        found["link"] = ""
    return found


def _facts(draft: Draft, names: Iterable[str] = FIELDS) -> dict[str, Any]:
    """What the audit keeps of a draft. A meeting link lets people in, so only that there is one is kept."""
    values, wanted = _values(draft), set(names)
    found = {name: values[name] for name in FIELDS if name in wanted and values[name] not in ("", None)}
    if found.get("link"):
        found["link"] = "https://…"
    if "instructor_id" in found:
        found["instructor"] = str(Person.objects.get(pk=found.pop("instructor_id")))
    return found


def _cancel(klass: ClassSession, cohort: Cohort, actor: Asker | None, reason: str) -> None:
    klass.cancelled_at, klass.cancel_reason = timezone.now(), reason
    klass.sequence += 1
    klass.save(update_fields=["cancelled_at", "cancel_reason", "sequence", "updated_at"])
    record(
        action="lms.cancel_class",
        target=klass,
        actor=actor,
        organisation=cohort.organisation,
        before={"starts_at": klass.starts_at},
        reason=reason,
    )
