"""What a slot and a meeting have in common: when and where."""

from __future__ import annotations

import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from supervision.slots.policy import Plan
from supervision.supervisors.states import AT_MEETINGS, Setting, settings_of

LINK_IS_SAFE = models.Q(link="") | models.Q(link__startswith="https://")


class Timed(models.Model):
    """When and where: what a slot and a meeting have in common."""

    holiday = ""  # the name of the holiday on which it lies, where a list has looked it up

    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    setting = models.CharField(
        _("setting"), max_length=8, choices=settings_of(AT_MEETINGS), default=Setting.ON_SITE
    )
    place = models.CharField(_("place"), max_length=120, blank=True)
    link = models.URLField(_("meeting link"), max_length=500, blank=True)
    series = models.UUIDField(null=True, blank=True, editable=False)  # those that were made together

    class Meta:
        abstract = True

    @property
    def day(self) -> datetime.date:
        return timezone.localtime(self.starts_at).date()

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def is_online(self) -> bool:
        return self.setting == Setting.ONLINE

    @property
    def plan(self) -> Plan:
        here = timezone.localtime
        return Plan(here(self.starts_at), here(self.ends_at), self.setting, self.place, self.link)
