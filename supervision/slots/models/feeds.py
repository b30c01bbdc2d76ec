"""The secret address under which a phone reads somebody's calendar."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from core.people.models import Person
from core.people.sealed import SealedTextField, lookup_hash


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
