"""Corrections of a confirmed session: asked for by the supervisor, answered by the mentee, both versions kept."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from core.people.sealed import SealedTextField
from core.templatetags.times import day_time
from supervision.functions.states import function_label
from supervision.pairings.models import of_pair, read_from_desk
from supervision.sessions.models.session import Session
from supervision.sessions.policy import MAX_MINUTES, SessionFacts, Written, equal_shares, written_from
from supervision.sessions.states import AMENDMENT_TONES, AmendmentState, Mode
from supervision.supervisors.states import AT_SESSIONS, settings_of


class Amendment(models.Model):
    """Other facts for what was confirmed; `former` are those it had. An answered one never changes (a trigger)."""

    in_percent = False  # whether the shares of the functions are parts of a hundred; else they are minutes

    number = models.PositiveSmallIntegerField()  # the revision that the record has by it
    state = models.CharField(
        _("state"), max_length=9, choices=AmendmentState.choices, default=AmendmentState.PROPOSED
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    mode = models.CharField(_("mode"), max_length=12, choices=Mode.choices)
    setting = models.CharField(_("setting"), max_length=12, choices=settings_of(AT_SESSIONS))
    functions = models.JSONField(_("functions"), default=list)
    shares = models.JSONField(_("minutes by function"), null=True, blank=True)
    former = models.JSONField(default=dict)
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    @property
    def tone(self) -> str:
        return AMENDMENT_TONES[AmendmentState(self.state)]

    @property
    def is_open(self) -> bool:
        return self.state == AmendmentState.PROPOSED

    @property
    def facts(self) -> Any:
        """What the record is to say, or says since."""
        raise NotImplementedError

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """What would change, or has: (what, before, after), in words."""
        told = [words_of(kept, self.in_percent) for kept in (self.former, kept_facts(self.facts))]
        return [
            (str(label), before, after)
            for (label, before), (_label, after) in zip(*told, strict=True)
            if before != after
        ]


def answered_once(name: str, about: str) -> list[models.BaseConstraint]:
    """That of one record one amendment is open at a time, and each is possible, and open or answered."""
    return [
        models.UniqueConstraint(
            fields=[about], condition=models.Q(state=AmendmentState.PROPOSED), name=f"{name}_one_open"
        ),
        models.UniqueConstraint(
            fields=[about, "number"],
            condition=models.Q(state=AmendmentState.ACCEPTED),
            name=f"{name}_accepted_once",
        ),
        models.CheckConstraint(
            condition=models.Q(minutes__gte=1, minutes__lte=MAX_MINUTES)
            & models.Q(ends_at__gt=models.F("starts_at")),
            name=f"{name}_is_possible",
        ),
        models.CheckConstraint(
            condition=models.Q(state=AmendmentState.PROPOSED, answered_at=None)
            | (~models.Q(state=AmendmentState.PROPOSED) & models.Q(answered_at__isnull=False)),
            name=f"{name}_answered_or_open",
        ),
    ]


class SessionAmendmentQuerySet(models.QuerySet["SessionAmendment"]):
    def visible_to(self, user: Asker) -> SessionAmendmentQuerySet:
        """Whoever sees the session. The rows say nothing of what was said."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(read_from_desk(user, "session__pairing__") | of_pair(user, "session__pairing__"))

    def accepted(self) -> SessionAmendmentQuerySet:
        return self.filter(state=AmendmentState.ACCEPTED)


class SessionAmendment(Amendment):
    """Other facts for a confirmed session. Triggers let a session change to those that were accepted, and to nothing
    else."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="amendments")

    objects = SessionAmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment of a session")
        verbose_name_plural = _("amendments of sessions")
        ordering = ["-pk"]
        constraints = answered_once("session_amendment", "session")

    def __str__(self) -> str:
        return f"{self.session_id} #{self.number}"

    @property
    def facts(self) -> SessionFacts:
        return SessionFacts(
            self.starts_at,
            self.ends_at,
            self.session.form,
            self.mode,
            self.setting,
            tuple(self.functions),
            tuple(self.shares.items()) if self.shares else None,
        )


def kept_facts(facts: Any) -> dict[str, Any]:
    """Facts as an amendment keeps them beside its own."""
    return {
        "starts_at": facts.starts_at.isoformat(),
        "ends_at": facts.ends_at.isoformat(),
        "mode": facts.mode,
        "setting": facts.setting,
        "functions": list(facts.functions),
        "shares": dict(facts.shares) if facts.shares else None,
    }


def words_of(kept: dict[str, Any], in_percent: bool = False) -> list[tuple[Any, str]]:
    """Kept facts in words, always in the same order."""
    if not kept:
        return [(_("Time"), ""), (_("Mode"), ""), (_("Setting"), ""), (_("Functions"), "")]
    begins, ends = (
        timezone.localtime(datetime.datetime.fromisoformat(kept[name])) for name in ("starts_at", "ends_at")
    )
    minutes = int((ends - begins).total_seconds() // 60)
    shares = kept["shares"] or equal_shares(tuple(kept["functions"]), 100 if in_percent else minutes)
    unit = "%" if in_percent else ""
    return [
        (_("Time"), f"{day_time(begins)}–{ends:%H:%M}"),
        (_("Mode"), str(dict(Mode.choices).get(kept["mode"], kept["mode"]))),
        (_("Setting"), str(dict(settings_of(AT_SESSIONS)).get(kept["setting"], kept["setting"]))),
        (
            _("Functions"),
            " · ".join(
                f"{function_label(code)} {shares[code]}{unit}" for code in kept["functions"] if code in shares
            ),
        ),
    ]


class AmendmentTextQuerySet(models.QuerySet["AmendmentText"]):
    def visible_to(self, user: Asker) -> AmendmentTextQuerySet:
        """The pair, and nobody else."""
        pair = of_pair(user, "amendment__session__pairing__")
        return self.filter(pair) if user.is_authenticated else self.none()


class AmendmentText(models.Model):
    """Why a session is amended, what its content is to say, and what the mentee answered. Sealed, for the pair."""

    amendment = models.OneToOneField(SessionAmendment, models.PROTECT, primary_key=True, related_name="text")
    reason = SealedTextField()
    written = SealedTextField()  # as JSON
    answer = SealedTextField(blank=True)

    objects = AmendmentTextQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("text of an amendment")

    def __str__(self) -> str:
        return str(self.amendment_id)

    @property
    def said(self) -> Written:
        return written_from(json.loads(self.written))
