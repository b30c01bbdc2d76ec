"""Certificate templates: a draft that is worked on, published versions that nobody changes, and who uses which."""

from __future__ import annotations

import hashlib
import json

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.attachments.models import Attachment
from core.organisations.models import Organisation
from credentials.designs.document import Spec, spec_from


class DesignQuerySet(models.QuerySet["Design"]):
    def visible_to(self, user: Asker) -> DesignQuerySet:
        """For administrators and auditors, those of their tree."""
        return self.filter(scope_of(user).q("organisation", *READERS))

    def offered_to(self, organisation: Organisation) -> DesignQuerySet:
        """The published ones of this organisation and of all above it."""
        above = Organisation.paths_above(organisation.path)
        mine = models.Q(organisation__path__in=[*above, organisation.path])
        return self.filter(mine, versions__isnull=False, is_active=True).distinct()


class Design(models.Model):
    """One template. `draft` is what its authors work on; certificates are drawn by published versions only."""

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="+",
        verbose_name=_("organisation"),
        help_text=_("This organisation and all below it can use the template."),
    )
    name = models.CharField(pgettext_lazy("template", "name"), max_length=60)
    draft = models.JSONField(default=dict)
    is_active = models.BooleanField(_("offered for use"), default=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DesignQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate template")
        verbose_name_plural = _("certificate templates")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="design_named_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def spec(self) -> Spec:
        return spec_from(self.draft)

    def mark(self) -> str:
        """Tells one state of the draft from another: pages send it along, so that nobody acts on what they have not seen."""
        said = json.dumps([self.name, self.is_active, self.draft], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()

    def latest(self) -> DesignVersion | None:
        """The version that certificates get from today on; None while nothing is published."""
        return self.versions.order_by("-number").first()


class DesignPicture(models.Model):
    """A picture that a template uses or has used; it is kept as long as a version may name it."""

    design = models.ForeignKey(Design, models.PROTECT, related_name="pictures")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("picture of a template")
        verbose_name_plural = _("pictures of templates")

    def __str__(self) -> str:
        return f"{self.design_id}/{self.attachment_id}"


class DesignVersion(models.Model):
    """A template as it was published; rows are only added (a trigger guards them), and each certificate names its own."""

    design = models.ForeignKey(Design, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    spec = models.JSONField(default=dict)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("version of a template")
        verbose_name_plural = _("versions of templates")
        ordering = ["design", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["design", "number"], name="design_version_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.design} {self.number}"


class DesignChoice(models.Model):
    """By which template the certificates of a cohort are drawn. Without a row: by the standard one."""

    cohort = models.OneToOneField("lms.Cohort", models.PROTECT, related_name="+", verbose_name=_("cohort"))
    design = models.ForeignKey(
        Design, models.PROTECT, related_name="+", verbose_name=_("certificate template")
    )
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    chosen_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("choice of a template")
        verbose_name_plural = _("choices of templates")

    def __str__(self) -> str:
        return f"{self.cohort_id}: {self.design}"
