"""Planning, changing and cancelling classes. Every verb locks the cohort first, then the instructor."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify_many
from core.people.models import Person, User
from core.states import Refused
from lms.cohorts.models import Cohort
from lms.cohorts.queries import words
from lms.enrolments.states import EnrolmentState
from lms.timetable.models import CalendarFeed, ClassSession
from lms.timetable.policy import Draft, Slot, is_urgent, overlap_among, problems_of
from lms.timetable.queries import Conflict, conflicts_of, enrolled_users, has_begun, warnings_key
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
TOLD = frozenset({"starts_at", "ends_at", "mode", "place", "room", "link"})  # what sends people elsewhere
OPEN_WHEN_OVER = frozenset({"title", "title_en", "instructor_id"})
REMINDED_FROM = 6  # o'clock: early enough for the morning's letters, not in the night


class NotPlanned(Refused):
    """The class cannot be planned, changed or cancelled so; the message says why."""


class InTheWay(NotPlanned):
    """Something is in the way: `conflicts`. Where none of them is impossible, `key` is what has to be accepted."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = list(conflicts)
        self.key = "" if any(each.is_impossible for each in conflicts) else warnings_key(conflicts)
        super().__init__(" ".join(each.text for each in conflicts))


@transaction.atomic
def plan_class(
    *, cohort: Cohort, drafts: Sequence[Draft], actor: Asker | None, accepted: str = ""
) -> list[ClassSession]:
    """Plan one class, or a series of them; all or none.

    Raises NotPlanned for a draft that lacks something or a cancelled cohort, and InTheWay for what collides, unless
    `accepted` is the key of exactly these warnings. Side effects: an audit entry for each; one notice a day to the
    enrolled, and one to each instructor.
    """
    cohort = _locked(cohort.pk)
    for draft in drafts:
        _check(draft)
    slots = [_slot(cohort, draft) for draft in drafts]
    _lock_instructors(drafts)
    _refuse_conflicts(slots, actor, accepted)
    planned = []
    for draft in drafts:
        session = ClassSession.objects.create(cohort=cohort, **_values(draft))
        record(
            action="lms.plan_class",
            target=session,
            actor=actor,
            organisation=cohort.organisation,
            after=_facts(draft),
        )
        planned.append(session)
    _tell_planned(cohort, planned)
    return planned


@transaction.atomic
def change_class(
    *,
    session: ClassSession,
    draft: Draft,
    actor: Asker | None,
    accepted: str = "",
    sequence: int | None = None,
) -> ClassSession:
    """Change a class. `sequence` is the one that was looked at: whoever was second is told, and loses nothing unseen.

    Raises NotPlanned and InTheWay as `plan_class`; what is cancelled stays, of what is over only the title and the
    instructor can be corrected, and a class that somebody has been in begins when it began: its minutes rest on that. Side effects, in order: `sequence` one more; an audit entry with what changed; where
    time, place, mode or link changed, one notice to the enrolled and the instructor, at once within 48 hours.
    """
    cohort = _locked(session.cohort_id)
    kept = (
        ClassSession.objects.select_for_update(of=("self",)).select_related("instructor").get(pk=session.pk)
    )
    if sequence is not None and kept.sequence != sequence:
        raise NotPlanned(_("Somebody else has changed this class meanwhile. Look at it again first."))
    if kept.cancelled_at is not None:
        raise NotPlanned(_("This class is cancelled. Plan a new one in its place."))
    _check(draft)
    values = _values(draft)
    changed = {name for name in FIELDS if getattr(kept, name) != values[name]}
    if not changed:
        return kept
    if kept.ends_at <= timezone.now() and not changed <= OPEN_WHEN_OVER:
        raise NotPlanned(_("This class is over. Only its title and its instructor can be corrected."))
    if "starts_at" in changed and has_begun(kept.pk):
        raise NotPlanned(
            _(
                "Attendance has been taken in this class, so it cannot begin at another time. Plan a new class."
            )
        )
    if changed & (TOLD | {"instructor_id"}):
        _lock_instructors([draft])
        _refuse_conflicts([_slot(cohort, draft, kept.pk)], actor, accepted)
    before, old_start, old_teacher = _facts(_draft_of(kept), changed), kept.starts_at, kept.instructor
    for name in changed:
        setattr(kept, name, values[name])
    kept.sequence += 1
    kept.save(update_fields=[*changed, "sequence", "updated_at"])
    kept.refresh_from_db()
    record(
        action="lms.change_class",
        target=kept,
        actor=actor,
        organisation=cohort.organisation,
        before=before,
        after=_facts(draft, changed),
    )
    _tell_changed(kept, changed, is_urgent((old_start, kept.starts_at), now=timezone.now()), old_teacher)
    return kept


@transaction.atomic
def cancel_class(*, session: ClassSession, actor: Asker | None, reason: str) -> bool:
    """Say that a class does not take place; False when that was said before. It stays in every timetable, crossed out.

    Raises NotPlanned without a reason or when it is over. Side effects: `sequence` one more; an audit entry; a notice
    to the enrolled and the instructor, at once within 48 hours.
    """
    if not reason.strip():
        raise NotPlanned(_("Write why the class is cancelled: the trainees will read it."))
    cohort = _locked(session.cohort_id)
    kept = (
        ClassSession.objects.select_for_update(of=("self",)).select_related("instructor").get(pk=session.pk)
    )
    if kept.cancelled_at is not None:
        return False
    if kept.ends_at <= timezone.now():
        raise NotPlanned(_("This class is over and can no longer be cancelled."))
    _cancel(kept, cohort, actor, reason.strip())
    _tell_cancelled(kept, enrolled_users(cohort.pk))
    return True


@transaction.atomic
def cancel_all(*, cohort: Cohort, reason: str, actor: Asker | None) -> int:
    """Cancel every class to come of a cancelled cohort; returns how many.

    Its trainees have been told of the cohort, so only the instructors are told here. Side effects: as cancel_class.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=cohort.pk)
    rows = ClassSession.objects.standing().filter(cohort=cohort, ends_at__gt=timezone.now())
    coming = list(rows.select_for_update(of=("self",)).select_related("instructor"))
    for session in coming:
        _cancel(session, cohort, actor, reason[:300])
        _tell_cancelled(session, ())
    return len(coming)


def remind_classes() -> int:
    """Remind everybody of tomorrow's classes, once for each class and day; returns how many people were told.

    Safe to call at any time. Side effect: notices. A class that is moved to another day is announced for that day too.
    """
    now = timezone.localtime()
    if now.hour < REMINDED_FROM:
        return 0
    first = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    rows = ClassSession.objects.standing().filter(
        starts_at__gte=first, starts_at__lt=first + timedelta(days=1)
    )
    told = 0
    for session in rows.select_related("instructor__user"):
        people = _with_teacher(enrolled_users(session.cohort_id, EnrolmentState.ENROLLED), session.instructor)
        told += _tell(
            session,
            people,
            "class_tomorrow",
            gettext_noop("Tomorrow: %(what)s"),
            _body(session, gettext_noop("%(time)s, %(where)s."), gettext_noop("%(time)s, online.")),
            source=f"lms.class:{session.pk}:tomorrow:{first:%Y-%m-%d}",
        )
    return told


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


def _refuse_conflicts(slots: Sequence[Slot], actor: Asker | None, accepted: str) -> None:
    if overlap_among(slots):
        raise NotPlanned(_("Two of these classes would be at the same time."))
    found = conflicts_of(slots, actor)
    if found and (any(each.is_impossible for each in found) or accepted != warnings_key(found)):
        raise InTheWay(found)


def _slot(cohort: Cohort, draft: Draft, pk: int | None = None) -> Slot:
    return Slot(
        id=pk,
        cohort_id=cohort.pk,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        is_on_site=draft.is_on_site,
        place=draft.place,
        room=draft.room,
        instructor_id=draft.instructor_id,
    )


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


def _draft_of(session: ClassSession) -> Draft:
    return Draft(**{name: getattr(session, name) for name in FIELDS})


def _facts(draft: Draft, names: Iterable[str] = FIELDS) -> dict[str, Any]:
    """What the audit keeps of a draft. A meeting link lets people in, so only that there is one is kept."""
    values, wanted = _values(draft), set(names)
    found = {name: values[name] for name in FIELDS if name in wanted and values[name] not in ("", None)}
    if found.get("link"):
        found["link"] = "https://…"
    if "instructor_id" in found:
        found["instructor"] = str(Person.objects.get(pk=found.pop("instructor_id")))
    return found


def _cancel(session: ClassSession, cohort: Cohort, actor: Asker | None, reason: str) -> None:
    session.cancelled_at, session.cancel_reason = timezone.now(), reason
    session.sequence += 1
    session.save(update_fields=["cancelled_at", "cancel_reason", "sequence", "updated_at"])
    record(
        action="lms.cancel_class",
        target=session,
        actor=actor,
        organisation=cohort.organisation,
        before={"starts_at": session.starts_at},
        reason=reason,
    )


# --- Telling ----------------------------------------------------------------------------------------------------------


def _tell_planned(cohort: Cohort, planned: Sequence[ClassSession]) -> None:
    now = timezone.now()
    coming = [session for session in planned if session.ends_at > now]
    if not coming:
        return
    first, urgent = coming[0], is_urgent((each.starts_at for each in coming), now=now)
    day = f"{timezone.localdate():%Y-%m-%d}"
    source = f"lms.class:{first.pk}:planned" if urgent else f"lms.classes:{cohort.pk}:planned:{day}"
    notify_many(
        users=enrolled_users(cohort.pk, EnrolmentState.ENROLLED),
        kind="lms.class_planned",
        title=gettext_noop("New classes: %(cohort)s"),
        body=gettext_noop("Classes were added to your timetable. Look when and where they are."),
        url=reverse("lms:timetable-mine"),
        source=source,
        urgent=urgent,
        cohort=cohort.title,
    )
    teachers = {session.instructor_id: session for session in reversed(coming) if session.instructor_id}
    for session in teachers.values():
        _tell_teacher(session, source=f"lms.class:{session.pk}:teach", urgent=urgent)


def _tell_teacher(session: ClassSession, *, source: str, urgent: bool) -> None:
    _tell(
        session,
        _with_teacher((), session.instructor),
        "class_teach",
        gettext_noop("You teach: %(what)s"),
        _body(
            session, gettext_noop("%(day)s, %(time)s, %(where)s."), gettext_noop("%(day)s, %(time)s, online.")
        ),
        source=source,
        urgent=urgent,
    )


def _tell_changed(session: ClassSession, changed: set[str], urgent: bool, old: Person | None) -> None:
    """One notice for one change. Whoever no longer teaches, or now does, is told that."""
    mark = f"lms.class:{session.pk}:{session.sequence}"
    replaced = "instructor_id" in changed
    if changed & TOLD and session.ends_at > timezone.now():
        people = _with_teacher(enrolled_users(session.cohort_id), None if replaced else session.instructor)
        _tell(
            session,
            people,
            "class_changed",
            gettext_noop("Class changed: %(what)s"),
            _body(
                session,
                gettext_noop("It is now on %(day)s, %(time)s, %(where)s."),
                gettext_noop("It is now on %(day)s, %(time)s, online. The link is in your timetable."),
            ),
            source=mark,
            urgent=urgent,
        )
    if replaced and session.ends_at > timezone.now():
        _tell_teacher(session, source=f"{mark}:teach", urgent=urgent)
        _tell(
            session,
            _with_teacher((), old),
            "class_freed",
            gettext_noop("You no longer teach: %(what)s"),
            gettext_noop("Somebody else takes this class over. Your timetable is up to date."),
            source=f"{mark}:freed",
            urgent=urgent,
        )


def _tell_cancelled(session: ClassSession, people: Iterable[User]) -> None:
    _tell(
        session,
        _with_teacher(people, session.instructor),
        "class_cancelled",
        gettext_noop("Class cancelled: %(what)s"),
        gettext_noop("The class on %(day)s, %(time)s does not take place. Reason: %(reason)s"),
        source=f"lms.class:{session.pk}:{session.sequence}",
        urgent=is_urgent((session.starts_at,), now=timezone.now()),
        reason=session.cancel_reason,
    )


def _with_teacher(people: Iterable[User], teacher: Person | None) -> list[User]:
    found = {user.pk: user for user in people}
    if teacher is not None and teacher.user.is_active:
        found.setdefault(teacher.user_id, teacher.user)
    return list(found.values())


def _body(session: ClassSession, on_site: str, online: str) -> str:
    return on_site if session.where else online


def _tell(
    session: ClassSession, people: Iterable[User], kind: str, title: str, body: str, **more: Any
) -> int:
    starts_at, ends_at = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    facts: dict[str, Any] = {
        "what": session.title,
        "day": starts_at.date(),
        "time": f"{starts_at:%H:%M}–{ends_at:%H:%M}",
        "where": session.where,
    }
    return notify_many(
        users=people,
        kind=f"lms.{kind}",
        title=title,
        body=body,
        url=f"{reverse('lms:timetable-mine')}#class-{session.pk}",
        **facts | more,
    )
