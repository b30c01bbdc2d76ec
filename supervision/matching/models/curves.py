"""The curves of a round's knobs, as they were drawn for its own people."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from core.jobs.models import Job
from supervision.matching.models.rounds import MatchingRound
from supervision.matching.models.runs import RoundRun, at_the_desk


class RoundCurvesQuerySet(models.QuerySet["RoundCurves"]):
    def visible_to(self, user: Asker) -> RoundCurvesQuerySet:
        """Administrators and auditors of the organisation that runs the round, unless they take part in it."""
        return self.filter(at_the_desk(user))


class RoundCurves(models.Model):
    """One drawing: of each knob what several values come to, the others as in `knobs`, with the changes of `base`."""

    round = models.ForeignKey(
        MatchingRound, models.PROTECT, related_name="curves", verbose_name=_("matching round")
    )
    base = models.ForeignKey(RoundRun, models.SET_NULL, null=True, blank=True, related_name="+")
    knobs = models.JSONField(default=dict)  # states.Knob → points
    points = models.JSONField(default=dict)  # states.Knob → what each value comes to (queries.curves_of)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    error = models.CharField(_("why it could not be calculated"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("calculated"), null=True, blank=True)

    objects = RoundCurvesQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("curves of a round")
        verbose_name_plural = _("curves of a round")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=models.Q(finished_at=None), name="round_draws_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.created_at:%Y-%m-%d %H:%M}"
