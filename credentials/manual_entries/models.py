"""Hours that did not come from this platform: entered with proof by one officer and confirmed by another."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.attachments.models import Attachment
from core.organisations.models import Organisation
from core.people.models import Person
from credentials.hours.models import HoursEntry
from credentials.manual_entries.states import ALIVE, OPEN, ManualState, Training


class ManualQuerySet(models.QuerySet["ManualEntry"]):
    def visible_to(self, user: Asker) -> ManualQuerySet:
        """One's own, and for administrators and auditors those of the organisations in their tree."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("organisation", *READERS) | models.Q(person__user=user))

    def open(self) -> ManualQuerySet:
        return self.filter(state__in=OPEN)

    def alive(self) -> ManualQuerySet:
        """Neither returned nor withdrawn."""
        return self.filter(state__in=ALIVE)

    def waiting_for(self, user: Asker) -> ManualQuerySet:
        """Open ones that this user could decide: not about themselves, and not a second time."""
        return self.open().exclude(holder_id=user.pk).exclude(entered_by_id=user.pk)


class ManualEntry(models.Model):
    """One training elsewhere. Asked for by its trainee or entered by an officer; a second officer confirms it.

    `holder` is the account of the person, so that the database itself can refuse that anybody decides about their own.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="manual_entries", verbose_name=_("person")
    )
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    training = models.CharField(_("kind of training"), max_length=12, choices=Training.choices)
    title = models.CharField(_("what for"), max_length=200)
    organiser = models.CharField(_("organiser"), max_length=120)
    occurred_on = models.DateField(_("date"))
    starts_at = models.DateTimeField(_("start"), null=True, blank=True)
    ends_at = models.DateTimeField(_("end"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"))
    # Asked for only where the day has something else that may be the same training.
    why_another = models.TextField(_("why it is another training"), max_length=500, blank=True)
    proof = models.ForeignKey(Attachment, models.PROTECT, related_name="+", verbose_name=_("proof"))
    proof_sha256 = models.CharField(max_length=64, db_index=True, editable=False)
    # Of a degree: what it takes, once for a person ("life", or the number of a registration period). Empty for
    # everything else, and again once its hours have been taken back.
    degree_slot = models.CharField(max_length=20, null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=ManualState.choices)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField(_("entered"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    entry = models.OneToOneField(
        HoursEntry, models.PROTECT, null=True, blank=True, related_name="manual_entry"
    )
    created_at = models.DateTimeField(_("handed in"), auto_now_add=True)

    objects = ManualQuerySet.as_manager()

    class Meta:
        verbose_name = _("manual entry")
        verbose_name_plural = _("manual entries")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                "person", "proof_sha256", condition=models.Q(state__in=ALIVE), name="manual_proof_once"
            ),
            models.UniqueConstraint(
                "person", "degree_slot", condition=models.Q(state__in=ALIVE), name="manual_degree_once"
            ),
            models.CheckConstraint(
                condition=models.Q(degree_slot=None) | models.Q(training=Training.DEGREE),
                name="manual_slot_only_of_a_degree",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ManualState.values), name="manual_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(training__in=Training.values), name="manual_training_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=60_000), name="manual_minutes_possible"
            ),
            models.CheckConstraint(
                condition=models.Q(starts_at=None, ends_at=None)
                | models.Q(starts_at__lt=models.F("ends_at")),
                name="manual_times_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(entered_by=None) | ~models.Q(entered_by=models.F("holder")),
                name="manual_entered_by_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ManualState.PROPOSED) | models.Q(entered_by__isnull=False),
                name="manual_proposed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ManualState.CONFIRMED)
                | (
                    models.Q(entered_by__isnull=False, decided_by__isnull=False)
                    & ~models.Q(decided_by=models.F("entered_by"))
                    & ~models.Q(decided_by=models.F("holder"))
                ),
                name="manual_confirmed_by_a_second",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ManualState.RETURNED) | ~models.Q(reason=""),
                name="manual_returned_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["person", "occurred_on"], name="manual_by_person_day")]

    def __str__(self) -> str:
        return f"{self.person} · {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("credentials:manual-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def handed_in_by_id(self) -> int | None:
        """Whose it is to take back: who asked for it, or the officer who entered it of their own accord."""
        return self.asked_by_id or self.entered_by_id
