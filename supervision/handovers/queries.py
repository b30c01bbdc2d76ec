"""Reading handovers: what one pairing leaves, what another one received, to whom a mentee may pass one on."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from core.access.scope import Asker
from supervision.goals.models import LearningGoal
from supervision.handovers.models import Handover
from supervision.handovers.states import HandoverState
from supervision.pairings.models import Pairing


def handovers_at(pairing: Pairing, user: Asker) -> list[Handover]:
    """The handover that this pairing leaves and those it received, as far as the user may read them. One query."""
    rows = Handover.objects.visible_to(user).filter(Q(pairing=pairing) | Q(released_to=pairing))
    return list(rows.with_people())


def handovers_waiting_for(user: Asker) -> list[Handover]:
    """The handovers about this mentee that wait for their word. One query."""
    rows = Handover.objects.visible_to(user).filter(
        state=HandoverState.WRITTEN, pairing__mentee__user=user.pk
    )
    return list(rows.with_people().order_by("pk"))


def successors_of(pairing: Pairing) -> QuerySet[Pairing]:
    """The mentee's other open pairings: one of these can receive the handover."""
    others = Pairing.objects.open().filter(mentee=pairing.mentee_id).exclude(pk=pairing.pk)
    return others.exclude(supervisor=pairing.supervisor_id).with_people()


def goals_with(handover: Handover) -> list[LearningGoal]:
    """The learning goals that go with a handover, if the mentee wanted that: what they are and how far. What the two set
    after it was passed on does not go with it. One query."""
    if not handover.with_goals or handover.released_at is None:
        return []
    rows = LearningGoal.objects.filter(pairing=handover.pairing_id, created_at__lte=handover.released_at)
    return list(rows.select_related("competency"))
