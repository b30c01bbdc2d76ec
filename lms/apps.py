from django.apps import AppConfig


class LmsConfig(AppConfig):
    name = "lms"

    def ready(self) -> None:
        from wagtail.log_actions import registry
        from wagtail.permissions import register_permission_policy

        from core.access.wagtail import ScopedPolicy
        from core.audit.models import AuditEntry
        from lms import models, receivers
        from lms.enrolments.queries import count_by
        from lms.surveys.queries import answered_of

        receivers.connect()
        count_by("surveys", answered_of, place="lms:survey-room")
        self.bring_attendance()
        self.bring_attendance()
        self.bring_assignments()
        self.bring_conversations()
        listed = (
            models.AdmissionPlan,
            models.Cohort,
            models.Enrolment,
            models.Pathway,
            models.SurveyDesign,
        )
        for model in listed:
            register_permission_policy(model, ScopedPolicy(model))
            registry.register_model(model, AuditEntry)

    def bring_attendance(self) -> None:
        """What attendance brings to the completion rule and to the instructor's desk."""
        from collections.abc import Collection

        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from lms.attendance.queries import TONES, attended_of, known_of, missed_in_a_row, requests_in
        from lms.attendance.states import Presence
        from lms.cohorts.models import Cohort
        from lms.enrolments.queries import count_by
        from lms.teaching.queries import Cell, count_absences_by, count_at_desk, fill_grid_by

        def cells(cohort: Cohort, ids: Collection[int]) -> dict[tuple[int, int], Cell]:
            return {
                place: Cell(row.get_presence_display(), tone=TONES[Presence(row.presence)])
                for place, row in known_of(cohort, ids).items()
            }

        count_by("attendance", attended_of, place="lms:attendance-own")
        fill_grid_by(cells)
        count_absences_by(missed_in_a_row)
        count_at_desk(
            "absences",
            _("requests for leave or a make-up class"),
            requests_in,
            lambda cohort_id: reverse("attendance:cohort", args=[cohort_id]),
        )

    def bring_assignments(self) -> None:
        """What assignments bring to the completion rule and to the instructor's desk."""
        from collections.abc import Collection

        from lms.assignments.queries import columns_of, share_of, waiting_items
        from lms.cohorts.models import Cohort
        from lms.enrolments.queries import count_by
        from lms.teaching.queries import Cell, GradeColumn, ToMark, grade_by, mark_by

        def columns(cohort: Cohort, ids: Collection[int]) -> list[GradeColumn]:
            return [
                GradeColumn(
                    f"assignment-{column.key}",
                    column.title,
                    {pk: Cell(mark.score, mark.text, tone=mark.tone) for pk, mark in column.marks.items()},
                )
                for column in columns_of(cohort, ids)
            ]

        def waiting(cohort_ids: Collection[int]) -> list[ToMark]:
            return [
                ToMark(item.title, item.person, item.cohort_id, item.since, item.url)
                for item in waiting_items(cohort_ids)
            ]

        count_by("assignments", share_of, place="lms:assignments")
        grade_by("assignments", columns)
        mark_by("assignments", waiting)

    def bring_conversations(self) -> None:
        """What waits for a teacher in the conversations of a cohort, on the instructor's desk."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from lms.conversations.queries import reported_posts_in, waiting_questions_in
        from lms.teaching.queries import count_at_desk

        count_at_desk(
            "questions",
            _("questions to answer"),
            waiting_questions_in,
            lambda cohort_id: reverse("talk:questions", args=[cohort_id]),
        )
        count_at_desk(
            "posts",
            _("posts to look at"),
            reported_posts_in,
            lambda cohort_id: reverse("talk:discussion", args=[cohort_id]),
        )
