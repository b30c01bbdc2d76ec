"""Talking in a cohort: opening a thread, writing, changing what one wrote, reporting."""

from __future__ import annotations

from hashlib import sha256
from typing import cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import both, notify, notify_many
from core.people.models import User
from lms.cohorts.models import Cohort
from lms.cohorts.queries import words
from lms.conversations.actions.fitness import (
    NotPossible,
    note,
    refuse_flood,
    refuse_numbers,
    refuse_silent,
    refuse_strangers,
    sent_before,
)
from lms.conversations.models import Post, Report, Thread
from lms.conversations.policy import edit_refusal, listed_word
from lms.conversations.queries import Spot, teachers_of, teaches, words_for
from lms.conversations.states import PostState


@transaction.atomic
def open_thread(
    *, cohort: Cohort, actor: Asker, key: UUID, title: str, body: str, spot: Spot | None = None
) -> Post:
    """Open a thread with its first post, of the discussion of a lesson where a `spot` is given; the same `key` opens the
    same thread.

    What is refused and what follows: as `write_post`.
    """
    sent = Post.objects.filter(key=key, author=actor.pk).select_related("thread").first()
    if sent is not None:
        return sent
    _refuse_unfit(cohort, actor, title, body)
    now = timezone.now()
    try:
        with transaction.atomic():
            thread = Thread.objects.create(
                cohort=cohort,
                author=cast(User, actor),
                title=title.strip(),
                created_at=now,
                last_post_at=now,
                **(spot.fields if spot else {}),
            )
            post = _write(thread, actor, key, body, title=title, is_opening=True)
    except IntegrityError:  # the first of two clicks was faster
        return sent_before(Post.objects.select_related("thread"), key, actor)
    _tell_held(post)
    return post


@transaction.atomic
def write_post(*, thread: Thread, actor: Asker, key: UUID, body: str) -> Post:
    """Reply in a thread; the same `key` is the same post, however often it is sent.

    Raises NotPossible when the thread is closed, for whoever is no member or may not write at present, for a number
    of a person in the text and for too much at once. A member's post in which a listed word stands is held until a
    moderator has looked at it. Side effects, in order: the post; the thread moves up, and its author is told once a
    day; or, when it is held, the moderators are told.
    """
    row = Thread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
    row.cohort, row.author = thread.cohort, thread.author
    sent = Post.objects.filter(key=key, author=actor.pk).first()
    if sent is not None:
        return sent
    if row.closed_at is not None:
        raise NotPossible(_("This thread is closed. You can open another one."))
    _refuse_unfit(row.cohort, actor, body)
    try:
        with transaction.atomic():
            post = _write(row, actor, key, body)
    except IntegrityError:
        return sent_before(Post.objects.select_related("thread"), key, actor)
    if post.state == PostState.HELD:
        _tell_held(post)
    else:
        lift_thread(post)
    return post


def lift_thread(post: Post) -> None:
    """A post is to be seen now: its thread moves up, and who opened it is told, once a day."""
    thread, today = post.thread, timezone.localdate()
    Thread.objects.filter(pk=thread.pk).update(last_post_at=timezone.now())
    enrolment = thread.cohort.enrolments.learning().filter(person__user=thread.author_id).first()
    if enrolment is None or thread.author_id == post.author_id:
        return
    notify(
        user=thread.author,
        kind="lms.thread_replied",
        title=gettext_noop("New replies: %(thread)s"),
        body=gettext_noop("Somebody replied to what you brought up in your cohort."),
        url=reverse("lms:talk-thread", args=[enrolment.pk, thread.pk]),
        source=f"lms.thread:{thread.pk}:replies:{today.isoformat()}",
        thread=thread.title,
    )


@transaction.atomic
def edit_post(*, post: Post, actor: Asker, body: str) -> Post:
    """Change one's own post, within a quarter of an hour, while the thread is open and before anybody
    has reported it.

    Raises NotPossible afterwards, for the posts of others, and as `write_post` does. A listed word is refused here:
    what others read already is not held back again. Side effects: the text; an audit entry with the check sum of the
    former one, which proves what somebody says they have read.
    """
    row = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    row.thread = post.thread
    if row.author_id != actor.pk:
        raise NotPossible(_("Only the author can change a post."))
    cohort, now = post.thread.cohort, timezone.now()
    refusal = edit_refusal(
        written_at=row.written_at,
        now=now,
        is_visible=row.state == PostState.VISIBLE,
        is_reported=row.reports.filter(settled_at=None).exists(),
        is_closed=Thread.objects.filter(pk=row.thread_id, closed_at__isnull=False).exists(),
    )
    if refusal is not None:
        raise NotPossible(words(refusal))
    refuse_silent(cohort, actor)
    refuse_numbers(body)
    if not teaches(actor, cohort) and listed_word(body, words_for(cohort)):
        raise NotPossible(_("A moderator has to look at this text first. Write it as a new post."))
    if body.strip() != row.body:
        former = sha256(row.body.encode()).hexdigest()
        row.body, row.edited_at = body.strip(), now
        row.save(update_fields=["body", "edited_at"])
        note("lms.edit_post", row, cohort, actor, before={"text": former})
    return row


@transaction.atomic
def report_post(*, post: Post, actor: Asker, reason: str) -> Report:
    """Ask the moderators to look at a post. Each reports it once; the author does not learn who did.

    Raises NotPossible for one's own post and for one that is hidden already. Side effects: the report; with the
    first that is open, a notice to the moderators.
    """
    row = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    refuse_strangers(post.thread.cohort, actor)
    if row.author_id == actor.pk:
        raise NotPossible(_("This is your own post."))
    if row.state != PostState.VISIBLE:
        raise NotPossible(_("A moderator has dealt with this post already."))
    is_first = not row.reports.filter(settled_at=None).exists()
    report, made = Report.objects.get_or_create(
        post=row, reporter_id=actor.pk, defaults={"reason": reason.strip(), "reported_at": timezone.now()}
    )
    if made and is_first:
        _tell_moderators(post, f"reported:{report.pk}", gettext_noop("A post was reported: %(thread)s"))
    return report


def _write(
    thread: Thread, actor: Asker, key: UUID, body: str, *, title: str = "", is_opening: bool = False
) -> Post:
    held = not teaches(actor, thread.cohort) and listed_word(f"{title}\n{body}", words_for(thread.cohort))
    return Post.objects.create(
        key=key,
        thread=thread,
        author=cast(User, actor),
        body=body.strip(),
        is_opening=is_opening,
        state=PostState.HELD if held else PostState.VISIBLE,
        written_at=timezone.now(),
    )


def _refuse_unfit(cohort: Cohort, actor: Asker, *texts: str) -> None:
    refuse_strangers(cohort, actor)
    refuse_silent(cohort, actor)
    refuse_numbers(*texts)
    refuse_flood(actor)


def _tell_held(post: Post) -> None:
    if post.state == PostState.HELD:
        _tell_moderators(post, "held", gettext_noop("A post waits for you: %(thread)s"))


def _tell_moderators(post: Post, what: str, title: str) -> None:
    cohort = post.thread.cohort
    notify_many(
        users=[user for user in teachers_of(cohort) if user.pk != post.author_id],
        kind="lms.post_to_look_at",
        title=title,
        body=gettext_noop("From the cohort %(cohort)s. Look at it, then show or hide it."),
        url=reverse("talk:thread", args=[post.thread_id]),
        source=f"lms.post:{post.pk}:look:{what}",
        thread=post.thread.title,
        cohort=both(cohort.title, cohort.title_en),
    )
