"""Reading what a pair said without being of it: asked for with a reason, granted by a second person, for a time, told to
both, and every look audited."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker, covers
from core.access.states import Role
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.organisations.queries import administrators_of
from core.people.models import User
from core.states import move
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing
from supervision.sessions.models import Session, SessionContent, SessionReview
from supervision.sessions.states import REVIEW_MOVES, ReviewState

MOST_DAYS = 14


@transaction.atomic
def ask_review(*, pairing: Pairing, reviewer: User, reason: str) -> SessionReview:
    """Ask to read what this pair said. The reason is kept, and told to both once it is granted. Raises NotPossible.

    Side effects: the row, an audit entry, a notice to the other administrators of the place.
    """
    if reviewer.pk in _two(pairing):
        raise NotPossible(_("One of the two is no reviewer of it."))
    if not reason.strip():
        raise NotPossible(_("Write why the content has to be read."))
    try:
        with transaction.atomic():
            review = SessionReview.objects.create(
                pairing=pairing, reviewer=reviewer, reason=reason.strip(), asked_at=timezone.now()
            )
    except IntegrityError:
        raise NotPossible(_("You have asked already. The list shows how it stands."))
    _record("supervision.ask_review", review, reviewer, reason=review.reason)
    for officer in administrators_of(pairing.organisation):
        if officer.pk != reviewer.pk and officer.pk not in _two(pairing):
            notify(
                user=officer,
                kind="supervision.review",
                title=gettext_noop("%(name)s asks to read what a pair wrote"),
                body=gettext_noop(
                    "Only a second person can grant it, for some days. Both of the pair are told."
                ),
                url=reverse("session_reviews:inspect", args=[review.pk]),
                source=f"supervision.review:{review.pk}:asked",
                name=str(reviewer),
            )
    return review


@transaction.atomic
def grant_review(*, review: SessionReview, actor: Asker, days: int) -> SessionReview:
    """Let the reviewer read for so many days. Raises NotPossible for the reviewer, one of the pair, or too many days.

    Side effects: an audit entry; a notice to both of the pair with who, why and until when; one to the reviewer.
    """
    row = _locked(review, actor)
    if not 1 <= days <= MOST_DAYS:
        raise NotPossible(_("Between 1 and 14 days."))
    now = timezone.now()
    ends_at = now + datetime.timedelta(days=days)
    values: dict[str, Any] = {"decided_by_id": actor.pk, "decided_at": now, "ends_at": ends_at}
    old = move(row, ReviewState.GRANTED, REVIEW_MOVES, **values)
    after = {"state": row.state, "ends_at": ends_at.isoformat()}
    _record("supervision.grant_review", row, actor, before={"state": old}, after=after)
    title = gettext_noop("%(name)s may read what you two wrote, until %(day)s")
    body = gettext_noop("Reason: %(reason)s. Working notes stay private. Every look is recorded.")
    for person in (row.pairing.supervisor.person, row.pairing.mentee):
        _tell(row, person.user, title, body, row.pairing.get_absolute_url() + "#reviews")
    _tell(row, row.reviewer, gettext_noop("Your review is granted until %(day)s"), "", _address(row))
    return row


@transaction.atomic
def decline_review(*, review: SessionReview, actor: Asker, answer: str) -> SessionReview:
    """Say no, with a reason for who asked. Raises as grant_review does. Side effects: an audit entry, a notice."""
    if not answer.strip():
        raise NotPossible(_("Write why it is declined."))
    row = _locked(review, actor)
    values: dict[str, Any] = {
        "decided_by_id": actor.pk,
        "decided_at": timezone.now(),
        "answer": answer.strip(),
    }
    move(row, ReviewState.DECLINED, REVIEW_MOVES, **values)
    _record("supervision.decline_review", row, actor, after={"state": row.state}, reason=row.answer)
    _tell(
        row,
        row.reviewer,
        gettext_noop("Your review is declined"),
        gettext_noop("Reason: %(answer)s"),
        _address(row),
    )
    return row


@transaction.atomic
def end_review(*, review: SessionReview, actor: Asker) -> SessionReview:
    """End a granted review before its time. Raises IllegalMove. Side effect: an audit entry."""
    row = _locked(review, actor, may_be_own=True)
    move(row, ReviewState.ENDED, REVIEW_MOVES, ends_at=min(timezone.now(), row.ends_at or timezone.now()))
    _record("supervision.end_review", row, actor, after={"state": row.state})
    return row


@transaction.atomic
def read_in_review(*, review: SessionReview, session: Session, actor: Asker) -> list[SessionContent]:
    """What the two wrote in this session, the newest version first, for the reviewer while it is granted and the role
    is held. Raises NotPossible. Side effect: an audit entry for every look."""
    row = SessionReview.objects.select_related("pairing__organisation").get(pk=review.pk)
    allowed = covers(actor, row.pairing.organisation, *REVIEWERS)
    if (
        actor.pk != row.reviewer_id
        or session.pairing_id != row.pairing_id
        or not allowed
        or not row.is_open_now
    ):
        raise NotPossible(_("This review is not open, or not yours."))
    record(
        action="supervision.read_in_review",
        target=session,
        actor=actor,
        organisation=row.pairing.organisation,
        after={"review": row.pk},
        reason=row.reason,
    )
    return list(SessionContent.objects.filter(session=session).prefetch_related("goals"))


REVIEWERS = (Role.ADMINISTRATOR, Role.AUDITOR)


def _two(pairing: Pairing) -> set[int]:
    return {pairing.supervisor.person.user_id, pairing.mentee.user_id}


def _locked(review: SessionReview, actor: Asker, *, may_be_own: bool = False) -> SessionReview:
    """The review as it is now; and the actor is neither who asked nor one of the pair."""
    SessionReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
    row = SessionReview.objects.with_people().get(pk=review.pk)
    if actor.pk in _two(row.pairing) or (actor.pk == row.reviewer_id and not may_be_own):
        raise NotPossible(_("A second person decides: neither who asked nor one of the pair."))
    for officer in administrators_of(row.pairing.organisation):
        settle(user=officer, source=f"supervision.review:{row.pk}:asked")
    return row


def _address(review: SessionReview) -> str:
    return reverse("session_reviews:inspect", args=[review.pk])


def _record(action: str, review: SessionReview, actor: Asker, **facts: object) -> None:
    organisation = review.pairing.organisation
    record(action=action, target=review, actor=actor, organisation=organisation, **facts)  # type: ignore[arg-type]


def _tell(review: SessionReview, user: User, title: str, body: str, url: str) -> None:
    notify(
        user=user,
        kind="supervision.review",
        title=title,
        body=body,
        url=url,
        source=f"supervision.review:{review.pk}:{review.state}",
        name=str(review.reviewer),
        reason=review.reason,
        answer=review.answer,
        day=timezone.localtime(review.ends_at).date() if review.ends_at else "",
    )
