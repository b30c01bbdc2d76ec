"""Handing a claim in: everything it needs is there, its facts are frozen, and the first stage begins."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify
from core.organisations.models import Organisation
from core.people.models import Person, User
from core.states import move
from credentials.claims.actions.drafting import ClaimRefused, doubled_words
from credentials.claims.actions.settling import settle_handed_in
from credentials.claims.models import Claim
from credentials.claims.policy import begins_below
from credentials.claims.queries.deciding import Asked, ask, follow_policy
from credentials.claims.queries.identity import (
    claim_of_other_account,
    claims_against,
    identity_of,
    is_same_person,
)
from credentials.claims.queries.stages import review_due, stages_for
from credentials.claims.states import MINE, MOVES, SETTLED, ClaimState
from credentials.claims.states import Verdict as Decided
from credentials.hours.actions import lock_people
from credentials.policies.queries.words import finding_words, said
from credentials.policies.states import Outcome, Verdict

KEPT = ("version__subsidy__organisation", "person__employer", "authority", "employer")


def missing_of(claim: Claim, asked: Asked) -> list[str]:
    """What a claim still lacks before it can be handed in, a sentence each; empty when nothing does. One query."""
    is_mine = claim.state in MINE
    have = set(claim.papers.current().values_list("slot", flat=True))
    found = [
        _("The paper “%(paper)s” is missing.") % {"paper": said(paper.words)}
        for paper in asked.benefit.documents
        if paper.name not in have and paper.when in ("", claim.key)
    ]
    if is_mine and employer_of(claim) is None and begins_below(asked.policy):
        found.append(
            _(
                "The employer is missing, and the review begins there: enter your employer in your profile first."
            )
        )
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


def begins_anew(claim: Claim, asked: Asked) -> bool:
    """Whether a claim that was returned is reviewed again from the first stage once it is handed in: what earlier stages have
    passed is not what is handed in now. Bank and account are read by nobody before the payment: they change nothing.

    At most five queries, and none for a draft.
    """
    if claim.state != ClaimState.RETURNED or not claim.stage:
        return False  # a draft; or the account was taken back, which has begun a round already
    stages = stages_for(claim.employer, claim.authority, asked.policy)
    if claim.stage == stages[0] or claim.stage not in stages:
        return False  # it is at the first stage already, or goes there since nobody holds its own any more
    if not is_same_person(claim) or asked.frozen()["facts"] != claim.facts:
        return True
    if ((asked.decision.amount or 0) if asked.decision else 0) != claim.amount:
        return True
    returned_at = claim.reviews.filter(verdict=Decided.RETURN).aggregate(last=Max("at"))["last"]
    return returned_at is not None and claim.papers.current().filter(added_at__gt=returned_at).exists()


@transaction.atomic
def hand_in(*, claim: Claim, actor: Asker) -> Claim:
    """Hand a claim in, or hand it in again after it was returned: then it goes on at the stage that returned it, or begins a
    new round at the first stage where the person, facts, papers or amount are not what earlier stages have passed.

    Raises ClaimRefused with everything that is missing, or that speaks against it. Side effects, in order: the person's
    row is locked; name and ID number, facts, decision and amount are frozen; the state moves; an audit entry; what the
    claimant was asked or reminded to do is settled; the claimant is told when somebody else has handed it in for them.
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
    if words := other_account_words(row):
        missing.append(words)
    if missing or asked.decision is None:
        raise ClaimRefused(" ".join(missing))
    anew = begins_anew(row, asked)
    old = _freeze(row, asked, today, anew=anew)
    record(
        action="credentials.hand_in",
        target=row,
        actor=actor,
        organisation=row.employer,
        before={"state": old},
        after={"stage": row.stage, "amount": str(row.amount)} | ({"round": row.round} if anew else {}),
    )
    settle_handed_in(row, asked.decision)
    if actor.pk != row.holder_id:
        _tell_claimant(row, actor)
    return row


def _tell_claimant(row: Claim, officer: User) -> None:
    """Somebody was asked to claim for them: they read by whom, and the end of the account number. Side effect: a notice."""
    body = (
        gettext_noop(
            "%(serial)s was handed in by %(officer)s. It will be paid into the account %(account)s. If you have not asked for "
            "it, or the account is not yours, withdraw the claim or take the account back on its page, and tell the office."
        )
        if row.account_sealed
        else gettext_noop(
            "%(serial)s was handed in by %(officer)s. If you have not asked for it, withdraw the claim on its page, and tell "
            "the office."
        )
    )
    notify(
        user=row.holder,
        kind="claim",
        title=gettext_noop("A claim was handed in on your behalf"),
        body=body,
        url=row.get_absolute_url(),
        source=f"credentials.claim:{row.pk}:entered:{row.round}:{row.reviews.count()}",
        urgent=True,
        serial=row.serial,
        officer=officer.get_full_name(),
        account=row.account_masked,
    )


def _freeze(row: Claim, asked: Asked, today: datetime.date, *, anew: bool) -> str:
    """Write down who asks for what, and begin or go on with the review; returns the state of before."""
    assert asked.decision is not None
    stages = stages_for(row.employer, row.authority, asked.policy)
    goes_on = row.state == ClaimState.RETURNED and row.stage in stages and not anew
    try:
        with transaction.atomic():
            return move(
                row,
                ClaimState.REVIEW,
                MOVES,
                stage=row.stage if goes_on else stages[0],
                round=row.round + anew,
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
    except IntegrityError:  # a moment earlier, here or in another account
        if words := other_account_words(row):
            raise ClaimRefused(words)
        if other := claims_against(row).first():
            raise ClaimRefused(doubled_words(other))
        raise


def other_account_words(claim: Claim) -> str:
    """What bars a claim that was made for the same person from another account, and whom to ask; empty where nothing does.
    Nothing is told of the other one but its number. One query."""
    other = claim_of_other_account(claim)
    if other is None:
        return ""
    if other.state in SETTLED:
        return doubled_words(other)
    words = _(
        "The same was claimed with your ID number from another account already: claim %(serial)s. Go on with that one. If you "
        "can no longer sign in to that account, ask %(authority)s: it can close a claim that was returned there, once you "
        "have shown who you are."
    )
    return words % {"serial": other.serial, "authority": other.authority.name}


def _follow_employer(claim: Claim) -> None:
    claim.employer = employer_of(claim)


def employer_of(claim: Claim) -> Organisation | None:
    """The employer of today decides who reviews; once the claim is handed in with one, it stays."""
    person: Person = claim.person
    return person.employer if claim.claimed_on is None or claim.employer is None else claim.employer


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
