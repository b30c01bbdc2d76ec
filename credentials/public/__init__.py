"""What other apps may ask credentials.

The one door: whoever is not of this app imports from here and from no file behind it.
"""

from credentials.hours.queries import HoursTotals
from credentials.payments.queries.waiting import money_waiting_for
from credentials.public.awards import HonourGroup, NominationFact, honour_roll, honour_years, nominations_of
from credentials.public.claims import Claimable, OpenClaim, claim_data_of, claimable_of, open_claims_of
from credentials.public.holdings import (
    HoursAtDesk,
    ManualFact,
    PeriodFact,
    hours_at_desk,
    hours_of,
    manual_entries_of,
    periods_of,
)
from credentials.public.notices import ObjectionFact, objections_of
from credentials.public.papers import (
    CertificateFact,
    StatementFact,
    certificates_of,
    desk_certificates_of,
    statements_of,
)
from credentials.public.standing import (
    CommendationFact,
    ConductFact,
    DeskFact,
    ExamFact,
    PackFact,
    QualificationFact,
    RegistrationFact,
    commendations_of,
    conduct_since,
    desk_commendations_of,
    desk_internships_of,
    desk_qualifications_of,
    own_qualifications_of,
    qualifications_held,
    registrations_on,
)
from credentials.public.work import (
    interns_to_sign,
    internship_data_of,
    reconcile,
    talent_data_of,
    work_for,
    work_rows,
)
from credentials.public_notices.queries import public_notices
from credentials.qualifications.queries import levels_of

__all__ = [
    "CertificateFact",
    "Claimable",
    "CommendationFact",
    "ConductFact",
    "DeskFact",
    "ExamFact",
    "HonourGroup",
    "HoursAtDesk",
    "HoursTotals",
    "ManualFact",
    "NominationFact",
    "ObjectionFact",
    "OpenClaim",
    "PackFact",
    "PeriodFact",
    "QualificationFact",
    "RegistrationFact",
    "StatementFact",
    "certificates_of",
    "claim_data_of",
    "claimable_of",
    "commendations_of",
    "conduct_since",
    "desk_certificates_of",
    "desk_commendations_of",
    "desk_internships_of",
    "desk_qualifications_of",
    "honour_roll",
    "honour_years",
    "hours_at_desk",
    "hours_of",
    "interns_to_sign",
    "internship_data_of",
    "levels_of",
    "manual_entries_of",
    "money_waiting_for",
    "nominations_of",
    "objections_of",
    "open_claims_of",
    "own_qualifications_of",
    "periods_of",
    "public_notices",
    "qualifications_held",
    "reconcile",
    "registrations_on",
    "statements_of",
    "talent_data_of",
    "work_for",
    "work_rows",
]
