"""Passing many claims at once: each by itself, and what cannot pass stays and is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.jobs.actions import ItemFailed, Run, job_kind, start_once
from core.jobs.models import Job
from core.jobs.queries import Place
from core.people.models import User
from core.states import IllegalMove, Refused
from credentials.claims.actions.drafting import ClaimRefused
from credentials.claims.actions.reviewing import review_claim
from credentials.claims.models import Claim
from credentials.claims.states import Verdict
from credentials.policies.queries.reading import STAGES

KIND = "credentials.pass_claims"
AT_ONCE = 50  # as many as one request looks after; more of them become a job
MOST = 2000


@dataclass(frozen=True)
class Chosen:
    """One claim as it was confirmed: at this stage of this round, and for this amount."""

    pk: int
    stage: str
    round: int
    amount: Decimal

    def said(self) -> str:
        return f"{self.pk}:{self.stage}:{self.round}:{self.amount}"


def chosen_of(claim: Claim) -> Chosen:
    return Chosen(claim.pk, claim.stage, claim.round, claim.amount)


@dataclass(frozen=True)
class NotPassed:
    """A claim that stays where it is, and why."""

    claim: Claim
    reason: str


def pass_claims(*, chosen: Sequence[Chosen], actor: Asker) -> tuple[int, list[NotPassed]]:
    """Pass each of these by itself; how many passed, and those that did not. Side effects: as of review_claim."""
    rows = Claim.objects.visible_to(actor).in_bulk([one.pk for one in chosen])
    passed, left = 0, []
    for one in chosen:
        if one.pk not in rows:
            continue
        try:
            pass_chosen(chosen=one, actor=actor)
            passed += 1
        except Refused as refusal:
            left.append(NotPassed(rows[one.pk], str(refusal)))
        except IllegalMove:
            left.append(NotPassed(rows[one.pk], _("Somebody else has decided this stage already.")))
    return passed, left


@transaction.atomic
def pass_chosen(*, chosen: Chosen, actor: Asker) -> None:
    """Pass one claim as it was confirmed. Safe to repeat: what this officer has passed already is done.

    Raises ClaimRefused also when the policy grants another amount by now: then it is looked at by itself.
    """
    claim = Claim.objects.get(pk=chosen.pk)
    done = {"by": actor.pk, "round": chosen.round, "stage": chosen.stage, "verdict": Verdict.PASS}
    if claim.reviews.filter(**done).exists():
        return
    if claim.round != chosen.round:
        raise ClaimRefused(_("This claim is reviewed anew by now: look at it by itself."))
    review_claim(claim=claim, stage=chosen.stage, verdict=Verdict.PASS, actor=actor)
    claim.refresh_from_db(fields=["amount"])
    if claim.amount != chosen.amount:
        raise ClaimRefused(
            _("By what is known today it comes to %(now)s yuan instead of %(then)s: look at it by itself.")
            % {"now": claim.amount, "then": chosen.amount}
        )


@transaction.atomic
def start_passing(*, chosen: Sequence[Chosen], actor: Asker) -> Job:
    """Start the job that passes these claims; a second click gets the same job while it goes on. Side effect: the job."""
    User.objects.select_for_update().get(pk=actor.pk or 0)  # of two clicks the second waits here
    params: dict[str, Any] = {"actor": actor.pk, "claims": [one.said() for one in chosen]}
    title = _("Pass %(count)d claims") % {"count": len(chosen)}
    return start_once(kind=KIND, title=title, params=params, actor=actor, organisation=None)


def read_chosen(words: Sequence[str]) -> list[Chosen]:
    """What `Chosen.said` says, read again; nonsense is left out."""
    found = []
    for one in words[:MOST]:
        parts = one.split(":")
        if len(parts) != 4 or not _is_sane(*parts[:3]):
            continue
        try:
            found.append(Chosen(int(parts[0]), parts[1], int(parts[2]), Decimal(parts[3])))
        except ArithmeticError:
            continue
    return found


def _is_sane(pk: str, stage: str, round_: str) -> bool:
    return pk.isdecimal() and len(pk) < 16 and stage in STAGES and round_.isdecimal() and len(round_) < 5


def _place(job: Job) -> Place:
    return Place(_("Review of claims"), reverse("claims:index") + "?waiting=on")


@job_kind(KIND, _place)
def pass_all(run: Run) -> dict[str, Any]:
    """Pass each claim; what cannot pass is named with the reason, and stays. Safe to repeat."""
    actor = User.objects.select_related("person").get(pk=run.params["actor"])
    chosen = read_chosen(run.params["claims"])
    rows = Claim.objects.visible_to(actor).select_related("person").in_bulk([one.pk for one in chosen])
    passed: list[int] = []

    def do(one: Chosen) -> None:
        try:
            pass_chosen(chosen=one, actor=actor)
            passed.append(one.pk)
        except IllegalMove:
            raise ItemFailed(_("Somebody else has decided this stage already."))
        except Refused as refusal:
            raise ItemFailed(str(refusal))

    mine = [one for one in chosen if one.pk in rows]

    def label(one: Chosen) -> tuple[str, str]:
        return str(one.pk), f"{rows[one.pk].serial} · {rows[one.pk].person.name}"

    run.each(mine, do, total=len(mine), label=label)
    return {"of": len(mine), "done": len(passed)}
