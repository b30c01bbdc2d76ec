from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"

    def ready(self) -> None:
        from wagtail.log_actions import registry
        from wagtail.permissions import register_permission_policy

        from core.access.wagtail import ScopedPolicy
        from core.audit.models import AuditEntry
        from supervision import models, receivers
        from supervision.circles.queries import gathering_at
        from supervision.sessions.queries import ask_also
        from supervision.signals import places_changed

        places_changed.connect(receivers.on_places_changed, dispatch_uid="supervision.places_changed")
        ask_also(gathering_at)  # nobody is in a session and in a gathering at the same time
        for model in (
            models.Supervisor,
            models.SupervisorApplication,
            models.Pairing,
            models.PairingRequest,
            models.AgreementTemplate,
            models.Competency,
            models.Session,
            models.Circle,
            models.Gathering,
            models.Participation,
            models.CompanionProject,
        ):
            register_permission_policy(model, ScopedPolicy(model))
            registry.register_model(model, AuditEntry)
