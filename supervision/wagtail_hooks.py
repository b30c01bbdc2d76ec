"""What supervision adds to the Wagtail admin: registered here, written in the features."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from core.models import Person
from supervision.agreements.viewsets import AgreementTemplateViewSet
from supervision.appointments.viewsets import ApplicationViewSet
from supervision.circles.viewsets import (
    CircleReviewViewSet,
    CircleViewSet,
    GatheringViewSet,
    LateGatheringViewSet,
)
from supervision.conflicts.viewsets import ConflictViewSet
from supervision.evaluations.viewsets import EvaluationTemplateViewSet
from supervision.functions.viewsets import FunctionViewSet
from supervision.goals.viewsets import CompetencyViewSet
from supervision.matching.viewsets import RoundViewSet
from supervision.models import Supervisor
from supervision.pairings.viewsets import PairingViewSet
from supervision.projects.viewsets import ProjectViewSet
from supervision.reports.viewsets import AllowanceViewSet, ReportViewSet
from supervision.requests.viewsets import RequestViewSet
from supervision.sessions.viewsets import LateRecordViewSet, ReviewViewSet, SessionViewSet
from supervision.slots.viewsets import MeetingViewSet
from supervision.supervisors.views import PeopleRows, SupervisorRows, window
from supervision.supervisors.viewsets import SupervisorViewSet
from supervision.trainings.viewsets import TrainingViewSet
from supervision.wishes.viewsets import PairWishViewSet


class SupervisionGroup(ViewSetGroup):
    menu_label = _("Supervision")
    menu_icon = "group"
    menu_order = 230
    items = (
        SupervisorViewSet,
        ApplicationViewSet,
        TrainingViewSet,
        RequestViewSet,
        PairingViewSet,
        PairWishViewSet,
        MeetingViewSet,
        RoundViewSet,
        ConflictViewSet,
        SessionViewSet,
        LateRecordViewSet,
        ReviewViewSet,
        FunctionViewSet,
        CircleViewSet,
        GatheringViewSet,
        LateGatheringViewSet,
        CircleReviewViewSet,
        ProjectViewSet,
        AgreementTemplateViewSet,
        EvaluationTemplateViewSet,
        ReportViewSet,
        AllowanceViewSet,
    )


@hooks.register("register_admin_viewset")
def supervision_viewsets() -> list[Any]:
    return [
        SupervisionGroup(),
        CompetencyViewSet(),
        window("supervision_people", Person, PeopleRows, _("Choose a person")),
        window("supervision_supervisors", Supervisor, SupervisorRows, _("Choose a supervisor")),
    ]
