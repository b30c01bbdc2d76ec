"""Handing over what a policy gives in kind: no account, no batch, but a line of the ledger that says who, when and what."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from core.access.predicates import by_rule
from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify
from core.people.models import User
from core.people.queries import BOUND
from core.states import move
from credentials.claims.actions.drafting import ClaimRefused
from credentials.claims.actions.handing_in import KEPT
from credentials.claims.actions.paying import still_granted
from credentials.claims.models import Claim, PaymentEntry
from credentials.claims.models.ledger import GIVEN, source_of
from credentials.claims.queries.stages import why_not_give
from credentials.claims.states import MOVES, ClaimState, EntryKind
from credentials.hours.actions import lock_people

WHY_NOT_GIVE: dict[str, Any] = {
    "state": gettext_lazy("This claim is not waiting to be handed over."),
    "place": gettext_lazy("Only finance officers and administrators of the authority hand it over."),
    "own": gettext_lazy("Nobody hands over to themselves."),
    "approved": gettext_lazy("You have approved this claim: somebody else hands it over."),
    "entered": gettext_lazy("You have entered this claim: somebody else hands it over."),
    "bound": BOUND,
    "tied": gettext_lazy(
        "Whoever entered or approved this claim gave you your account or your role: somebody else hands it over."
    ),
    "giver": gettext_lazy(
        "A colleague to whom you gave their role entered or approved this claim: somebody else hands it over."
    ),
}


@transaction.atomic
def give_in_kind(*, claim: Claim, on: datetime.date, words: str, actor: Asker) -> bool:
    """Write down that somebody was given on a day what their claim grants in kind; `words` say what, and against which
    receipt. The claim is settled by it.

    False when the policy no longer grants it as approved: then it has gone back to review. Raises ClaimRefused for whoever
    may not, without words, for a day that cannot be, and the second time. Side effects, in order: the person's row is
    locked; a line of the ledger; the state moves; an audit entry; the claimant is told.
    """
    assert isinstance(actor, User)
    lock_people(claim.person_id)
    row = Claim.objects.select_related(*KEPT, "holder").get(pk=claim.pk)
    if not by_rule(actor, "credentials.give_claim", row):
        raise ClaimRefused(str(WHY_NOT_GIVE[why_not_give(row, actor) or "place"]))
    words = words.strip()[:300]
    if not words or not row.asked_on(on) <= on <= timezone.localdate():
        raise ClaimRefused(_("Say what was handed over, and on which day since the claim was handed in."))
    if not still_granted(claim=row, actor=actor):
        return False
    PaymentEntry.objects.create(
        person=row.person,
        id_hash=row.id_hash,
        holder_id=row.holder_id,
        authority=row.authority,
        claim=row,
        kind=EntryKind.GIVEN,
        policy=row.version.subsidy.code,
        benefit=row.benefit,
        key=row.key,
        amount=row.amount,
        on=on,
        source=source_of(GIVEN, row.pk),
        words=words,
        entered_by=actor,
    )
    move(row, ClaimState.GIVEN, MOVES, given_by=actor, decided_at=timezone.now())
    record(
        action="credentials.give_in_kind",
        target=row,
        actor=actor,
        organisation=row.employer,
        after={"amount": str(row.amount), "on": on.isoformat()},
        reason=words,
    )
    notify(
        user=row.holder,
        kind="claim",
        title=gettext_noop("Your subsidy was handed over"),
        body=gettext_noop("%(serial)s: %(words)s"),
        url=row.get_absolute_url(),
        source=f"credentials.given:{row.pk}",
        serial=row.serial,
        words=words,
    )
    return True
