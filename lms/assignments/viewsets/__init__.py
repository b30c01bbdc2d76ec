"""The desk of the assignments of a cohort: marking (marking), peer reviews (peers), similarity (likeness)."""

from django.urls import URLPattern, path
from wagtail.admin.viewsets.base import ViewSet

from lms.assignments.viewsets.likeness import compare, likeness
from lms.assignments.viewsets.marking import cohort, correct, file, grant, mark
from lms.assignments.viewsets.peers import open_round, peers


class SubmissionViewSet(ViewSet):
    name = "assignments"
    icon = "doc-full"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("<int:cohort_id>/", cohort, name="cohort"),
            path("mark/<int:pk>/", mark, name="mark"),
            path("mark/<int:pk>/correct/", correct, name="correct"),
            path("mark/<int:pk>/grant/", grant, name="grant"),
            path("file/<int:pk>/", file, name="file"),
            path("<int:cohort_id>/peers/<uuid:key>/", peers, name="peers"),
            path("<int:cohort_id>/peers/<uuid:key>/open/", open_round, name="open-round"),
            path("<int:cohort_id>/likeness/<uuid:key>/", likeness, name="likeness"),
            path("<int:cohort_id>/likeness/<uuid:key>/compare/", compare, name="compare"),
        ]
