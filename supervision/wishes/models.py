"""What one of a pair asks for: another supervisor, a pause, to go on, an end. Why is sealed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.people.models import Person
from core.people.queries import ties_of
from core.people.sealed import SealedTextField
from supervision.pairings.models import Pairing, of_pair, pair_among, read_from_desk
from supervision.wishes.states import TONES, WishKind, WishState


class PairWishQuerySet(models.QuerySet["PairWish"]):
    def visible_to(self, user: Asker) -> PairWishQuerySet:
        """The pair itself, and administrators and auditors of either side. The reason is for fewer: see `rules.py`."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(read_from_desk(user, "pairing__") | of_pair(user, "pairing__"))

    def open(self) -> PairWishQuerySet:
        return self.filter(state=WishState.OPEN)

    def to_decide(self, user: Asker) -> PairWishQuerySet:
        """The open ones that this user can decide: as administrator of the mentee's side, neither of the own pair nor
        of whoever let them in."""
        if not user.is_authenticated:
            return self.none()
        mine = scope_of(user).q("pairing__organisation", Role.ADMINISTRATOR)
        tied = ties_of(user).q("pairing__organisation", lambda accounts: pair_among(accounts, "pairing__"))
        return self.open().filter(mine).exclude(tied)

    def with_people(self) -> PairWishQuerySet:
        return self.select_related(
            "pairing__supervisor__person__user",
            "pairing__supervisor__organisation",
            "pairing__mentee__user",
            "pairing__mentee__employer",
            "pairing__organisation",
            "asked_by__user",
            "new_pairing",
        )


class PairWish(models.Model):
    """One of a pair asks whoever arranges pairings. `answer` is what both read of the decision."""

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="wishes", verbose_name=_("pairing"))
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    kind = models.CharField(pgettext_lazy("wish of a pair", "wish"), max_length=6, choices=WishKind.choices)
    state = models.CharField(_("state"), max_length=9, choices=WishState.choices, default=WishState.OPEN)
    reason = SealedTextField(_("reason"))
    until = models.DateField(pgettext_lazy("pause", "up to"), null=True, blank=True)
    passes_on = models.BooleanField(_("pass the handover on"), default=False)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answer = models.TextField(pgettext_lazy("wish of a pair", "answer"), blank=True, max_length=1000)
    answered_at = models.DateTimeField(_("answered or ended"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    new_pairing = models.OneToOneField(
        Pairing, models.PROTECT, null=True, blank=True, related_name="wished", verbose_name=_("new pairing")
    )

    objects = PairWishQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = pgettext_lazy("supervision", "wish of a pair")
        verbose_name_plural = pgettext_lazy("supervision", "wishes of pairs")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pairing", "asked_by"],
                condition=models.Q(state=WishState.OPEN),
                name="pair_wish_one_open_each",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=WishKind.values), name="pair_wish_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state=WishState.OPEN, answered_at=None)
                | (models.Q(answered_at__isnull=False) & ~models.Q(state=WishState.OPEN)),
                name="pair_wish_settled_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=WishState.DECLINED) | ~models.Q(answer=""),
                name="pair_wish_declined_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(kind=WishKind.PAUSE),
                name="pair_wish_until_of_pause",
            ),
            models.CheckConstraint(
                condition=models.Q(new_pairing=None)
                | models.Q(kind=WishKind.CHANGE, state=WishState.ACCEPTED),
                name="pair_wish_pairs_when_granted",
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="pair_wish_waiting")]

    def __str__(self) -> str:
        return f"{self.pairing} · {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:wish-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == WishState.OPEN

    @property
    def tone(self) -> str:
        return TONES[WishState(self.state)]
