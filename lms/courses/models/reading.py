"""How the answers of a quiz are read that somebody has to read."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from lms.courses.models.pages import ForTheEnrolled
from lms.questions.policy import plain

LINE = re.compile(r"(?P<title>[^|\n]{1,80})\|\s*(?P<percent>\d{1,3})\s*[%％]?")
MOST_LINES = 12


def read_rubric(text: str) -> tuple[list[dict[str, Any]], str]:
    """The criteria of a rubric, one on a line (“title | per cent”), and what is wrong with them in words, if anything."""
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(filter(str.strip, text.replace("｜", "|").splitlines()), start=1):
        found = LINE.fullmatch(line.strip())
        if found is None or not found["title"].strip() or not int(found["percent"]):
            return [], str(_("Line %(n)s: write the criterion, a bar, and its per cent.") % {"n": number})
        rows.append({"title": found["title"].strip(), "percent": int(found["percent"])})
    if len(rows) > MOST_LINES:
        return [], str(_("A rubric has at most %(most)s criteria.") % {"most": MOST_LINES})
    if rows and sum(row["percent"] for row in rows) != 100:
        return [], str(_("The per cent of all criteria must make 100."))
    return rows, ""


class ReadByPeople(ForTheEnrolled):
    """What a quiz says of its essays, cases and short answers without accepted ones."""

    readers = models.PositiveSmallIntegerField(
        _("readers of each answer"),
        choices=[(1, pgettext_lazy("readers", "One")), (2, _("Two, each without the other"))],
        default=1,
    )
    difference = models.DecimalField(
        _("a third reads when two differ by more than"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    difference_unit = models.CharField(
        _("measured in"),
        max_length=10,
        choices=[
            ("points", pgettext_lazy("difference", "points")),
            ("percent", _("per cent of the question")),
        ],
        default="points",
    )
    third_reading = models.CharField(
        _("the third reading"),
        max_length=10,
        choices=[("decides", _("decides alone")), ("nearer", _("counts with the nearer of the two"))],
        default="decides",
    )
    points_step = models.DecimalField(
        _("points are given in steps of"),
        max_digits=3,
        decimal_places=2,
        choices=[(Decimal("0.50"), "0.5"), (Decimal("0.01"), "0.01")],
        default=Decimal("0.50"),
    )
    is_anonymous = models.BooleanField(
        _("readers do not see whose answer it is"), default=True, help_text=_("Until the result is there.")
    )
    rubric = models.TextField(
        _("what essays are read for"),
        blank=True,
        max_length=1500,
        help_text=_("One criterion on a line with its per cent of the points, such as “要点完整 | 60”."),
    )

    reading_panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("readers"), FieldPanel("is_anonymous"), FieldPanel("points_step")]),
                FieldRowPanel(
                    [FieldPanel("difference"), FieldPanel("difference_unit"), FieldPanel("third_reading")]
                ),
                FieldPanel("rubric"),
            ],
            heading=_("Answers that people read"),
        )
    ]

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if wrong := read_rubric(self.rubric)[1]:
            raise ValidationError({"rubric": wrong})

    @property
    def read_by(self) -> dict[str, Any]:
        """The settings as a version keeps them (lms.marking.policy.Scheme); nothing where all are as they come."""
        facts = {
            "readers": self.readers,
            "difference": plain(Decimal(self.difference)),
            "unit": self.difference_unit,
            "third": self.third_reading,
            "step": plain(Decimal(self.points_step)),
            "anonymous": self.is_anonymous,
            "rubric": read_rubric(self.rubric)[0],
        }
        usual = {
            "readers": 1,
            "difference": "1",
            "unit": "points",
            "third": "decides",
            "step": "0.5",
            "anonymous": True,
            "rubric": [],
        }
        return {name: value for name, value in facts.items() if value != usual[name]}
