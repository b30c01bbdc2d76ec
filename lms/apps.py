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
