"""Blocks of text."""

from __future__ import annotations

from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.rich_text import expand_db_html

TAGS = {"p", "br", "b", "strong", "i", "em", "a", "ul", "ol", "li", "h3"}
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"http", "https", "mailto", "tel"}


def clean_html(html: str) -> SafeString:
    """The same HTML with only the few tags of our editor; scripts, styles and foreign schemes fall away."""
    kept = nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer"
    )
    return mark_safe(kept)  # noqa: S308 - this is where it is made safe


class CleanTextBlock(blocks.RichTextBlock):
    """Rich text that is cleaned again when shown, whatever way it came into the database."""

    def __init__(self, features: list[str] | None = None, **options: Any) -> None:
        super().__init__(
            features=features or ["bold", "italic", "ol", "ul", "link", "document-link"], **options
        )

    def render_basic(self, value: Any, context: dict[str, Any] | None = None) -> SafeString:
        return clean_html(expand_db_html(value.source))


class LineBlock(CleanTextBlock):
    """One line or a few: bold, italic and links."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"features": ["bold", "italic", "link"], **options})


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=80)
    text = LineBlock(label=_("Text"), required=False)


class CaseBlock(blocks.StructBlock):
    """A short case, and the question it leaves."""

    title = blocks.CharBlock(label=_("Title"), max_length=80)
    text = blocks.TextBlock(label=_("The case"), help_text=_("No real names; nobody may be recognisable."))
    question = blocks.TextBlock(label=_("Question to think about"), required=False)

    class Meta:
        icon = "user"
        label = _("Case")
        template = "core/blocks/case.html"


class CalloutBlock(blocks.StructBlock):
    kind = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[("tip", _("Practical tip")), ("warning", _("Take care")), ("ethics", _("Ethics"))],
        default="tip",
    )
    text = LineBlock(label=_("Text"))

    class Meta:
        icon = "warning"
        label = _("Callout")
        template = "core/blocks/callout.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Text"))
    source = blocks.CharBlock(label=_("Source"), required=False, max_length=120)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "core/blocks/quote.html"


def text_blocks() -> list[tuple[str, blocks.Block]]:
    """The blocks of words, in the order in which the editor offers them."""
    return [
        (
            "lead",
            blocks.TextBlock(
                label=_("Lead"), icon="pilcrow", template="core/blocks/lead.html", max_length=400
            ),
        ),
        (
            "heading",
            blocks.CharBlock(
                label=_("Heading"), icon="h2", template="core/blocks/heading.html", max_length=80
            ),
        ),
        ("text", CleanTextBlock(label=_("Text"), icon="doc-full")),
        (
            "list",
            blocks.ListBlock(LineBlock(), label=_("List"), icon="list-ul", template="core/blocks/list.html"),
        ),
        (
            "steps",
            blocks.ListBlock(
                StepBlock(), label=_("Steps"), icon="list-ol", template="core/blocks/steps.html"
            ),
        ),
        ("case", CaseBlock()),
        ("callout", CalloutBlock()),
        ("quote", QuoteBlock()),
    ]
