"""Appeals against a published round."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.people.models import Person
from core.people.queries import ties_of
from core.people.sealed import SealedTextField
from supervision.matching.models.rounds import MatchingRound, takes_part
from supervision.matching.states import APPEAL_TONES, DECIDED, AppealState


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, user: Asker) -> AppealQuerySet:
        """Who made it, and the desk of the round, unless one takes part in the round."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("round__organisation", *READERS) & ~takes_part(user, "round__")
        return self.filter(models.Q(person__user=user) | desk)

    def waiting(self) -> AppealQuerySet:
        return self.filter(state=AppealState.MADE)

    def to_decide(self, user: Asker) -> AppealQuerySet:
        """Those that wait and that this user can decide: as administrator of the round, without taking part in it and
        without having been let in by who appeals."""
        mine = scope_of(user).q("round__organisation", Role.ADMINISTRATOR)
        tied = ties_of(user).q("round__organisation", lambda accounts: models.Q(person__user__in=accounts))
        return self.waiting().filter(mine).exclude(takes_part(user, "round__") | tied)


class Appeal(models.Model):
    """A mentee or a supervisor asks that the own result is looked at again. What they write is sealed."""

    round = models.ForeignKey(
        MatchingRound, models.PROTECT, related_name="appeals", verbose_name=_("matching round")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("who appeals"))
    state = models.CharField(_("state"), max_length=9, choices=AppealState.choices, default=AppealState.MADE)
    text = SealedTextField(_("reason"))
    made_at = models.DateTimeField(pgettext_lazy("appeal", "made"), default=timezone.now)
    answer = SealedTextField(pgettext_lazy("appeal", "answer"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AppealQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "person"],
                condition=models.Q(state=AppealState.MADE),
                name="appeal_one_open",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=sorted(DECIDED))
                | models.Q(decided_at__isnull=False, decided_by__isnull=False),
                name="appeal_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.round}"

    @property
    def is_waiting(self) -> bool:
        return self.state == AppealState.MADE

    @property
    def tone(self) -> str:
        return APPEAL_TONES[AppealState(self.state)]
