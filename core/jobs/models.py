"""Long work as a row: what is to be done, who is doing it now, how far it is, and what failed and why."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.jobs.states import JobState
from core.organisations.models import Organisation


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: Asker) -> JobQuerySet:
        """For administrators and auditors those of their tree, and one's own that belong to no organisation."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            scope_of(user).q("organisation", *READERS) | models.Q(created_by=user, organisation=None)
        )


class Job(models.Model):
    """One piece of long work. The row is the truth; the queue only carries its number.

    A worker holds a job by a lease that its heartbeat renews. When the lease runs out (the worker was killed), the
    reconciler queues the job again with the next attempt number, and whatever the old worker still tries to write is
    refused, because its attempt is no longer the row's.
    """

    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    params = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    attempt = models.PositiveIntegerField(pgettext_lazy("job", "attempts"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("total"), default=0)
    result = models.JSONField(default=dict, blank=True)
    result_file = models.CharField(max_length=255, blank=True)
    error = models.TextField(blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="jobs",
        verbose_name=_("started by"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    dedupe_key = models.CharField(max_length=120, null=True, blank=True, unique=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["state", "lease_until"],
                name="job_due",
                condition=models.Q(state__in=["queued", "running"]),
            )
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="job_state_is_known"),
            models.CheckConstraint(
                condition=models.Q(done__lte=models.F("total")), name="job_done_within_total"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int:
        return 100 if self.state == JobState.DONE else (self.done * 100 // self.total if self.total else 0)


class JobFailure(models.Model):
    """One item of a job that could not be done, in words for the person who started it."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="failures")
    key = models.CharField(max_length=120)
    label = models.CharField(_("item"), max_length=200)
    reason = models.TextField(_("reason"))

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("job", "key", name="job_failure_once")]

    def __str__(self) -> str:
        return f"{self.label}: {self.reason}"
