"""What is done at set times: reminders to whoever has not answered or recorded, and places counted anew."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from supervision.circles.actions.telling import tell_all_of, tell_of
from supervision.circles.models import Circle
from supervision.circles.queries import beginning, members_told, soon_due, unanswered, unrecorded
from supervision.circles.states import MemberState
from supervision.slots.policy import HOUR_BEFORE

UNANSWERED_DAYS, UNRECORDED_DAYS = 7, 1
BEFORE = timedelta(hours=36)  # asked twice a day, so everybody is told at least a day before


def remind_circles() -> int:
    """Remind each once: members of a gathering that begins soon, leaders of one that is not recorded, and participants
    who have not answered for a week. Returns how many rows were looked at. Side effects: notices."""
    now, seen = timezone.now(), 0
    for held in beginning(now, now + BEFORE):
        title = gettext_noop("“%(circle)s” meets on %(day)s, %(span)s")
        for person in {row.person_id: row.person for row in members_told(held)}.values():
            tell_of(held, person, f"soon:{held.revision}", title)
        tell_of(held, held.leader, f"soon:{held.revision}", title)
        seen += 1
    for held in unrecorded(now - timedelta(days=UNRECORDED_DAYS)):
        title = gettext_noop("“%(circle)s” of %(day)s is not recorded yet")
        body = gettext_noop("Record who came, or cancel the gathering. Until then it counts for nobody.")
        tell_of(held, held.leader, "unrecorded", title, body)
        seen += 1
    for part in unanswered(now - timedelta(days=UNANSWERED_DAYS)):
        title = gettext_noop("You have not answered yet: “%(circle)s” of %(day)s")
        body = gettext_noop("Confirm your %(minutes)s minutes, or say what is not right.")
        what = f"asked:{part.pk}:{part.revision}:again"
        tell_of(part.gathering, part.person, what, title, body, minutes=part.minutes)
        seen += 1
    return seen


def remind_of_hour() -> int:
    """Tell who belongs to it that a gathering begins within an hour, once each; returns how many were told. Side effect:
    notices, at once."""
    now, told = timezone.now(), 0
    for held in soon_due(now, now + HOUR_BEFORE):
        people = {row.person_id: row.person for row in members_told(held)} | {held.leader_id: held.leader}
        told += tell_all_of(
            held,
            [person.user for person in people.values()],
            f"hour:{held.revision}",
            gettext_noop("Soon: “%(circle)s” meets on %(day)s, %(span)s"),
            gettext_noop("Place and link stand on its page."),
        )
    return told


def reconcile() -> list[str]:
    """Count the members of every circle anew; a line for each whose number was wrong."""
    joined = Count("members", filter=Q(members__state=MemberState.JOINED))
    wrong = Circle.objects.annotate(counted=joined).exclude(taken=F("counted"))
    lines = []
    for pk in list(wrong.values_list("pk", flat=True)):
        with transaction.atomic():
            circle = Circle.objects.select_for_update(of=("self",)).get(pk=pk)
            counted = circle.members.filter(state=MemberState.JOINED).count()
            if counted != circle.taken and counted <= circle.capacity:
                Circle.objects.filter(pk=pk).update(taken=counted)
                lines.append(f"circle {pk}: {circle.taken} members counted, {counted} found")
    return lines
