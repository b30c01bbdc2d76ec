"""Public notice of claims: those that have passed are shown together, and go on when their notice says so."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from core.access.predicates import by_rule
from core.access.scope import Asker
from core.audit.actions import entry_of, record, record_all
from core.audit.models import AuditEntry
from core.notices.actions import notify
from core.people.models import User
from core.states import move
from credentials.claims.actions.appealing import review_again
from credentials.claims.actions.banking import come_back, is_account_open
from credentials.claims.actions.drafting import ClaimRefused
from credentials.claims.actions.handing_in import KEPT
from credentials.claims.models import Claim
from credentials.claims.queries.desk import what_of
from credentials.claims.queries.noticed import PREFIX, claims_noticed
from credentials.claims.states import MOVES, ClaimState
from credentials.policies.models import SubsidyPolicy
from credentials.public_notices.actions import open_notice
from credentials.public_notices.models import PublicNotice, PublicNoticeLine
from credentials.public_notices.policy import MOST_LINES, NoticeLine
from credentials.public_notices.states import About, NoticeState, ObjectionState, Outcome
from credentials.signals import NoticeEnded, NoticeWithdrawn


def claims_to_post(subsidy: SubsidyPolicy) -> list[Claim]:
    """The claims of a policy that wait for public notice, as many as one notice takes, the oldest first. One query."""
    rows = Claim.objects.filter(version__subsidy=subsidy, state=ClaimState.CLEARED)
    return list(
        rows.select_related("person", "employer", "version__subsidy", "holder").order_by("pk")[:MOST_LINES]
    )


def lines_of(claims: Iterable[Claim]) -> list[NoticeLine]:
    """What everybody would read of these claims, in Chinese: name, unit, what for, and the amount."""
    with override("zh-hans"):
        return [
            NoticeLine(
                key=f"{PREFIX}{one.pk}",
                name=one.person.name,
                unit=one.employer.name if one.employer else "",
                title=what_of(one)[:120],
                amount=one.amount,
            )
            for one in claims
        ]


def sum_of(lines: Sequence[NoticeLine]) -> Decimal:
    return sum((one.amount or Decimal(0) for one in lines), Decimal(0))


def mark_of(lines: Sequence[NoticeLine]) -> str:
    """Tells one list of lines from another: the confirmation sends it along, so that nobody posts what they have not read."""
    return hashlib.sha256(repr(lines).encode()).hexdigest()


@transaction.atomic
def post_claims(*, subsidy: SubsidyPolicy, title: str, contact: str, seen: str, actor: Asker) -> PublicNotice:
    """Show every claim of this policy that waits for it in a public notice, for as long as the policy asks.

    `seen` is the mark of the list that was confirmed. Of two clicks, or two officers, the second finds nothing left.
    Raises ClaimRefused, and NoticeRefused where a line must not be read by everybody. Side effects, in order: the policy's
    row is locked; the notice; the states move; an audit entry; the claimants are told.
    """
    assert isinstance(actor, User)
    row = (
        SubsidyPolicy.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=subsidy.pk)
    )
    if not by_rule(actor, "credentials.post_claims", row):
        raise ClaimRefused(_("A public notice of claims is opened by the authority of the policy."))
    claims = claims_to_post(row)
    lines = lines_of(claims)
    if not claims:
        raise ClaimRefused(_("No claim of this policy waits for public notice."))
    if mark_of(lines) != seen:
        raise ClaimRefused(_("The list has changed since you read it. Read it again, then open the notice."))
    longest = max((one.version.policy() for one in claims), key=lambda one: one.notice_days)
    source = f"claims:{row.pk}:"
    number = PublicNotice.objects.filter(source__startswith=source).count() + 1
    notice = open_notice(
        organisation=row.organisation,
        title=title,
        about=About.CLAIMS,
        source=f"{source}{number}",
        lines=lines,
        days=longest.notice_days or 1,
        counts=longest.notice_counts,
        contact=contact,
        actor=actor,
    )
    record_all([post_claim(claim, notice, actor) for claim in claims])
    record(
        action="credentials.post_claims",
        target=notice,
        actor=actor,
        organisation=row.organisation,
        after={"lines": len(lines), "amount": str(sum_of(lines))},
    )
    return notice


def post_claim(claim: Claim, notice: PublicNotice, actor: User) -> AuditEntry:
    """One claim goes into the notice. Side effects: its state; the claimant is told. The audit entry is for the caller to add."""
    move(claim, ClaimState.NOTICE, MOVES)
    _tell(claim, notice.pk, "posted", gettext_noop("Your claim is in public notice"))
    return entry_of(
        action="credentials.post_claim",
        target=claim,
        actor=actor,
        organisation=claim.employer,
        after={"state": ClaimState.NOTICE.value, "notice": notice.pk},
    )


def settle_noticed(event: NoticeEnded) -> None:
    """A notice has ended for these lines: what nobody objected to is approved, what an objection upheld goes back to the last
    stage, with its answer as the reason. Safe to repeat: only claims that are in notice move."""
    if event.about == About.CLAIMS:
        for claim in _in_notice(event.cleared_keys):
            approve_noticed(claim, event.notice_id)
        for claim in _in_notice(event.upheld_keys):
            send_back_claim(claim, event.notice_id)


def unpost_claims(event: NoticeWithdrawn) -> None:
    """A notice was withdrawn: its claims wait for another one. Safe to repeat."""
    if event.about == About.CLAIMS:
        for claim in _in_notice(event.keys):
            unpost_claim(claim, event.notice_id)


def reconcile_noticed() -> list[str]:
    """Claims whose notice is over while they still stand in it are moved on; a line for each kind of repair. Two queries where
    there are none."""
    waiting = {
        one.pk: one for one in Claim.objects.filter(state=ClaimState.NOTICE).select_related(*KEPT, "holder")
    }
    lines = PublicNoticeLine.objects.filter(
        notice__about=About.CLAIMS, key__in=[f"{PREFIX}{pk}" for pk in waiting]
    )
    newest = {line.key: line for line in lines.select_related("notice", "settled").order_by("pk")}
    mended = 0
    for pk, claim in waiting.items():
        line = newest.get(f"{PREFIX}{pk}")
        if line and (act := _left_over(line)):
            with transaction.atomic():
                act(claim, line.notice_id)
            mended += 1
    return [f"claims moved on after their public notice: {mended}"] if mended else []


def _left_over(line: PublicNoticeLine) -> Callable[[Claim, int], None] | None:
    if line.notice.state == NoticeState.WITHDRAWN:
        return unpost_claim
    settled = getattr(line, "settled", None)
    if settled is None:
        return None
    return approve_noticed if settled.outcome == Outcome.CLEARED else send_back_claim


def _in_notice(keys: Iterable[str]) -> list[Claim]:
    rows = Claim.objects.filter(pk__in=claims_noticed(keys), state=ClaimState.NOTICE)
    return list(rows.select_related(*KEPT, "holder").order_by("pk"))


@transaction.atomic
def approve_noticed(claim: Claim, notice_id: int) -> None:
    """Nobody objected: the claim is approved, or comes back where its claimant has taken the account back meanwhile and named no
    other. Side effects: its row is locked; the state, an audit entry; the claimant is told."""
    rows = Claim.objects.select_for_update(no_key=True, of=("self",)).select_related(*KEPT, "holder")
    claim = rows.get(pk=claim.pk)
    if is_account_open(claim):
        return_noticed(claim, notice_id)
        return
    move(claim, ClaimState.APPROVED, MOVES, decided_at=timezone.now(), reason="")
    _note("credentials.approve_noticed", claim, notice_id)
    _tell(claim, notice_id, "approved", gettext_noop("Nobody objects: your claim is approved"))


def return_noticed(claim: Claim, notice_id: int) -> None:
    """Nobody objected, but there is no account any more: the claim comes back. Side effects: as above."""
    come_back(claim)
    _note("credentials.return_noticed", claim, notice_id, claim.reason)
    _tell(claim, notice_id, "no-account", gettext_noop("Nobody objects, but your claim has no account"))


def send_back_claim(claim: Claim, notice_id: int) -> None:
    """An objection holds: the last stage decides anew. Side effects: the state, an audit entry; the claimant is told."""
    reason = _answer(claim, notice_id)
    review_again(claim, at_last=True, reason=reason)
    _note("credentials.send_back_claim", claim, notice_id, reason)
    _tell(claim, notice_id, "back", gettext_noop("Your claim is reviewed again after an objection"))


def unpost_claim(claim: Claim, notice_id: int) -> None:
    """The notice was withdrawn: the claim waits for another one. Side effects: the state, an audit entry."""
    move(claim, ClaimState.CLEARED, MOVES)
    _note("credentials.unpost_claim", claim, notice_id)


def _answer(claim: Claim, notice_id: int) -> str:
    """What the office has answered to the objection that holds."""
    notice = PublicNotice.objects.get(pk=notice_id)
    upheld = (
        notice.objections.filter(state=ObjectionState.UPHELD).select_related("line").order_by("-answered_at")
    )
    mine = [one for one in upheld if one.line is None or one.line.key == f"{PREFIX}{claim.pk}"]
    return (mine[0].answer if mine else _("An objection to the public notice was upheld."))[:1000]


def _note(action: str, claim: Claim, notice_id: int, reason: str = "") -> None:
    record(
        action=action,
        target=claim,
        actor=None,
        organisation=claim.employer,
        after={"state": claim.state, "notice": notice_id},
        reason=reason,
    )


def _tell(claim: Claim, notice_id: int, what: str, title: str) -> None:
    """Tell the claimant, once for each notice and what became of it there."""
    notify(
        user=claim.holder,
        kind="claim",
        title=title,
        body=gettext_noop("%(serial)s: what follows is on its page."),
        url=claim.get_absolute_url(),
        source=f"credentials.claim-notice:{claim.pk}:{notice_id}:{what}",
        serial=claim.serial,
    )
