"""Packages of learning content, their versions, how they were handed in, and how far somebody is in one."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import COURSE_READERS
from core.jobs.models import Job
from core.organisations.models import Organisation
from lms.enrolments.models import Enrolment
from lms.packages.states import Completion, Kind, Success


class PackageQuerySet(models.QuerySet["Package"]):
    def visible_to(self, user: Asker) -> PackageQuerySet:
        """Those of the user's tree."""
        return self.filter(scope_of(user).q("organisation", *COURSE_READERS))


class Package(models.Model):
    """A package that lessons can show. What is played is one of its versions."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(pgettext_lazy("package", "kind"), max_length=10, choices=Kind.choices)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PackageQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("package")
        verbose_name_plural = _("packages")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="package_kind_is_known")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def latest(self) -> PackageVersion | None:
        """What a course pins when it is published now."""
        return self.versions.order_by("-number").first()


class PackageVersion(models.Model):
    """One state of a package, unpacked. Never changed or deleted (a trigger guards it)."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    sha256 = models.CharField(max_length=64)  # of the archive that was handed in
    kind = models.CharField(max_length=10, choices=Kind.choices)
    edition = models.CharField(max_length=20, blank=True)
    manifest: Any = models.JSONField(default=dict)  # lms.packages.policy.manifest
    summary: Any = models.JSONField(default=dict)  # lms.packages.queries.summary: what the desk is shown
    folder = models.CharField(max_length=100, unique=True)  # in the private store
    files = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("taken"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("package version")
        verbose_name_plural = _("package versions")
        ordering = ["package", "-number"]
        constraints = [
            models.UniqueConstraint("package", "number", name="package_version_number_once"),
            models.UniqueConstraint("package", "sha256", name="package_version_content_once"),
        ]

    def __str__(self) -> str:
        return f"{self.package} v{self.number}"


class PackageUploadQuerySet(models.QuerySet["PackageUpload"]):
    def visible_to(self, user: Asker) -> PackageUploadQuerySet:
        """Those of the user's tree."""
        return self.filter(scope_of(user).q("organisation", *COURSE_READERS))


class PackageUpload(models.Model):
    """An archive that was handed in, and what became of it."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    package = models.ForeignKey(Package, models.PROTECT, null=True, blank=True, related_name="uploads")
    name = models.CharField(_("file name"), max_length=200)
    title = models.CharField(_("title"), max_length=200, blank=True)
    stored = models.CharField(max_length=200)  # its name in the private store, until it was looked at
    size = models.PositiveBigIntegerField(_("size"))
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    outcome: Any = models.JSONField(null=True, blank=True)  # None: not looked at yet; else of queries.summary
    version = models.ForeignKey(PackageVersion, models.PROTECT, null=True, blank=True, related_name="uploads")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("handed in"), auto_now_add=True)

    objects = PackageUploadQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("package handed in")
        verbose_name_plural = _("packages handed in")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: Asker) -> RegistrationQuerySet:
        """As the enrolment it belongs to."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))


class Registration(models.Model):
    """One person in one version of a package. How far they are stands in its states, one for each SCO."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="registrations")
    version = models.ForeignKey(PackageVersion, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("work in a package")
        constraints = [models.UniqueConstraint("enrolment", "version", name="registration_once")]

    def __str__(self) -> str:
        return str(self.key)


class ScoState(models.Model):
    """How far one person is in one SCO: its whole data model, and what the server reads out of it.

    `holder` is the window that may write; whoever opens the SCO elsewhere becomes it. `sequence` grows with each write.
    """

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="states")
    item = models.CharField(max_length=255)
    data: Any = models.JSONField(default=dict)  # element → value, as the SCO set them
    holder = models.CharField(max_length=40, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    completion = models.CharField(max_length=10, choices=Completion.choices, default=Completion.UNKNOWN)
    success = models.CharField(max_length=10, choices=Success.choices, default=Success.UNKNOWN)
    score = models.FloatField(null=True, blank=True)  # scaled, -1 to 1
    raw = models.FloatField(null=True, blank=True)
    seconds = models.PositiveIntegerField(default=0)  # of earlier sessions
    session_seconds = models.PositiveIntegerField(
        default=0
    )  # of the present one: never more than the clock says
    began_at = models.DateTimeField(default=timezone.now)  # the present session
    suspended = models.BooleanField(default=False)
    satisfied_at = models.DateTimeField(
        null=True, blank=True
    )  # of cmi5: since when nothing more is asked (moveOn)
    updated_at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint("registration", "item", name="sco_state_once"),
            models.CheckConstraint(
                condition=models.Q(completion__in=Completion.values), name="sco_completion_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(success__in=Success.values), name="sco_success_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.item

    @property
    def total_seconds(self) -> int:
        return self.seconds + self.session_seconds
