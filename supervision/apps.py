from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"

    def ready(self) -> None:
        from wagtail.log_actions import registry
        from wagtail.permissions import register_permission_policy

        from core.access.wagtail import ScopedPolicy
        from core.audit.models import AuditEntry
        from supervision import models, receivers
        from supervision.signals import places_changed

        places_changed.connect(receivers.on_places_changed, dispatch_uid="supervision.places_changed")
        for model in (
            models.Supervisor,
            models.SupervisorApplication,
            models.Pairing,
            models.PairingRequest,
            models.AgreementTemplate,
            models.Competency,
            models.EvaluationTemplate,
            models.SupervisionReport,
            models.AllowanceStatement,
            models.Session,
        ):
            register_permission_policy(model, ScopedPolicy(model))
            registry.register_model(model, AuditEntry)
