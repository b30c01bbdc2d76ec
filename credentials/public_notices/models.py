"""Public notices 公示, their lines, the objections to them, and what became of each line."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from core.people.sealed import SealedTextField
from credentials.public_notices.policy import MOST_DAYS
from credentials.public_notices.states import About, Counts, NoticeState, ObjectionState, Outcome


class NoticeQuerySet(models.QuerySet["PublicNotice"]):
    def visible_to(self, user: Asker) -> NoticeQuerySet:
        """At the desk: for administrators and auditors, those of the authorities in their tree."""
        return self.filter(scope_of(user).q("organisation", *READERS))

    def read_by(self, user: Asker, lines: models.QuerySet[PublicNoticeLine]) -> NoticeQuerySet:
        """Those visible to this user, and those of other authorities of which they read these lines (`lines_concerning`); of
        the latter nothing else: all of a notice goes by the rule `view_publicnotice`."""
        mine = self.model.objects.visible_to(user).order_by().values("pk")
        return self.filter(Q(pk__in=mine) | Q(pk__in=lines.order_by().values("notice")))

    def running(self) -> NoticeQuerySet:
        return self.filter(state=NoticeState.RUNNING)


class PublicNotice(models.Model):
    """One notice, once for each `source`. What it shows never changes once it is open; nothing of it is deleted (migrations)."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("authority")
    )
    title = models.CharField(_("title"), max_length=120)
    about = models.CharField(_("about"), max_length=10, choices=About.choices)
    source = models.CharField(max_length=120, unique=True)
    days = models.PositiveSmallIntegerField(_("days"))
    counts = models.CharField(_("counted in"), max_length=10, choices=Counts.choices)
    starts_on = models.DateField(_("posted on"))
    ends_on = models.DateField(pgettext_lazy("public notice", "last day"))
    without_holidays = models.JSONField(
        default=list
    )  # years in which nobody had entered holidays when it was opened
    contact = models.CharField(pgettext_lazy("public notice", "contact"), max_length=200)
    state = models.CharField(
        _("state"), max_length=10, choices=NoticeState.choices, default=NoticeState.RUNNING
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=NoticeState.values), name="public_notice_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(about__in=About.values) & Q(counts__in=Counts.values),
                name="public_notice_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=MOST_DAYS), name="public_notice_days_possible"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="public_notice_ends_after_posting"
            ),
            models.CheckConstraint(
                condition=~Q(state=NoticeState.WITHDRAWN) | ~Q(reason=""),
                name="public_notice_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=NoticeState.RUNNING, ended_at=None)
                | (~Q(state=NoticeState.RUNNING) & Q(ended_at__isnull=False)),
                name="public_notice_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(title__regex=r"[0-9]{11}"), name="public_notice_title_without_numbers"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("public-notice", args=[self.pk])

    @property
    def hidden_from(self) -> datetime.date:
        """The first day on which the public page shows no names any more."""
        return self.ends_on + datetime.timedelta(days=settings.PUBLIC_NOTICE_DAYS_SHOWN + 1)

    def shows_lines(self) -> bool:
        """Whether everybody may read the names: while it runs, and for some time afterwards."""
        return self.state != NoticeState.WITHDRAWN and timezone.localdate() < self.hidden_from

    def takes_objections(self) -> bool:
        return self.state == NoticeState.RUNNING and timezone.localdate() <= self.ends_on


class PublicNoticeLine(models.Model):
    """Who and what is shown. Append-only: a trigger refuses any change."""

    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=60)
    unit = models.CharField(pgettext_lazy("public notice", "unit"), max_length=120, blank=True)
    title = models.CharField(_("level or title"), max_length=120, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("line of a public notice")
        verbose_name_plural = _("lines of public notices")
        ordering = ["notice", "position"]
        constraints = [
            models.UniqueConstraint("notice", "position", name="public_notice_line_in_place"),
            models.UniqueConstraint("notice", "key", name="public_notice_line_once"),
            # policy.secret_in says it fully; this much the database says too, whoever writes
            models.CheckConstraint(
                condition=~Q(name="")
                & ~Q(name__regex=r"[0-9]{5}")
                & ~Q(unit__regex=r"[0-9]{9}")
                & ~Q(title__regex=r"[0-9]{9}"),
                name="public_notice_line_without_numbers",
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, (self.name, self.unit, self.title)))


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, user: Asker) -> ObjectionQuerySet:
        """For administrators and auditors of the authority whose notice it is."""
        return self.filter(scope_of(user).q("notice__organisation", *READERS))


class Objection(models.Model):
    """What somebody has against a line, or against the whole notice. What they say and who they are is sealed."""

    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="objections")
    line = models.ForeignKey(
        PublicNoticeLine, models.PROTECT, null=True, blank=True, related_name="objections"
    )
    said = SealedTextField(_("what is said"))
    name = SealedTextField(_("name"))
    contact = SealedTextField(pgettext_lazy("objection", "how to reach them"))
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    filed_at = models.DateTimeField(_("filed"), auto_now_add=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ObjectionState.choices, default=ObjectionState.OPEN
    )
    answer = models.TextField(pgettext_lazy("objection", "answer"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    # Who objected is forgotten once nobody has to ask back any more: name, contact and account, not what was said.
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("public notice", "objection")
        verbose_name_plural = pgettext_lazy("public notice", "objections")
        ordering = ["-filed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ObjectionState.values), name="objection_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ObjectionState.OPEN, answer="", answered_by=None, answered_at=None)
                | (
                    ~Q(state=ObjectionState.OPEN)
                    & ~Q(answer="")
                    & Q(answered_by__isnull=False, answered_at__isnull=False)
                ),
                name="objection_answered_with_words",
            ),
            models.CheckConstraint(
                condition=Q(filed_by=None) | Q(answered_by=None) | ~Q(filed_by=F("answered_by")),
                name="objection_answered_by_another",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | (~Q(state=ObjectionState.OPEN) & Q(filed_by=None)),
                name="objection_erased_when_answered",
            ),
        ]

    def __str__(self) -> str:
        return str(self.line or self.notice)


class SettledLine(models.Model):
    """What became of a line: written once, with the telling of its owner. Append-only."""

    line = models.OneToOneField(PublicNoticeLine, models.PROTECT, primary_key=True, related_name="settled")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    settled_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("settled line of a public notice")
        verbose_name_plural = _("settled lines of public notices")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="settled_line_outcome_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id} · {self.outcome}"
