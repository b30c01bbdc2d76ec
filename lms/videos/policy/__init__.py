"""What of a video was watched, judged by the server's clock: covered stretches (coverage), one message of the player
(beats), what of it counts (judging), and who may watch now (leases). Pure; all times are milliseconds."""

from lms.videos.policy.beats import Beat, Claim, claims_of, whole
from lms.videos.policy.coverage import Spans, frontier, gaps, length, merged, spans_of
from lms.videos.policy.judging import (
    CARRIED,
    TOLERANCE,
    Checkpoint,
    Clock,
    Judgement,
    Lack,
    Note,
    Rules,
    Watched,
    judge,
    lack_of,
    rules_of,
)
from lms.videos.policy.leases import LIVE_FOR, Begin, Holder, begin, debt_only

__all__ = [
    "CARRIED",
    "LIVE_FOR",
    "TOLERANCE",
    "Beat",
    "Begin",
    "Checkpoint",
    "Claim",
    "Clock",
    "Holder",
    "Judgement",
    "Lack",
    "Note",
    "Rules",
    "Spans",
    "Watched",
    "begin",
    "claims_of",
    "debt_only",
    "frontier",
    "gaps",
    "judge",
    "lack_of",
    "length",
    "merged",
    "rules_of",
    "spans_of",
    "whole",
]
