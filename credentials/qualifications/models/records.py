"""Qualifications: certificates of the national examination, and what somebody has passed on the way to one."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.attachments.models import Attachment
from core.imports.models import SheetImport
from core.people.models import Person
from credentials.qualifications.models.levels import QualificationLevel
from credentials.qualifications.states import STANDING, Origin, RecordState


class RecordQuerySet(models.QuerySet["QualificationRecord"]):
    def visible_to(self, user: Asker) -> RecordQuerySet:
        """One's own, and for administrators and auditors those of the people employed in their tree."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("person__employer", *READERS) | models.Q(person__user=user))

    def standing(self) -> RecordQuerySet:
        """Neither returned nor withdrawn."""
        return self.filter(state__in=STANDING)

    def verified(self) -> RecordQuerySet:
        return self.filter(state=RecordState.VERIFIED)

    def held_on(self, day: datetime.date) -> RecordQuerySet:
        """The verified ones whose certificate was issued by this day."""
        return self.verified().filter(issued_on__lte=day)


class QualificationRecord(models.Model):
    """One certificate, as its holder declares it and an officer verifies it, or as an officer's table says it.

    A number of a level is verified for one person only: the database refuses a second. Declared it may be by two, since
    whoever types a wrong number first must not keep its owner out; the officer sees both. `holder` is the account of the
    person, so that the database itself can refuse that anybody verifies their own. No row is deleted: a trigger
    refuses it (migrations).
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="qualification_records", verbose_name=_("person")
    )
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    level = models.ForeignKey(
        QualificationLevel,
        models.PROTECT,
        related_name="records",
        verbose_name=pgettext_lazy("qualification", "level"),
    )
    number = models.CharField(_("certificate number"), max_length=40)
    issued_on = models.DateField(_("issue date"))
    exam_year = models.PositiveSmallIntegerField(_("year of the examination"), null=True, blank=True)
    passes = models.JSONField(default=list, blank=True)  # [[number of the subject, year], …]
    slip_on = models.DateField(_("day of the pass slip"), null=True, blank=True)
    scan = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("scan")
    )
    origin = models.CharField(
        _("where it comes from"), max_length=8, choices=Origin.choices, default=Origin.DECLARED
    )
    sheet = models.ForeignKey(SheetImport, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(
        _("state"), max_length=10, choices=RecordState.choices, default=RecordState.DECLARED
    )
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("declared"), auto_now_add=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "level",
                "number",
                condition=models.Q(state=RecordState.VERIFIED),
                name="qualification_number_once",
            ),
            models.UniqueConstraint(
                "person",
                "level",
                condition=models.Q(state__in=STANDING),
                name="qualification_once_per_level",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=RecordState.values), name="qualification_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(origin__in=Origin.values), name="qualification_origin_known"
            ),
            models.CheckConstraint(condition=~models.Q(number=""), name="qualification_has_number"),
            models.CheckConstraint(
                condition=~models.Q(state=RecordState.VERIFIED) | models.Q(verified_by__isnull=False),
                name="qualification_verified_by_one",
            ),
            models.CheckConstraint(
                condition=models.Q(verified_by=None) | ~models.Q(verified_by=models.F("holder")),
                name="qualification_verified_by_other",
            ),
            models.CheckConstraint(
                condition=~models.Q(origin=Origin.DECLARED) | models.Q(scan__isnull=False),
                name="qualification_declared_with_scan",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RecordState.RETURNED) | ~models.Q(reason=""),
                name="qualification_returned_why",
            ),
        ]
        indexes = [models.Index(fields=["level", "number"], name="qualification_by_number")]

    def __str__(self) -> str:
        return f"{self.person} · {self.level}"

    def get_absolute_url(self) -> str:
        return reverse("credentials:qualification-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == RecordState.DECLARED

    @property
    def is_verified(self) -> bool:
        return self.state == RecordState.VERIFIED


class ExamPassQuerySet(models.QuerySet["ExamPass"]):
    def visible_to(self, user: Asker) -> ExamPassQuerySet:
        """Only one's own: what somebody notes on the way is nobody's proof."""
        return self.filter(person__user=user) if user.is_authenticated else self.none()


class ExamPass(models.Model):
    """A subject that somebody has passed in a year, as they note it themselves; a paper proves it in the end."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="exam_passes")
    level = models.ForeignKey(QualificationLevel, models.PROTECT, related_name="+")
    subject = models.PositiveSmallIntegerField(_("examination subject"))  # its place in the terms, from 1
    year = models.PositiveSmallIntegerField(_("year"))
    slip_on = models.DateField(_("day of the pass slip"), null=True, blank=True)

    objects = ExamPassQuerySet.as_manager()

    class Meta:
        verbose_name = _("subject passed")
        verbose_name_plural = _("subjects passed")
        ordering = ["level", "subject", "year"]
        constraints = [
            models.UniqueConstraint("person", "level", "subject", "year", name="exam_pass_once"),
            models.CheckConstraint(
                condition=models.Q(subject__gte=1, year__gte=2008, year__lte=2200), name="exam_pass_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.subject} {self.year}"
