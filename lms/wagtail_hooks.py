"""What lms adds to the Wagtail admin."""

from typing import Any

from wagtail import hooks

from lms.admissions.viewsets import AdmissionViewSet, PlanViewSet
from lms.analysis.viewsets import AnalysisViewSet
from lms.approvals.viewsets import ApprovalViewSet
from lms.assessments.viewsets import SittingViewSet
from lms.assignments.viewsets import SubmissionViewSet
from lms.attendance.viewsets import AttendanceViewSet
from lms.cohorts.viewsets import CohortViewSet
from lms.conversations.viewsets import TalkViewSet
from lms.courses.viewsets import CourseViewSet, stop_unusable, tell_not_released, tell_version
from lms.enrolments.viewsets import ApplicationViewSet
from lms.learning.views import guard_document
from lms.marking.viewsets import MarkingViewSet
from lms.packages.viewsets import PackageViewSet
from lms.pathways.viewsets import PathwayViewSet
from lms.questions.viewsets import QuestionViewSet
from lms.rosters.viewsets import RosterViewSet
from lms.surveys.viewsets import CohortSurveyViewSet, DesignViewSet
from lms.teaching.viewsets import TeachingViewSet
from lms.timetable.viewsets import TimetableViewSet
from lms.transfers.viewsets import TransferViewSet

hooks.register("before_publish_page", stop_unusable)
hooks.register("after_publish_page", tell_not_released)
hooks.register("after_publish_page", tell_version)
hooks.register("before_serve_document", guard_document, order=-10)


@hooks.register("register_admin_viewset")
def lms_viewsets() -> list[Any]:
    return [
        CourseViewSet(),
        CohortViewSet(),
        PlanViewSet(),
        AdmissionViewSet(),
        ApplicationViewSet(),
        ApprovalViewSet(),
        RosterViewSet(),
        TimetableViewSet(),
        SittingViewSet(),
        SubmissionViewSet(),
        TalkViewSet(),
        PathwayViewSet(),
        PackageViewSet(),
        AttendanceViewSet(),
        TeachingViewSet(),
        MarkingViewSet(),
        AnalysisViewSet(),
        QuestionViewSet(),
        DesignViewSet(),
        CohortSurveyViewSet(),
        TransferViewSet(),
    ]
