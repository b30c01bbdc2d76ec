"""Reading what a pair said without being of it: asked for with a reason, granted by a second person, for a time, told to
both, and every look audited."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker, covers
from core.access.states import Role
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.organisations.queries import administrators_over
from core.people.models import User
from core.people.queries import deciders_at
from core.states import move
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing
from supervision.sessions.models import Review, Session, SessionContent, SessionReview
from supervision.sessions.states import REVIEW_MOVES, TOLD_REVIEW, ReviewState
from supervision.supervisors.queries import dependence_among

MOST_DAYS = 14


@transaction.atomic
def ask_review(*, pairing: Pairing, reviewer: User, reason: str) -> SessionReview:
    """Ask to read what this pair said. The reason is kept, and told to both once it is granted. Raises NotPossible.

    Side effects: the row, an audit entry, a notice to the other administrators of the place.
    """
    if reviewer.pk in (pairing.supervisor.person.user_id, pairing.mentee.user_id):
        raise NotPossible(_("One of the two is no reviewer of it."))
    review = SessionReview(pairing=pairing, reviewer=reviewer)
    keep_asked(review, reason, gettext_noop("%(name)s asks to read what a pair wrote"))
    record_of_review("supervision.ask_review", review, reviewer)
    return review


def keep_asked(review: Review, reason: str, title: str) -> None:
    """Keep a review that is asked for, once while it is open. Raises NotPossible. Side effects: the row; a notice to the
    administrators who can decide it."""
    if not reason.strip():
        raise NotPossible(_("Write why the content has to be read."))
    review.reason, review.asked_at = reason.strip(), timezone.now()
    try:
        with transaction.atomic():
            review.save(force_insert=True)
    except IntegrityError:
        raise NotPossible(_("You have asked already. The list shows how it stands."))
    for officer in deciders_at(review.place, _holders(review)):
        notify(
            user=officer,
            kind="supervision.review",
            title=title,
            body=gettext_noop(
                "Only a second person can grant it, for some days. Those whom it concerns are told."
            ),
            url=review.desk_url(),
            source=f"{review.source}:asked",
            name=str(review.reviewer),
        )


@transaction.atomic
def grant_review(*, review: Review, actor: Asker, days: int) -> Review:
    """Let the reviewer read for so many days. Raises NotPossible for the reviewer, for one whom it concerns, for an
    officer whom one of them let in, or for too many days.

    Side effects: an audit entry; a notice to those whom it concerns with who, why and until when; one to the reviewer.
    """
    row = _locked(review, actor)
    if not 1 <= days <= MOST_DAYS:
        raise NotPossible(_("Between 1 and 14 days."))
    now = timezone.now()
    ends_at = now + datetime.timedelta(days=days)
    values: dict[str, Any] = {"decided_by_id": actor.pk, "decided_at": now, "ends_at": ends_at}
    old = move(row, ReviewState.GRANTED, REVIEW_MOVES, **values)
    after = {"state": row.state, "ends_at": ends_at.isoformat()}
    record_of_review(
        "supervision.grant_review", row, actor, before={"state": old}, after=after, reason=row.reason
    )
    body = gettext_noop("Reason: %(reason)s. Working notes stay private. Every look is recorded.")
    for person in row.concerned:
        _tell(row, person.user, row.told_words, body, row.told_url())
    _tell(row, row.reviewer, gettext_noop("Your review is granted until %(day)s"), "", row.desk_url())
    return row


@transaction.atomic
def decline_review(*, review: Review, actor: Asker, answer: str) -> Review:
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
    record_of_review("supervision.decline_review", row, actor, after={"state": row.state})
    words = gettext_noop("Your review is declined")
    _tell(row, row.reviewer, words, gettext_noop("Reason: %(answer)s"), row.desk_url())
    return row


@transaction.atomic
def end_review(*, review: Review, actor: Asker) -> Review:
    """End a granted review before its time. Raises IllegalMove. Side effect: an audit entry."""
    row = _locked(review, actor, may_be_own=True)
    move(row, ReviewState.ENDED, REVIEW_MOVES, ends_at=min(timezone.now(), row.ends_at or timezone.now()))
    record_of_review("supervision.end_review", row, actor, after={"state": row.state})
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


def _holders(review: Review) -> list[User]:
    """Who decides nothing about it: who asked, and those whom it concerns."""
    return [review.reviewer, *(person.user for person in review.concerned)]


def _locked(review: Review, actor: Asker, *, may_be_own: bool = False) -> Review:
    """The review as it is now; and the actor is neither who asked nor one whom it concerns, nor let in by one of them."""
    rows: Any = type(review)._default_manager
    rows.select_for_update(of=("self",)).get(pk=review.pk)
    row: Review = rows.with_people().get(pk=review.pk)
    holders = _holders(row)
    own = actor.pk == row.reviewer_id
    if (own and not may_be_own) or (not own and actor.pk in {user.pk for user in holders}):
        raise NotPossible(_("A second person decides: neither who asked nor one whom it concerns."))
    if not may_be_own and (words := dependence_among(actor, holders, row.place)):
        raise NotPossible(words)
    settle(users=administrators_over(row.place), source=f"{row.source}:asked")
    return row


def record_of_review(action: str, review: Review, actor: Asker, **facts: Any) -> None:
    """One audit entry of an act on a review. Before it is granted it is named by its number alone, and without its reason:
    whoever reads the audit may be one whom it concerns, who knows nothing of it yet."""
    label = "" if review.state in TOLD_REVIEW else f"№ {review.pk}"
    record(action=action, target=review, actor=actor, organisation=review.place, label=label, **facts)


def _tell(review: Review, user: User, title: str, body: str, url: str) -> None:
    notify(
        user=user,
        kind="supervision.review",
        title=title,
        body=body,
        url=url,
        source=f"{review.source}:{review.state}",
        name=str(review.reviewer),
        reason=review.reason,
        answer=review.answer,
        day=timezone.localtime(review.ends_at).date() if review.ends_at else "",
    )
