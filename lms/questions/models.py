"""Banks of questions: their tree of knowledge points, their questions, and what each of these has said so far."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import COURSE_READERS
from core.organisations.models import Organisation
from lms.questions.formats import DIFFICULTY_WORDS, KIND_WORDS
from lms.questions.policy import Difficulty, Kind, Likeness
from lms.questions.states import QuestionState

KINDS = [(kind.value, KIND_WORDS[kind.value]) for kind in Kind]
LIKENESSES = [
    (Likeness.SAME.value, _("The same")),
    (Likeness.OTHER_ANSWER.value, _("The same with another answer")),
    (Likeness.NEAR.value, _("Nearly the same")),
]
DIFFICULTIES = [(level.value, DIFFICULTY_WORDS[level.value]) for level in Difficulty]


class QuestionBankQuerySet(models.QuerySet["QuestionBank"]):
    def visible_to(self, user: Asker) -> QuestionBankQuerySet:
        """Those of the user's tree, and those of the organisations above it: a city's bank is there for its districts."""
        scope = scope_of(user)
        above = {path for own in scope.paths(*COURSE_READERS) for path in Organisation.paths_above(own)}
        shared = models.Q(organisation__path__in=sorted(above))
        return self.filter(scope.q("organisation", *COURSE_READERS) | shared)


class QuestionBank(models.Model):
    """A collection of questions that one organisation keeps."""

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="+",
        verbose_name=_("organisation"),
        help_text=_("It and everything below it can use these questions."),
    )
    code = models.SlugField(_("code"), max_length=40)
    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=160, blank=True)
    last_number = models.PositiveIntegerField(
        default=0, editable=False
    )  # of the keys that the bank gives itself
    alike_at = models.DateTimeField(
        null=True, editable=False
    )  # when it was last searched for questions that are alike
    created_at = models.DateTimeField(auto_now_add=True)

    objects = QuestionBankQuerySet.as_manager()

    class Meta:
        verbose_name = _("question bank")
        verbose_name_plural = _("question banks")
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                "code",
                name="question_bank_code_once",
                violation_error_message=_("There is a bank with this code already. Choose another code."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title_here(self) -> str:
        """The title in the language of the reader."""
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title


class KnowledgePoint(models.Model):
    """A subject, a chapter of it or a point of that: a node of the bank's tree. `path` holds the titles down to it."""

    bank = models.ForeignKey(QuestionBank, models.PROTECT, related_name="points")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    title = models.CharField(_("title"), max_length=120)
    path = models.CharField(max_length=600)  # lms.questions.formats.drafts.join_path
    depth = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("knowledge point")
        verbose_name_plural = _("knowledge points")
        ordering = ["bank", "position", "pk"]
        constraints = [models.UniqueConstraint("bank", "path", name="knowledge_point_path_once")]

    def __str__(self) -> str:
        return self.path


class BankQuestionQuerySet(models.QuerySet["BankQuestion"]):
    def visible_to(self, user: Asker) -> BankQuestionQuerySet:
        """As the bank they are in."""
        return self.filter(bank__in=QuestionBank.objects.visible_to(user))


class BankQuestion(models.Model):
    """One question under its lasting key. What it says stands in its newest revision; what lists need of that is here too."""

    bank = models.ForeignKey(
        QuestionBank, models.PROTECT, related_name="questions", verbose_name=_("question bank")
    )
    key = models.CharField(_("key"), max_length=60)
    point = models.ForeignKey(
        KnowledgePoint,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("knowledge point"),
    )
    kind = models.CharField(pgettext_lazy("question", "kind"), max_length=10, choices=KINDS)
    difficulty = models.CharField(_("difficulty"), max_length=6, choices=DIFFICULTIES)
    state = models.CharField(
        _("state"), max_length=8, choices=QuestionState.choices, default=QuestionState.DRAFT
    )
    number = models.PositiveIntegerField(_("revision"), default=1)  # of the newest revision
    prompt = models.CharField(_("question"), max_length=400)  # its beginning
    text = models.TextField(blank=True)  # all of its words, for the search
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = BankQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question of a bank")
        verbose_name_plural = _("questions of a bank")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint("bank", "key", name="bank_question_key_once"),
            models.UniqueConstraint("bank", "fingerprint", name="bank_question_content_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=QuestionState.values), name="bank_question_state_is_known"
            ),
        ]
        indexes = [models.Index(fields=["bank", "state", "kind", "difficulty"], name="bank_question_drawn")]

    def __str__(self) -> str:
        return f"{self.key} {self.prompt[:60]}"

    @property
    def organisation(self) -> Organisation:
        return self.bank.organisation


class AlikePair(models.Model):
    """Two questions of a bank that a search has found alike. Somebody may say once that both stay: then it is not shown again
    unless it turns out to be alike in another way."""

    bank = models.ForeignKey(QuestionBank, models.PROTECT, related_name="alike_pairs")
    first = models.ForeignKey(BankQuestion, models.PROTECT, related_name="+")
    second = models.ForeignKey(BankQuestion, models.PROTECT, related_name="+")
    likeness = models.CharField(max_length=12, choices=LIKENESSES)
    share = models.PositiveSmallIntegerField()  # of all pieces of both, how many both have, in per cent
    kept_at = models.DateTimeField(null=True)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("pair of questions that are alike")
        verbose_name_plural = _("pairs of questions that are alike")
        ordering = ["-share", "pk"]
        constraints = [
            models.UniqueConstraint("first", "second", name="alike_pair_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="alike_pair_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(likeness__in=[each.value for each in Likeness]),
                name="alike_pair_likeness_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id}"


class QuestionRevision(models.Model):
    """What a question said from one day on. Never changed or deleted (a trigger guards it): papers name revisions."""

    question = models.ForeignKey(BankQuestion, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("revision"))
    content: Any = models.JSONField()  # lms.questions.policy.content_of
    fingerprint = models.CharField(max_length=64, db_index=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("revision of a question")
        verbose_name_plural = _("revisions of a question")
        ordering = ["question", "-number"]
        constraints = [models.UniqueConstraint("question", "number", name="question_revision_once")]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.number}"
