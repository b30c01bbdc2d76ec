"""The place in a lesson where the cohort talks about something (lms.conversations leads the talk)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks


class DiscussionBlock(blocks.StructBlock):
    """A question that the cohort discusses: each cohort for itself."""

    title = blocks.CharBlock(label=pgettext_lazy("block", "Subject"), max_length=120)
    prompt = blocks.TextBlock(
        label=_("What is to be discussed"), max_length=1000, help_text=_("One open question works best.")
    )

    class Meta:
        icon = "comment"
        label = pgettext_lazy("block", "Discussion")


def talk_facts(key: str, value: Any) -> dict[str, Any]:
    """What a version keeps of it."""
    return {"key": key, "title": value["title"], "prompt": value["prompt"]}
