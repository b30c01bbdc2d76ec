"""Circles: several people who are supervised together, and who belongs to them."""

from __future__ import annotations

import datetime

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
from supervision.circles.states import (
    MEMBER_LIVE,
    Admission,
    CircleState,
    Kind,
    MemberState,
)
from supervision.pairings.states import Frequency
from supervision.sessions.states import Mode
from supervision.supervisors.models import Supervisor, province_of
from supervision.supervisors.states import Form

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
    created_at = models.DateTimeField(pgettext_lazy("circle", "made"), default=timezone.now)
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
    def mode(self) -> str | None:
        """The mode that all its gatherings have: an open class is open to all. None: its leader says it."""
        return Mode.UNIVERSAL if self.kind == Kind.OPEN else None

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

    def belonging(self, starts_at: datetime.datetime, ends_at: datetime.datetime) -> CircleMemberQuerySet:
        """Who was a member at any moment between the two: joined before the end and not left before the start, though
        they may have left since."""
        rows = self.filter(state__in=[MemberState.JOINED, MemberState.LEFT], joined_at__lt=ends_at)
        return rows.filter(models.Q(ended_at=None) | models.Q(ended_at__gt=starts_at))


class CircleMember(models.Model):
    """That somebody was invited to a circle, asked to join, belongs to it or did. Joining again is a new row."""

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="members", verbose_name=_("circle"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="circles", verbose_name=_("person"))
    state = models.CharField(_("state"), max_length=8, choices=MemberState.choices)
    since = models.DateTimeField(_("since"), default=timezone.now)
    joined_at = models.DateTimeField(pgettext_lazy("circle", "joined"), null=True, blank=True)
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
