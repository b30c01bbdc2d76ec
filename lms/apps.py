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
