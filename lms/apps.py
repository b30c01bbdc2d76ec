from django.apps import AppConfig


class LmsConfig(AppConfig):
    name = "lms"

    def ready(self) -> None:
        from wagtail.log_actions import registry
        from wagtail.permissions import register_permission_policy

        from core.access.wagtail import ScopedPolicy
        from core.audit.models import AuditEntry
        from lms import models, receivers

        receivers.connect()
        self.count()
        self.bring_to_the_desk()
        listed = (
            models.AdmissionPlan,
            models.Cohort,
            models.Enrolment,
            models.Package,
            models.PackageUpload,
            models.Pathway,
            models.SurveyDesign,
        )
        for model in listed:
            register_permission_policy(model, ScopedPolicy(model))
            registry.register_model(model, AuditEntry)

    def count(self) -> None:
        """What the features above enrolments know for the completion rule, those above the timetable of a class, and
        those above admissions of moves."""
        from core.people.engagements import engaged_by
        from lms.admissions.queries import moved_by
        from lms.assessments.queries import best_scores
        from lms.assignments.queries import share_of
        from lms.attendance.queries import GUESTS, attended_of, counted_classes, in_class, is_taken
        from lms.enrolments.queries import count_by, done_by
        from lms.learning.queries import done_keys
        from lms.surveys.queries import answered_of
        from lms.timetable.queries import begun_by, guests_by, moves_by
        from lms.transfers.queries import moved_here_at, moved_out_of, moves_of

        done_by("learning", done_keys)
        count_by("scores", best_scores)
        count_by("surveys", answered_of, place="lms:survey-room")
        count_by("attendance", attended_of, place="lms:attendance-own")
        count_by("classes", counted_classes)
        count_by("assignments", share_of, place="lms:assignments")
        begun_by("attendance", is_taken)
        guests_by(GUESTS)
        engaged_by("lms", in_class)
        moves_by("transfers", moved_out_of)
        moved_by(moved_here_at, moves_of)

    def bring_to_the_desk(self) -> None:
        """What classes, assignments and conversations bring to the instructor's desk, in the order it is shown."""
        from django.utils.translation import gettext_lazy as _

        from lms.assignments.queries import waiting_in
        from lms.attendance.queries import forgotten_in, requests_in
        from lms.conversations.queries import reported_posts_in, waiting_questions_in
        from lms.teaching.queries import count_at_desk, fill_grid_by, follow_classes_by, grade_by, mark_by
        from lms.teaching.queries.brought import (
            assignment_columns,
            assignments_to_mark,
            attendance_cells,
            classes_followed,
        )

        fill_grid_by(attendance_cells)
        follow_classes_by(classes_followed)
        grade_by("assignments", assignment_columns)
        mark_by("assignments", assignments_to_mark, waiting_in)
        count_at_desk(
            "absences", _("requests for leave or a make-up class"), requests_in, "attendance:cohort"
        )
        count_at_desk("registers", _("classes not recorded"), forgotten_in, "attendance:cohort")
        count_at_desk("questions", _("questions to answer"), waiting_questions_in, "talk:questions")
        count_at_desk("posts", _("posts to look at"), reported_posts_in, "talk:discussion")
