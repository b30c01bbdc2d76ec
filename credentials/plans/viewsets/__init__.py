"""The three-level talent plan in the Wagtail admin: all plans of a year (overview), one plan (plan), its targets (targets)."""

from credentials.plans.viewsets.desk import PlanViewSet

__all__ = ["PlanViewSet"]
