"""Handing a claim in: everything it needs is there, its facts are frozen, and the first stage begins."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.people.models import Person, User
from core.states import move
from credentials.claims.actions.drafting import ClaimRefused, doubled_words
from credentials.claims.actions.settling import settle_handed_in
from credentials.claims.models import Claim
from credentials.claims.queries.deciding import Asked, ask, follow_policy
from credentials.claims.queries.identity import claim_of_other_account, identity_of, is_same_person
from credentials.claims.queries.stages import review_due, stages_for
from credentials.claims.states import MINE, MOVES, ClaimState
from credentials.hours.actions import lock_people
from credentials.policies.queries.words import finding_words, said
from credentials.policies.states import Outcome, Verdict

KEPT = ("version__subsidy__organisation", "person__employer", "authority", "employer")


def missing_of(claim: Claim, asked: Asked) -> list[str]:
    """What a claim still lacks before it can be handed in, a sentence each; empty when nothing does. One query."""
    have = set(claim.papers.current().values_list("slot", flat=True))
    found = [
        _("The paper “%(paper)s” is missing.") % {"paper": said(paper.words)}
        for paper in asked.benefit.documents
        if paper.name not in have and paper.when in ("", claim.key)
    ]
    if asked.policy.channel != "none":
        if not claim.account_sealed or claim.consent_id is None:
            found.append(_("The account number for the payment is missing, or the consent to keep it."))
        if not claim.bank.strip():
            found.append(_("The bank with the full name of the branch is missing."))
    if not claim.person.id_hash:
        found.append(_("The ID number is missing: payments are made to an identified person only."))
    if claim.state == ClaimState.REVIEW and not is_same_person(claim):
        found.append(
            _("Name or ID number were changed since it was handed in: return it, to be handed in anew.")
        )
    if asked.decision is None:
        found.append(_("There is nothing to claim for: it is no longer on record."))
    elif asked.decision.outcome in (Outcome.REFUSE, Outcome.LAPSED):
        found += [finding_words(one) for one in asked.decision.findings if one.verdict is Verdict.FAIL]
    return found


@transaction.atomic
def hand_in(*, claim: Claim, actor: Asker) -> Claim:
    """Hand a claim in, or hand it in again after it was returned: then it goes on at the stage that returned it, or, under
    another name or ID number, begins anew at the first.

    Raises ClaimRefused with everything that is missing, or that speaks against it. Side effects, in order: the person's
    row is locked; name and ID number, facts, decision and amount are frozen; the state moves; an audit entry; what the
    claimant was asked or reminded to do is settled.
    """
    assert isinstance(actor, User)
    lock_people(claim.person_id)
    rows = Claim.objects.select_for_update(no_key=True, of=("self",)).select_related(*KEPT)
    row = rows.get(pk=claim.pk)  # locked: what is typed meanwhile in another tab waits, and is refused
    if row.state not in MINE or actor.pk not in (row.holder_id, row.entered_by_id):
        raise ClaimRefused(_("This claim was handed in already."))
    today = timezone.localdate()
    _follow_employer(row)
    _follow_policy(row)
    asked = ask(row, today)
    missing = missing_of(row, asked)
    if missing or asked.decision is None:
        raise ClaimRefused(" ".join(missing))
    _require_one_account(row)
    old = _freeze(row, asked, today)
    record(
        action="credentials.hand_in",
        target=row,
        actor=actor,
        organisation=row.employer,
        before={"state": old},
        after={"stage": row.stage, "amount": str(row.amount)},
    )
    settle_handed_in(row, asked.decision)
    return row


def _freeze(row: Claim, asked: Asked, today: datetime.date) -> str:
    """Write down who asks for what, and begin or go on with the review; returns the state of before."""
    assert asked.decision is not None
    stages = stages_for(row.employer, row.authority, asked.policy)
    # what has passed a stage has passed it for whom it was handed in before
    is_another = row.claimed_on is not None and not is_same_person(row)
    goes_on = row.state == ClaimState.RETURNED and row.stage in stages and not is_another
    try:
        with transaction.atomic():
            return move(
                row,
                ClaimState.REVIEW,
                MOVES,
                stage=row.stage if goes_on else stages[0],
                round=row.round + is_another,
                stage_due_on=review_due(today, asked.policy),
                stage_since=today,
                claimed_on=row.claimed_on or today,
                employer=row.employer,
                version=row.version,
                family=row.family,
                lane=row.lane,
                in_kind=row.in_kind,
                amount=asked.decision.amount or 0,
                reason="",
                **identity_of(row.person),
                **asked.frozen(),
            )
    except IntegrityError:  # in another account, a moment earlier
        _require_one_account(row)
        raise


def _require_one_account(claim: Claim) -> None:
    """The same person asks for the same once, whatever account they ask from. Nothing is told of the other one but its number."""
    if other := claim_of_other_account(claim):
        raise ClaimRefused(
            _(
                "The same was claimed with your ID number from another account already: claim %(serial)s. Go on with "
                "that one, or ask the authority to look into it."
            )
            % {"serial": other.serial}
        )


def _follow_employer(claim: Claim) -> None:
    """The employer of today decides who reviews; once it is handed in, it stays."""
    person: Person = claim.person
    if claim.claimed_on is None:
        claim.employer = person.employer


def _follow_policy(claim: Claim) -> None:
    """The version of the day on which it is first handed in decides; a draft keeps no older one alive."""
    latest = claim.version.subsidy.latest() if claim.claimed_on is None else claim.version
    if latest is not None and latest.policy().benefit(claim.benefit) is None:
        raise ClaimRefused(_("This policy pays nothing of this kind."))
    before = claim.family
    follow_policy(claim)
    same = {"person": claim.person, "family": claim.family, "benefit": claim.benefit, "key": claim.key}
    if claim.family != before and (other := Claim.objects.standing().filter(**same).first()):
        raise ClaimRefused(doubled_words(other))
