"""Whether somebody can be moved to another cohort, and what stands in the way, in words."""

from __future__ import annotations

from dataclasses import dataclass

from lms.cohorts.policy import RunFacts, RunState, Sentence, Standing, gettext_noop, say

MOVABLE = frozenset({Standing.APPLIED, Standing.ENROLLED, Standing.CANCELLED})


@dataclass(frozen=True)
class Move:
    """A wish: the state of the enrolment, and what the new cohort is to the old one and to the person."""

    standing: str
    is_same_course: bool
    is_same_cohort: bool
    is_there_already: bool


def obstacle(move: Move, target: RunFacts, state: RunState) -> Sentence | None:
    """What keeps this person from a place in that cohort; None when nothing does.

    Only free places: where anybody waits, a place is theirs first, and nobody jumps the list by coming from elsewhere.
    What is completed stays where it was completed.
    """
    if move.standing == Standing.COMPLETED:
        return say(gettext_noop("The course is completed; there is nothing to move."))
    if move.standing not in MOVABLE:
        return say(gettext_noop("Only somebody who has a place, or applied for one, can be moved."))
    if not move.is_same_course:
        return say(gettext_noop("One can only move between cohorts of the same course."))
    if move.is_same_cohort or move.is_there_already:
        return say(gettext_noop("This person is in that cohort already."))
    if state in (RunState.CANCELLED, RunState.ENDED):
        return say(gettext_noop("That cohort is over or does not take place."))
    if target.waiting:
        return say(gettext_noop("People wait for a place in that cohort; they come first."))
    if not target.seats_free:
        return say(gettext_noop("That cohort has no free place."))
    return None
