"""What lms adds to the Wagtail admin."""

from wagtail import hooks

from lms.cohorts.viewsets import CohortViewSet
from lms.enrolments.viewsets import ApplicationViewSet


@hooks.register("register_admin_viewset")
def cohorts() -> CohortViewSet:
    return CohortViewSet()


@hooks.register("register_admin_viewset")
def applications() -> ApplicationViewSet:
    return ApplicationViewSet()
