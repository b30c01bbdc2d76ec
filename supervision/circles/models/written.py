"""What those who took part keep of a gathering, sealed; and working notes, which are their author's alone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker
from core.attachments.models import Attachment
from core.people.models import Person
from core.people.sealed import SealedTextField
from supervision.circles.models.circles import Circle
from supervision.circles.models.gatherings import Gathering, Participation
from supervision.circles.policy import TEXTS, Shared
from supervision.circles.states import (
    PartRemarkKind,
    Whose,
)
from supervision.sessions.models import AgreedAction, Draft, case_labels_of
from supervision.sessions.policy import agreed_of, cases_of


class TookPartQuerySet(models.QuerySet[models.Model]):
    def visible_to(self, user: Asker) -> models.QuerySet[models.Model]:
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
    advice = SealedTextField(_("advice"), blank=True, default="")
    cases = SealedTextField(pgettext_lazy("session", "cases"), blank=True, default="")  # as kept_cases keeps
    agreements = SealedTextField(_("agreements"), blank=True)
    agreed = SealedTextField(_("agreed actions"), blank=True, default="")  # as kept_agreed keeps them
    follow_up = SealedTextField(_("follow-up"), blank=True)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)

    objects = TookPartQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("content of a gathering")
        verbose_name_plural = _("contents of gatherings")
        ordering = ["gathering", "-number"]
        constraints = [models.UniqueConstraint("gathering", "number", name="gathering_content_once")]

    def __str__(self) -> str:
        return f"{self.gathering_id} #{self.number}"

    @property
    def shared(self) -> Shared:
        """What it says, as it was handed in."""
        texts = {name: getattr(self, name) for name in TEXTS}
        return Shared(**texts, cases=cases_of(self.cases), agreed=agreed_of(self.agreed))

    @property
    def case_labels(self) -> list[tuple[str, str, str]]:
        """The cases by code, each with its risk in words and the tone of it."""
        return case_labels_of(cases_of(self.cases))


class GatheringActionQuerySet(TookPartQuerySet):
    def open(self) -> models.QuerySet[models.Model]:
        return self.filter(closed_at=None)


class GatheringAction(AgreedAction):
    """One action that those who took part agreed on: of all, of the leader, or of one of them."""

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="actions")
    who = models.CharField(max_length=6, choices=Whose.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = GatheringActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreed action of a gathering")
        verbose_name_plural = _("agreed actions of gatherings")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_done=False) | models.Q(closed_at__isnull=False),
                name="gathering_action_done_is_closed",
            ),
            models.CheckConstraint(
                condition=models.Q(who__in=[Whose.ALL, Whose.LEADER], person=None)
                | models.Q(who=Whose.MEMBER, person__isnull=False),
                name="gathering_action_is_somebodys",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id} {self.who}"

    @property
    def code(self) -> str:
        """Who does it, as the record says it."""
        return str(self.person_id) if self.who == Whose.MEMBER else self.who

    @property
    def who_label(self) -> str:
        return str(self.person) if self.person else str(self.get_who_display())


class GatheringFile(models.Model):
    """A file that one of those who took part has put to a gathering. Only they open it, and that is audited."""

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="files")
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = TookPartQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("file of a gathering")
        verbose_name_plural = _("files of gatherings")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("gathering", "file", name="gathering_file_once")]

    def __str__(self) -> str:
        return f"{self.gathering_id} {self.pk}"


class GatheringDraftQuerySet(models.QuerySet["GatheringDraft"]):
    def visible_to(self, user: Asker) -> GatheringDraftQuerySet:
        """Only who types it."""
        return self.filter(author__user=user) if user.is_authenticated else self.none()


class GatheringDraft(Draft):
    """What somebody has typed of a gathering that they led: one draft for each plan, and one for what was not planned."""

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="drafts")
    gathering = models.ForeignKey(Gathering, models.CASCADE, null=True, blank=True, related_name="drafts")
    author = models.ForeignKey(Person, models.CASCADE, related_name="+")

    objects = GatheringDraftQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("draft of a gathering")
        verbose_name_plural = _("drafts of gatherings")
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "author"],
                condition=models.Q(gathering=None),
                name="gathering_draft_once",
            ),
            models.UniqueConstraint(
                fields=["gathering", "author"],
                condition=models.Q(gathering__isnull=False),
                name="gathering_draft_once_of_a_plan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.circle_id} {self.author_id}"


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
