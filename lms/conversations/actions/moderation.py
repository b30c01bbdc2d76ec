"""What moderators do: hide or keep a post, close a thread, silence somebody for a time, keep the list of words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, cast

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker, covers
from core.access.states import Role
from core.audit.actions import record
from core.notices.actions import both, notify, settle
from core.organisations.models import Organisation
from core.people.models import User
from core.states import StaleState, move
from lms.cohorts.models import Cohort
from lms.conversations.actions.discussion import lift_thread
from lms.conversations.actions.fitness import NotPossible, note, refuse_others
from lms.conversations.models import Mute, Post, Report, ReviewWord, Thread
from lms.conversations.queries import teachers_of, teaches
from lms.conversations.states import MOVES, PostState

LONGEST_MUTE = timedelta(days=366)


@transaction.atomic
def hide_post(*, post: Post, actor: Asker, reason: str) -> Post:
    """Hide a post: members read the reason in its place, what it said stays for the desk.

    Raises NotPossible for one's own post, for whoever does not teach the cohort and without a reason, and StaleState
    when somebody else has decided since `post` was read. Side effects, in order: the state; the open reports are
    settled; an audit entry; a notice to the author.
    """
    row = _locked(post, actor)
    if not reason.strip():
        raise NotPossible(_("Write the reason: the author and the cohort read it."))
    old = move(row, PostState.HIDDEN, MOVES, **_decided(actor, reason.strip()))
    _settle(row, actor)
    note("lms.hide_post", row, row.thread.cohort, actor, before={"state": old}, reason=reason.strip())
    title = gettext_noop("Your post was hidden: %(thread)s")
    _tell_author(row, "hidden", title, gettext_noop("Reason: %(reason)s"), reason=reason.strip())
    return row


@transaction.atomic
def keep_post(*, post: Post, actor: Asker) -> Post:
    """Find nothing wrong with a post: it is shown, or shown again, and its open reports are settled.

    Raises NotPossible and StaleState as `hide_post` does. Side effects, in order: the state, unless it is visible;
    the reports; an audit entry; a notice to the author of what was not visible.
    """
    row = _locked(post, actor)
    old = row.state
    if old == PostState.VISIBLE and not row.reports.filter(settled_at=None).exists():
        return row  # the second of two clicks
    if old != PostState.VISIBLE:
        move(row, PostState.VISIBLE, MOVES, **_decided(actor, ""))
        lift_thread(row)
        title = gettext_noop("Your post is shown: %(thread)s")
        _tell_author(row, "shown", title, gettext_noop("A moderator has looked at it."))
    _settle(row, actor)
    note("lms.keep_post", row, row.thread.cohort, actor, before={"state": old}, after={"state": row.state})
    return row


def _locked(post: Post, actor: Asker) -> Post:
    """The post as it stands, held until the transaction ends; refuses where this person may not decide on it."""
    row = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    row.thread = post.thread
    row.author = post.author
    if row.author_id == actor.pk:
        raise NotPossible(_("Nobody decides on their own post. Ask another teacher."))
    refuse_others(row.thread.cohort, actor)
    if row.state != post.state:
        raise StaleState(row, post.state, row.state)
    return row


def _decided(actor: Asker, reason: str) -> dict[str, Any]:
    return {"decided_at": timezone.now(), "decided_by_id": actor.pk, "reason": reason}


def _settle(post: Post, actor: Asker) -> None:
    Report.objects.filter(post=post, settled_at=None).update(settled_at=timezone.now(), settled_by=actor.pk)
    settle(source=f"lms.post:{post.pk}:look:", users=teachers_of(post.thread.cohort))


@transaction.atomic
def close_thread(*, thread: Thread, actor: Asker) -> bool:
    """Let nobody write in a thread any more; False when it was closed before. Audited."""
    refuse_others(thread.cohort, actor)
    thread.closed_at = timezone.now()
    open_one = Thread.objects.filter(pk=thread.pk, closed_at=None)
    if not open_one.update(closed_at=thread.closed_at, closed_by=actor.pk):
        return False
    note("lms.close_thread", thread, thread.cohort, actor)
    return True


@transaction.atomic
def reopen_thread(*, thread: Thread, actor: Asker) -> bool:
    """Let the cohort write in a thread again; False when it was open. Audited."""
    refuse_others(thread.cohort, actor)
    closed = Thread.objects.filter(pk=thread.pk, closed_at__isnull=False)
    if not closed.update(closed_at=None, closed_by=None):
        return False
    thread.closed_at = None
    note("lms.reopen_thread", thread, thread.cohort, actor)
    return True


@transaction.atomic
def mute_person(*, cohort: Cohort, user: User, actor: Asker, until: date, reason: str) -> Mute:
    """Let somebody read but not write in this cohort, to the end of a day; it replaces what stood before.

    Raises NotPossible for oneself, for a teacher of the cohort, without a reason and for a day that is past or more
    than a year away. Side effects: an audit entry; a notice to the person.
    """
    refuse_others(cohort, actor)
    today = timezone.localdate()
    if user.pk == actor.pk or teaches(user, cohort):
        raise NotPossible(_("Teachers of this cohort cannot be silenced."))
    if not today <= until <= today + LONGEST_MUTE:
        raise NotPossible(_("Choose a day from today on, within a year."))
    if not reason.strip():
        raise NotPossible(_("Write the reason: the person reads it."))
    Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    Mute.objects.filter(cohort=cohort, user=user, lifted_at=None).update(lifted_at=timezone.now())
    mute = Mute.objects.create(
        cohort=cohort,
        user=user,
        until=until,
        reason=reason.strip(),
        muted_by=cast(User, actor),
        muted_at=timezone.now(),
    )
    note("lms.mute_person", mute, cohort, actor, after={"until": until}, reason=reason.strip())
    enrolment = cohort.enrolments.learning().filter(person__user=user).first()
    if enrolment is not None:
        notify(
            user=user,
            kind="lms.muted",
            title=gettext_noop("You cannot write in the discussion for a time: %(cohort)s"),
            body=gettext_noop(
                "Until the end of %(until)s. Reason: %(reason)s You can still ask the teachers."
            ),
            url=reverse("lms:talk-discussion", args=[enrolment.pk]),
            source=f"lms.mute:{mute.pk}",
            cohort=both(cohort.title, cohort.title_en),
            until=until,
            reason=reason.strip(),
        )
    return mute


@transaction.atomic
def lift_mute(*, mute: Mute, actor: Asker) -> bool:
    """Let somebody write again before the day; False when it was lifted before. Audited."""
    refuse_others(mute.cohort, actor)
    if not Mute.objects.filter(pk=mute.pk, lifted_at=None).update(lifted_at=timezone.now()):
        return False
    note("lms.lift_mute", mute, mute.cohort, actor)
    return True


@transaction.atomic
def save_review_words(*, organisation: Organisation, words: Iterable[str], actor: Asker) -> None:
    """Make these the organisation's words to review; they count for what is posted from now on.

    Raises NotPossible for whoever is no administrator there. Side effect: an audit entry with what came and went.
    """
    if not covers(actor, organisation, Role.ADMINISTRATOR):
        raise NotPossible(_("Only administrators keep this list."))
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    wanted = {word.strip()[:40] for word in words if word.strip()}
    held = set(ReviewWord.objects.filter(organisation=organisation).values_list("word", flat=True))
    if wanted == held:
        return
    ReviewWord.objects.filter(organisation=organisation).exclude(word__in=wanted).delete()
    ReviewWord.objects.bulk_create(
        [ReviewWord(organisation=organisation, word=word) for word in sorted(wanted - held)]
    )
    facts: dict[str, Any] = {
        "before": {"words": sorted(held - wanted)},
        "after": {"words": sorted(wanted - held)},
    }
    record(
        action="lms.save_review_words",
        target=organisation,
        actor=actor,
        organisation=organisation,
        **facts,
    )


def _tell_author(post: Post, what: str, title: str, body: str, **values: Any) -> None:
    thread = post.thread
    enrolment = thread.cohort.enrolments.learning().filter(person__user=post.author_id).first()
    if enrolment is None:
        return
    notify(
        user=post.author,
        kind=f"lms.post_{what}",
        title=title,
        body=body,
        url=reverse("lms:talk-thread", args=[enrolment.pk, thread.pk]),
        source=f"lms.post:{post.pk}:{what}:{post.decided_at:%Y%m%d%H%M%S%f}",
        thread=thread.title,
        **values,
    )
