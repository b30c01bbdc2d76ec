"""What a round came to: one calculation with its changes, and of each mentee the pair or the reason why there is none."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.jobs.models import Job
from supervision.matching.models.rounds import MatchingRound, RoundMentee, RoundSupervisor, takes_part
from supervision.matching.states import TOLD, Engine
from supervision.pairings.models import Pairing


def at_the_desk(user: Asker) -> models.Q:
    """The condition "this user administers or audits the organisation that runs the round, and takes no part in it"."""
    if not user.is_authenticated:
        return models.Q(pk__in=())
    return scope_of(user).q("round__organisation", *READERS) & ~takes_part(user, "round__")


class RoundRunQuerySet(models.QuerySet["RoundRun"]):
    def visible_to(self, user: Asker) -> RoundRunQuerySet:
        """Administrators and auditors of the organisation that runs the round, unless they take part in it."""
        return self.filter(at_the_desk(user))

    def current(self) -> RoundRunQuerySet:
        """The one of each round that holds."""
        return self.filter(kept_at__isnull=False, discarded_at=None)

    def trials(self) -> RoundRunQuerySet:
        """Those about which nobody has decided yet."""
        return self.filter(kept_at=None, discarded_at=None)


class RoundRun(models.Model):
    """One calculation of a round. Until it is kept it is a trial: it shows what would move, and changes nothing.

    `pinned` and `forbidden` are [mentee, supervisor] of the round, `places` is supervisor → places: what an officer
    changed against the rows.
    """

    round = models.ForeignKey(
        MatchingRound, models.PROTECT, related_name="runs", verbose_name=_("matching round")
    )
    number = models.PositiveSmallIntegerField(pgettext_lazy("run", "number"))
    engine = models.CharField(_("engine"), max_length=8, choices=Engine.choices)
    pinned = models.JSONField(default=list)
    forbidden = models.JSONField(default=list)
    places = models.JSONField(default=dict)
    knobs = models.JSONField(default=dict)  # states.Knob → points, as they were when it was calculated
    summary = models.JSONField(default=dict)  # engine → figures
    prices = models.JSONField(
        default=dict
    )  # supervisor of the round → points that one place fewer would cost
    areas = models.JSONField(default=list)  # where to recruit: see queries.outcome.demand_of
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    error = models.CharField(_("why it could not be calculated"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("calculated"), null=True, blank=True)
    kept_at = models.DateTimeField(pgettext_lazy("run", "kept"), null=True, blank=True)
    discarded_at = models.DateTimeField(_("put aside"), null=True, blank=True)

    objects = RoundRunQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("calculation of a round")
        verbose_name_plural = _("calculations of a round")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="round_run_numbered"),
            models.UniqueConstraint(
                fields=["round"],
                condition=models.Q(kept_at__isnull=False, discarded_at=None),
                name="round_has_one_result",
            ),
            models.UniqueConstraint(
                fields=["round"],
                condition=models.Q(kept_at=None, discarded_at=None),
                name="round_has_one_trial",
            ),
            models.CheckConstraint(
                condition=models.Q(kept_at=None) | models.Q(finished_at__isnull=False),
                name="round_run_kept_when_calculated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.number}"

    @property
    def is_trial(self) -> bool:
        return self.kept_at is None and self.discarded_at is None

    @property
    def is_current(self) -> bool:
        return self.kept_at is not None and self.discarded_at is None

    @property
    def is_told(self) -> bool:
        """Whether everybody knows their own line of it."""
        return self.is_current and self.round.is_told

    @property
    def weighed(self) -> dict[str, int]:
        """The knobs that its engine knew."""
        return dict(self.knobs) if self.engine == Engine.OPTIMAL else {}

    @property
    def figures(self) -> dict[str, Any]:
        """What the chosen engine came to."""
        return dict(self.summary.get(self.engine, {}))


class RunLineQuerySet(models.QuerySet["RunLine"]):
    def visible_to(self, user: Asker) -> RunLineQuerySet:
        """The desk of the round, unless one takes part in it; once it is published, the mentee their own, and a supervisor
        those of the own mentees."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("run__round__organisation", *READERS) & ~takes_part(user, "run__round__")
        told = models.Q(
            run__round__state__in=sorted(TOLD), run__kept_at__isnull=False, run__discarded_at=None
        )
        own = models.Q(mentee__person__user=user) | models.Q(supervisor__supervisor__person__user=user)
        return self.filter(desk | (told & own))

    def matched(self) -> RunLineQuerySet:
        return self.exclude(supervisor=None)

    def with_people(self) -> RunLineQuerySet:
        return self.select_related(
            "mentee__person__employer",
            "supervisor__supervisor__person",
            "supervisor__supervisor__organisation",
        )


class RunLine(models.Model):
    """One mentee in one calculation: the supervisor with every part of the score, or why there is none.

    Published, it becomes a pairing exactly once, or says why it could not.
    """

    run = models.ForeignKey(RoundRun, models.CASCADE, related_name="lines")
    mentee = models.ForeignKey(RoundMentee, models.PROTECT, related_name="lines", verbose_name=_("mentee"))
    supervisor = models.ForeignKey(
        RoundSupervisor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name=_("supervisor"),
    )
    score = models.IntegerField(pgettext_lazy("round", "score"), default=0)
    parts = models.JSONField(
        default=list
    )  # of the score: [code, points, most, values]; or why none: [code, number]
    is_pinned = models.BooleanField(pgettext_lazy("round", "pinned"), default=False)
    other_id = models.BigIntegerField(null=True, blank=True)  # whom the other engine would have given
    pairing = models.OneToOneField(
        Pairing, models.PROTECT, null=True, blank=True, related_name="round_line", verbose_name=_("pairing")
    )
    settled_at = models.DateTimeField(pgettext_lazy("round", "settled"), null=True, blank=True)
    failure = models.CharField(_("why there is no pairing"), max_length=300, blank=True)

    objects = RunLineQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("result of a round")
        verbose_name_plural = _("results of a round")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "mentee"], name="run_line_once"),
            models.CheckConstraint(
                condition=models.Q(pairing=None)
                | models.Q(supervisor__isnull=False, settled_at__isnull=False, failure=""),
                name="run_line_settled_with_pairing",
            ),
        ]
        indexes = [models.Index(fields=["run", "supervisor"], name="run_line_by_supervisor")]

    def __str__(self) -> str:
        return f"{self.mentee} → {self.supervisor or '–'}"
