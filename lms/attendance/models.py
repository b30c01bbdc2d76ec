"""Registers of classes, what is known of each person in them, and what people ask for about a class they miss."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.attachments.models import Attachment
from core.people.sealed import SealedTextField
from lms.attendance.policy import ClassFacts, Measured, Rule, Stay, measure
from lms.attendance.states import (
    STANDING,
    THERE,
    Counting,
    Method,
    Presence,
    RequestKind,
    RequestState,
    Unread,
)
from lms.cohorts.models import Cohort
from lms.enrolments.models import Enrolment
from lms.timetable.models import ClassSession

DESK = (*READERS, Role.INSTRUCTOR)


def of_class(user: Asker, to_class: str = "class_session") -> models.Q:
    """The condition "of a class that the user looks after": from the desk of its cohort, or as its teacher."""
    desk = scope_of(user).q(f"{to_class}__cohort__organisation", *DESK)
    return desk | models.Q(**{f"{to_class}__instructor__user": user})


def of_person(user: Asker) -> models.Q:
    """The condition "one's own, or of somebody in a cohort of the user's tree"."""
    desk = scope_of(user).q("enrolment__cohort__organisation", *DESK)
    return desk | models.Q(enrolment__person__user=user)


class AttendanceRuleQuerySet(models.QuerySet["AttendanceRule"]):
    def visible_to(self, user: Asker) -> AttendanceRuleQuerySet:
        return self.filter(scope_of(user).q("cohort__organisation", *DESK))


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
        help_text=_("Whoever comes before counts from the beginning; whoever comes later, from the arrival."),
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
    def out_until(self) -> datetime:
        """Until when people can leave with the code: whoever goes at the end goes after it. The class must be loaded."""
        after = self.check_out_after_minutes if self.needs_check_out else 0
        return self.class_session.ends_at + timedelta(minutes=after)

    @property
    def facts(self) -> ClassFacts:
        return ClassFacts(
            starts_at=timezone.localtime(self.class_session.starts_at),
            ends_at=timezone.localtime(self.class_session.ends_at),
            opens_before=self.opens_before_minutes,
            late_after=self.late_after_minutes,
            out_after=self.check_out_after_minutes if self.needs_check_out else 0,
            is_cancelled=self.class_session.cancelled_at is not None,
            is_closed=self.is_closed,
        )


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


class AbsenceRequestQuerySet(models.QuerySet["AbsenceRequest"]):
    def visible_to(self, user: Asker) -> AbsenceRequestQuerySet:
        """One's own; and for those who look after the class, or after the cohort that the person learns in."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(of_class(user) | of_person(user))

    def open(self) -> AbsenceRequestQuerySet:
        return self.filter(state=RequestState.ASKED)

    def standing(self) -> AbsenceRequestQuerySet:
        return self.filter(state__in=STANDING)


class AbsenceRequest(models.Model):
    """Leave from a class, or the wish to make it up in a class of another cohort (`instead`)."""

    kind = models.CharField(_("kind"), max_length=8, choices=RequestKind.choices)
    class_session = models.ForeignKey(
        ClassSession, models.PROTECT, related_name="requests", verbose_name=_("class")
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="absence_requests", verbose_name=_("enrolment")
    )
    instead = models.ForeignKey(
        ClassSession, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("instead")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=RequestState.choices, default=RequestState.ASKED
    )
    reason = models.CharField(_("reason"), max_length=500)
    document = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proof")
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    applicant = (
        models.ForeignKey(  # whose enrolment it is; beside decided_by, so that the two are never the same
            settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
        )
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.CharField(_("reason of the decision"), max_length=500, blank=True)

    objects = AbsenceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about a class")
        verbose_name_plural = _("requests about classes")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                "class_session",
                "enrolment",
                "kind",
                condition=models.Q(state__in=sorted(STANDING)),
                name="absence_request_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=RequestState.values) & models.Q(kind__in=RequestKind.values),
                name="absence_request_words_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=RequestKind.LEAVE, instead=None)
                | models.Q(kind=RequestKind.MAKE_UP, instead__isnull=False),
                name="absence_request_make_up_has_class",
            ),
            models.CheckConstraint(
                condition=models.Q(state=RequestState.ASKED, decided_at=None, decided_by=None)
                | models.Q(
                    state__in=[RequestState.AGREED, RequestState.REFUSED],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                )
                | models.Q(state=RequestState.WITHDRAWN),
                name="absence_request_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("applicant")),
                name="absence_request_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.enrolment.person} · {self.class_session}"


class ParticipantListQuerySet(models.QuerySet["ParticipantList"]):
    def visible_to(self, user: Asker) -> ParticipantListQuerySet:
        """Those of the classes that the user looks after."""
        return self.filter(of_class(user)) if user.is_authenticated else self.none()


class ParticipantList(models.Model):
    """The list of an online meeting as it was handed in: names, hashed numbers, times. It is previewed, then applied.

    Thirty days after the class its rows are erased; that it was handed in and applied stays.
    """

    class_session = models.ForeignKey(ClassSession, models.PROTECT, related_name="participant_lists")
    filename = models.CharField(_("file name"), max_length=200)
    rows = models.JSONField(default=list)  # [name, phone hash, joined, left]
    unread = models.JSONField(default=list)  # [row, why] of those left out; lists of old have the row alone
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
