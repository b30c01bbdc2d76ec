"""A stage whose last day has passed: those who hold it are told, once."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.notices.actions import Note, notify_each
from core.notices.models import Notice
from core.organisations.queries import administrators_of
from credentials.claims.actions.settling import OVERDUE
from credentials.claims.models import Claim
from credentials.claims.queries.desk import overdue
from credentials.claims.queries.stages import stage_place

AT_ONCE = 500


def remind_reviewers() -> int:
    """Tell the administrators of each stage that is overdue, once for each claim, round and stage; returns how many were told.

    Of very many claims the oldest first, and the others the next day. Side effect: the notices.
    """
    rows = Claim.objects.filter(overdue(timezone.localdate())).order_by("stage_due_on", "pk")
    rows = rows.select_related("version", "authority", "employer")
    told = set(Notice.objects.filter(source__startswith=OVERDUE).values_list("source", flat=True))
    late = [row for row in rows if _source(row) not in told][:AT_ONCE]
    return notify_each(kind="claim", notes=_notes(late))


def _source(claim: Claim) -> str:
    return f"{OVERDUE}{claim.pk}:{claim.round}:{claim.stage}"


def _notes(claims: list[Claim]) -> Iterator[Note]:
    for claim in claims:
        place = stage_place(claim)
        for officer in administrators_of(place) if place else ():
            if officer.pk != claim.holder_id:
                yield Note(
                    user=officer,
                    title=gettext_noop("%(serial)s: the review is overdue"),
                    body=gettext_noop("It was to be decided by %(day)s."),
                    url=reverse("claims:inspect", args=[claim.pk]),
                    source=_source(claim),
                    values={"serial": claim.serial, "day": claim.stage_due_on},
                )
