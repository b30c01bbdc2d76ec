"""The panel: who sits on it, conflicts of interest, and scores."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.access.states import Role
from core.notices.actions import notify
from core.organisations.models import RoleAssignment
from core.people.models import User
from core.people.queries import ties_of
from core.states import move
from credentials.awards.actions.rounds import AwardRefused, locked, note
from credentials.awards.models import AwardRound, Nomination, PanelConflict, PanelMember, PanelScore
from credentials.awards.policy import MOST_SCORE
from credentials.awards.queries import shortlisted
from credentials.awards.states import MOVES, RoundState

JOINABLE = (RoundState.DRAFT, RoundState.NOMINATING, RoundState.SHORTLISTING, RoundState.SCORING)


@transaction.atomic
def add_member(*, round: AwardRound, user: User, actor: Asker) -> PanelMember:
    """Put somebody on the panel, or back on it. Raises AwardRefused when scoring is over or they are nominated. Side effects:
    the row, conflicts of interest that lie open; an audit entry; a notice once scoring has begun."""
    assert isinstance(actor, User)
    row = locked(round.pk)
    if row.state not in JOINABLE:
        raise AwardRefused(_("The panel has finished."))
    if row.nominations.filter(holder=user).exists():
        raise AwardRefused(_("Who is nominated does not sit on the panel."))
    member, _made = PanelMember.objects.get_or_create(round=row, user=user, defaults={"added_by": actor})
    if member.left_at is not None:
        PanelMember.objects.filter(pk=member.pk).update(left_at=None)
        member.left_at = None
    note("credentials.add_member", row, actor, after={"user": user.pk})
    if row.state == RoundState.SCORING:
        _begin(member)
    return member


@transaction.atomic
def remove_member(*, member: PanelMember, actor: Asker) -> None:
    """Take somebody off the panel: their scores count no more, and stay. Raises AwardRefused when scoring is over."""
    row = locked(member.round_id)
    if row.state not in JOINABLE:
        raise AwardRefused(_("The panel has finished."))
    PanelMember.objects.filter(pk=member.pk, left_at=None).update(left_at=timezone.now())
    note("credentials.remove_member", row, actor, after={"user": member.user_id})


@transaction.atomic
def start_judging(*, round: AwardRound, actor: Asker) -> None:
    """Let the panel begin. Conflicts that lie open are written down first. Raises AwardRefused or IllegalMove."""
    row = locked(round.pk)
    members = list(row.members.filter(left_at=None).select_related("user__person"))
    if not shortlisted(row).exists():
        raise AwardRefused(_("There is nobody on the shortlist."))
    if not members:
        raise AwardRefused(_("There is nobody on the panel."))
    move(row, RoundState.SCORING, MOVES)
    for member in members:
        member.round = row
        _begin(member)
    note("credentials.start_judging", row, actor, after={"members": len(members)})


def _begin(member: PanelMember) -> None:
    """Write down the conflicts of a member that lie open (the same employer, nominated by them, or one of the two let the
    other in, wherever it was), and ask for the others."""
    employer = member.user.person.employer_id
    nominees = list(shortlisted(member.round))
    tied = _tied_to(member.user, nominees)
    for one in nominees:
        same = employer and employer == one.person.employer_id
        if same or one.nominated_by_id == member.user_id or one.holder_id in tied:
            PanelConflict.objects.get_or_create(member=member, nomination=one, defaults={"kind": "automatic"})
    notify(
        user=member.user,
        kind="credentials.award",
        title=gettext_noop("You judge in %(round)s"),
        body=gettext_noop("Say first with whom you have a conflict of interest; then give your scores."),
        url=reverse("credentials:award-panel", args=[member.round_id]),
        source=f"credentials.panel:{member.pk}:begun",
        round=str(member.round),
    )


def _tied_to(member: User, nominees: Collection[Nomination]) -> set[int]:
    """The accounts of nominees who let this member in, or whom the member let in to administer something. Up to four queries,
    and three for each nominee who administers anything."""
    accounts = {one.holder_id for one in nominees}
    held = RoleAssignment.objects.standing(Role.ADMINISTRATOR).filter(user__in=accounts)
    officers = User.objects.filter(pk__in=held.order_by().values("user")).select_related("person")
    let_in = {officer.pk for officer in officers if member.pk in ties_of(officer).anywhere()}
    return let_in | (accounts & ties_of(member).anywhere())


@transaction.atomic
def declare_conflicts(*, member: PanelMember, nomination_ids: Collection[int], actor: Asker) -> None:
    """A member says with whom of the shortlist they have a conflict of interest, or with nobody. More may be added later,
    none is taken back; scores given before count no more. Raises AwardRefused. Side effects: rows; an audit entry."""
    row = _mine(member, actor)
    wanted = shortlisted(row).filter(pk__in=nomination_ids)
    for one in wanted:
        PanelConflict.objects.get_or_create(member=member, nomination=one, defaults={"kind": "declared"})
    PanelMember.objects.filter(pk=member.pk, declared_at=None).update(declared_at=timezone.now())
    note("credentials.declare_conflicts", row, actor, after={"conflicts": member.conflicts.count()})


@transaction.atomic
def give_scores(
    *, member: PanelMember, nomination: Nomination, values: Mapping[int, int], actor: Asker
) -> None:
    """Give a nominee a score under every indicator (by its number); a later one replaces an earlier one.

    Raises AwardRefused before the declaration, when a conflict lies between the two (the database refuses it too), or when a
    score is missing. Side effects: rows; an audit entry without the scores.
    """
    row = _mine(member, actor)
    if PanelMember.objects.get(pk=member.pk).declared_at is None:
        raise AwardRefused(_("Say first with whom you have a conflict of interest."))
    if not shortlisted(row).filter(pk=nomination.pk).exists():
        raise AwardRefused(_("They are not on the shortlist."))
    if member.conflicts.filter(nomination=nomination).exists():
        raise AwardRefused(_("You have a conflict of interest with this nominee."))
    wanted = set(row.indicators.values_list("pk", flat=True))
    if set(values) != wanted or not all(0 <= value <= MOST_SCORE for value in values.values()):
        raise AwardRefused(_("Give a score from 0 to %(most)d under every indicator.") % {"most": MOST_SCORE})
    try:
        with transaction.atomic():
            for indicator, value in values.items():
                PanelScore.objects.update_or_create(
                    member=member, nomination=nomination, indicator_id=indicator, defaults={"value": value}
                )
    except IntegrityError:
        raise AwardRefused(_("You have a conflict of interest with this nominee.")) from None
    note("credentials.give_scores", row, actor, after={"nomination": nomination.pk})


def _mine(member: PanelMember, actor: Asker) -> AwardRound:
    row = locked(member.round_id)
    if row.state != RoundState.SCORING:
        raise AwardRefused(_("Scores are not taken now."))
    if member.user_id != actor.pk or PanelMember.objects.filter(pk=member.pk, left_at=None).count() == 0:
        raise AwardRefused(_("Only a member of the panel judges."))
    return row
