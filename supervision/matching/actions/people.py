"""Who takes part in a round."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import notify, notify_many
from core.people.models import Person, User
from supervision.matching.actions.basis import RoundRefused, audit, locked, require_changeable, require_self
from supervision.matching.models import MatchingRound, RoundMentee, RoundSupervisor, Wish
from supervision.matching.states import RoundState
from supervision.supervisors.models import Supervisor

AT_ONCE = 500
LAST_CALL = datetime.timedelta(days=2)


@transaction.atomic
def add_mentees(*, round: MatchingRound, people: Iterable[Person], actor: Asker | None) -> int:
    """Let these people look for a supervisor in the round; returns how many are new in it. Raises RoundRefused when it is
    locked. Side effects: audit; when it is open, a notice to the new ones."""
    row = locked(round)
    require_changeable(row)
    wanted = {person.pk: person for person in people if person.employer_id}
    known = dict(row.mentees.filter(person__in=list(wanted)).values_list("person", "is_in"))
    back = [pk for pk, is_in in known.items() if not is_in]
    row.mentees.filter(person__in=back).update(is_in=True)
    new = [pk for pk in wanted if pk not in known]
    RoundMentee.objects.bulk_create(
        [RoundMentee(round=row, person_id=pk) for pk in new], batch_size=AT_ONCE, ignore_conflicts=True
    )
    if new or back:
        audit("supervision.add_mentees", row, actor, after={"number": len(new) + len(back)})
        _tell_new(row, User.objects.filter(person__in=[*new, *back]))
    return len(new) + len(back)


@transaction.atomic
def add_supervisors(*, round: MatchingRound, supervisors: Iterable[Supervisor], actor: Asker | None) -> int:
    """Let these supervisors take mentees in the round, each with the places that are free now; returns how many are new
    in it. Raises RoundRefused when it is locked. Side effects: audit; when it is open, a notice to the new ones."""
    row = locked(round)
    require_changeable(row)
    wanted = {supervisor.pk: supervisor for supervisor in supervisors}
    known = dict(row.supervisors.filter(supervisor__in=list(wanted)).values_list("supervisor", "is_in"))
    back = [pk for pk, is_in in known.items() if not is_in]
    row.supervisors.filter(supervisor__in=back).update(is_in=True)
    new = [pk for pk in wanted if pk not in known]
    RoundSupervisor.objects.bulk_create(
        [RoundSupervisor(round=row, supervisor_id=pk, places=wanted[pk].places_free) for pk in new],
        batch_size=AT_ONCE,
        ignore_conflicts=True,
    )
    if new or back:
        audit("supervision.add_supervisors", row, actor, after={"number": len(new) + len(back)})
        _tell_new(row, User.objects.filter(person__supervisor__in=[*new, *back]))
    return len(new) + len(back)


@transaction.atomic
def take_out(*, round: MatchingRound, member: RoundMentee | RoundSupervisor, actor: Asker) -> None:
    """Take somebody out of a round, with the wishes for and of them. Raises RoundRefused when it is locked. Audited."""
    row = locked(round)
    require_changeable(row)
    _go(member)
    audit("supervision.take_out", row, actor, after={type(member)._meta.model_name: member.pk})


@transaction.atomic
def set_places(*, member: RoundSupervisor, places: int, actor: Asker) -> None:
    """Say how many mentees a supervisor takes in this round. Raises RoundRefused when it is locked, for more than are
    free, and for the supervisor themself when the time has passed. Side effect: audit."""
    row = locked(member.round)
    require_changeable(row)
    if actor.pk == member.supervisor.person.user_id:
        require_time(row)
    free = member.supervisor.places_free
    if not 0 <= places <= free:
        raise RoundRefused(_("Between 0 and %(free)s, the places that are free.") % {"free": free})
    before = member.places
    RoundSupervisor.objects.filter(pk=member.pk).update(places=places)
    member.places = places
    audit(
        "supervision.set_places",
        row,
        actor,
        before={"places": before},
        after={"places": places, "roundsupervisor": member.pk},
    )


@transaction.atomic
def join_round(*, round: MatchingRound, person: Person, actor: Asker, languages: str = "") -> RoundMentee:
    """Take part in an open round, or say one's languages anew. Raises RoundRefused when the time has passed, the round
    lets nobody join, or the employer stands outside of it, and for anybody else. Side effect: audit."""
    require_self(person, actor)
    row = locked(round)
    require_time(row)
    known = row.mentees.select_for_update(of=("self",)).filter(person=person).first()
    if known is None or not known.is_in:
        if not row.self_join:
            raise RoundRefused(_("In this round an administrator names who takes part."))
        if person.employer is None or not person.employer.path.startswith(row.organisation.path):
            raise RoundRefused(
                _("This round is for people employed in %(name)s.") % {"name": row.organisation}
            )
    if known is None:
        known, new = RoundMentee.objects.get_or_create(
            round=row, person=person, defaults={"joined": True, "languages": languages}
        )
        if new:
            audit("supervision.join_round", row, actor, after={"roundmentee": known.pk})
            return known
    known.is_in, known.languages = True, languages
    known.save(update_fields=["is_in", "languages"])
    return known


@transaction.atomic
def leave_round(*, member: RoundMentee, actor: Asker) -> None:
    """Take part no longer; the wishes go. Raises RoundRefused when the time has passed, and for anybody else. Side
    effect: audit."""
    require_self(member.person, actor)
    row = locked(member.round)
    require_time(row)
    _go(member)
    audit("supervision.leave_round", row, actor, after={"roundmentee": member.pk})


def require_time(round: MatchingRound) -> None:
    """Whatever those who take part change is changed in time, by the server's clock."""
    now = timezone.now()
    if round.takes_wishes(now):
        return
    if round.state == RoundState.OPEN and now < round.opens_at:
        raise RoundRefused(_("Wishes are not taken yet."))
    raise RoundRefused(_("The time for wishes has passed. Nothing was changed."))


def remind_rounds() -> int:
    """Tell those who have named nobody, once, when wishes are taken for two days more at most, and who made a round
    that its time has passed; returns in how many rounds the time is short."""
    now = timezone.now()
    rows = MatchingRound.objects.filter(
        state=RoundState.OPEN, opens_at__lte=now, closes_at__gt=now, closes_at__lte=now + LAST_CALL
    )
    for round in rows:
        silent = User.objects.select_related("person").filter(
            person__matching_rounds__in=round.mentees.filter(is_in=True, wished_at=None).values("pk"),
            is_active=True,
        )
        notify_many(
            users=list(silent),
            kind="supervision.round",
            title=gettext_noop("%(round)s: two days are left for your wishes"),
            body=gettext_noop("Your wishes are taken until %(until)s. Without any, only the fit decides."),
            url=round.get_absolute_url(),
            source=f"supervision.round:{round.pk}:last:{round.closes_at:%Y%m%d%H%M}",
            round=round.title,
            until=round.closes_at,
        )
    for round in MatchingRound.objects.filter(state=RoundState.OPEN, closes_at__lte=now):
        if round.created_by is not None:
            notify(
                user=round.created_by,
                kind="supervision.round",
                title=gettext_noop("%(round)s: the time for wishes has passed"),
                body=gettext_noop("Lock the round and calculate it, or give more time."),
                url=reverse("rounds:detail", args=[round.pk]),
                source=f"supervision.round:{round.pk}:over:{round.closes_at:%Y%m%d%H%M}",
                round=round.title,
            )
    return len(rows)


def _go(member: RoundMentee | RoundSupervisor) -> None:
    side, other = ("mentee", "supervisor") if isinstance(member, RoundMentee) else ("supervisor", "mentee")
    named = list(Wish.objects.filter(**{side: member.pk}, side=other).values_list(other, "rank"))
    Wish.objects.filter(**{side: member.pk}).delete()
    for owner, rank in named:  # whoever stood behind moves up, so that nobody's first wish is a second one
        for wish in Wish.objects.filter(**{other: owner}, side=other, rank__gt=rank).order_by("rank"):
            Wish.objects.filter(pk=wish.pk).update(rank=wish.rank - 1)
    member.is_in = False
    member.save(update_fields=["is_in"])


def _tell_new(round: MatchingRound, users: Iterable[User]) -> None:
    if round.state != RoundState.OPEN:
        return
    notify_many(
        users=list(User.objects.select_related("person").filter(pk__in=[user.pk for user in users])),
        kind="supervision.round",
        title=gettext_noop("%(round)s: say whom you would like"),
        body=gettext_noop("Your wishes are taken until %(until)s. You can change them until then."),
        url=round.get_absolute_url(),
        source=f"supervision.round:{round.pk}:open:{round.closes_at:%Y%m%d%H%M}",
        round=round.title,
        until=round.closes_at,
    )
