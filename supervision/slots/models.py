"""Slots that a supervisor offers, the meetings that a pair plans, and what hangs on them."""

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
from core.people.sealed import SealedTextField, lookup_hash
from supervision.pairings.models import Pairing, of_pair, read_from_desk
from supervision.pairings.states import PairingState
from supervision.slots.policy import Plan
from supervision.slots.states import (
    HOLDING,
    IN_CALENDAR,
    TO_REPEAT,
    TONES,
    MeetingState,
    RemarkKind,
)
from supervision.supervisors.models import Supervisor
from supervision.supervisors.states import AT_MEETINGS, Setting, settings_of

LINK_IS_SAFE = models.Q(link="") | models.Q(link__startswith="https://")


class Timed(models.Model):
    """When and where: what a slot and a meeting have in common."""

    holiday = ""  # the name of the holiday on which it lies, where a list has looked it up

    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    setting = models.CharField(
        _("setting"), max_length=8, choices=settings_of(AT_MEETINGS), default=Setting.ON_SITE
    )
    place = models.CharField(_("place"), max_length=120, blank=True)
    link = models.URLField(_("meeting link"), max_length=500, blank=True)
    series = models.UUIDField(null=True, blank=True, editable=False)  # those that were made together

    class Meta:
        abstract = True

    @property
    def day(self) -> datetime.date:
        return timezone.localtime(self.starts_at).date()

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def is_online(self) -> bool:
        return self.setting == Setting.ONLINE

    @property
    def plan(self) -> Plan:
        here = timezone.localtime
        return Plan(here(self.starts_at), here(self.ends_at), self.setting, self.place, self.link)


class SlotQuerySet(models.QuerySet["Slot"]):
    def visible_to(self, user: Asker) -> SlotQuerySet:
        """The supervisor's own, and for mentees what is offered to them."""
        if not user.is_authenticated:
            return self.none()
        own = models.Q(supervisor__person__user=user)
        return self.filter(own | self._offered(Pairing.objects.filter(mentee__user=user)))

    def offered_to(self, pairing: Pairing) -> SlotQuerySet:
        """What this mentee may book."""
        return self.filter(self._offered(Pairing.objects.filter(pk=pairing.pk)))

    def _offered(self, pairings: models.QuerySet[Pairing]) -> models.Q:
        active = pairings.filter(state=PairingState.ACTIVE)
        chosen = Slot.chosen.through.objects.values("slot")
        picked = Slot.chosen.through.objects.filter(pairing__in=active).values("slot")
        to_all = models.Q(supervisor__in=active.values("supervisor")) & ~models.Q(pk__in=chosen)
        return to_all | models.Q(pk__in=picked)

    def free(self, now: datetime.datetime) -> SlotQuerySet:
        """Offered, still to come, booked by nobody, and at a time at which the supervisor has no other meeting."""
        supervisor = models.OuterRef("supervisor")
        busy = Meeting.objects.filter(
            models.Q(pairing__supervisor=supervisor) | models.Q(pairing__mentee=supervisor),
            state=MeetingState.PLANNED,
            starts_at__lt=models.OuterRef("ends_at"),
            ends_at__gt=models.OuterRef("starts_at"),
        )
        held = Meeting.objects.filter(slot=models.OuterRef("pk"), state__in=HOLDING)
        rows = self.filter(withdrawn_at=None, starts_at__gt=now)
        return rows.filter(~models.Exists(held), ~models.Exists(busy))

    def with_people(self) -> SlotQuerySet:
        return self.select_related("supervisor__person__user", "supervisor__organisation")


class Slot(Timed):
    """A time that a supervisor offers; nobody chosen means all mentees. It is withdrawn, never deleted."""

    supervisor = models.ForeignKey(
        Supervisor, models.PROTECT, related_name="slots", verbose_name=_("supervisor")
    )
    chosen = models.ManyToManyField(Pairing, blank=True, related_name="+", verbose_name=_("offered to"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SlotQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["supervisor", "starts_at"],
                condition=models.Q(withdrawn_at=None),
                name="slot_offered_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="slot_ends_after_start"
            ),
            models.CheckConstraint(condition=models.Q(setting__in=AT_MEETINGS), name="slot_words_are_known"),
            models.CheckConstraint(condition=LINK_IS_SAFE, name="slot_link_is_https"),
        ]
        indexes = [models.Index(fields=["supervisor", "starts_at"], name="slot_by_supervisor")]

    def __str__(self) -> str:
        return f"{self.supervisor.code} · {self.day:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:slot-book", args=[self.pk])


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
        Slot, models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name=_("slot")
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


class MeetingFeedQuerySet(models.QuerySet["MeetingFeed"]):
    def visible_to(self, user: Asker) -> MeetingFeedQuerySet:
        """Only one's own."""
        return self.filter(person__user=user) if user.is_authenticated else self.none()

    def of_token(self, token: str) -> MeetingFeed | None:
        """The feed that this secret opens."""
        rows = self.select_related("person__user")
        return rows.filter(token_hash=lookup_hash("meetings", token)).first()


class MeetingFeed(models.Model):
    """The secret address of one person's supervision calendar. It is kept sealed and found by its keyed hash; a new
    one ends the old."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="meeting_feed")
    token_sealed = SealedTextField()
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    objects = MeetingFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("address of a supervision calendar")

    def __str__(self) -> str:
        return str(self.person_id)

    @property
    def token(self) -> str:
        return str(self.token_sealed)

    @token.setter
    def token(self, secret: str) -> None:
        self.token_sealed, self.token_hash = secret, lookup_hash("meetings", secret)
