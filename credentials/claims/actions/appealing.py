"""Appeals: a refusal is looked at by somebody else; the old decision stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from core.access.predicates import by_rule
from core.access.scope import Asker
from core.attachments.models import Attachment
from core.audit.actions import record
from core.notices.actions import notify
from core.people.models import User
from core.states import IllegalMove, move
from credentials.claims.actions.drafting import ClaimRefused, doubled_words
from credentials.claims.actions.handing_in import KEPT
from credentials.claims.models import Claim, ClaimAppeal, ClaimPaper
from credentials.claims.policy import APPEAL_PAPERS, appeal_slot
from credentials.claims.queries.deciding import ask
from credentials.claims.queries.hearing import why_not_hear
from credentials.claims.queries.identity import claims_against
from credentials.claims.queries.stages import review_due, stages_for
from credentials.claims.states import APPEAL_MOVES, MOVES, SETTLED, AppealState, ClaimState, Verdict

WHY_NOT_HEAR: dict[str, Any] = {
    "place": gettext_lazy("An appeal is decided by the authority."),
    "part": gettext_lazy("An appeal is decided by somebody who has had no part in the claim."),
}


@transaction.atomic
def appeal(*, claim: Claim, words: str, actor: Asker, papers: Sequence[Attachment] = ()) -> ClaimAppeal:
    """Appeal against the refusal of one's claim, once for each refusal.

    `papers` are shown to whoever decides it, like those of the claim. Raises ClaimRefused when it was not refused, was
    appealed already, or no reason is given. Side effects: the row, its papers, an audit entry.
    """
    assert isinstance(actor, User)
    refusal = claim.reviews.filter(verdict=Verdict.REFUSE).order_by("-pk").first()
    if claim.state != ClaimState.REFUSED or refusal is None or claim.holder_id != actor.pk:
        raise ClaimRefused(_("There is no refusal to appeal against."))
    if not words.strip():
        raise ClaimRefused(_("Say why it should be looked at again."))
    try:
        with transaction.atomic():
            made = ClaimAppeal.objects.create(
                claim=claim,
                against=refusal,
                holder_id=claim.holder_id,
                refused_by_id=refusal.by_id,
                words=words.strip()[:1000],
            )
    except IntegrityError:
        if not ClaimAppeal.objects.filter(against=refusal).exists():
            raise
        raise ClaimRefused(_("This refusal was appealed against already."))
    for number, file in enumerate(papers[:APPEAL_PAPERS], start=1):
        ClaimPaper.objects.create(claim=claim, slot=f"{appeal_slot(refusal.pk)}{number}", file=file)
    record(
        action="credentials.appeal",
        target=claim,
        actor=actor,
        organisation=claim.employer,
        after={"papers": len(papers)} if papers else None,
        reason=made.words,
    )
    return made


@transaction.atomic
def answer_appeal(*, appeal: ClaimAppeal, upheld: bool, answer: str, actor: Asker) -> None:
    """Decide an appeal: upheld, the claim is reviewed again from its first stage, and what reviewers have found is
    open again; dismissed, the refusal stands.

    By an administrator of the authority who has decided nothing about the claim so far, and whom nobody has let in who
    claims, has entered or has refused it. Raises ClaimRefused otherwise,
    without an answer, or when another claim of the kind is open by now. Side effects: the states move, an audit entry, a
    notice to the claimant.
    """
    assert isinstance(actor, User)
    claim = Claim.objects.select_related(*KEPT).get(pk=appeal.claim_id)
    if not by_rule(actor, "credentials.answer_claimappeal", appeal):
        raise ClaimRefused(str(WHY_NOT_HEAR.get(why_not_hear(appeal, actor), WHY_NOT_HEAR["place"])))
    if not answer.strip():
        raise ClaimRefused(_("Say why: the claimant reads it."))
    new = AppealState.UPHELD if upheld else AppealState.DISMISSED
    if appeal.state != AppealState.OPEN:
        raise ClaimRefused(_("This appeal was decided already."))
    try:
        move(
            appeal,
            new,
            APPEAL_MOVES,
            decided_by=actor,
            decided_at=timezone.now(),
            answer=answer.strip()[:1000],
        )
        if upheld:
            claim.settled = {}  # what the reviewers found is what was appealed against: it is found anew
            review_again(claim)
    except IllegalMove:
        raise ClaimRefused(_("This appeal was decided already."))
    record(
        action="credentials.answer_appeal",
        target=claim,
        actor=actor,
        organisation=claim.employer,
        after={"upheld": upheld},
        reason=appeal.answer,
    )
    notify(
        user=claim.holder,
        kind="claim",
        title=gettext_noop("Your appeal is decided"),
        body=gettext_noop("%(serial)s: %(reason)s"),
        url=claim.get_absolute_url(),
        source=f"credentials.appeal:{appeal.pk}",
        urgent=True,
        serial=claim.serial,
        reason=appeal.answer,
    )


def review_again(claim: Claim, *, at_last: bool = False, reason: str = "") -> None:
    """Begin the review anew at the first stage, or only at the last, as a new round; earlier rounds stay. Raises
    ClaimRefused where another claim of the kind was opened meanwhile."""
    policy = claim.version.policy()
    stage = stages_for(claim.employer, claim.authority, policy)[-1 if at_last else 0]
    today = timezone.localdate()
    try:
        with transaction.atomic():
            move(
                claim,
                ClaimState.REVIEW,
                MOVES,
                stage=stage,
                stage_due_on=review_due(today, policy),
                stage_since=today,
                round=claim.round + 1,
                approved_by=None,
                decided_at=None,
                settled=claim.settled,
                reason=reason,
                amount=(asked.decision.amount or 0) if (asked := ask(claim, today)).decision else 0,
            )
    except IntegrityError:
        require_alone(claim)
        raise


def require_alone(claim: Claim) -> None:
    """Raises ClaimRefused where another claim of the same person, from whatever account, counts against this one."""
    other = claims_against(claim).first()
    if other is None:
        return
    if other.state in SETTLED:
        raise ClaimRefused(doubled_words(other))
    raise ClaimRefused(_("Another claim for the same is open: that one has to be decided first."))
