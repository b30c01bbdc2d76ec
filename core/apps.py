from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from wagtail.log_actions import registry
        from wagtail.permissions import register_permission_policy

        import core.access.bounds
        import core.receivers  # noqa: F401
        from core import models
        from core.access.wagtail import ScopedPolicy
        from core.audit.models import AuditEntry
        from core.jobs.actions import queued
        from core.tasks import queue_job
        from core.ui.choosers import let_choosers_run

        let_choosers_run()
        queued.connect(queue_job, dispatch_uid="core.queue_job")
        register_permission_policy(AuditEntry, ScopedPolicy(AuditEntry))
        for model in (
            models.Person,
            models.Organisation,
            models.RoleAssignment,
            models.ServiceField,
            models.Job,
        ):
            register_permission_policy(model, ScopedPolicy(model))
            registry.register_model(model, AuditEntry)
