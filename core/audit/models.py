"""The audit: one row for every act that counts. Rows are added and never changed (a trigger guards them)."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models.audit_log import BaseLogEntry, BaseLogEntryManager

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation, RoleAssignment


class AuditEntryManager(BaseLogEntryManager):
    def visible_to(self, user: Asker) -> models.QuerySet[AuditEntry]:
        """What administrators and auditors may read: the acts within their tree."""
        return self.get_queryset().filter(scope_of(user).q("organisation", *READERS))

    def viewable_by_user(self, user: Asker) -> models.QuerySet[AuditEntry]:
        return self.visible_to(user)

    def log_action(self, instance: models.Model, action: str, **kwargs: Any) -> AuditEntry:
        """What Wagtail's own views log about our rows, and about files, which belong to where their changer writes."""
        kwargs.setdefault("target_id", str(instance.pk))
        kwargs.setdefault(
            "organisation", getattr(instance, "organisation", None) or _home_of(kwargs.get("user"))
        )
        entry: AuditEntry = super().log_action(instance, action, **kwargs)
        return entry

    def for_instance(self, instance: models.Model) -> models.QuerySet[AuditEntry]:
        return self.get_queryset().filter(
            content_type=ContentType.objects.get_for_model(instance, for_concrete_model=False),
            target_id=str(instance.pk),
        )

    def trail_of(self, instance: models.Model) -> models.QuerySet[AuditEntry]:
        """What was done to it and by whom, the newest first, as its page at the desk shows it."""
        return self.for_instance(instance).select_related("user__person").order_by("-pk")

    def has_done(self, user: Asker, action: str, instance: models.Model) -> bool:
        """Whether this user has done this to this very row: opened a paper before they decide on it. One query."""
        return self.for_instance(instance).filter(action=action, user_id=user.pk or 0).exists()


def _home_of(user: Any) -> Organisation | None:
    """The highest organisation at which this account holds a role."""
    if user is None:
        return None
    held = RoleAssignment.objects.in_force(timezone.localdate()).filter(user=user)
    first = held.select_related("organisation").order_by("organisation__depth", "organisation__path").first()
    return first.organisation if first is not None else None


class AuditEntry(BaseLogEntry):
    """Who did what to which thing, for which organisation, in which request, and what it was before and after."""

    target_id = models.CharField(_("target"), max_length=64, db_index=True)
    organisation = models.ForeignKey(
        Organisation,
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        verbose_name=_("organisation"),
    )
    request_id = models.CharField(_("request"), max_length=32, blank=True, db_index=True)

    objects = AuditEntryManager()

    class Meta(BaseLogEntry.Meta):
        abstract = False
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-timestamp", "-pk"]
        indexes = [models.Index(fields=["organisation", "-timestamp"], name="audit_by_organisation")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Written once. Wagtail's full_clean is left out: our action names are checked by a test, not per row."""
        super(BaseLogEntry, self).save(*args, **kwargs)

    @property
    def object_id(self) -> str:
        return self.target_id
