"""The rows of a matching round: the round and who takes part, what it came to, and appeals."""

from supervision.matching.models.appeals import Appeal
from supervision.matching.models.curves import RoundCurves
from supervision.matching.models.rounds import MatchingRound, RoundMentee, RoundSupervisor, Wish, takes_part
from supervision.matching.models.runs import RoundRun, RunLine

__all__ = [
    "Appeal",
    "MatchingRound",
    "RoundCurves",
    "RoundMentee",
    "RoundRun",
    "RoundSupervisor",
    "RunLine",
    "Wish",
    "takes_part",
]
