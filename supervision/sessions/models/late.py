"""Sessions that were recorded late, and the dated rule of a place that says from when on one is."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.organisations.models import Organisation
from core.people.queries import ties_of
from supervision.pairings.models import of_pair, pair_among, read_from_desk
from supervision.sessions.models.amendments import SessionAmendment
from supervision.sessions.models.session import Session
from supervision.sessions.policy import SessionFacts
from supervision.sessions.states import LATE_TONES, LateState


class LoggingRuleQuerySet(models.QuerySet["LoggingRule"]):
    def visible_to(self, user: Asker) -> LoggingRuleQuerySet:
        """Those set within the tree that the user reads."""
        return self.filter(scope_of(user).q("organisation", *READERS))

    def in_force(self, on: datetime.date) -> LoggingRuleQuerySet:
        return self.filter(starts_on__lte=on)

    def known_at(self, moment: datetime.datetime) -> LoggingRuleQuerySet:
        """Those that had been entered by then: nobody can keep a rule that was entered afterwards."""
        return self.filter(entered_at__lte=moment)


class LoggingRule(models.Model):
    """Within how many days a session is to be recorded, at a place and below it, from a day on, by which source.

    The nearest one above a place holds, and of its own the one that began last: a change is a new row, and the database
    lets none be changed or deleted. What was recorded before a rule was entered is not judged by it.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    days = models.PositiveSmallIntegerField(_("days to record a session"))
    starts_on = models.DateField(_("from"))
    source = models.CharField(pgettext_lazy("norm", "source"), max_length=200)
    entered_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = LoggingRuleQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("rule for recording sessions")
        verbose_name_plural = _("rules for recording sessions")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                "starts_on",
                name="logging_rule_once_a_day",
                violation_error_message=_("A rule of this place begins on that day already."),
            ),
            models.CheckConstraint(
                condition=models.Q(days__gte=1, days__lte=365), name="logging_rule_possible"
            ),
        ]

    def __str__(self) -> str:
        return str(self.days)


class Lateness(models.Model):
    """That something was recorded late, why, and what an administrator said to it. Without a yes it is not confirmed.

    The reason says why it is late, for the desk to read; nothing of what was said.
    """

    days = models.PositiveIntegerField(_("days late"))
    reason = models.CharField(_("reason for recording it late"), max_length=300)
    state = models.CharField(_("state"), max_length=8, choices=LateState.choices, default=LateState.WAITING)
    asked_at = models.DateTimeField(_("asked"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.CharField(pgettext_lazy("late record", "answer"), max_length=300, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    @property
    def tone(self) -> str:
        return LATE_TONES[LateState(self.state)]

    @property
    def is_waiting(self) -> bool:
        return self.state == LateState.WAITING

    @property
    def is_approved(self) -> bool:
        return self.state == LateState.APPROVED

    @property
    def is_declined(self) -> bool:
        return self.state == LateState.DECLINED

    @property
    def is_void(self) -> bool:
        return self.state == LateState.VOID


def decided_with_reason(name: str) -> list[models.BaseConstraint]:
    """That a late record waits, or was decided by somebody at a time, with a reason when it was declined."""
    return [
        models.CheckConstraint(
            condition=models.Q(
                state__in=[LateState.WAITING, LateState.VOID], decided_at=None, decided_by=None
            )
            | (
                models.Q(state__in=[LateState.APPROVED, LateState.DECLINED])
                & models.Q(decided_at__isnull=False, decided_by__isnull=False)
            ),
            name=f"{name}_decided_by_somebody",
        ),
        models.CheckConstraint(
            condition=~models.Q(state=LateState.DECLINED) | ~models.Q(answer=""),
            name=f"{name}_declined_with_reason",
        ),
    ]


class LateRecordQuerySet(models.QuerySet["LateRecord"]):
    def visible_to(self, user: Asker) -> LateRecordQuerySet:
        """Whoever sees the session: the pair, and the desk of either side."""
        if not user.is_authenticated:
            return self.none()
        seen = read_from_desk(user, "session__pairing__") | of_pair(user, "session__pairing__")
        return self.filter(seen)

    def to_decide(self, user: Asker) -> LateRecordQuerySet:
        """Those that wait and that this user can decide: as administrator of the mentee's side, neither of the own pair nor of
        whoever let them in."""
        if not user.is_authenticated:
            return self.none()
        mine = scope_of(user).q("session__pairing__organisation", Role.ADMINISTRATOR)
        tied = ties_of(user).q(
            "session__pairing__organisation", lambda accounts: pair_among(accounts, "session__pairing__")
        )
        return self.filter(mine, state=LateState.WAITING).exclude(tied)

    def of_record(self) -> LateRecordQuerySet:
        """Those about the record itself, not about a correction after it was confirmed."""
        return self.filter(amendment=None)

    def with_people(self) -> LateRecordQuerySet:
        return self.select_related(
            "session__pairing__supervisor__person",
            "session__pairing__mentee",
            "session__pairing__organisation",
            "decided_by",
            "amendment",
            "rule",
        )


class LateRecord(Lateness):
    """That the times of a session were said late, why, and what an administrator said to it: of the record itself, or of
    a correction long after it was confirmed. Without a yes to the newest asking it is not confirmed, nor the correction
    accepted.

    A yes is one to these very times: other times ask anew, by a row of their own. Triggers keep what was decided. The
    reason says why it is late, for the desk to read; nothing of what was said in the session.
    """

    session = models.ForeignKey(
        Session, models.PROTECT, related_name="late_records", verbose_name=_("session")
    )
    amendment = models.ForeignKey(
        SessionAmendment, models.PROTECT, null=True, blank=True, related_name="late_records"
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    said_at = models.DateTimeField()  # when these times were said: the day that lateness is counted to
    allowed = models.PositiveSmallIntegerField(_("days to record a session"))
    rule = models.ForeignKey(LoggingRule, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason for recording it late"), max_length=300, blank=True)

    objects = LateRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("late record")
        verbose_name_plural = _("late records")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                condition=models.Q(state=LateState.WAITING),
                name="late_record_one_waits",
            ),
            *decided_with_reason("late_record"),
            models.CheckConstraint(
                condition=models.Q(state=LateState.VOID) | ~models.Q(reason=""),
                name="late_record_asked_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} · {self.get_state_display()}"

    def covers(self, facts: SessionFacts) -> bool:
        """Whether it is about these very times."""
        return (self.starts_at, self.ends_at) == (facts.starts_at, facts.ends_at)

    @property
    def held_on(self) -> datetime.date:
        return timezone.localtime(self.starts_at).date()

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)
