"""What is wrong in a policy file, in a sentence for each mistake."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.sheets.words import list_words
from credentials.policies.policy import Mistake, SourceFault

MISTAKES: dict[str, Any] = {
    "too_long": gettext_lazy("The text is longer than %(most)s characters."),
    "no_yaml": gettext_lazy("This is not YAML: check indentation, colons and quotation marks."),
    "too_deep": gettext_lazy("The text is nested too deeply, or repeats itself without end."),
    "empty": gettext_lazy("Nothing is said here."),
    "too_many": gettext_lazy("There is too much here; the most is %(most)s."),
    "no_mapping": gettext_lazy("Names with values are needed here."),
    "no_list": gettext_lazy("A list is needed here."),
    "no_key": gettext_lazy("A name is missing here."),
    "twice": gettext_lazy("“%(name)s” comes twice."),
    "unknown_key": gettext_lazy("“%(name)s” is not known here."),
    "missing": gettext_lazy("“%(name)s” is missing."),
    "no_text": gettext_lazy("A text is needed here."),
    "text_too_long": gettext_lazy("The text is longer than %(most)s characters."),
    "control": gettext_lazy("The text contains characters that cannot be printed."),
    "no_choice": gettext_lazy("“%(text)s” is none of: %(allowed)s."),
    "no_truth": gettext_lazy("“%(text)s” is neither yes nor no."),
    "no_whole": gettext_lazy("“%(text)s” is no whole number from %(least)s to %(most)s."),
    "no_money": gettext_lazy("“%(text)s” is no amount in yuan with at most two decimals."),
    "no_day": gettext_lazy("“%(text)s” is no day; write it like 2024-03-14."),
    "no_region": gettext_lazy("“%(text)s” is no region code of six digits."),
    "no_code": gettext_lazy("“%(text)s” is no code: letters, digits and hyphens only."),
    "no_format": gettext_lazy("Format “%(text)s” is not known here; this version reads: %(known)s."),
    "old_format": gettext_lazy(
        "Format “%(text)s” is only read where a text was published in it; write “format: %(newest)s”."
    ),
    "reserved": gettext_lazy(
        "“%(name)s” is what every policy asks by itself: give the condition another name."
    ),
    "cap_without_itself": gettext_lazy("The ceiling has to count this benefit, too: add “%(name)s”."),
    "no_switch": gettext_lazy("There is no switch “%(name)s”."),
    "no_span": gettext_lazy("Say how long: years, months or days."),
    "ends_before": gettext_lazy("The end lies before the beginning."),
    "fact_type": gettext_lazy("The fact “%(name)s” cannot be asked in this way."),
    "not_for_kind": gettext_lazy("“%(name)s” says nothing about a benefit of the kind “%(kind)s”."),
    "own_tag": gettext_lazy("Nothing is done by the tag “%(text)s”: leave it out."),
    "no_such_region": gettext_lazy("No region has the code “%(text)s”."),
    "no_key_here": gettext_lazy("A claim of this kind has no key: leave this out."),
    "follows_itself": gettext_lazy("A policy does not follow itself."),
    "without_end": gettext_lazy("The policy has no end: say “until”, or leave this out."),
    "only_with": gettext_lazy("This counts only together with “%(other)s”."),
    "stage_order": gettext_lazy("Stages go upwards, each of them once: %(order)s."),
    "any_alone": gettext_lazy("“any” is one amount for all: no other can stand beside it."),
    "other_subject": gettext_lazy(
        "“%(name)s” asks about something that this benefit does not speak of: %(subject)s."
    ),
}


def mistake_words(mistake: Mistake, file: str = "") -> str:
    """One mistake in a sentence: the line, the field, and what is wrong with it."""
    values = {
        name: list_words(str(each) for each in value) if isinstance(value, tuple) else value
        for name, value in mistake.values.items()
    }
    where = pgettext("in a policy file", "line %(line)s") % {"line": mistake.line}
    if mistake.field:
        where += _(", field “%(field)s”") % {"field": mistake.field}
    sentence = str(MISTAKES[mistake.code]) % values
    if mistake.values.get("meant"):
        sentence += " " + _("Did you mean “%(meant)s”?") % {"meant": mistake.values["meant"]}
    return f"{file}{' ' if file else ''}{where}: {sentence}"


def fault_words(fault: SourceFault, file: str = "") -> list[str]:
    """Everything that is wrong in a file, in the order of its lines."""
    return [mistake_words(one, file) for one in fault.mistakes]
