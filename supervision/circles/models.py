"""Circles: several people who are supervised together, their gatherings, and who took part for how long.

Like a session, a gathering has three stores: what happened and how long (for the desk too), what was said (those who took
part), and working notes (the author).
"""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from core.people.models import Person, ServiceField
from core.people.sealed import SealedTextField
from supervision.circles.policy import MAX_MINUTES, GatheringFacts
from supervision.circles.states import (
    LIVE,
    MEMBER_LIVE,
    OPEN,
    TONES,
    Admission,
    CircleState,
    GatheringState,
    Kind,
    MemberState,
    PartRemarkKind,
    PartState,
)
from supervision.functions.states import function_label
from supervision.pairings.states import Frequency
from supervision.sessions.states import Mode
from supervision.supervisors.models import Supervisor, province_of
from supervision.supervisors.states import AT_SESSIONS, Form, Setting, settings_of

MOST_MEMBERS = 500  # of an open class; nobody supervises more at a time
FOUND = (Admission.REQUEST, Admission.OPEN)  # these are found by whoever may join them


class CircleQuerySet(models.QuerySet["Circle"]):
    def visible_to(self, user: Asker) -> CircleQuerySet:
        """The leader, whoever belongs or belonged to it, the desk of its organisation; and while it takes members by
        request or openly, everybody employed in the same province."""
        if not user.is_authenticated:
            return self.none()
        member = CircleMember.objects.filter(person__user=user).values("circle")
        seen = models.Q(leader__user=user) | models.Q(pk__in=member)
        return self.filter(scope_of(user).q("organisation", *READERS) | seen | self.reach_of(user))

    def reach_of(self, user: Asker) -> models.Q:
        """The condition "this user may find it and ask to join"."""
        person = getattr(user, "person", None)
        province = province_of(person.employer) if person else ""
        if not province:
            return models.Q(pk__in=())
        return models.Q(state=CircleState.OPEN, admission__in=FOUND, organisation__path__startswith=province)

    def running(self) -> CircleQuerySet:
        return self.filter(state=CircleState.OPEN)


class Circle(models.Model):
    """People who are supervised together. A supervisor leads a group or an open class; a peer circle is led by its
    members in turn, and `leader` is whose turn it is."""

    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=80)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    leader = models.ForeignKey(
        Person, models.PROTECT, related_name="led_circles", verbose_name=pgettext_lazy("circle", "leader")
    )
    supervisor = models.ForeignKey(
        Supervisor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="circles",
        verbose_name=_("supervisor"),
    )
    admission = models.CharField(_("how one joins"), max_length=10, choices=Admission.choices)
    capacity = models.PositiveSmallIntegerField(
        _("places"), validators=[MinValueValidator(2), MaxValueValidator(MOST_MEMBERS)]
    )
    taken = models.PositiveSmallIntegerField(_("members"), default=0, editable=False)
    purpose = models.TextField(pgettext_lazy("circle", "purpose"), max_length=1000)
    every_days = models.PositiveSmallIntegerField(_("how often"), choices=Frequency.choices)
    fields = models.ManyToManyField(
        ServiceField, blank=True, related_name="+", verbose_name=_("service fields")
    )
    state = models.CharField(_("state"), max_length=6, choices=CircleState.choices, default=CircleState.OPEN)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = CircleQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = pgettext_lazy("supervision", "circle")
        verbose_name_plural = pgettext_lazy("supervision", "circles")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken__lte=models.F("capacity")), name="circle_never_over_capacity"
            ),
            models.CheckConstraint(
                condition=models.Q(capacity__gte=2, capacity__lte=MOST_MEMBERS),
                name="circle_of_a_possible_size",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=Kind.PEER, supervisor=None)
                | (models.Q(kind__in=[Kind.GROUP, Kind.OPEN]) & models.Q(supervisor=models.F("leader"))),
                name="circle_led_by_whom_its_kind_asks_for",
            ),
            models.CheckConstraint(
                condition=models.Q(admission__in=Admission.values, every_days__in=Frequency.values),
                name="circle_words_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state=CircleState.OPEN, closed_at=None)
                | (models.Q(state=CircleState.CLOSED, closed_at__isnull=False) & ~models.Q(reason="")),
                name="circle_closes_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["leader", "state"], name="circle_by_leader")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("supervision:circle-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == CircleState.OPEN

    @property
    def is_peer(self) -> bool:
        return self.kind == Kind.PEER

    @property
    def places_free(self) -> int:
        return max(self.capacity - self.taken, 0)

    @property
    def is_found(self) -> bool:
        return self.admission in FOUND

    @property
    def place(self) -> Organisation:
        """Where its supervisor stands, or else the circle's own organisation: whose functions its gatherings may have."""
        return self.supervisor.organisation if self.supervisor else self.organisation

    @property
    def form(self) -> str:
        """The form that its gatherings have in the ledger."""
        return Form.PEER if self.is_peer else Form.GROUP


class CircleMemberQuerySet(models.QuerySet["CircleMember"]):
    def visible_to(self, user: Asker) -> CircleMemberQuerySet:
        """Oneself, the leader, and the desk of the circle's organisation."""
        if not user.is_authenticated:
            return self.none()
        own = models.Q(person__user=user) | models.Q(circle__leader__user=user)
        return self.filter(scope_of(user).q("circle__organisation", *READERS) | own)

    def live(self) -> CircleMemberQuerySet:
        return self.filter(state__in=sorted(MEMBER_LIVE))

    def joined(self) -> CircleMemberQuerySet:
        return self.filter(state=MemberState.JOINED)


class CircleMember(models.Model):
    """That somebody was invited to a circle, asked to join, belongs to it or did. Joining again is a new row."""

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="members", verbose_name=_("circle"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="circles", verbose_name=_("person"))
    state = models.CharField(_("state"), max_length=8, choices=MemberState.choices)
    since = models.DateTimeField(_("since"), default=timezone.now)
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = CircleMemberQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("member of a circle")
        verbose_name_plural = _("members of a circle")
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "person"],
                condition=models.Q(state__in=sorted(MEMBER_LIVE)),
                name="circle_member_once_while_live",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=MemberState.values)
                & (
                    models.Q(state__in=sorted(MEMBER_LIVE), ended_at=None)
                    | (~models.Q(state__in=sorted(MEMBER_LIVE)) & models.Q(ended_at__isnull=False))
                ),
                name="circle_member_ends_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MemberState.JOINED) | models.Q(joined_at__isnull=False),
                name="circle_member_joined_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["person", "state"], name="circle_member_by_person")]

    def __str__(self) -> str:
        return f"{self.circle} · {self.person}"


class GatheringQuerySet(models.QuerySet["Gathering"]):
    def visible_to(self, user: Asker) -> GatheringQuerySet:
        """Who leads it or the circle, the members of today, whoever took part, and the desk of the circle."""
        if not user.is_authenticated:
            return self.none()
        members = CircleMember.objects.joined().filter(person__user=user).values("circle")
        parts = Participation.objects.filter(person__user=user).values("gathering")
        own = models.Q(leader__user=user) | models.Q(circle__leader__user=user)
        own |= models.Q(circle__in=members) | models.Q(pk__in=parts)
        return self.filter(scope_of(user).q("circle__organisation", *READERS) | own)

    def planned(self) -> GatheringQuerySet:
        return self.filter(state=GatheringState.PLANNED)

    def logged(self) -> GatheringQuerySet:
        return self.filter(state=GatheringState.LOGGED)

    def with_circle(self) -> GatheringQuerySet:
        return self.select_related("circle__organisation", "circle__leader__user", "leader__user")


class Gathering(models.Model):
    """One meeting of a circle. Triggers keep its minutes true, and lock it once a participant has confirmed."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # one sending, one gathering
    circle = models.ForeignKey(Circle, models.PROTECT, related_name="gatherings", verbose_name=_("circle"))
    leader = models.ForeignKey(
        Person, models.PROTECT, related_name="led_gatherings", verbose_name=pgettext_lazy("circle", "leader")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=GatheringState.choices, default=GatheringState.PLANNED
    )
    revision = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    form = models.CharField(_("form"), max_length=12, choices=Form.choices)
    mode = models.CharField(_("mode"), max_length=12, choices=Mode.choices, default=Mode.ACCOMPANYING)
    setting = models.CharField(
        _("setting"), max_length=12, choices=settings_of(AT_SESSIONS), default=Setting.ON_SITE
    )
    functions = models.JSONField(_("functions"), default=list, blank=True)
    subject = SealedTextField(_("subject"), blank=True)
    place = SealedTextField(_("place"), blank=True)
    link = SealedTextField(_("link"), blank=True)
    planned_at = models.DateTimeField(_("planned"), default=timezone.now)
    logged_at = models.DateTimeField(_("recorded"), null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)  # the leader's own minutes count since then

    objects = GatheringQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("gathering")
        verbose_name_plural = _("gatherings")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=MAX_MINUTES),
                name="gathering_length_is_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="gathering_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=GatheringState.values)
                & models.Q(form__in=[Form.GROUP, Form.PEER])
                & models.Q(mode__in=Mode.values)
                & models.Q(setting__in=AT_SESSIONS),
                name="gathering_words_are_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=GatheringState.LOGGED)
                | (models.Q(logged_at__isnull=False) & ~models.Q(functions=[])),
                name="gathering_recorded_with_a_function",
            ),
            models.CheckConstraint(
                condition=models.Q(counted_at=None) | models.Q(state=GatheringState.LOGGED),
                name="gathering_counts_when_recorded",
            ),
        ]
        indexes = [
            models.Index(fields=["circle", "state", "starts_at"], name="gathering_by_circle"),
            models.Index(fields=["starts_at", "ends_at"], name="gathering_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.circle} · {self.held_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:gathering-detail", args=[self.pk])

    @property
    def held_on(self) -> datetime.date:
        return timezone.localtime(self.starts_at).date()

    @property
    def facts(self) -> GatheringFacts:
        return GatheringFacts(self.starts_at, self.ends_at, self.mode, self.setting, tuple(self.functions))

    @property
    def function_labels(self) -> list[str]:
        return [function_label(code) for code in self.functions]

    @property
    def is_planned(self) -> bool:
        return self.state == GatheringState.PLANNED

    @property
    def is_logged(self) -> bool:
        return self.state == GatheringState.LOGGED

    @property
    def is_over(self) -> bool:
        """Planned, and its time has passed: it waits to be recorded."""
        return self.is_planned and self.ends_at <= timezone.now()


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, user: Asker) -> ParticipationQuerySet:
        """One's own, those of a gathering that one led, and the desk of the circle or of the participant's employer."""
        if not user.is_authenticated:
            return self.none()
        scope = scope_of(user)
        desk = scope.q("gathering__circle__organisation", *READERS) | scope.q("organisation", *READERS)
        return self.filter(desk | models.Q(person__user=user) | models.Q(gathering__leader__user=user))

    def live(self) -> ParticipationQuerySet:
        return self.filter(state__in=sorted(LIVE))

    def confirmed(self) -> ParticipationQuerySet:
        return self.filter(state=PartState.CONFIRMED)

    def to_confirm(self) -> ParticipationQuerySet:
        return self.filter(state=PartState.WAITING)


class Participation(models.Model):
    """That one person took part in a gathering, and for how many minutes. Whoever did not come has no row."""

    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="parts", verbose_name=_("gathering")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="participations", verbose_name=_("participant")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )  # the person's employer on that day, or else the circle's organisation
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    state = models.CharField(_("state"), max_length=9, choices=PartState.choices, default=PartState.WAITING)
    revision = models.PositiveSmallIntegerField(default=1)  # what the participant read is what is confirmed
    asked_at = models.DateTimeField(_("asked to confirm"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ParticipationQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["person__pinyin", "pk"]
        constraints = [
            models.UniqueConstraint("gathering", "person", name="participation_once"),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=MAX_MINUTES)
                & models.Q(state__in=PartState.values),
                name="participation_length_is_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=PartState.CONFIRMED, confirmed_at__isnull=False, confirmed_by__isnull=False
                )
                | (models.Q(confirmed_at=None, confirmed_by=None) & ~models.Q(state=PartState.CONFIRMED)),
                name="participation_confirmed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["person", "state"], name="participation_by_person")]

    def __str__(self) -> str:
        return f"{self.gathering} · {self.person}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def tone(self) -> str:
        return TONES[PartState(self.state)]


class GatheringContentQuerySet(models.QuerySet["GatheringContent"]):
    def visible_to(self, user: Asker) -> GatheringContentQuerySet:
        """Who led the gathering and who took part, and nobody else: no role and no superuser."""
        if not user.is_authenticated:
            return self.none()
        parts = Participation.objects.live().filter(person__user=user).values("gathering")
        return self.filter(models.Q(gathering__leader__user=user) | models.Q(gathering__in=parts))


class GatheringContent(models.Model):
    """What was said, sealed, for those who took part. A correction is a new row: both versions stay."""

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="contents")
    number = models.PositiveSmallIntegerField()  # the revision of the gathering that it belongs to
    topics = SealedTextField(_("topics"), blank=True)
    agreements = SealedTextField(_("agreements"), blank=True)
    follow_up = SealedTextField(_("follow-up"), blank=True)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)

    objects = GatheringContentQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("content of a gathering")
        verbose_name_plural = _("contents of gatherings")
        ordering = ["gathering", "-number"]
        constraints = [models.UniqueConstraint("gathering", "number", name="gathering_content_once")]

    def __str__(self) -> str:
        return f"{self.gathering_id} #{self.number}"


class ParticipationRemarkQuerySet(models.QuerySet["ParticipationRemark"]):
    def visible_to(self, user: Asker) -> ParticipationRemarkQuerySet:
        """The participant and who led the gathering; not the other participants."""
        if not user.is_authenticated:
            return self.none()
        own = models.Q(part__person__user=user) | models.Q(part__gathering__leader__user=user)
        return self.filter(own)


class ParticipationRemark(models.Model):
    """A sentence of a participant or the leader to the other about the record. Sealed, for the two."""

    part = models.ForeignKey(Participation, models.PROTECT, related_name="remarks")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=PartRemarkKind.choices)
    text = SealedTextField()
    written_at = models.DateTimeField(auto_now_add=True)

    objects = ParticipationRemarkQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("remark on a participation")
        verbose_name_plural = _("remarks on participations")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.part_id} {self.kind}"


class GatheringNoteQuerySet(models.QuerySet["GatheringNote"]):
    def visible_to(self, user: Asker) -> GatheringNoteQuerySet:
        """Only one's own."""
        return self.filter(author__user=user) if user.is_authenticated else self.none()


class GatheringNote(models.Model):
    """A private working note on a gathering, sealed; its author may change or delete it at any time."""

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="notes")
    author = models.ForeignKey(Person, models.CASCADE, related_name="+")
    text = SealedTextField()
    written_at = models.DateTimeField(auto_now=True)

    objects = GatheringNoteQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("note on a gathering")
        verbose_name_plural = _("notes on gatherings")
        constraints = [models.UniqueConstraint("gathering", "author", name="gathering_note_once")]

    def __str__(self) -> str:
        return f"{self.gathering_id} {self.author_id}"
