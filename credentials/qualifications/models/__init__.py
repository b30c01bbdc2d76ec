"""Levels and their dated terms, registration periods, qualifications, and what somebody has passed so far."""

from credentials.qualifications.models.levels import LevelTerms, QualificationLevel
from credentials.qualifications.models.periods import PeriodQuerySet, RegistrationPeriod
from credentials.qualifications.models.records import ExamPass, QualificationRecord, RecordQuerySet

__all__ = [
    "ExamPass",
    "LevelTerms",
    "PeriodQuerySet",
    "QualificationLevel",
    "QualificationRecord",
    "RecordQuerySet",
    "RegistrationPeriod",
]
