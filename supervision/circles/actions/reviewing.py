"""Reading what a circle wrote without being of it: asked for with a reason, granted by a second person, for a time, told
to all of it, and every look audited. Granting, declining and ending are those of every review."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker, covers
from core.audit.actions import record
from core.people.models import User
from supervision.circles.models import Circle, CircleReview, Gathering, GatheringContent
from supervision.pairings.actions import NotPossible
from supervision.sessions.actions.reviewing import REVIEWERS, keep_asked, record_of_review


@transaction.atomic
def ask_circle_review(*, circle: Circle, reviewer: User, reason: str) -> CircleReview:
    """Ask to read what was written in this circle. The reason is kept, and told to all of it once it is granted.

    Raises NotPossible. Side effects: the row, a notice to the other administrators of the place, an audit entry.
    """
    review = CircleReview(circle=circle, reviewer=reviewer)
    if reviewer.pk in {person.user_id for person in review.concerned}:
        raise NotPossible(_("Nobody reviews what they took part in."))
    keep_asked(review, reason, gettext_noop("%(name)s asks to read what a circle wrote"))
    record_of_review("supervision.ask_circle_review", review, reviewer)
    return review


@transaction.atomic
def read_gathering_in_review(
    *, review: CircleReview, gathering: Gathering, actor: Asker
) -> list[GatheringContent]:
    """What was written in this gathering, the newest version first, for the reviewer while it is granted and the role is
    held. Raises NotPossible. Side effect: an audit entry for every look."""
    row = CircleReview.objects.select_related("circle__organisation").get(pk=review.pk)
    if (
        actor.pk != row.reviewer_id
        or gathering.circle_id != row.circle_id
        or not covers(actor, row.place, *REVIEWERS)
        or not row.is_open_now
    ):
        raise NotPossible(_("This review is not open, or not yours."))
    record(
        action="supervision.read_gathering_in_review",
        target=gathering,
        actor=actor,
        organisation=row.place,
        after={"review": row.pk},
        reason=row.reason,
    )
    return list(GatheringContent.objects.filter(gathering=gathering))
