"""What comes of a round: the places, the public notice, and the entries of the honour register."""

from __future__ import annotations

import logging

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import notify
from core.organisations.queries import administrators_of, administrators_over
from core.people.models import User
from core.people.queries import is_bound_to
from core.states import move
from credentials.awards.actions.rounds import AwardRefused, locked, note, tell
from credentials.awards.models import AwardGrant, AwardResult, AwardRound, AwardSuccession
from credentials.awards.queries import (
    KEY,
    emptied,
    ended_pending,
    next_in_order,
    places_of,
    to_settle,
    why_waits,
)
from credentials.awards.states import MOVES, RoundState, Vacancy
from credentials.commendations.actions import CommendationRefused, register_commendation
from credentials.commendations.models import Commendation
from credentials.public_notices.actions import NoticeRefused, open_notice
from credentials.public_notices.models import PublicNotice
from credentials.public_notices.policy import NoticeLine
from credentials.public_notices.states import About
from credentials.signals import NoticeEnded, NoticeWithdrawn

log = logging.getLogger("xinhuo.awards")


@transaction.atomic
def end_judging(*, round: AwardRound, actor: Asker) -> AwardRound:
    """Freeze the places and show the winners in a public notice. Raises AwardRefused while a score is missing or the vote
    runs, and IllegalMove. Side effects: results; the state; the notice; an audit entry."""
    row = locked(round.pk)
    if row.vote_share and row.state == RoundState.SCORING:
        raise AwardRefused(_("The public vote comes first."))
    if fault := why_waits(row):
        raise AwardRefused(fault)
    move(row, RoundState.NOTICE, MOVES)
    AwardResult.objects.bulk_create(
        AwardResult(
            round=row, nomination_id=one.nominee, rank=one.rank, panel=one.panel, votes=one.votes, total=one.total,
            judged_by=one.judged_by, is_winner=one.rank <= row.winners and one.judged_by > 0,
        )
        for one in places_of(row)
    )  # fmt: skip
    note("credentials.end_judging", row, actor)
    _post(row, actor, attempt=1)
    return row


@transaction.atomic
def post_again(*, round: AwardRound, actor: Asker) -> AwardRound:
    """Show the winners anew after the notice was withdrawn. Raises AwardRefused. Side effects: a notice; an audit entry."""
    row = locked(round.pk)
    if row.state != RoundState.NOTICE or row.notice is not None:
        raise AwardRefused(_("There is a public notice already."))
    note("credentials.post_again", row, actor)
    _post(row, actor, attempt=_posted(row) + 1)
    return row


def _post(round: AwardRound, actor: Asker | None, *, attempt: int) -> None:
    winners = list(to_settle(round))
    if not winners:
        raise AwardRefused(_("There is nobody to show in a public notice."))
    round.notice = open_notice(
        organisation=round.organisation,
        title=_("%(title)s %(year)d: proposed winners") % {"title": round.title, "year": round.year},
        about=About.AWARDS,
        source=f"awards:{round.pk}:{attempt}",
        lines=[
            NoticeLine(f"{KEY}{one.nomination_id}", one.nomination.person.name, one.nomination.organisation.name, round.title)
            for one in winners
        ],
        days=round.notice_days,
        counts=round.notice_counts,
        contact=round.contact,
        actor=actor,
    )  # fmt: skip
    round.save(update_fields=["notice"])


@transaction.atomic
def settle_winners(*, event: NoticeEnded) -> None:
    """A public notice has told what became of winners: the cleared ones are entered into the honour register, once each; once
    all are told, the next in order move up into places that objections have emptied, or else the round is decided. Side
    effects: grants, commendations, the state, an audit entry, notices."""
    if event.about != About.AWARDS:
        return
    found = AwardRound.objects.filter(notice=event.notice_id).first()
    if found is None:
        return
    row = locked(found.pk)
    cleared = {int(key.removeprefix(KEY)): True for key in event.cleared_keys}
    told = cleared | {int(key.removeprefix(KEY)): False for key in event.upheld_keys}
    for result in to_settle(row).filter(nomination__in=told):
        grant = AwardGrant.objects.create(result=result, is_cleared=told[result.nomination_id])
        if grant.is_cleared:
            register_grant(grant, row)
    if row.state == RoundState.NOTICE and not to_settle(row).exists() and not move_up(row):
        move(row, RoundState.DECIDED, MOVES, decided_at=timezone.now())
        note("credentials.settle_winners", row, None)
        rest = row.nominations.filter(result__is_winner=False, result__succession=None)
        tell(
            row,
            rest,
            gettext_noop("%(round)s is decided"),
            gettext_noop("Thank you for taking part."),
            "decided",
        )


def move_up(round: AwardRound) -> bool:
    """Fill the places that objections have emptied with the next in order, and show these in a public notice of their own;
    False where a place stays empty: by the round's word, or since nobody is left. Side effects: rows; the notice; an audit
    entry; notices to the officers."""
    if round.vacant != Vacancy.NEXT:
        return False
    pairs = list(zip(emptied(round), next_in_order(round), strict=False))
    if not pairs:
        return False
    AwardSuccession.objects.bulk_create(AwardSuccession(result=up, instead_of=gone) for gone, up in pairs)
    places = [{"rank": up.rank, "instead_of": gone.rank} for gone, up in pairs]
    note("credentials.move_up", round, None, after={"places": places})
    try:
        with transaction.atomic():
            _post(round, None, attempt=_posted(round) + 1)
    except NoticeRefused:  # an officer reads why when they post it
        round.notice = None
        round.save(update_fields=["notice"])
    for officer in administrators_of(round.organisation):
        notify(
            user=officer,
            kind="credentials.award",
            title=gettext_noop("%(round)s: the next in order move up"),
            body=gettext_noop(
                "An objection was upheld. Whoever moves up stands in a public notice of their own."
            ),
            url=reverse("award-rounds:inspect", args=[round.pk]),
            source=f"credentials.awardround:{round.pk}:up:{pairs[0][0].pk}",
            round=str(round),
        )
    return True


def _posted(round: AwardRound) -> int:
    """How many notices this round has had."""
    return PublicNotice.objects.filter(source__startswith=f"awards:{round.pk}:").count()


def register_grant(grant: AwardGrant, round: AwardRound) -> bool:
    """Enter a cleared winner into the honour register, or keep why that is not possible yet: it is tried again. True when it
    is done. An entry that an officer has made by hand meanwhile is taken for it; the officer in whose name it is made is
    told."""
    person = grant.result.nomination.person
    said = {"title": round.title, "issuer": round.organisation.name, "year": round.year}
    entry = Commendation.objects.registered().filter(person=person, **said).first()
    why = ""
    if entry is None and (officer := _registrar(round, grant)) is None:
        why = _("No administrator over %(place)s is independent of this person.") % {
            "place": round.organisation
        }
    elif entry is None:
        try:
            entry = register_commendation(person=person, rank=round.rank, actor=officer, **said)  # type: ignore[arg-type]
            _tell_registrar(entry, round)
        except CommendationRefused as refusal:
            why = str(refusal)
    grant.commendation, grant.waits_for = entry, why[:300]
    grant.save(update_fields=["commendation", "waits_for"])
    return entry is not None


def _tell_registrar(entry: Commendation, round: AwardRound) -> None:
    """Nothing stands in a register by an officer's name that they have not heard of. Side effect: a notice."""
    notify(
        user=entry.registered_by,
        kind="credentials.award",
        title=gettext_noop("Entered into the honour register in your name: %(name)s"),
        body=gettext_noop(
            "%(round)s: no objection stands after the public notice, so the entry was made with you as the registrar. "
            "If something is wrong with it, strike it off with the reason."
        ),
        url=reverse("commendations:inspect", args=[entry.pk]),
        source=f"credentials.commendation:{entry.pk}:registrar",
        name=entry.person.name,
        round=str(round),
    )


def _registrar(round: AwardRound, grant: AwardGrant) -> User | None:
    """Who registers: whoever began the round, else another administrator over it who is independent of the person."""
    person = grant.result.nomination.person
    for officer in [round.created_by, *administrators_over(round.organisation)]:
        if officer.pk != person.user_id and not is_bound_to(officer, person):
            return officer
    return None


@transaction.atomic
def take_back(*, event: NoticeWithdrawn) -> None:
    """The public notice of a round was withdrawn: the round waits for another one. Side effects: the row; an audit entry."""
    for found in AwardRound.objects.filter(notice=event.notice_id):
        row = locked(found.pk)
        row.notice = None
        row.save(update_fields=["notice"])
        note("credentials.take_back", row, None)


def reconcile() -> list[str]:
    """Register the cleared winners that could not be registered before; a line when there were some."""
    done = 0
    for pk in ended_pending():
        with transaction.atomic():
            grant = AwardGrant.objects.select_related(
                "result__round__organisation", "result__nomination__person"
            ).get(pk=pk)
            row = locked(grant.result.round_id)
            grant.refresh_from_db()
            done += grant.commendation_id is None and register_grant(grant, row)
    return [f"award winners registered: {done}"] if done else []
