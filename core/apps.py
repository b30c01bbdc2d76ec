from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from wagtail.documents import get_document_model
        from wagtail.images import get_image_model
        from wagtail.log_actions import registry
        from wagtail.permissions import register_permission_policy

        import core.access.bounds
        import core.receivers  # noqa: F401
        from core import models
        from core.access.files import TreeFilePolicy
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
            models.Holiday,
        ):
            register_permission_policy(model, ScopedPolicy(model))
            registry.register_model(model, AuditEntry)
        for model in (get_document_model(), get_image_model()):
            policy = TreeFilePolicy(model, owner_field_name="uploaded_by_user")
            register_permission_policy(
                model, policy, exact_class=True
            )  # or Wagtail's own would take its place
            registry.register_model(model, AuditEntry)
