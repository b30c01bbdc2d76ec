"""Levels with their terms, registration periods, and qualifications with their table, in the Wagtail admin."""

from credentials.qualifications.viewsets.levels import LevelViewSet, TermsViewSet
from credentials.qualifications.viewsets.periods import PeriodViewSet
from credentials.qualifications.viewsets.records import QualificationViewSet

__all__ = ["LevelViewSet", "PeriodViewSet", "QualificationViewSet", "TermsViewSet"]
