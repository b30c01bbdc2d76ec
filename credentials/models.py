"""All models of credentials, found here by Django; they live in their features."""

from credentials.awards.models import (
    AwardGrant,
    AwardIndicator,
    AwardResult,
    AwardRound,
    AwardSuccession,
    AwardVote,
    Nomination,
    NominationPaper,
    PanelConflict,
    PanelMember,
    PanelScore,
)
from credentials.badges.models import Achievement, Badge, StatusList
from credentials.certificates.models import Certificate, CertificateEdition, PendingIssue, SerialCounter
from credentials.claims.models import (
    Claim,
    ClaimAppeal,
    ClaimConflict,
    ClaimPaper,
    ClaimReview,
    PaymentEntry,
)
from credentials.commendations.models import Commendation
from credentials.conduct.models import ConductRecord
from credentials.designs.models import Design, DesignChoice, DesignPicture, DesignVersion
from credentials.forecasts.models import Forecast
from credentials.hours.models import CreditedLesson, HoursEntry, HoursRule, SettledRevision, SkippedCredit
from credentials.internships.models import EmploymentProof, Internship
from credentials.keys.models import SigningKey
from credentials.manual_entries.models import ManualEntry
from credentials.payments.models import (
    PaymentBatch,
    PaymentBudget,
    PaymentCounter,
    PaymentLine,
    PaymentReversal,
)
from credentials.plans.models import PlanTarget, TalentPlan
from credentials.policies.models import PolicyVersion, SubsidyPolicy
from credentials.posts.models import Post, PostHolding, Sector, TalentRoute
from credentials.public_notices.models import Objection, PublicNotice, PublicNoticeLine, SettledLine
from credentials.qualifications.models import (
    ExamPass,
    LevelTerms,
    QualificationLevel,
    QualificationRecord,
    RegistrationPeriod,
)
from credentials.renewals.models import RenewalPack
from credentials.statements.models import HoursStatement, StatementCounter
from credentials.talent.models import SavedSearch, TalentProfile

__all__ = [
    "Achievement",
    "AwardGrant",
    "AwardIndicator",
    "AwardResult",
    "AwardRound",
    "AwardSuccession",
    "AwardVote",
    "Badge",
    "Certificate",
    "CertificateEdition",
    "Claim",
    "ClaimAppeal",
    "ClaimConflict",
    "ClaimPaper",
    "ClaimReview",
    "Commendation",
    "ConductRecord",
    "CreditedLesson",
    "Design",
    "DesignChoice",
    "DesignPicture",
    "DesignVersion",
    "EmploymentProof",
    "ExamPass",
    "Forecast",
    "HoursEntry",
    "HoursRule",
    "HoursStatement",
    "Internship",
    "LevelTerms",
    "ManualEntry",
    "Nomination",
    "NominationPaper",
    "Objection",
    "PanelConflict",
    "PanelMember",
    "PanelScore",
    "PaymentBatch",
    "PaymentBudget",
    "PaymentCounter",
    "PaymentEntry",
    "PaymentLine",
    "PaymentReversal",
    "PendingIssue",
    "PlanTarget",
    "PolicyVersion",
    "Post",
    "PostHolding",
    "PublicNotice",
    "PublicNoticeLine",
    "QualificationLevel",
    "QualificationRecord",
    "RegistrationPeriod",
    "RenewalPack",
    "SavedSearch",
    "Sector",
    "SerialCounter",
    "SettledLine",
    "SettledRevision",
    "SigningKey",
    "SkippedCredit",
    "StatementCounter",
    "StatusList",
    "SubsidyPolicy",
    "TalentPlan",
    "TalentProfile",
    "TalentRoute",
]
