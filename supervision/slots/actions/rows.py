"""What every act on meetings needs: the rows locked in one order, the sentence of a refusal, the audit, the notices.

Locks are taken in one order everywhere: the pairing, then the people of it by their keys. Whoever plans something for
somebody holds that person's row, so that two meetings made at the same moment cannot overlap.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.people.models import Person
from supervision.pairings.actions import NotPossible, locked_pairing, one_of_pair
from supervision.pairings.models import Pairing
from supervision.slots.models import Meeting, MeetingRemark
from supervision.slots.policy import Plan, Problem, overlap_among, problems_of
from supervision.slots.queries import clash_of

PROBLEM_WORDS = {
    "in_past": gettext_lazy("This time has passed. Choose a later one."),
    "too_far": gettext_lazy("Plan at most a year ahead."),
    "after_pairing": gettext_lazy("On that day the two of you are not paired any more."),
    "too_short": gettext_lazy("A meeting takes at least 15 minutes."),
    "too_long": gettext_lazy("A meeting takes at most 8 hours."),
    "no_place": gettext_lazy("Write where you meet."),
    "no_link": gettext_lazy("Give the link, or write at the place which platform you use."),
    "not_https": gettext_lazy("The link must begin with https://."),
}


class MeetingRefused(NotPossible):
    """A meeting cannot be planned so. `field` says which one wants a change."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        self.field = field
        super().__init__(sentence)


def locked_own_pairing(pk: int, actor: Asker) -> tuple[Pairing, Person]:
    """A pairing of the actor, locked with both people, and the person who acts. Raises NotPossible for anybody else."""
    pairing = locked_pairing(pk)
    person = one_of_pair(pairing, actor)
    if person is None:
        raise NotPossible(_("Only the two of the pair plan its meetings."))
    lock_people([pairing.supervisor_id, pairing.mentee_id])
    return pairing, person


def lock_people(keys: Iterable[int]) -> None:
    rows = Person.objects.select_for_update(no_key=True).filter(pk__in=sorted(set(keys)))
    list(rows.order_by("pk").values_list("pk"))


def locked_meeting(meeting: Meeting, actor: Asker) -> tuple[Meeting, Person]:
    """The meeting as it is now, with its pairing and people locked, and the person who acts."""
    pairing, person = locked_own_pairing(meeting.pairing_id, actor)
    row = (
        Meeting.objects.select_for_update(of=("self",)).select_related("made_by", "moves").get(pk=meeting.pk)
    )
    row.pairing = pairing
    return row, person


def require_active(pairing: Pairing) -> None:
    if not pairing.is_active:
        raise NotPossible(_("This pairing is not active, so nothing new can be planned for it."))


def require_possible(pairing: Pairing, plans: Collection[Plan]) -> None:
    """Raises MeetingRefused with the first reason against one of these plans."""
    now = timezone.now()
    for plan in plans:
        problems = problems_of(plan, now=now, last_day=pairing.ends_on)
        if problems:
            raise refusal_of(problems)
    if overlap_among((plan.starts_at, plan.ends_at) for plan in plans):
        raise MeetingRefused(_("Two of these meetings would be at the same time."), "minutes")


def refusal_of(problems: Collection[Problem]) -> MeetingRefused:
    first = next(iter(problems))
    return MeetingRefused(str(PROBLEM_WORDS[first.code]), first.field)


def clash_words(
    people: Collection[int], plan: Plan, actor: Asker, other: Person | None, besides: Collection[int] = ()
) -> str:
    """Why these people cannot meet then, for the actor to read; nothing when they can.

    One's own meeting is named. Of the other side it is said only that the time is taken, never with whom.
    """
    clash = clash_of(people, plan.starts_at, plan.ends_at, besides)
    if clash is None:
        return ""
    pairing = clash.pairing
    if actor.pk in (pairing.supervisor.person.user_id, pairing.mentee.user_id):
        values = {"name": clash.other_than(actor).name, "when": moment_words(clash.starts_at, clash.ends_at)}
        return _("You meet %(name)s on %(when)s. Two meetings cannot overlap.") % values
    values = {"name": other.name if other else "", "when": moment_words(plan.starts_at, plan.ends_at)}
    return _("%(name)s is not free on %(when)s. Choose another time.") % values


def clashes_of(
    pairing: Pairing, plans: Collection[Plan], actor: Asker, besides: Collection[int] = ()
) -> list[str]:
    """For each of these plans why the two cannot meet then, for the actor to read; "" where they can."""
    people = (pairing.supervisor_id, pairing.mentee_id)
    other = pairing.mentee if pairing.supervisor.person.user_id == actor.pk else pairing.supervisor.person
    return [clash_words(people, plan, actor, other, besides) for plan in plans]


def refuse_clash(
    pairing: Pairing, plans: Collection[Plan], actor: Asker, besides: Collection[int] = ()
) -> None:
    """Raises MeetingRefused with every plan at which one of the two already has a meeting."""
    found = [words for words in clashes_of(pairing, plans, actor, besides) if words]
    if found:
        raise MeetingRefused(" ".join(found[:5]), "start")


def moment_words(starts_at: datetime.datetime, ends_at: datetime.datetime) -> str:
    first, last = timezone.localtime(starts_at), timezone.localtime(ends_at)
    return f"{date_format(first.date())} {first:%H:%M}–{last:%H:%M}"


def audit(action: str, meeting: Meeting, actor: Asker | None, **facts: Any) -> None:
    """One line in the audit: that it happened, and the time; no sentence of the two, no place and no link."""
    record(action=action, target=meeting, actor=actor, organisation=meeting.pairing.organisation, **facts)


def times_of(meeting: Meeting) -> dict[str, str]:
    return {"starts_at": meeting.starts_at.isoformat(), "ends_at": meeting.ends_at.isoformat()}


def remark(meeting: Meeting, author: Person, kind: str, text: str) -> None:
    if text.strip():
        MeetingRemark.objects.create(meeting=meeting, author=author, kind=kind, text=text.strip())


def tell(
    meeting: Meeting,
    person: Person,
    what: str,
    title: str,
    body: str = "",
    *,
    by: Person | None = None,
    urgent: bool = False,
    **values: Any,
) -> None:
    """A notice to one of the two: who, when, and the way to the meeting's page."""
    pairing = meeting.pairing
    other = by or (pairing.mentee if person.pk == pairing.supervisor_id else pairing.supervisor.person)
    notify(
        user=person.user,
        kind="supervision.meeting",
        title=title,
        body=body,
        url=meeting.get_absolute_url(),
        source=f"supervision.meeting:{meeting.pk}:{what}",
        urgent=urgent,
        name=other.name,
        when=meeting.starts_at,
        **values,
    )


def other_of(meeting: Meeting, person: Person) -> Person:
    pairing = meeting.pairing
    found: Person = pairing.mentee if person.pk == pairing.supervisor_id else pairing.supervisor.person
    return found


def answered(meeting: Meeting) -> None:
    """Nobody is asked any more: the notices that asked count as read."""
    users = [meeting.pairing.supervisor.person.user, meeting.pairing.mentee.user]
    settle(users=users, source=f"supervision.meeting:{meeting.pk}:proposed")
