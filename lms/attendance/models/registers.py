"""How attendance is taken and counted in a cohort, and the register of one class."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import COURSE_READERS
from core.people.sealed import SealedTextField
from lms.attendance.models.reach import of_class
from lms.attendance.policy import ClassFacts, Rule
from lms.attendance.states import Counting
from lms.cohorts.models import Cohort
from lms.timetable.models import ClassSession


class AttendanceRuleQuerySet(models.QuerySet["AttendanceRule"]):
    def visible_to(self, user: Asker) -> AttendanceRuleQuerySet:
        return self.filter(scope_of(user).q("cohort__organisation", *COURSE_READERS))


class AttendanceRule(models.Model):
    """How attendance is taken and counted in a cohort. A register keeps the rule of the day it was opened."""

    cohort = models.OneToOneField(
        Cohort, models.PROTECT, primary_key=True, related_name="attendance_rule", verbose_name=_("cohort")
    )
    opens_before_minutes = models.PositiveSmallIntegerField(
        _("check-in opens so many minutes before the class"), default=30
    )
    late_after_minutes = models.PositiveSmallIntegerField(
        _("late after so many minutes"),
        default=10,
        help_text=_(
            "Whoever comes before counts from the beginning; whoever comes later, from the arrival. The same number of "
            "minutes holds for the end: whoever leaves earlier than that counts until then, and as left early."
        ),
    )
    needs_check_out = models.BooleanField(
        _("people also check out"),
        default=False,
        help_text=_("Without a check-out no minutes count until the teacher enters when the person left."),
    )
    check_out_after_minutes = models.PositiveSmallIntegerField(
        _("check-out stays open so many minutes after the class"), default=30
    )
    counting = models.CharField(
        _("minutes that count"), max_length=6, choices=Counting.choices, default=Counting.STAY
    )
    min_percent = models.PositiveSmallIntegerField(
        _("least share of a class, in percent"),
        default=0,
        help_text=_("Whoever was there for less counts as absent. 0: every minute counts."),
    )
    leave_days_after = models.PositiveSmallIntegerField(
        _("leave can be asked for until so many days after the class"), default=3
    )
    closes_after_hours = models.PositiveSmallIntegerField(
        _("the register closes by itself so many hours after the class"), default=24
    )

    objects = AttendanceRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance rule")
        verbose_name_plural = _("attendance rules")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(min_percent__lte=100)
                & models.Q(opens_before_minutes__lte=24 * 60)
                & models.Q(late_after_minutes__lte=240)
                & models.Q(leave_days_after__lte=60)
                & models.Q(check_out_after_minutes__lte=60)  # no register closes by itself before that
                & models.Q(closes_after_hours__gte=1, closes_after_hours__lte=720)
                & models.Q(counting__in=Counting.values),
                name="attendance_rule_possible",
                violation_error_message=_("One of these numbers is too large."),
            )
        ]

    def __str__(self) -> str:
        return str(self.cohort)


def new_secret() -> str:
    """160 random bits: nothing else of a class leads to its codes."""
    return secrets.token_hex(20)


class RegisterQuerySet(models.QuerySet["Register"]):
    def visible_to(self, user: Asker) -> RegisterQuerySet:
        """Those of the classes that the user looks after."""
        return self.filter(of_class(user)) if user.is_authenticated else self.none()


class Register(models.Model):
    """The register of one class: its secret and the rule it is counted by. `opened_at`: attendance has been taken."""

    class_session = models.OneToOneField(
        ClassSession, models.PROTECT, primary_key=True, related_name="register", verbose_name=_("class")
    )
    secret = SealedTextField(default=new_secret, editable=False)
    opens_before_minutes = models.PositiveSmallIntegerField(default=30)
    late_after_minutes = models.PositiveSmallIntegerField(default=10)
    needs_check_out = models.BooleanField(default=False)
    check_out_after_minutes = models.PositiveSmallIntegerField(default=30)
    counting = models.CharField(max_length=6, choices=Counting.choices, default=Counting.STAY)
    min_percent = models.PositiveSmallIntegerField(default=0)
    closes_after_hours = models.PositiveSmallIntegerField(default=24)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(counting__in=Counting.values), name="register_counting_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | models.Q(opened_at__isnull=False),
                name="register_closed_was_open",
            ),
        ]
        indexes = [
            models.Index(fields=["opened_at"], name="register_open", condition=models.Q(closed_at=None))
        ]

    def __str__(self) -> str:
        return str(self.class_session)

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def rule(self) -> Rule:
        """The rule in the form in which policy counts by it; the class must be loaded."""
        return Rule(
            starts_at=self.class_session.starts_at,
            ends_at=self.class_session.ends_at,
            late_after=self.late_after_minutes,
            needs_check_out=self.needs_check_out,
            whole=self.counting == Counting.WHOLE,
            min_percent=self.min_percent if self.is_closed else 0,  # nobody is absent while the class runs
        )

    @property
    def facts(self) -> ClassFacts:
        return ClassFacts(
            starts_at=timezone.localtime(self.class_session.starts_at),
            ends_at=timezone.localtime(self.class_session.ends_at),
            opens_before=self.opens_before_minutes,
            late_after=self.late_after_minutes,
            checks_out=self.needs_check_out,
            out_after=self.check_out_after_minutes if self.needs_check_out else 0,
            is_cancelled=self.class_session.cancelled_at is not None,
            is_closed=self.is_closed,
        )
