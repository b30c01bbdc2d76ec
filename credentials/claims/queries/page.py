"""One claim as its claimant sees it: what it rests on, where it stands, for whom it waits, and what was said of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.templatetags.times import day
from credentials.claims.models import Claim, ClaimAppeal, ClaimPaper, ClaimReview
from credentials.claims.policy import FROM_EMPLOYER, NOT_ASKED, unknown_facts
from credentials.claims.queries.case import appeals_with_papers
from credentials.claims.queries.deciding import Asked, ask, declared_facts
from credentials.claims.queries.facts import facts_of
from credentials.claims.queries.stages import organisations_of, stages_for
from credentials.claims.queries.words import (
    Point,
    frozen_points,
    known_of,
    points_of,
    said_of,
    title_of,
    yuan,
)
from credentials.claims.states import (
    MINE,
    SEEN_BY_CLAIMANT,
    SETTLED,
    TONES,
    AppealState,
    ClaimState,
    Verdict,
)
from credentials.policies.policy import Document, Facts, Policy, assess_benefit
from credentials.policies.queries.reading import STAGES
from credentials.policies.queries.words import said
from credentials.public_notices.models import PublicNoticeLine
from credentials.public_notices.states import About
from credentials.qualifications.models import QualificationRecord

AFTER_REVIEW = (
    ClaimState.CLEARED,
    ClaimState.NOTICE,
    ClaimState.APPROVED,
    ClaimState.LOCKED,
    *SETTLED,
    ClaimState.REVERSED,
)
AFTER_NOTICE = (ClaimState.APPROVED, ClaimState.LOCKED, *SETTLED, ClaimState.REVERSED)


@dataclass(frozen=True)
class Slot:
    """One paper that the claim needs, with what lies there."""

    document: Document
    label: str
    paper: ClaimPaper | None
    may_take_scan: bool  # the verified scan of the certificate can be taken over


@dataclass(frozen=True)
class Stop:
    """One step of the way."""

    label: str
    state: str  # as c-step: done, now, todo, stopped
    hint: str = ""


@dataclass(frozen=True)
class ClaimPage:
    """Everything about one claim, in words."""

    claim: Claim
    records: Facts
    asked: Asked
    title: str
    policy: str
    document: str
    amount: str
    label: str
    tone: str
    known: list[tuple[str, str]]
    said: list[tuple[str, str]]
    points: list[Point]
    slots: list[Slot]
    last_day: datetime.date | None

    @property
    def is_mine(self) -> bool:
        return self.claim.state in MINE

    @property
    def failing(self) -> list[Point]:
        return [one for one in self.points if one.verdict == "fail"]

    @property
    def pays(self) -> bool:
        return self.asked.policy.channel != "none"


def page_of(claim: Claim, today: datetime.date) -> ClaimPage:
    """A claim by the records of today while its claimant works on it; afterwards by what was frozen."""
    records = facts_of(claim.person, claim.asked_on(today), without=claim)
    asked = ask(claim, today, records)
    policy, benefit, decision = asked.policy, asked.benefit, asked.decision
    is_mine = claim.state in MINE
    live = points_of(decision, policy) if decision else []
    amount = (decision.amount if decision else None) if is_mine else claim.amount
    return ClaimPage(
        claim=claim,
        records=records,
        asked=asked,
        title=title_of(benefit, claim.key, asked.facts),
        policy=said(policy.name),
        document=said(policy.document),
        amount=yuan(amount),
        label=str(SEEN_BY_CLAIMANT[ClaimState(claim.state)]),
        tone=TONES[ClaimState(claim.state)],
        known=known_of(policy, benefit, claim.key, records),
        said=said_of(declared_facts(claim.declared), _known_paths(records)),
        points=live if is_mine or not claim.decision else frozen_points(claim.decision),
        slots=_slots(claim, asked),
        last_day=decision.last_day if decision else None,
    )


def _known_paths(records: Facts) -> list[str]:
    """What the records say by now: the declaration of it no longer counts."""
    return [f"{section}.{name}" for section, names in records.sections.items() for name in names]


def _slots(claim: Claim, asked: Asked) -> list[Slot]:
    there = {one.slot: one for one in claim.papers.current().select_related("file")}
    can_take = claim.state in MINE and verified_scan_of(claim) is not None
    return [
        Slot(one, said(one.words), there.get(one.name), can_take and one.name == "certificate")
        for one in asked.benefit.documents
        if one.when in ("", claim.key)
    ]


def verified_scan_of(claim: Claim) -> QualificationRecord | None:
    """The verified certificate of the level that is claimed for, with its scan."""
    rows = QualificationRecord.objects.verified().filter(person=claim.person, level__code=claim.key)
    return rows.filter(scan__isnull=False).select_related("scan").first()


def asked_of(claim: Claim, today: datetime.date) -> tuple[str, ...]:
    """The facts that the form asks the claimant for: those that no record knows and on which the decision rests; what
    they have said already stays there to be changed."""
    known = facts_of(claim.person, claim.asked_on(today), without=claim)
    asked = ask(claim, today, known)
    decisions = assess_benefit(asked.policy, asked.benefit, known, claim.asked_on(today))
    bare = next((one for one in decisions if one.key == claim.key), decisions[0])
    found: dict[str, None] = dict.fromkeys(unknown_facts(asked.policy, asked.benefit, bare, known))
    if asked.decision:
        found |= dict.fromkeys(unknown_facts(asked.policy, asked.benefit, asked.decision, asked.facts))
    found |= dict.fromkeys(claim.declared)
    passed_over = {*_known_paths(known), *NOT_ASKED, *FROM_EMPLOYER}
    if asked.benefit.subject == "year":
        passed_over.add("year.year")  # chosen when it was begun
    return tuple(path for path in found if path not in passed_over)


def steps_of(claim: Claim, page: ClaimPage) -> list[Stop]:
    """The way of a claim: handing in, each stage with whom it waits for and until when, or when it passed, notice, payment. Four
    queries, and one each for the days of the notice and of the payment."""
    policy, state = page.asked.policy, ClaimState(claim.state)
    places = organisations_of(claim.employer, claim.authority, policy)
    passed = dict(claim.reviews.filter(round=claim.round, verdict=Verdict.PASS).values_list("stage", "at"))
    stops = [
        Stop(_("Handed in"), "done", day(claim.claimed_on))
        if claim.claimed_on
        else Stop(pgettext("claim", "Hand in"), "now")
    ]
    is_over = state in (ClaimState.REFUSED, ClaimState.WITHDRAWN)
    for stage in stages_for(claim.employer, claim.authority, policy):
        label = _("Review: %(stage)s") % {"stage": STAGES.get(stage, stage)}
        where = places[stage].name if stage in places else ""
        if state in AFTER_REVIEW or stage in passed:
            when = day(timezone.localdate(passed[stage])) if stage in passed else ""
            stops.append(Stop(label, "done", " · ".join(filter(None, (where, when)))))
        elif stage == claim.stage and state in (ClaimState.REVIEW, ClaimState.RETURNED, ClaimState.REFUSED):
            stops.append(Stop(label, "stopped" if state != ClaimState.REVIEW else "now", _hint(claim, where)))
        else:
            stops.append(Stop(label, "todo", where))
    if policy.notice_days:
        stops.append(_notice_stop(claim, policy))
    if not is_over:
        stops.append(_last_stop(claim, page))
    return stops


def _last_stop(claim: Claim, page: ClaimPage) -> Stop:
    """The payment, with its day once it is made; of what is in kind, the handing over."""
    state = ClaimState(claim.state)
    being_paid = state in (ClaimState.APPROVED, ClaimState.LOCKED)
    stand = "stopped" if state == ClaimState.REVERSED else "now" if being_paid else "todo"
    if not page.pays:
        return Stop(_("Handing over"), "done" if state in SETTLED else stand)
    paid_on = None
    if state in SETTLED:
        paid_on = claim.entries.order_by("-pk").values_list("on", flat=True).first()
    hint = day(paid_on) if paid_on else ""
    return Stop(_("Payment"), "done" if state in SETTLED else stand, hint)


def _notice_stop(claim: Claim, policy: Policy) -> Stop:
    """The public notice: its last day once there is one, how long it takes until then."""
    state = ClaimState(claim.state)
    ends_on = None
    if state in (ClaimState.NOTICE, *AFTER_NOTICE):
        lines = PublicNoticeLine.objects.filter(notice__about=About.CLAIMS, key=f"claim-{claim.pk}")
        ends_on = lines.order_by("-pk").values_list("notice__ends_on", flat=True).first()
    days = _("%(days)s working days") if policy.notice_counts == "working" else _("%(days)s days")
    hint = (
        _("shown until %(day)s") % {"day": day(ends_on)} if ends_on else days % {"days": policy.notice_days}
    )
    in_notice = state in (ClaimState.CLEARED, ClaimState.NOTICE)
    return Stop(_("Public notice"), "done" if state in AFTER_NOTICE else "now" if in_notice else "todo", hint)


def _hint(claim: Claim, where: str) -> str:
    if claim.state != ClaimState.REVIEW or claim.stage_due_on is None:
        return where
    due = _("by %(day)s") % {"day": day(claim.stage_due_on)}
    return f"{where} · {due}" if where else due


@dataclass(frozen=True)
class History:
    """What reviewers decided and what was appealed, oldest first."""

    reviews: list[ClaimReview]
    appeals: list[ClaimAppeal]
    papers: dict[int, list[ClaimPaper]]  # of each appeal
    may_appeal: bool

    @property
    def open_appeal(self) -> ClaimAppeal | None:
        return next((one for one in self.appeals if one.state == AppealState.OPEN), None)


def history_of(claim: Claim) -> History:
    """Three queries; with an appeal one more."""
    reviews, found = list(claim.reviews.order_by("pk")), appeals_with_papers(claim)
    appeals = [one for one, _papers in found]
    refusals = [one.pk for one in reviews if one.verdict == Verdict.REFUSE]
    heard = {one.against_id for one in appeals}
    may = claim.state == ClaimState.REFUSED and bool(refusals) and refusals[-1] not in heard
    return History(reviews, appeals, {one.pk: papers for one, papers in found}, may)


def review_rows(history: History) -> list[dict[str, Any]]:
    """The history for the page: what, when, at which stage, why."""
    tones = {Verdict.PASS: "good", Verdict.RETURN: "", Verdict.REFUSE: "bad"}
    rows: list[dict[str, Any]] = [
        {
            "at": one.at,
            "title": f"{STAGES.get(one.stage, one.stage)} · {one.get_verdict_display()}",
            "words": one.reason,
            "tone": tones[Verdict(one.verdict)],
        }
        for one in history.reviews
    ]
    for one in history.appeals:
        said = {"title": _("You appealed"), "words": one.words, "papers": history.papers[one.pk], "tone": ""}
        rows.append({"at": one.made_at, **said})
        if one.decided_at:
            rows.append(
                {
                    "at": one.decided_at,
                    "title": _("Appeal: %(state)s") % {"state": one.get_state_display()},
                    "words": one.answer,
                    "tone": "good" if one.state == AppealState.UPHELD else "bad",
                }
            )
    return sorted(rows, key=lambda row: row["at"])
