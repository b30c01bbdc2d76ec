"""How much of each video somebody has watched, by the server's clock, and with which player they watch now."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from core.people.models import Person
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING
from lms.videos.policy import CARRIED, TOLERANCE, Clock, Watched, spans_of


class WatchingQuerySet(models.QuerySet["Watching"]):
    def visible_to(self, user: Asker) -> WatchingQuerySet:
        """As the enrolment it belongs to."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))

    def mine(self, user: Asker) -> WatchingQuerySet:
        """Only one's own: nobody watches for somebody else, whatever they may look at."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(enrolment__person__user=user, enrolment__state__in=LEARNING)


class Watching(models.Model):
    """One person and one video of a lesson. Times are milliseconds; what they mean is in policy.py.

    `medium` is the file in its place in the lesson, in whichever version of the course: what was watched stays.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="watchings")
    lesson_key = models.UUIDField()
    medium = models.CharField(max_length=32)
    duration = models.PositiveIntegerField()
    spans = models.JSONField(default=list, blank=True)  # [[from, to]]: apart, in order
    covered = models.PositiveIntegerField(default=0)
    credited = models.PositiveIntegerField(default=0)  # the time that it took, by the server's clock
    position = models.PositiveIntegerField(default=0)  # where to go on
    answers = models.JSONField(default=dict, blank=True)  # checkpoint → {chosen: [key], correct: bool}
    # The player that may report now ("": none), and the server's clock for it.
    token = models.CharField(max_length=32, blank=True)
    number = models.PositiveIntegerField(default=0)
    heard_at = models.DateTimeField(default=timezone.now)
    spare = models.IntegerField(default=0)
    runs = models.BooleanField(default=False)
    # What was credited on the latest day, here, and by then in the other videos of the enrolment.
    day = models.DateField(null=True, blank=True)
    day_credited = models.PositiveIntegerField(default=0)
    day_elsewhere = models.PositiveIntegerField(default=0)

    objects = WatchingQuerySet.as_manager()

    class Meta:
        verbose_name = _("watched video")
        verbose_name_plural = _("watched videos")
        constraints = [
            models.UniqueConstraint("enrolment", "lesson_key", "medium", name="watching_once"),
            models.CheckConstraint(
                condition=models.Q(covered__lte=models.F("duration"), position__lte=models.F("duration")),
                name="watching_within_the_video",
            ),
            models.CheckConstraint(
                condition=models.Q(spare__gte=-TOLERANCE, spare__lte=CARRIED), name="watching_clock_bounded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.lesson_key} {self.medium}"

    @property
    def watched(self) -> Watched:
        return Watched(spans_of(self.spans), self.credited, frozenset(self.answers))

    @property
    def clock(self) -> Clock:
        heard = int(self.heard_at.timestamp() * 1000)
        return Clock(at=heard, spare=self.spare, runs=self.runs, number=self.number)


class WatchLeaseQuerySet(models.QuerySet["WatchLease"]):
    def visible_to(self, user: Asker) -> WatchLeaseQuerySet:
        """As the video that it is for."""
        return self.filter(watching__in=Watching.objects.visible_to(user))


class WatchLease(models.Model):
    """The one video that a person may watch at present: a second tab or device takes over, deliberately."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="+")
    watching = models.OneToOneField(Watching, models.CASCADE, related_name="lease")
    taken_at = models.DateTimeField(default=timezone.now)

    objects = WatchLeaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("player in use")
        verbose_name_plural = _("players in use")

    def __str__(self) -> str:
        return f"{self.person_id} {self.watching_id}"
