"""The lists of those who took part in online meetings, as they were handed in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from lms.attendance.models.reach import of_class
from lms.attendance.states import Unread
from lms.timetable.models import ClassSession


class ParticipantListQuerySet(models.QuerySet["ParticipantList"]):
    def visible_to(self, user: Asker) -> ParticipantListQuerySet:
        """Those of the classes that the user looks after."""
        return self.filter(of_class(user)) if user.is_authenticated else self.none()


class ParticipantList(models.Model):
    """The list of an online meeting as it was handed in: names, hashed numbers, times. It is previewed, then applied.

    Thirty days after the class its rows are erased, and with them whom they were taken for; that it was handed in and
    applied stays.
    """

    class_session = models.ForeignKey(ClassSession, models.PROTECT, related_name="participant_lists")
    filename = models.CharField(_("file name"), max_length=200)
    rows = models.JSONField(default=list)  # [name, phone hash, joined, left]
    unread = models.JSONField(default=list)  # [row, why] of those left out; lists of old have the row alone
    taken_for = models.JSONField(default=dict, blank=True)  # as applied: participant → enrolment, 0: nobody
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)

    objects = ParticipantListQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant list")
        verbose_name_plural = _("participant lists")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.filename

    @property
    def left_out(self) -> list[tuple[int, str]]:
        """The rows that were left out, each with why in words, where that is known."""
        known = dict(Unread.choices)
        found = [(row, "") if isinstance(row, int) else (row[0], row[1]) for row in self.unread]
        return [
            (number, str(known.get(why, _("its name or its times cannot be read")))) for number, why in found
        ]
