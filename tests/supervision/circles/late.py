"""Who is asked about a late gathering, and says yes to it."""

from supervision.circles import actions
from supervision.models import LateGathering


def part_of(late, user):
    return late.gathering.parts.get(person__user=user)


def newest(late):
    return LateGathering.objects.filter(gathering=late.gathering_id).order_by("-pk").first()


def approve(late, cast):
    return actions.approve_late_gathering(late=newest(late), actor=cast.administrator)


def state_of(late):
    return newest(late).state
