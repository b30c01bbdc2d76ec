"""Requests: a trainee asks a supervisor for supervision, and waits in line when there is no place."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from core.organisations.models import Organisation
from core.people.models import Person
from supervision.pairings.models import Pairing, of_pair, read_from_desk
from supervision.requests.states import LIVE, TONES, RequestState
from supervision.supervisors.models import Supervisor


class PairingRequestQuerySet(models.QuerySet["PairingRequest"]):
    def visible_to(self, user: Asker) -> PairingRequestQuerySet:
        """The two of them, and administrators and auditors of either side."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(read_from_desk(user) | of_pair(user))

    def live(self) -> PairingRequestQuerySet:
        return self.filter(state__in=LIVE)

    def in_order(self) -> PairingRequestQuerySet:
        """As they were asked: this is the order of the waiting list."""
        return self.order_by("asked_at", "pk")

    def with_people(self) -> PairingRequestQuerySet:
        return self.select_related(
            "supervisor__person__user", "supervisor__organisation", "mentee__user", "organisation"
        )


class PairingRequest(models.Model):
    """A trainee's wish for one supervisor. `is_offered`: a freed place is kept for it until it is answered."""

    supervisor = models.ForeignKey(
        Supervisor, models.PROTECT, related_name="requests", verbose_name=_("supervisor")
    )
    mentee = models.ForeignKey(
        Person, models.PROTECT, related_name="supervision_requests", verbose_name=_("mentee")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=RequestState.choices, default=RequestState.OPEN
    )
    goal = models.TextField(_("goal"), max_length=1000)
    starts_on = models.DateField(_("wished first day"))
    is_offered = models.BooleanField(_("place kept"), default=False)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    open_since = models.DateTimeField(_("can be answered since"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered or ended"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True, max_length=1000)
    pairing = models.OneToOneField(
        Pairing, models.PROTECT, null=True, blank=True, related_name="request", verbose_name=_("pairing")
    )

    objects = PairingRequestQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("request for supervision")
        verbose_name_plural = _("requests for supervision")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["supervisor", "mentee"],
                condition=models.Q(state__in=sorted(LIVE)),
                name="request_once_while_live",
            ),
            models.CheckConstraint(
                condition=~models.Q(supervisor=models.F("mentee")), name="request_never_of_oneself"
            ),
            models.CheckConstraint(condition=~models.Q(goal=""), name="request_has_a_goal"),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(LIVE), answered_at=None)
                | (~models.Q(state__in=sorted(LIVE)) & models.Q(answered_at__isnull=False)),
                name="request_is_settled_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RequestState.DECLINED) | ~models.Q(reason=""),
                name="request_declined_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(pairing=None) | models.Q(state=RequestState.ACCEPTED),
                name="request_pairs_when_accepted",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RequestState.OPEN) | models.Q(open_since__isnull=False),
                name="request_open_since",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RequestState.WAITING) | models.Q(is_offered=False),
                name="request_in_line_holds_no_place",
            ),
        ]
        indexes = [
            models.Index(fields=["supervisor", "state", "asked_at"], name="request_line"),
            models.Index(fields=["mentee", "state"], name="request_by_mentee"),
        ]

    def __str__(self) -> str:
        return f"{self.mentee} → {self.supervisor.person}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:request-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == RequestState.OPEN

    @property
    def is_waiting(self) -> bool:
        return self.state == RequestState.WAITING

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def tone(self) -> str:
        return TONES[RequestState(self.state)]
