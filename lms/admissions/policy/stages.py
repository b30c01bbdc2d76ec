"""Who decides on an application, in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ORGANISER = "organiser"


@dataclass(frozen=True)
class Stop:
    """One step of an application's way: who decides, at which organisation, and which stages that covers besides."""

    stage: str
    organisation: int
    also: tuple[str, ...] = ()


def route(stages: Sequence[str], found: Mapping[str, int | None], organiser: int) -> tuple[Stop, ...]:
    """The steps of one application, from the stages of the plan and the organisation found for each.

    A stage for which none was found falls to the organiser. An organisation decides once: where two stages lead to
    the same one, the later step stands for both, so that nobody is asked to approve twice.
    """
    stops: list[Stop] = []
    for stage in stages:
        found_for = None if stage == ORGANISER else found.get(stage)
        stop = Stop(stage, found_for) if found_for is not None else _of_organiser(stage, organiser)
        for earlier in [each for each in stops if each.organisation == stop.organisation]:
            stops.remove(earlier)
            kind = ORGANISER if ORGANISER in (earlier.stage, stop.stage) else stop.stage
            named = [*earlier.also, earlier.stage, stop.stage, *stop.also]
            stop = Stop(kind, stop.organisation, tuple(dict.fromkeys(each for each in named if each != kind)))
        stops.append(stop)
    return tuple(stops)


def _of_organiser(stage: str, organiser: int) -> Stop:
    return Stop(ORGANISER, organiser, () if stage == ORGANISER else (stage,))


def is_of_stage(stage: str, *, path: str, tier: str, employer: str, is_employer: bool) -> bool:
    """Whether an organisation (its tree path and tier) is itself the one of this stage for somebody employed at the path
    `employer`; otherwise it decides there in place of a tier at which nobody can. `is_employer`: whether the
    organisation is, or may be, the employer of the employer's own stage."""
    if stage == ORGANISER:
        return True
    return employer.startswith(path) and (tier == stage or (stage == "employer" and is_employer))


def organiser_alone(waiting: Sequence[int], organiser: int) -> bool:
    """Whether of the organisations that are still to decide the organiser is the only one: then its agreement to a move
    is all that is asked for."""
    return list(waiting) == [organiser]
