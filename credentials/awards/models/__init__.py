"""Award rounds, who is nominated, who judges, and what came of it."""

from credentials.awards.models.judging import AwardVote, PanelConflict, PanelMember, PanelScore
from credentials.awards.models.nominations import Nomination, NominationPaper
from credentials.awards.models.results import AwardGrant, AwardResult, AwardSuccession
from credentials.awards.models.rounds import AwardIndicator, AwardRound

__all__ = [
    "AwardGrant",
    "AwardIndicator",
    "AwardResult",
    "AwardRound",
    "AwardSuccession",
    "AwardVote",
    "Nomination",
    "NominationPaper",
    "PanelConflict",
    "PanelMember",
    "PanelScore",
]
