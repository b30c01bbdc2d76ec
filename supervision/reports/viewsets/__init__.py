from supervision.reports.viewsets.allowances import AllowanceViewSet
from supervision.reports.viewsets.reports import ReportViewSet

__all__ = ["AllowanceViewSet", "ReportViewSet"]
