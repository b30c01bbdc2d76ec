"""Pairings, and what is asked for and aimed at in them."""

from supervision.models import (
    GoalNote,
    Handover,
    LearningGoal,
    Pairing,
    PairingRequest,
    PairWish,
    Pause,
)
from tests.factories import make_goal, make_handover, make_pause, make_request, make_wish


def paired_of(pairings):
    """What each of the pairings has of its own; one hands over to another."""
    goals = [make_goal(pairing) for pairing in pairings]
    return {
        Pairing: pairings,
        Pause: [make_pause(pairing) for pairing in pairings],
        PairingRequest: [
            make_request(pairing.supervisor, pairing.mentee, state)
            for pairing, state in zip(pairings, ("accepted", "declined", "lapsed", "open"), strict=True)
        ],
        PairWish: [make_wish(pairing) for pairing in pairings],
        LearningGoal: goals,
        GoalNote: [
            GoalNote.objects.create(goal=goal, author=goal.pairing.mentee, state=goal.state, text="记")
            for goal in goals
        ],
        Handover: [make_handover(pairings[0]), make_handover(pairings[3], to=pairings[1])],
    }
