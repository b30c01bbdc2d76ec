"""One claim for whoever decides about it: what is known, then and now, and each condition of the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.people.models import Person, User
from credentials.claims.models import Claim, ClaimAppeal, ClaimPaper
from credentials.claims.policy import APPEALED, JUDGED, appeal_slot, judgeable
from credentials.claims.queries.deciding import Asked, ask, ask_again
from credentials.claims.queries.desk import key_label
from credentials.claims.queries.naming import FactRow, fact_rows, paid_names
from credentials.claims.states import ENDED
from credentials.policies.policy import Finding, facts_data
from credentials.policies.queries.reading import Told, told
from credentials.policies.queries.words import said, title_words

PARTS = ("version__subsidy__organisation", "person__employer", "person__user", "authority", "employer")


def claims_at_desk(user: Asker) -> QuerySet[Claim]:
    """The claims that this officer may open, with what their page shows: what was handed in, and what they enter themselves."""
    rows = Claim.objects.visible_to(user).filter(Q(claimed_on__isnull=False) | Q(entered_by=user.pk or 0))
    return rows.select_related(
        *PARTS, "entered_by__person", "approved_by__person", "given_by__person", "proof", "holder"
    )


def payees_at_desk(user: Asker) -> QuerySet[Person]:
    """The people whose ledger this officer may look at: those they read anyway, and those of whom they read a claim. A
    finance officer reads no people, and has to see what was paid before. The lines themselves are those they may read."""
    claimed = Claim.objects.visible_to(user).filter(claimed_on__isnull=False).order_by().values("person")
    mine = Person.objects.visible_to(user).order_by().values("pk")
    people = Person.objects.filter(Q(pk__in=mine) | Q(pk__in=claimed))
    return people.select_related("employer", "user")


@dataclass(frozen=True)
class Slot:
    """One paper that the policy asks for, with what lies there: the newest first."""

    label: str
    papers: list[ClaimPaper]


@dataclass(frozen=True)
class Case:
    """All that is looked at before a claim is decided."""

    asked: Asked
    told: Told | None  # by the records of today; of a claim that is over, what was frozen with it
    is_over: bool
    open_points: tuple[tuple[Finding, str], ...]
    found: dict[str, str]  # by the name of an open point: what an earlier reviewer has found, and who it was
    facts: list[FactRow]
    slots: list[Slot]
    key: str


def case_of(claim: Claim) -> Case:
    """The claim put to its policy today, beside what was frozen.

    About ten queries, however many papers, facts and payments there are.
    """
    asked = ask(claim, timezone.localdate())
    decision = asked.decision
    points = judgeable(decision) if decision else ()
    is_over = claim.state in ENDED and bool(claim.decision)
    shown = ask_again(claim) if is_over else asked
    now = facts_data(asked.facts)
    return Case(
        asked=asked,
        told=told(shown.decision, shown.policy) if shown.decision else None,
        is_over=is_over,
        open_points=tuple((one, title_words(one, asked.policy)) for one in points),
        found=_found({one.name: claim.settled[one.name] for one in points if one.code in JUDGED.values()}),
        facts=fact_rows(claim.facts, now, asked.said, paid_names(claim, now)),
        slots=_slots(claim, asked),
        key=key_label(claim) if claim.key else "",
    )


def _found(settled: dict[str, Any]) -> dict[str, str]:
    """What reviewers have found so far, in words. One query, and none where nothing was."""
    keys = {said["by"] for said in settled.values() if said.get("by")}
    people = User.objects.select_related("person").in_bulk(keys) if keys else {}
    words = {
        True: _("Fulfilled, says %(who)s: %(words)s"),
        False: _("Not fulfilled, says %(who)s: %(words)s"),
    }
    return {
        name: words[bool(said["passes"])] % {"who": people.get(said.get("by"), "–"), "words": said["words"]}
        for name, said in settled.items()
    }


def _slots(claim: Claim, asked: Asked) -> list[Slot]:
    kept: dict[str, list[ClaimPaper]] = {}
    for paper in claim.papers.select_related("file").order_by("slot", "-is_current", "-pk"):
        kept.setdefault(paper.slot, []).append(paper)
    return [
        Slot(said(one.words), kept.get(one.name, []))
        for one in asked.benefit.documents
        if one.when in ("", claim.key) or one.name in kept
    ]


def appeals_with_papers(claim: Claim) -> list[tuple[ClaimAppeal, list[ClaimPaper]]]:
    """The appeals of a claim, oldest first, each with the papers that came with it. Two queries."""
    appeals = list(claim.appeals.select_related("decided_by__person").order_by("pk"))
    rows = claim.papers.select_related("file").order_by("pk") if appeals else ()
    papers = [one for one in rows if one.slot.startswith(APPEALED)]
    return [
        (one, [paper for paper in papers if paper.slot.startswith(appeal_slot(one.against_id))])
        for one in appeals
    ]
