"""What is known of each person in a class, and phones that were used for two."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from lms.attendance.models.reach import of_class, of_person
from lms.attendance.policy import Measured, Rule, Stay, measure
from lms.attendance.states import THERE, Method, Presence
from lms.enrolments.models import Enrolment
from lms.timetable.models import ClassSession


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def visible_to(self, user: Asker) -> AttendanceQuerySet:
        """One's own; and for those who look after the class, or after the cohort that the person learns in."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(of_class(user) | of_person(user))

    def there(self) -> AttendanceQuerySet:
        return self.filter(presence__in=THERE)

    def settled(self) -> AttendanceQuerySet:
        return self.filter(settled_at__isnull=False)


class Attendance(models.Model):
    """What is known of one person in one class. There is a row once there is something to know.

    A guest's row belongs to the enrolment in their own cohort and names the row of the class that it makes up for.
    """

    class_session = models.ForeignKey(
        ClassSession, models.PROTECT, related_name="attendances", verbose_name=_("class")
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="attendances", verbose_name=_("enrolment")
    )
    presence = models.CharField(
        _("presence"), max_length=10, choices=Presence.choices, default=Presence.EXPECTED
    )
    method = models.CharField(_("found by"), max_length=8, choices=Method.choices, blank=True)
    checked_in_at = models.DateTimeField(_("came"), null=True, blank=True)
    checked_out_at = models.DateTimeField(_("left"), null=True, blank=True)
    proven_minutes = models.PositiveSmallIntegerField(null=True, blank=True)  # of an online meeting, added up
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)  # that count, as things stand
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    in_step = models.PositiveBigIntegerField(null=True, blank=True)  # the code that was accepted
    in_device = models.CharField(max_length=64, blank=True)  # a hash
    out_step = models.PositiveBigIntegerField(null=True, blank=True)
    out_device = models.CharField(max_length=64, blank=True)
    makes_up = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="made_up_by",
        verbose_name=_("makes up for"),
    )
    revision = models.PositiveSmallIntegerField(
        default=0
    )  # 0 until it is settled, then one more with every change
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["class_session", "pk"]
        constraints = [
            models.UniqueConstraint("class_session", "enrolment", name="attendance_once"),
            models.UniqueConstraint(
                "class_session",
                "in_device",
                condition=~models.Q(in_device=""),
                name="attendance_one_person_per_device",
            ),
            models.UniqueConstraint(
                "class_session",
                "out_device",
                condition=~models.Q(out_device=""),
                name="attendance_one_person_out_per_device",
            ),
            models.UniqueConstraint(
                "makes_up", condition=models.Q(presence__in=sorted(THERE)), name="attendance_made_up_once"
            ),
            models.CheckConstraint(
                condition=models.Q(presence__in=Presence.values) & models.Q(method__in=["", *Method.values]),
                name="attendance_words_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes=0) | models.Q(presence__in=sorted(THERE)),
                name="attendance_minutes_of_who_was_there",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at=None, revision=0)
                | models.Q(settled_at__isnull=False, revision__gte=1),
                name="attendance_settled_has_revision",
            ),
            models.CheckConstraint(
                condition=models.Q(checked_in_at=None)
                | models.Q(checked_out_at=None)
                | models.Q(checked_out_at__gte=models.F("checked_in_at")),
                name="attendance_leaves_after_coming",
            ),
        ]
        indexes = [models.Index(fields=["enrolment", "presence"], name="attendance_by_enrolment")]

    def __str__(self) -> str:
        return f"{self.enrolment.person} · {self.class_session}"

    @property
    def stay(self) -> Stay:
        return Stay(self.presence, self.method, self.checked_in_at, self.checked_out_at, self.proven_minutes)

    def measured(self, rule: Rule) -> Measured:
        return measure(self.stay, rule)

    @property
    def was_there(self) -> bool:
        return self.presence in THERE

    def told(self) -> dict[str, Any]:
        """What the audit keeps of it."""
        facts = {
            "presence": self.presence,
            "checked_in_at": self.checked_in_at and self.checked_in_at.isoformat(),
            "checked_out_at": self.checked_out_at and self.checked_out_at.isoformat(),
            "minutes": self.minutes,
            "method": self.method,
        }
        return {name: value for name, value in facts.items() if value not in (None, "")}


class CheckInFlagQuerySet(models.QuerySet["CheckInFlag"]):
    def visible_to(self, user: Asker) -> CheckInFlagQuerySet:
        """Those of the classes that the user looks after."""
        return self.filter(of_class(user)) if user.is_authenticated else self.none()


class CheckInFlag(models.Model):
    """A phone that had checked one person in was used for another: for the teacher to look at."""

    class_session = models.ForeignKey(ClassSession, models.PROTECT, related_name="flags")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", verbose_name=_("trainee"))
    used_by = models.ForeignKey(Attendance, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CheckInFlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared phone")
        verbose_name_plural = _("shared phones")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("class_session", "enrolment", "used_by", name="check_in_flag_once")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment.person} ← {self.used_by.enrolment.person}"
