"""The meetings that a pair plans, and the sealed sentences that belong to them."""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from core.people.models import Person
from core.people.sealed import SealedTextField
from supervision.pairings.models import Pairing, of_pair, read_from_desk
from supervision.slots.models.timed import LINK_IS_SAFE, Timed
from supervision.slots.states import (
    HOLDING,
    IN_CALENDAR,
    TO_REPEAT,
    TONES,
    MeetingState,
    RemarkKind,
)
from supervision.supervisors.states import AT_MEETINGS


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: Asker) -> MeetingQuerySet:
        """The pair, and administrators and auditors of either side, who read that it is planned and how it ended."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(read_from_desk(user, "pairing__") | of_pair(user, "pairing__"))

    def of(self, person: Person) -> MeetingQuerySet:
        """Those in which this person takes part, on whichever side."""
        return self.filter(models.Q(pairing__supervisor=person.pk) | models.Q(pairing__mentee=person.pk))

    def planned(self) -> MeetingQuerySet:
        return self.filter(state=MeetingState.PLANNED)

    def proposed(self) -> MeetingQuerySet:
        return self.filter(state=MeetingState.PROPOSED)

    def to_record(self, now: datetime.datetime) -> MeetingQuerySet:
        """Those whose time has passed, and of which nobody has said whether they took place."""
        return self.planned().filter(ends_at__lte=now)

    def with_people(self) -> MeetingQuerySet:
        return self.select_related(
            "pairing__supervisor__person__user", "pairing__mentee__user", "pairing__organisation", "made_by"
        )


class Meeting(Timed):
    """A supervision session that is planned, or proposed. It becomes a record when the supervisor logs the session."""

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="meetings", verbose_name=_("pairing"))
    slot = models.ForeignKey(
        "supervision.Slot",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("slot"),
    )
    state = models.CharField(_("state"), max_length=9, choices=MeetingState.choices)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    uid = models.UUIDField(default=uuid.uuid4, editable=False)  # in calendars, also after it is moved
    sequence = models.PositiveIntegerField(default=0, editable=False)  # one more with every change
    moves = models.ForeignKey(  # the planned meeting that this one takes the place of, once it is accepted
        "self", models.PROTECT, null=True, blank=True, related_name="movers", verbose_name=_("moves")
    )
    follows = models.ForeignKey(  # what was proposed, cancelled or missed before it
        "self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name=_("follows")
    )
    session = models.OneToOneField(
        "supervision.Session",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meeting",
        verbose_name=_("session"),
    )
    planned_at = models.DateTimeField(_("planned since"), null=True, blank=True)
    day_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    hour_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    record_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MeetingQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("planned meeting")
        verbose_name_plural = _("planned meetings")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["slot"], condition=models.Q(state__in=sorted(HOLDING)), name="slot_booked_once"
            ),
            models.UniqueConstraint(
                fields=["uid"], condition=models.Q(state__in=sorted(IN_CALENDAR)), name="meeting_uid_once"
            ),
            models.UniqueConstraint(
                fields=["moves"],
                condition=models.Q(state=MeetingState.PROPOSED),
                name="meeting_moved_by_one_proposal",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="meeting_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=MeetingState.values) & models.Q(setting__in=AT_MEETINGS),
                name="meeting_words_are_known",
            ),
            models.CheckConstraint(condition=LINK_IS_SAFE, name="meeting_link_is_https"),
            models.CheckConstraint(
                condition=models.Q(state=MeetingState.RECORDED, session__isnull=False)
                | (~models.Q(state=MeetingState.RECORDED) & models.Q(session=None)),
                name="meeting_recorded_has_its_session",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=sorted(IN_CALENDAR)) | models.Q(planned_at__isnull=False),
                name="meeting_planned_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["pairing", "state", "starts_at"], name="meeting_by_pairing"),
            models.Index(fields=["state", "starts_at"], name="meeting_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.pairing} · {self.day:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:meeting-detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return TONES[MeetingState(self.state)]

    @property
    def is_planned(self) -> bool:
        return self.state == MeetingState.PLANNED

    @property
    def is_proposed(self) -> bool:
        return self.state == MeetingState.PROPOSED

    @property
    def is_coming(self) -> bool:
        """It is planned and has not begun."""
        return self.is_planned and self.starts_at > timezone.now()

    @property
    def is_to_record(self) -> bool:
        return self.is_planned and self.ends_at <= timezone.now()

    @property
    def is_overdue(self) -> bool:
        """It waits to be recorded for longer than SUPERVISION_RECORD_REMIND_DAYS."""
        days = datetime.timedelta(days=settings.SUPERVISION_RECORD_REMIND_DAYS)
        return self.is_planned and self.ends_at <= timezone.now() - days

    @property
    def is_to_repeat(self) -> bool:
        return self.state in TO_REPEAT

    def other_than(self, user: Asker) -> Person:
        """The one of the two who is not this user."""
        supervisor: Person = self.pairing.supervisor.person
        return self.pairing.mentee if supervisor.user_id == user.pk else supervisor


class MeetingRemarkQuerySet(models.QuerySet["MeetingRemark"]):
    def visible_to(self, user: Asker) -> MeetingRemarkQuerySet:
        """The supervisor and the mentee, and nobody else: no role and no superuser."""
        return self.filter(of_pair(user, "meeting__pairing__")) if user.is_authenticated else self.none()


class MeetingRemark(models.Model):
    """A sentence of one to the other about a meeting: a message, a reason. Sealed, for the pair."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="remarks")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=RemarkKind.choices)
    text = SealedTextField()
    written_at = models.DateTimeField(default=timezone.now)

    objects = MeetingRemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark on a planned meeting")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.kind}"
