"""Applications of people who want to be appointed as supervisor, or whose appointment ends."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.attachments.models import Attachment
from core.organisations.models import Organisation
from core.people.models import Person, ServiceField
from core.people.queries import ties_of
from supervision.appointments.states import OPEN, TONES, ApplicationKind, ApplicationState
from supervision.supervisors.models import Designation
from supervision.supervisors.states import Tier


class ApplicationQuerySet(models.QuerySet["SupervisorApplication"]):
    def visible_to(self, user: Asker) -> ApplicationQuerySet:
        """One's own, and for administrators and auditors those handed in within their tree."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("organisation", *READERS) | models.Q(holder=user))

    def open(self) -> ApplicationQuerySet:
        return self.filter(state__in=sorted(OPEN))

    def to_decide(self, user: Asker) -> ApplicationQuerySet:
        """Those that wait and that this user can decide: handed in within the tree, neither by oneself nor by whoever
        let one in."""
        mine = scope_of(user).q("organisation", Role.ADMINISTRATOR)
        tied = ties_of(user).q("organisation", lambda accounts: models.Q(holder__in=accounts))
        return self.filter(mine, state=ApplicationState.HANDED_IN).exclude(tied)


class SupervisorApplication(models.Model):
    """What somebody hands in to be appointed as supervisor, and what was decided. One is open per person."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="supervisor_applications", verbose_name=_("person")
    )
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="supervisor_applications", verbose_name=_("organisation")
    )
    kind = models.CharField(
        pgettext_lazy("supervisor application", "kind"), max_length=8, choices=ApplicationKind.choices
    )
    tier = models.CharField(_("tier wanted"), max_length=12, choices=Tier.choices)
    statement = models.TextField(_("statement"), max_length=2000)
    basis = models.CharField(_("qualifications and experience"), max_length=300)
    training_minutes = models.PositiveIntegerField(_("minutes of own training"), default=0)
    training_required = models.PositiveIntegerField(
        _("minutes of own training that were required"), null=True, blank=True
    )
    populations = models.CharField(_("populations"), max_length=260, blank=True)
    languages = models.CharField(_("languages and dialects"), max_length=260, blank=True)
    fields = models.ManyToManyField(
        ServiceField, blank=True, related_name="+", verbose_name=_("service fields")
    )
    documents = models.ManyToManyField(Attachment, blank=True, related_name="+", verbose_name=_("documents"))
    state = models.CharField(
        _("state"), max_length=9, choices=ApplicationState.choices, default=ApplicationState.HANDED_IN
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    handed_in_at = models.DateTimeField(_("handed in"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    designation = models.OneToOneField(
        Designation, models.PROTECT, null=True, blank=True, related_name="application"
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application as supervisor")
        verbose_name_plural = _("applications as supervisor")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state__in=sorted(OPEN)),
                name="supervisor_application_one_open",
                violation_error_message=_("There is an open application of this person already."),
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("holder")),
                name="supervisor_application_never_decided_by_oneself",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["refused", "appointed"])
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="supervisor_application_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_tier_display()}"

    @property
    def version(self) -> str:
        """What tells an application as it was handed in at one time from one that is handed in again."""
        return f"{self.handed_in_at.timestamp():.6f}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_waiting(self) -> bool:
        return self.state == ApplicationState.HANDED_IN

    @property
    def tone(self) -> str:
        return TONES[ApplicationState(self.state)]
