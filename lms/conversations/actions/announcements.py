"""Announcing something to a whole cohort: at once or at a set time, told exactly once, changed or withdrawn in the open."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.attachments.actions import keep_file
from core.notices.actions import both, notify_many, settle
from core.people.models import User
from lms.cohorts.models import Cohort
from lms.conversations.actions.fitness import NotPossible, note, refuse_numbers, refuse_others
from lms.conversations.models import Announcement, AnnouncementRead
from lms.conversations.policy import PrivateNumber
from lms.conversations.queries import learners_of
from lms.enrolments.models import Enrolment

TEXTS = ("title", "body")


@transaction.atomic
def publish_announcement(
    *,
    cohort: Cohort,
    actor: Asker,
    key: UUID,
    title: str,
    body: str,
    upload: Any = None,
    is_urgent: bool = False,
    is_pinned: bool = False,
    publish_at: datetime | None = None,
) -> Announcement:
    """Announce something: everybody who learns in the cohort is told, at once or at `publish_at`.

    The same `key` is the same announcement, however often it is sent. Raises NotPossible for whoever does not teach
    the cohort, and for an ID number in the text; a telephone number may stand, it is the organiser's.
    Side effects, in order: the file; the announcement; an audit entry; the notices, unless it is for later.
    """
    refuse_others(cohort, actor)
    refuse_numbers(title, body, only=(PrivateNumber.ID,))
    sent = Announcement.objects.filter(key=key, cohort=cohort).first()
    if sent is not None:
        return sent
    fields = {"title": title.strip(), "body": body.strip(), "is_urgent": is_urgent, "is_pinned": is_pinned}
    try:
        with transaction.atomic():
            announcement = Announcement.objects.create(
                key=key,
                cohort=cohort,
                author=cast(User, actor),
                attachment=keep_file(upload=upload, actor=cast(User, actor)) if upload else None,
                publish_at=publish_at or timezone.now(),
                **fields,
            )
    except IntegrityError:  # the first of two clicks was faster
        return Announcement.objects.get(key=key, cohort=cohort)
    facts = {"publish_at": announcement.publish_at, "is_urgent": is_urgent}
    note("lms.publish_announcement", announcement, announcement.cohort, actor, after=facts)
    tell_announcement(announcement=announcement)
    return announcement


@transaction.atomic
def tell_announcement(*, announcement: Announcement) -> int:
    """Tell everybody who learns in the cohort, once; returns how many were told.

    Nothing happens before its time, after it was told, and once it is withdrawn.
    """
    now = timezone.now()
    due = Announcement.objects.filter(
        pk=announcement.pk, told_at=None, withdrawn_at=None, publish_at__lte=now
    )
    if not due.update(told_at=now):
        return 0
    announcement.told_at = now
    learners = learners_of(announcement.cohort)
    return notify_many(
        users=[user for user, _enrolment in learners.values()],
        kind="lms.announcement",
        title=gettext_noop("%(cohort)s: %(announcement)s"),
        body=gettext_noop("An announcement for your cohort."),
        url=lambda user: reverse("lms:talk-announcement", args=[learners[user.pk][1], announcement.pk]),
        source=_source(announcement),
        urgent=announcement.is_urgent,
        cohort=both(announcement.cohort.title, announcement.cohort.title_en),
        announcement=announcement.title,
    )


def tell_due_announcements() -> int:
    """Tell what was written for a time that has come; returns how many announcements. Safe to call at any time."""
    due = Announcement.objects.filter(told_at=None, withdrawn_at=None, publish_at__lte=timezone.now())
    rows = list(due.select_related("cohort__organisation").order_by("publish_at"))
    for announcement in rows:
        tell_announcement(announcement=announcement)
    return len(rows)


@transaction.atomic
def change_announcement(
    *,
    announcement: Announcement,
    actor: Asker,
    title: str,
    body: str,
    is_pinned: bool,
    is_urgent: bool,
    publish_at: datetime | None = None,
    upload: Any = None,
    drops_file: bool = False,
) -> Announcement:
    """Change an announcement. Once it is published it says that it was changed, and nobody is told again.

    Before its time, the time may be changed too. Raises NotPossible when it was withdrawn, or when somebody else
    changed it since `announcement` was read. Side effects: the change; an audit entry.
    """
    refuse_others(announcement.cohort, actor)
    refuse_numbers(title, body, only=(PrivateNumber.ID,))
    row = Announcement.objects.select_for_update(of=("self",)).get(pk=announcement.pk)
    if row.withdrawn_at is not None:
        raise NotPossible(_("This announcement was withdrawn, so it can no longer be changed."))
    if row.edited_at != announcement.edited_at:
        raise NotPossible(_("Somebody else has changed this announcement meanwhile. Read it again first."))
    before = {name: getattr(row, name) for name in (*TEXTS, "is_pinned", "is_urgent")}
    after = {"title": title.strip(), "body": body.strip(), "is_pinned": is_pinned, "is_urgent": is_urgent}
    changes = {name: value for name, value in after.items() if value != before[name]}
    for name, value in changes.items():
        setattr(row, name, value)
    if drops_file:
        row.attachment = None
    if upload:
        row.attachment = keep_file(upload=upload, actor=cast(User, actor))
    if row.told_at is None and publish_at is not None:
        row.publish_at = publish_at
    if row.told_at is None or upload or drops_file or changes.keys() & set(TEXTS):
        row.edited_at = timezone.now()
    row.save()
    facts = {"before": {name: before[name] for name in changes}, "after": changes}
    note("lms.change_announcement", row, row.cohort, actor, **facts)
    row.cohort = announcement.cohort
    tell_announcement(announcement=row)
    return row


@transaction.atomic
def withdraw_announcement(*, announcement: Announcement, actor: Asker) -> bool:
    """Take an announcement back: members no longer read it, and letters that were not sent yet are not sent.

    False when it was withdrawn before. Side effects: the time; an audit entry; the notices are settled.
    """
    refuse_others(announcement.cohort, actor)
    standing = Announcement.objects.filter(pk=announcement.pk, withdrawn_at=None)
    announcement.withdrawn_at = timezone.now()
    if not standing.update(withdrawn_at=announcement.withdrawn_at):
        return False
    note("lms.withdraw_announcement", announcement, announcement.cohort, actor)
    learners = learners_of(announcement.cohort).values()
    settle(source=_source(announcement), users=[user for user, _enrolment in learners])
    return True


def note_read(*, announcement: Announcement, enrolment: Enrolment) -> None:
    """Note that this trainee has opened the announcement. Opened again it changes nothing."""
    row = AnnouncementRead(announcement=announcement, enrolment=enrolment, read_at=timezone.now())
    AnnouncementRead.objects.bulk_create([row], ignore_conflicts=True)


def _source(announcement: Announcement) -> str:
    return f"lms.announcement:{announcement.pk}:told"
