"""The public holidays: entered by officers, because each year is announced anew."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker


class HolidayQuerySet(models.QuerySet["Holiday"]):
    def visible_to(self, user: Asker) -> HolidayQuerySet:
        """Whoever is signed in: they are the country's."""
        return self.all() if user.is_authenticated else self.none()

    def active(self) -> HolidayQuerySet:
        return self.filter(is_active=True)


class Holiday(models.Model):
    """Days on which people are usually off. They warn whoever plans; they forbid nothing."""

    name = models.CharField(_("name"), max_length=60)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    is_active = models.BooleanField(_("in use"), default=True)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="holiday_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            )
        ]

    def __str__(self) -> str:
        return self.name
