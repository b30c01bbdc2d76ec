"""Regions (GB/T 2260) and the one tree of organisations from the province to the station,
and the roles that people hold in it."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.organisations.policy import normalise_uscc, uscc_errors


class Region(models.Model):  # type: ignore[django-manager-missing]
    """One administrative division; the code of a street has nine digits, of all others six."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("Province")
        CITY = "city", _("City")
        COUNTY = "county", _("District or county")
        STREET = "street", _("Street or township")

    code = models.CharField(_("code"), max_length=9, primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Tier(models.TextChoices):
    """How high an organisation stands; the order is the order of the tree."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("District or county")
    STREET = "street", _("Street or township")
    STATION = "station", _("Station or unit")


class Kind(models.TextChoices):
    BUREAU = "bureau", _("Competent department")
    CENTRE = "centre", _("Guidance centre")
    STATION = "station", _("Social work station")
    AGENCY = "agency", _("Social work agency")
    INSTITUTION = "institution", _("Institution")


class OrganisationQuerySet(MP_NodeQuerySet):
    def visible_to(self, user: Asker) -> OrganisationQuerySet:
        """The organisations in which this user holds a role, with all below them; nobody else's structure."""
        return self.filter(scope_of(user).q(""))

    def active(self) -> OrganisationQuerySet:
        return self.filter(is_active=True)


class OrganisationManager(MP_NodeManager.from_queryset(OrganisationQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> OrganisationQuerySet:
        """treebeard's own manager answers with its own queryset, which knows nothing of scope."""
        return OrganisationQuerySet(self.model, using=self._db).order_by("path")


class Organisation(index.Indexed, MP_Node):
    """A bureau, guidance centre, station, agency or institution in the one tree."""

    name = models.CharField(_("name"), max_length=120)
    tier = models.CharField(_("tier"), max_length=8, choices=Tier.choices)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="organisations", verbose_name=_("region")
    )
    uscc = models.CharField(
        _("unified social credit code"),
        max_length=18,
        null=True,
        blank=True,
        unique=True,
        help_text=_("18 characters, GB 32100. Leave empty for a station without a code of its own."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = OrganisationManager()
    search_fields = [index.SearchField("name"), index.AutocompleteField("name"), index.FilterField("path")]

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.uscc:
            self.uscc = normalise_uscc(self.uscc)
            if uscc_errors(self.uscc):
                raise ValidationError(
                    {"uscc": _("This is not a valid unified social credit code: check it again.")}
                )
        else:
            self.uscc = None

    @classmethod
    def paths_above(cls, path: str) -> list[str]:
        """The tree paths of the organisation at this path and of all those above it, the root's first."""
        return [path[:end] for end in range(cls.steplen, len(path) + 1, cls.steplen)]

    @classmethod
    def said_at(cls, path: str) -> models.Q:
        """The condition "said for everywhere, or by the organisation at this path or one above it", for rows that name who says
        it as `organisation`."""
        return models.Q(organisation=None) | models.Q(organisation__path__in=cls.paths_above(path))

    def covers(self, other: Organisation) -> bool:
        """Whether `other` is this organisation or stands below it."""
        return other.path.startswith(self.path)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.uscc = self.uscc or None
        super().save(*args, **kwargs)


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def in_force(self, on: datetime.date) -> RoleAssignmentQuerySet:
        """The assignments that hold on this day."""
        return self.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=on), starts_on__lte=on)

    def standing(self, *roles: str) -> RoleAssignmentQuerySet:
        """Those of these roles that hold today, of accounts that can act."""
        return self.in_force(timezone.localdate()).filter(role__in=roles, user__is_active=True)

    def visible_to(self, user: Asker) -> RoleAssignmentQuerySet:
        """Administrators and auditors see the roles in their tree; everybody sees their own."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("organisation", *READERS) | models.Q(user=user))


class RoleAssignment(models.Model):
    """A role held at an organisation; it covers that organisation and the tree below it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="roles", verbose_name=_("account")
    )
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="roles", verbose_name=_("organisation")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("granted by"),
    )

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["organisation__path", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "organisation"],
                condition=models.Q(ends_on=None),
                name="role_once_per_organisation",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organisation", "starts_on"], name="role_begins_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="role_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.organisation}"
