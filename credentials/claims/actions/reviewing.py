"""Reviewing claims: stage by stage, never one's own, and never the same officer twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from core.access.predicates import by_rule
from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify
from core.people.models import User
from core.people.queries import BOUND
from core.states import StaleState, move
from credentials.claims.actions.drafting import ClaimRefused
from credentials.claims.actions.handing_in import KEPT, missing_of
from credentials.claims.actions.settling import settle_reviewed
from credentials.claims.models import Claim, ClaimConflict, ClaimReview
from credentials.claims.policy import judgeable, lines_of, next_stage
from credentials.claims.queries.deciding import Asked, ask
from credentials.claims.queries.stages import review_due, stages_for, why_not
from credentials.claims.states import MOVES, ClaimState, Verdict
from credentials.hours.actions import lock_people
from credentials.policies.queries.words import finding_words
from credentials.policies.states import Outcome
from credentials.policies.states import Verdict as Found

WHY_NOT: dict[str, Any] = {
    "place": gettext_lazy("This claim is reviewed at another place now."),
    "own": gettext_lazy("Nobody decides about their own claim."),
    "entered": gettext_lazy("Whoever entered a claim for somebody does not decide about it."),
    "conflict": gettext_lazy("You have declared a conflict of interest: somebody else decides."),
    "passed": gettext_lazy("You have passed this claim at an earlier stage: somebody else decides now."),
    "refused": gettext_lazy("You have refused this claim before: somebody else decides now."),
    "appeal": gettext_lazy("You have decided an appeal about this claim: somebody else reviews it."),
    "bound": BOUND,
    "tied": gettext_lazy(
        "Whoever entered or passed this claim, or decided an appeal about it, gave you your account or your role: "
        "somebody else decides."
    ),
    "giver": gettext_lazy(
        "A colleague to whom you gave their role entered or passed this claim, or decided an appeal about it: another "
        "colleague decides, or where there is none the unit above."
    ),
}


@transaction.atomic
def review_claim(
    *,
    claim: Claim,
    stage: str,
    verdict: Verdict,
    actor: Asker,
    reason: str = "",
    judged: Mapping[str, Mapping[str, Any]] | None = None,
) -> ClaimReview:
    """Decide about a claim at a stage: pass it on, return it for correction, or refuse it. Only the last stage approves,
    and only what the policy grants.

    `judged` says of conditions that no record knows whether they are fulfilled, with words; what is on record nobody can
    judge otherwise. What an earlier reviewer has found is found otherwise with words of one's own; the row of their review
    keeps the decision as it was then. Raises ClaimRefused when the officer may not decide, when somebody was quicker, when a reason is
    missing, or when the policy does not grant it. Side effects, in order: the person's row is locked; the review; facts,
    decision and amount are frozen anew; stage or state move; an audit entry; the claimant is told of a decision; reminders
    of the stage are settled.
    """
    assert isinstance(actor, User)
    row = _at_stage(claim, stage, actor)
    reason = reason.strip()
    if verdict != Verdict.PASS and not reason:
        raise ClaimRefused(_("Say why: the claimant reads it."))
    asked = _judged(row, judged or {}, actor)
    if verdict == Verdict.PASS:
        _require_grant(row, asked)
    review = _keep_review(row, verdict, reason, asked, actor)
    _DECIDE[verdict](row, asked, reason, actor)
    record(
        action="credentials.review_claim",
        target=row,
        actor=actor,
        organisation=row.employer,
        before={"stage": stage},
        after={"verdict": str(verdict), "state": row.state, "amount": str(row.amount)},
        reason=reason,
    )
    settle_reviewed(row, stage)
    return review


def _at_stage(claim: Claim, stage: str, actor: User) -> Claim:
    lock_people(claim.person_id)
    row = Claim.objects.select_related(*KEPT).get(pk=claim.pk)
    if row.state != ClaimState.REVIEW or row.stage != stage:
        raise ClaimRefused(_("Somebody else has decided this stage already."))
    if not by_rule(actor, "credentials.review_claim", row):
        raise ClaimRefused(str(WHY_NOT[why_not(row, actor) or "place"]))
    return row


def _judged(row: Claim, judged: Mapping[str, Mapping[str, Any]], actor: User) -> Asked:
    """The claim asked anew, with what this reviewer has found about what nobody knew, in place of what others found."""
    today = timezone.localdate()
    asked = ask(row, today)
    if asked.decision is None or not judged:
        return asked
    open_points = {one.name: lines_of(one) for one in judgeable(asked.decision)}
    for name, said in judged.items():
        words = str(said.get("words", "")).strip()[:300]
        if name in open_points and words:
            found = {"passes": bool(said.get("passes")), "words": words, "by": actor.pk}
            row.settled[name] = found | ({"of": open_points[name]} if open_points[name] else {})
    return ask(row, today)


def _require_grant(row: Claim, asked: Asked) -> None:
    missing = missing_of(row, asked)
    if missing or asked.decision is None:
        raise ClaimRefused(" ".join(missing))
    stages = stages_for(row.employer, row.authority, asked.policy)
    if not next_stage(asked.policy, stages, row.stage) and asked.decision.outcome is not Outcome.GRANT:
        unknown = [finding_words(one) for one in asked.decision.findings if one.verdict is Found.UNKNOWN]
        raise ClaimRefused(
            _("What is not known must be settled before the last stage passes it.") + " " + " ".join(unknown)
        )


def _keep_review(row: Claim, verdict: Verdict, reason: str, asked: Asked, actor: User) -> ClaimReview:
    try:
        with transaction.atomic():
            return ClaimReview.objects.create(
                claim=row,
                holder_id=row.holder_id,
                round=row.round,
                stage=row.stage,
                verdict=verdict,
                reason=reason,
                decision=asked.frozen()["decision"],
                by=actor,
            )
    except IntegrityError:
        passed = row.reviews.filter(round=row.round, verdict=Verdict.PASS)
        if passed.filter(stage=row.stage).exists():
            raise ClaimRefused(_("Somebody else has decided this stage already."))
        if passed.filter(by=actor).exists():
            raise ClaimRefused(str(WHY_NOT["passed"]))
        raise


def _pass(row: Claim, asked: Asked, reason: str, actor: User) -> None:
    assert asked.decision is not None
    frozen = asked.frozen() | {"amount": asked.decision.amount or 0, "settled": row.settled}
    stages = stages_for(row.employer, row.authority, asked.policy)
    following = next_stage(asked.policy, stages, row.stage)
    if following:
        today = timezone.localdate()
        due = review_due(today, asked.policy)
        here = Claim.objects.filter(pk=row.pk, state=ClaimState.REVIEW, stage=row.stage)
        if not here.update(stage=following, stage_due_on=due, stage_since=today, **frozen):
            raise StaleState(row, ClaimState.REVIEW, ClaimState.REVIEW)
        row.stage, row.stage_due_on, row.amount = following, due, frozen["amount"]
        return
    new = ClaimState.CLEARED if asked.policy.notice_days else ClaimState.APPROVED
    passed: dict[str, Any] = {"stage_due_on": None, "approved_by": actor, "decided_at": timezone.now()}
    move(row, new, MOVES, reason="", **passed, **frozen)  # why it was reviewed again is answered
    _tell(
        row,
        gettext_noop("Your claim has passed the review"),
        gettext_noop("%(serial)s: what follows is on its page."),
    )


def _return(row: Claim, asked: Asked, reason: str, actor: User) -> None:
    # What is not fulfilled yet is what the claimant corrects: it is looked at anew, or it could never be handed in again.
    settled = {name: said for name, said in row.settled.items() if said["passes"]}
    move(row, ClaimState.RETURNED, MOVES, reason=reason, stage_due_on=None, settled=settled)
    _tell(row, gettext_noop("Your claim is to be corrected"), gettext_noop("%(serial)s: %(reason)s"))


def _refuse(row: Claim, asked: Asked, reason: str, actor: User) -> None:
    move(
        row,
        ClaimState.REFUSED,
        MOVES,
        reason=reason,
        stage_due_on=None,
        decided_at=timezone.now(),
        settled=row.settled,
        **asked.frozen(),
    )
    _tell(row, gettext_noop("Your claim was refused"), gettext_noop("%(serial)s: %(reason)s"))


_DECIDE: Mapping[Verdict, Any] = {Verdict.PASS: _pass, Verdict.RETURN: _return, Verdict.REFUSE: _refuse}


def _tell(row: Claim, title: str, body: str) -> None:
    """Tell the claimant, once for each decision."""
    number = row.reviews.count()
    notify(
        user=row.holder,
        kind="claim",
        title=title,
        body=body,
        url=row.get_absolute_url(),
        source=f"credentials.claim:{row.pk}:{row.round}:{number}",
        urgent=True,
        serial=row.serial,
        reason=row.reason,
    )


@transaction.atomic
def declare_claim_conflict(*, claim: Claim, words: str, actor: Asker) -> ClaimConflict:
    """Declare to be too close to a claimant: from now on this officer decides nothing about the claim. It stays.

    Raises ClaimRefused without words, and for whoever decides about no claim there. Side effects: the row, an audit entry.
    """
    assert isinstance(actor, User)
    if not by_rule(actor, "credentials.declare_claimconflict", claim):
        raise ClaimRefused(str(WHY_NOT["place"]))
    if not words.strip():
        raise ClaimRefused(_("Say what it is."))
    conflict, made = ClaimConflict.objects.get_or_create(
        claim=claim, officer=actor, defaults={"words": words.strip()[:300]}
    )
    if made:
        record(
            action="credentials.declare_claim_conflict",
            target=claim,
            actor=actor,
            organisation=claim.employer,
            reason=conflict.words,
        )
    return conflict
