"""What an application plan is written in: questions, conditions and stages as blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from core.organisations.models import Kind, Organisation, Region
from core.people.models import ServiceField
from lms.admissions.states import Level, Stage
from lms.cohorts.queries import list_words

MAX_CHOICES = 40
UPWARDS = list(Stage.values)  # the order in which tiers decide


class AskedBlock(blocks.StructBlock):
    """A question: how it is called in both languages, what helps to answer it, and whether it may be left out."""

    label = blocks.CharBlock(label=pgettext_lazy("plan", "Question"), max_length=120)
    label_en = blocks.CharBlock(label=_("English question"), max_length=200, required=False)
    help = blocks.CharBlock(label=_("Hint below the question"), max_length=300, required=False)
    required = blocks.BooleanBlock(label=_("Must be answered"), required=False, default=True)


class ChosenBlock(AskedBlock):
    """A question with a list of answers."""

    choices = blocks.TextBlock(label=_("Answers to choose from"), help_text=_("One a line."), max_length=3000)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        lines = choice_lines(cleaned["choices"])
        if not 2 <= len(lines) <= MAX_CHOICES:
            wrong = ValidationError(_("Give at least two answers and at most forty, one a line."))
            raise StructBlockValidationError(block_errors={"choices": wrong})
        if twice := _twice(line.strip() for line in cleaned["choices"].splitlines() if line.strip()):
            text = _("Stands there more than once: %(lines)s. Give each answer once.")
            wrong = ValidationError(text, params={"lines": list_words(twice)})
            raise StructBlockValidationError(block_errors={"choices": wrong})
        return cleaned


def _twice(lines: Iterable[str]) -> list[str]:
    """Which of these lines stand there more than once, each named once."""
    return [line for line, number in Counter(line[:120] for line in lines).items() if number > 1]


def choice_lines(text: str) -> tuple[str, ...]:
    """The answers of a list, each once, in their order."""
    return tuple(dict.fromkeys(line.strip()[:120] for line in text.splitlines() if line.strip()))


class QuestionsBlock(blocks.StreamBlock):
    short = AskedBlock(label=_("Short text"), icon="title")
    long = AskedBlock(label=_("Long text"), icon="pilcrow")
    number = AskedBlock(label=pgettext_lazy("question", "Number"), icon="order")
    date = AskedBlock(label=_("Date"), icon="date")
    one = ChosenBlock(label=_("One of a list"), icon="radio-full")
    several = ChosenBlock(label=_("Several of a list"), icon="tasks")
    yes_no = AskedBlock(label=_("Yes or no"), icon="check")
    document = AskedBlock(label=_("Document"), icon="doc-full")


def service_fields() -> list[tuple[str, str]]:
    return [(field.code, field.name_here) for field in ServiceField.objects.filter(is_active=True)]


def regions() -> list[tuple[str, str]]:
    """The organisations that stand for a region: provinces, cities, districts, each one storey further to the right."""
    rows = Organisation.objects.active().filter(tier__in=("province", "city", "county"))
    return [(str(row.pk), f"{chr(0x3000) * (row.depth - 1)}{row.name}") for row in rows]


def courses() -> list[tuple[str, str]]:
    from lms.courses.models import CoursePage

    rows = CoursePage.objects.filter(versions__isnull=False).distinct().order_by("title")
    return [(row.code, row.title) for row in rows]


class RegionBlock(blocks.StructBlock):
    organisation = blocks.ChoiceBlock(
        label=_("Below this organisation"),
        choices=regions,
        required=False,
        help_text=_("Itself and all below it."),
    )
    code = blocks.CharBlock(
        label=_("or in this region"),
        required=False,
        max_length=9,
        help_text=_("GB/T 2260: six digits, such as 120101. Everything inside counts."),
    )

    class Meta:
        icon = "site"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        code = (cleaned["code"] or "").strip()
        if bool(code) == bool(cleaned["organisation"]):
            wrong = ValidationError(_("Choose an organisation or give the code of a region, one of the two."))
            raise StructBlockValidationError(block_errors={"organisation": wrong})
        if code and not Region.objects.filter(pk=code).exists():
            unknown = ValidationError(
                _("There is no region with this code. Look it up in the list of GB/T 2260.")
            )
            raise StructBlockValidationError(block_errors={"code": unknown})
        return cleaned


class ConditionsBlock(blocks.StreamBlock):
    """Each must be met; within one, any of what is ticked is enough."""

    level = blocks.MultipleChoiceBlock(
        label=_("Holds a national level"), choices=Level.choices, icon="success"
    )
    field = blocks.MultipleChoiceBlock(label=_("Serves in a field"), choices=service_fields, icon="list-ul")
    region = RegionBlock(label=_("Employed in a region"))
    years = blocks.IntegerBlock(label=_("Full years of practice"), min_value=1, max_value=60, icon="date")
    prior_course = blocks.MultipleChoiceBlock(
        label=_("Has completed a course"), choices=courses, icon="openquote"
    )
    employer_kind = blocks.MultipleChoiceBlock(label=_("Employed by"), choices=Kind.choices, icon="group")


class StagesBlock(blocks.StreamBlock):
    """Who decides, in this order: each tier once, upwards, and the organiser of the cohort at the end."""

    stage = blocks.ChoiceBlock(label=_("Decided by"), choices=Stage.choices, icon="user")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        named = [child.value for child in cleaned]
        wrong = {}
        for number, stage in enumerate(named):
            before = named[:number]
            if stage in before:
                wrong[number] = _("Each tier decides once: take the second one out.")
            elif any(UPWARDS.index(stage) < UPWARDS.index(each) for each in before):
                wrong[number] = _("Stages go upwards, the organiser last: this one stands further up.")
        if wrong:
            errors = {number: ValidationError(text) for number, text in wrong.items()}
            raise blocks.StreamBlockValidationError(block_errors=errors)
        return cleaned
