"""What those who took part keep of a gathering, sealed; and working notes, which are their author's alone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from core.people.models import Person
from core.people.sealed import SealedTextField
from supervision.circles.models.gatherings import Gathering, Participation
from supervision.circles.states import (
    PartRemarkKind,
)


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
