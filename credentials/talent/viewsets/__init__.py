"""The talent pool in the Wagtail admin: searching (searching), one person's record (record)."""

from credentials.talent.viewsets.desk import TalentViewSet

__all__ = ["TalentViewSet"]
