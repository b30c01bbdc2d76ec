"""A quiz: its questions, or what is drawn from a bank."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField

from core.blocks.addresses import AddressedPageForm
from core.blocks.bodies import PaperBody
from core.blocks.questions import question_facts
from lms.courses.models.pages import ForTheEnrolled
from lms.courses.models.previews import quiz_preview
from lms.courses.models.reading import ReadByPeople
from lms.questions.formats.blueprints import blueprint_data, read_blueprint
from lms.questions.formats.mocks import mock_papers
from lms.questions.models import QuestionBank
from lms.questions.policy import NATIONAL
from lms.questions.queries import wrong_with


class QuizPageForm(AddressedPageForm):
    """Of the banks only those that the editor may read are offered, and the one that is chosen. A mock paper fills in how
    the quiz is drawn, timed and sat."""

    mock = forms.ChoiceField(
        label=_("begin with a mock paper"),
        required=False,
        help_text=_(
            "Fills in the blueprint, the minutes, a page for each section and the exam's way of counting. "
            "Change what you like afterwards."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mock = self.fields.get("mock")
        if isinstance(mock, forms.ChoiceField):
            none = ("", _("None: as written below"))
            mock.choices = [none, *((each.key, each.title) for each in mock_papers().values())]
        bank = self.fields.get("bank")
        if bank is not None:
            banks: Any = bank.queryset
            bank.queryset = banks.visible_to(self.for_user) | banks.filter(pk=self.instance.bank_id)
            bank.empty_label = _("None: everybody gets the questions below")

    def _post_clean(self) -> None:
        """What the bank lacks is told whoever writes. It is asked here and not in the model: a bank may shrink before a page
        that was scheduled is published, and then the content check keeps the quiz out of a version."""
        super()._post_clean()
        if not self.errors.keys() & {"bank", "blueprint"} and (wrong := self.instance.unservable()):
            self.add_error("blueprint", wrong)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if paper := mock_papers().get(data.get("mock") or ""):
            taken = {"blueprint": paper.blueprint, "minutes": paper.minutes}
            taken |= {"per_page": PerPage.SECTION.value, "rule": Marking.NATIONAL.value}
            data |= taken
            shown: Any = self  # where the bank lacks questions, what was taken is shown to be changed
            shown.data = shown.data.copy()
            shown.data.update(
                {self.add_prefix(name): value for name, value in (taken | {"mock": ""}).items()}
            )
        return data


class Marking(models.TextChoices):
    """What a question with several right choices brings when some of them are missing."""

    STRICT = "strict", _("Nothing unless it is all right")
    NATIONAL = (
        "national",
        _("As in the national exam: a quarter for each right choice, nothing once one is wrong"),
    )


class PerPage(models.IntegerChoices):
    """How many questions stand on one page."""

    FIVE = 5, _("Five")
    ONE = 1, _("One")
    SECTION = 0, _("A whole section")


class QuizPage(ReadByPeople):
    """A quiz at the end of a module, or of the whole course."""

    base_form_class = QuizPageForm
    bank = models.ForeignKey(
        QuestionBank,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("question bank"),
        help_text=_("Each attempt draws its questions from it."),
    )
    blueprint = models.TextField(
        _("blueprint"),
        blank=True,
        max_length=5000,
        help_text=_(
            "One line for each part: knowledge point | difficulty | kind | number | marks each, such as "
            "“社会工作实务/第3章 | 中 | 单选 | 5 | 2”. What is below a point belongs to it; 不限 takes anything, of the kinds "
            "单选, 多选 and 判断. Without marks, or with 0, a question is worth what it says itself. "
            "A line such as “# 一、单项选择题” is the heading of those below it."
        ),
    )

    questions = StreamField(PaperBody(), blank=True, verbose_name=_("questions"))
    pass_percent = models.PositiveSmallIntegerField(
        _("pass mark in per cent"), default=60, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    max_attempts = models.PositiveSmallIntegerField(
        _("attempts allowed"), default=3, help_text=_("0: as often as one likes.")
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_("Leave empty for no time limit."),
    )
    rule = models.CharField(
        _("several right choices"), max_length=10, choices=Marking.choices, default=Marking.STRICT
    )
    cool_down = models.PositiveSmallIntegerField(
        _("minutes between attempts"), default=0, validators=[MaxValueValidator(30_000)]
    )
    shuffles = models.BooleanField(
        _("everybody gets the questions in another order"),
        default=False,
        help_text=_("Choices too. What is drawn from a bank always comes in another order."),
    )
    one_device = models.BooleanField(
        _("one device at a time"),
        default=False,
        help_text=_("Whoever goes on elsewhere says so, and the first device takes no more answers."),
    )
    watches = models.BooleanField(
        _("keep when the page is left"),
        default=False,
        help_text=_("Trainees are told before they begin. It never changes a score by itself."),
    )
    per_page = models.PositiveSmallIntegerField(
        _("questions on a page"), choices=PerPage.choices, default=PerPage.FIVE
    )

    parent_page_types = ["lms.ModulePage", "lms.CoursePage"]
    content_panels = [
        *ForTheEnrolled.titles,
        FieldRowPanel([FieldPanel("pass_percent"), FieldPanel("max_attempts"), FieldPanel("minutes")]),
        MultiFieldPanel(
            [FieldPanel("bank"), FieldPanel("mock"), FieldPanel("blueprint")], heading=_("Drawn from a bank")
        ),
        FieldPanel("questions"),
        *ReadByPeople.reading_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("per_page"), FieldPanel("cool_down"), FieldPanel("rule")]),
                FieldPanel("shuffles"),
                FieldPanel("one_device"),
                FieldPanel("watches"),
            ],
            heading=_("How it is sat"),
        ),
    ]

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")

    def clean(self) -> None:
        super().clean()
        if self.bank_id and not self.blueprint.strip():
            raise ValidationError({"blueprint": _("Write what is drawn from the bank.")})
        if self.blueprint.strip() and not self.bank_id:
            raise ValidationError({"bank": _("Choose the bank that the questions are drawn from.")})
        if self.bank_id and self.questions:
            raise ValidationError(
                {
                    "questions": _(
                        "The questions are drawn from the bank. Delete these, or leave the bank empty."
                    )
                }
            )
        if wrong := read_blueprint(self.blueprint)[1] if self.bank_id else []:
            raise ValidationError({"blueprint": wrong})

    def unservable(self) -> list[str]:
        """What is wrong with the blueprint, or what its bank lacks now: a sentence for each line."""
        return wrong_with(self.bank_id, self.blueprint) if self.bank_id else []

    @property
    def drawn_by(self) -> list[dict[str, Any]]:
        """The blueprint as a version keeps it."""
        return blueprint_data(read_blueprint(self.blueprint)[0])

    @property
    def settled(self) -> dict[str, Any]:
        """How it is sat, as a version keeps it."""
        rules = NATIONAL.to_data() if self.rule == Marking.NATIONAL else {}
        names = ("cool_down", "shuffles", "one_device", "watches", "per_page")
        return {"rules": rules, **{name: getattr(self, name) for name in names}}

    @property
    def paper(self) -> list[dict[str, Any]]:
        """The questions, with their right answers."""
        return [question_facts(block.id, block.value) for block in self.questions]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "lms/learning/preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        context = super().get_preview_context(request, mode_name)
        return {**context, **quiz_preview(self), "lesson": self, "page": self}
