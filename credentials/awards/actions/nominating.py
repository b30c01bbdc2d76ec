"""Nominating, and saying yes or no to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.attachments.actions import keep_file
from core.audit.actions import record
from core.audit.models import AuditEntry
from core.notices.actions import notify
from core.people.models import Person, User
from core.people.queries import ties_of
from core.states import move
from credentials.awards.actions.rounds import AwardRefused, locked, nomination_of
from credentials.awards.models import AwardRound, Nomination, NominationPaper
from credentials.awards.policy import Bar
from credentials.awards.queries import BAR_WORDS, bars_of
from credentials.awards.states import NOMINATION_MOVES, NominationState, Way

MOST_PAPERS = 10
RUNNING = (  # what is done in a round by whoever runs it, as long as nominations are taken
    "credentials.save_round",
    "credentials.open_round",
    "credentials.add_member",
    "credentials.remove_member",
)
TAKEN = (NominationState.OFFERED, NominationState.ACCEPTED)


@dataclass(frozen=True)
class NominationFacts:
    """What a nomination says."""

    way: str
    deeds: str


class NomineeBarred(AwardRefused):
    """It is this person who cannot be nominated: said beside the name."""


@transaction.atomic
def nominate(*, round: AwardRound, person: Person, facts: NominationFacts, actor: Asker) -> Nomination:
    """Nominate somebody; oneself is accepted at once, anybody else is asked.

    Raises AwardRefused when nominations are not taken or the way is not open to this nominator, and NomineeBarred when the
    quota is used up, or the person is nominated already, judges, works outside the authority's tree, or runs the round or
    let in who does: a colleague reads only that it cannot be. What can still come right until they accept bars nobody yet,
    and they alone read what (`bar_for_nominator`). Side effects: the row; an audit entry; a notice to the person.
    """
    assert isinstance(actor, User)
    row = locked(round.pk)
    if not row.takes_nominations():
        raise AwardRefused(_("Nominations are not taken now."))
    if not facts.deeds.strip():
        raise AwardRefused(_("Write what they have done."))
    _require_way(row, person, facts.way, actor)
    if Bar.OUTSIDE in bars_of(row, [person])[person.pk]:
        raise NomineeBarred(
            _("The round is for people who work in the area of %(place)s.") % {"place": row.organisation}
        )
    if why := _why_not_apart(row, person):
        raise NomineeBarred(why if _may_read_why(person, actor) else _said_to_others(row, person))
    made = _create(row, person, facts, actor)
    _note("credentials.nominate", made, actor, {"way": facts.way})
    if facts.way == Way.SELF:
        accept_nomination(nomination=made, actor=actor)
    else:
        notify(
            user=person.user,
            kind="credentials.award",
            title=gettext_noop("You are nominated: %(round)s"),
            body=gettext_noop("It counts once you accept. Read it, add your papers, and decide."),
            url=made.get_absolute_url(),
            source=f"credentials.nomination:{made.pk}:made",
            round=str(row),
        )
    return made


def _require_way(round: AwardRound, person: Person, way: str, actor: User) -> None:
    mine = person.user_id == actor.pk
    employer = person.employer
    if way == Way.SELF and not (mine and round.by_self):
        raise AwardRefused(_("Nobody nominates themselves in this round."))
    if way != Way.SELF and mine:
        raise AwardRefused(_("Nominate yourself as yourself, not as a colleague or for the organisation."))
    # An operator's account has no person behind it.
    colleague = employer and employer.people.filter(user=actor).exists()
    if way == Way.PEER and not (round.by_peer and colleague):
        raise AwardRefused(_("Colleagues nominate somebody of their own unit."))
    if way == Way.ORGANISATION and not (
        round.quota and employer and scope_of(actor).covers(employer, Role.ADMINISTRATOR)
    ):
        raise AwardRefused(_("An administrator nominates for the organisation that employs the person."))


def _why_not_apart(round: AwardRound, person: Person) -> str:
    """Who judges in the round, wrote it or did anything in it, and who let one of them in, does not win it."""
    if round.members.filter(user=person.user_id, left_at=None).exists():
        return _("Who is nominated does not sit on the panel.")
    done = AuditEntry.objects.for_instance(round).filter(action__in=RUNNING, user__isnull=False)
    ran = Q(pk=round.created_by_id) | Q(pk__in=done.order_by().values("user"))
    for officer in User.objects.filter(ran).select_related("person"):
        if ties_of(officer).bind(person.user_id, round.organisation.path):
            return _(
                "%(name)s has written or run this round, or gave an account or a role to somebody who has: they "
                "cannot be nominated in it."
            ) % {"name": person.name}
    return ""


def _may_read_why(person: Person, actor: User) -> bool:
    """The person themself, and who administers where they work: nobody else learns by nominating what binds somebody."""
    mine = person.user_id == actor.pk
    return mine or bool(person.employer and scope_of(actor).covers(person.employer, Role.ADMINISTRATOR))


def _said_to_others(round: AwardRound, person: Person) -> str:
    words = _("%(name)s cannot be nominated in this round. Ask the organiser: %(place)s.")
    return words % {"name": person.name, "place": round.organisation}


def _create(round: AwardRound, person: Person, facts: NominationFacts, actor: User) -> Nomination:
    said = {
        "round": round, "person": person, "holder_id": person.user_id, "organisation": person.employer,
        "way": facts.way, "deeds": facts.deeds.strip(), "nominated_by": actor,
    }  # fmt: skip
    if round.nominations.filter(person=person).exists():
        raise NomineeBarred(_("%(name)s is nominated in this round already.") % {"name": person.name})
    if facts.way == Way.ORGANISATION:
        said["place"] = _free_place(round, person)
    try:
        with transaction.atomic():
            return Nomination.objects.create(**said)
    except IntegrityError:
        raise NomineeBarred(_("Somebody else nominated at the same time. Look again.")) from None


def _free_place(round: AwardRound, person: Person) -> int:
    rows = round.nominations.filter(organisation=person.employer_id, place__isnull=False)
    taken = set(rows.values_list("place", flat=True))
    for place in range(1, round.quota + 1):
        if place not in taken:
            return place
    raise NomineeBarred(
        _("%(place)s has used its %(quota)d nominations.") % {"place": person.employer, "quota": round.quota}
    )


@transaction.atomic
def accept_nomination(*, nomination: Nomination, actor: Asker) -> Nomination:
    """The nominee agrees to take part, and that their name and unit are shown if they win; the keyed hash of their ID number
    stays with it, and where there is a public vote they need one. Raises AwardRefused with what bars them, or IllegalMove.
    Side effects: the state; an audit entry."""
    row = _own(nomination, actor)
    if not row.round.takes_nominations():
        raise AwardRefused(_("Nominations are not taken now."))
    if found := bars_of(row.round, [row.person])[row.person_id]:
        raise AwardRefused(" ".join(str(BAR_WORDS[bar]) for bar in found))
    number = row.person.id_hash or ""
    if row.round.vote_share and not number:
        raise AwardRefused(
            _(
                "Add your ID number to your profile first: this round has a public vote, and nobody votes for themselves, "
                "whatever accounts they have."
            )
        )
    try:
        with transaction.atomic():
            move(row, NominationState.ACCEPTED, NOMINATION_MOVES, accepted_at=timezone.now(), id_hash=number)
    except IntegrityError:
        raise AwardRefused(
            _("Somebody with your ID number takes part already, from another account.")
        ) from None
    _note("credentials.accept_nomination", row, actor)
    return row


@transaction.atomic
def decline_nomination(*, nomination: Nomination, actor: Asker) -> Nomination:
    """The nominee does not want to take part; a place of the organisation is free again. Raises AwardRefused or IllegalMove."""
    row = _own(nomination, actor)
    if row.state not in TAKEN:
        raise AwardRefused(
            _("The shortlist is drawn up already. Tell the office if you do not want to take part.")
        )
    move(row, NominationState.DECLINED, NOMINATION_MOVES, place=None)
    _note("credentials.decline_nomination", row, actor)
    return row


def _own(nomination: Nomination, actor: Asker) -> Nomination:
    row = nomination_of(nomination.pk)
    if row.holder_id != actor.pk:
        raise AwardRefused(_("The nominee decides."))
    return row


@transaction.atomic
def add_paper(*, nomination: Nomination, upload: Any, actor: Asker) -> NominationPaper:
    """Add a paper to a nomination, by who made it or is nominated, as long as nominations are taken. Raises AwardRefused.
    Side effects: the file; rows; an audit entry."""
    row = nomination_of(nomination.pk)
    if actor.pk not in (row.holder_id, row.nominated_by_id) or not row.round.takes_nominations():
        raise AwardRefused(
            _("Papers are added by the nominee and the nominator, as long as nominations are taken.")
        )
    if row.papers.count() >= MOST_PAPERS:
        raise AwardRefused(_("At most %(most)d papers.") % {"most": MOST_PAPERS})
    kept = keep_file(upload=upload, actor=actor)
    try:
        with transaction.atomic():
            paper = NominationPaper.objects.create(nomination=row, attachment=kept, sha256=kept.sha256)
    except IntegrityError:
        raise AwardRefused(_("This paper is there already.")) from None
    _note("credentials.add_paper", row, actor, {"sha256": kept.sha256})
    return paper


def _note(action: str, row: Nomination, actor: Asker, after: dict[str, Any] | None = None) -> None:
    record(action=action, target=row, actor=actor, organisation=row.round.organisation, after=after)
