"""What other apps may ask of supervision. Nothing here ever carries what was said in a session.

The one door: whoever is not of this app imports from here and from no file behind it.
"""

from supervision.conflicts.queries import conflict_data_of
from supervision.evaluations.queries import Elsewhere, evaluation_data_of, waits_elsewhere_by
from supervision.matching.queries import matching_data_of
from supervision.public.evidence import (
    GatheringEvidence,
    SessionEvidence,
    confirmations,
    evidence_of,
    gathering_evidence_of,
    participation_evidence_of,
    participations,
)
from supervision.public.own_data import (
    ApplicationFact,
    CircleFact,
    MeetingFact,
    RequestFact,
    TrainingFact,
    circles_of,
    meetings_of,
    own_trainings_of,
    requests_of,
    supervisor_applications_of,
)
from supervision.public.pairings import (
    PairingFact,
    Part,
    pairings_of,
    parts_of,
    people_paired_with,
    supervisor_accounts_of,
)
from supervision.public.ways import WayFact, ways_of
from supervision.public.work import reconcile, work_for, work_rows
from supervision.signals import ParticipationConfirmed, SessionConfirmed
from supervision.wishes.queries import wish_data_of

__all__ = [
    "ApplicationFact",
    "CircleFact",
    "Elsewhere",
    "GatheringEvidence",
    "MeetingFact",
    "PairingFact",
    "Part",
    "ParticipationConfirmed",
    "RequestFact",
    "SessionConfirmed",
    "SessionEvidence",
    "TrainingFact",
    "WayFact",
    "circles_of",
    "confirmations",
    "conflict_data_of",
    "evaluation_data_of",
    "evidence_of",
    "gathering_evidence_of",
    "matching_data_of",
    "meetings_of",
    "own_trainings_of",
    "pairings_of",
    "participation_evidence_of",
    "participations",
    "parts_of",
    "people_paired_with",
    "reconcile",
    "requests_of",
    "supervisor_accounts_of",
    "supervisor_applications_of",
    "waits_elsewhere_by",
    "ways_of",
    "wish_data_of",
    "work_for",
    "work_rows",
]
