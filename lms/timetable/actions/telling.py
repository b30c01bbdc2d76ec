"""Who is told of classes: planned, changed, cancelled, and those of tomorrow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.notices.actions import both, notify_many
from core.people.models import Person, User
from lms.cohorts.models import Cohort
from lms.enrolments.states import EnrolmentState
from lms.timetable.models import ClassSession
from lms.timetable.policy import is_urgent
from lms.timetable.queries import enrolled_users, expected_users, guests_of

TOLD = frozenset({"starts_at", "ends_at", "mode", "place", "room", "link"})  # what sends people elsewhere
REMINDED_FROM = 6  # o'clock: early enough for the morning's letters, not in the night


def remind_classes() -> int:
    """Remind everybody of tomorrow's classes, once for each class and day; returns how many people were told.

    Whoever has leave from a class is not told to come to it. Safe to call at any time. Side effect: notices. A class that is moved to another day is announced for that day too.
    """
    now = timezone.localtime()
    if now.hour < REMINDED_FROM:
        return 0
    first = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    rows = ClassSession.objects.standing().filter(
        starts_at__gte=first, starts_at__lt=first + timedelta(days=1)
    )
    told = 0
    for klass in rows.select_related("instructor__user"):
        people = _with_teacher(expected_users(klass, EnrolmentState.ENROLLED), klass.instructor)
        told += _tell(
            klass,
            people,
            "class_tomorrow",
            gettext_noop("Tomorrow: %(what)s"),
            _body(klass, gettext_noop("%(time)s, %(where)s."), gettext_noop("%(time)s, online.")),
            source=f"lms.class:{klass.pk}:tomorrow:{first:%Y-%m-%d}",
        )
    return told


def tell_planned(cohort: Cohort, planned: Sequence[ClassSession]) -> None:
    now = timezone.now()
    coming = [klass for klass in planned if klass.ends_at > now]
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
        cohort=both(cohort.title, cohort.title_en),
    )
    teachers = {klass.instructor_id: klass for klass in reversed(coming) if klass.instructor_id}
    for klass in teachers.values():
        _tell_teacher(klass, source=f"lms.class:{klass.pk}:teach", urgent=urgent)


def _tell_teacher(klass: ClassSession, *, source: str, urgent: bool) -> None:
    _tell(
        klass,
        _with_teacher((), klass.instructor),
        "class_teach",
        gettext_noop("You teach: %(what)s"),
        _body(
            klass, gettext_noop("%(day)s, %(time)s, %(where)s."), gettext_noop("%(day)s, %(time)s, online.")
        ),
        source=source,
        urgent=urgent,
    )


def tell_changed(klass: ClassSession, changed: set[str], urgent: bool, old: Person | None) -> None:
    """One notice for one change. Whoever no longer teaches, or now does, is told that."""
    mark = f"lms.class:{klass.pk}:{klass.sequence}"
    replaced = "instructor_id" in changed
    if changed & TOLD and klass.ends_at > timezone.now():
        learners = [*enrolled_users(klass.cohort_id), *guests_of(klass)]
        people = _with_teacher(learners, None if replaced else klass.instructor)
        _tell(
            klass,
            people,
            "class_changed",
            gettext_noop("Class changed: %(what)s"),
            _body(
                klass,
                gettext_noop("It is now on %(day)s, %(time)s, %(where)s."),
                gettext_noop("It is now on %(day)s, %(time)s, online. The link is in your timetable."),
            ),
            source=mark,
            urgent=urgent,
        )
    if replaced and klass.ends_at > timezone.now():
        _tell_teacher(klass, source=f"{mark}:teach", urgent=urgent)
        _tell(
            klass,
            _with_teacher((), old),
            "class_freed",
            gettext_noop("You no longer teach: %(what)s"),
            gettext_noop("Somebody else takes this class over. Your timetable is up to date."),
            source=f"{mark}:freed",
            urgent=urgent,
        )


def tell_cancelled(klass: ClassSession, people: Iterable[User]) -> int:
    """Tell these people, the instructor, and whoever was to make a class up in this one; returns how many."""
    return _tell(
        klass,
        _with_teacher([*people, *guests_of(klass)], klass.instructor),
        "class_cancelled",
        gettext_noop("Class cancelled: %(what)s"),
        gettext_noop("The class on %(day)s, %(time)s does not take place. Reason: %(reason)s"),
        source=f"lms.class:{klass.pk}:{klass.sequence}",
        urgent=is_urgent((klass.starts_at,), now=timezone.now()),
        reason=klass.cancel_reason,
    )


def _with_teacher(people: Iterable[User], teacher: Person | None) -> list[User]:
    found = {user.pk: user for user in people}
    if teacher is not None and teacher.user.is_active:
        found.setdefault(teacher.user_id, teacher.user)
    return list(found.values())


def _body(klass: ClassSession, on_site: str, online: str) -> str:
    return on_site if klass.where else online


def _tell(klass: ClassSession, people: Iterable[User], kind: str, title: str, body: str, **more: Any) -> int:
    starts_at, ends_at = timezone.localtime(klass.starts_at), timezone.localtime(klass.ends_at)
    facts: dict[str, Any] = {
        "what": both(klass.title, klass.title_en),
        "day": starts_at.date(),
        "time": f"{starts_at:%H:%M}–{ends_at:%H:%M}",
        "where": klass.where,
    }
    return notify_many(
        users=people,
        kind=f"lms.{kind}",
        title=title,
        body=body,
        url=f"{reverse('lms:timetable-mine')}#class-{klass.pk}",
        **facts | more,
    )
