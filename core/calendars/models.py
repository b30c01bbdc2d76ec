"""The public holidays, and the weekends that are worked for them: entered by officers, because each year is announced anew."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
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
    """Days on which people are usually off; or (`is_worked`) a Saturday, a Sunday or both on which they work instead.

    Holidays warn whoever plans; they forbid nothing. What counts working days leaves them out, and counts worked weekends.
    """

    name = models.CharField(_("name"), max_length=60)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    is_worked = models.BooleanField(
        _("working day at a weekend"),
        default=False,
        help_text=_("A Saturday or Sunday on which people work, in exchange for a day off at a holiday."),
    )
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

    def clean(self) -> None:
        """Raises ValidationError where a worked weekend holds other days, or a day would be off and worked at once."""
        super().clean()
        if not self.starts_on or not self.ends_on:
            return
        length = (self.ends_on - self.starts_on).days
        days = [self.starts_on + datetime.timedelta(days=number) for number in range(min(length, 2) + 1)]
        if self.is_worked and any(day.weekday() < 5 for day in days):
            raise ValidationError(
                {"ends_on": _("A working day at a weekend is a Saturday, a Sunday, or both.")}
            )
        others = Holiday.objects.active().filter(is_worked=not self.is_worked).exclude(pk=self.pk)
        other = others.filter(starts_on__lte=self.ends_on, ends_on__gte=self.starts_on).first()
        if self.is_active and other:
            raise ValidationError(
                _("“%(name)s” says otherwise of one of these days. Change that first."),
                params={"name": other.name},
            )
