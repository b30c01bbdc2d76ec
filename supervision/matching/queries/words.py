"""What a round says in words: every part of a score, why somebody has nobody, what a place is worth."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from supervision.pairings.queries import fit_words

AGAINST: dict[str, Any] = {
    "self": gettext_lazy("This is you. Nobody supervises themselves."),
    "conflict": gettext_lazy("You two cannot be paired in this round."),
    "leads": gettext_lazy("Decides about your work, and so cannot be your supervisor."),
    "paired": gettext_lazy("Is your supervisor already."),
    "region": gettext_lazy("Serves other regions than yours in this round."),
    "level": gettext_lazy("Does not hold the tier that this round requires."),
    "takes_nobody": gettext_lazy("Takes no new mentees at present."),
}
AGAINST_DESK: dict[str, Any] = {
    "self": gettext_lazy("The supervisor and the mentee are the same person."),
    "conflict": gettext_lazy("A conflict of interest is declared."),
    "leads": gettext_lazy("The supervisor administers the mentee's organisation."),
    "paired": gettext_lazy("The two are paired already."),
    "region": gettext_lazy("The supervisor does not serve the mentee's region."),
    "level": gettext_lazy("The supervisor does not hold the required tier."),
    "takes_nobody": gettext_lazy("The supervisor takes no new mentees at present."),
}
SOFT_LABELS: dict[str, Any] = {
    "fields": gettext_lazy("Service fields in common"),
    "near": gettext_lazy("Nearness in the tree of organisations"),
    "language": gettext_lazy("A language or dialect in common"),
    "mentee_wish": gettext_lazy("Wish of the mentee"),
    "supervisor_wish": gettext_lazy("Wish of the supervisor"),
    "keep": gettext_lazy("Continuity with an earlier pairing"),
    "thin": gettext_lazy("Fairness for districts with few places"),
}


PARTS: dict[str, Any] = {
    "mentee_wish": gettext_lazy("The mentee's wish number %(rank)s"),
    "supervisor_wish": gettext_lazy("The supervisor's wish number %(rank)s"),
    "keep": gettext_lazy("They were paired before"),
    "thin": gettext_lazy("Few places serve the mentee's district"),
}
TO_THEM: dict[str, dict[str, Any]] = {  # what is about the reader speaks to the reader
    "mentee": {
        "fields_unknown": gettext_lazy("You have named no service field"),
        "mentee_wish": gettext_lazy("Your wish number %(rank)s"),
        "thin": gettext_lazy("Few places serve your district"),
    },
    "supervisor": {"supervisor_wish": gettext_lazy("Your wish number %(rank)s")},
}


def part_words(code: str, values: dict[str, Any], reader: str = "desk") -> str:
    """One part of a score in a sentence, for this reader."""
    said = TO_THEM.get(reader, {}).get(code) or PARTS.get(code)
    return str(said % values) if said is not None else fit_words(code, values)


# A supervisor is not told the mentee's rank, nor a mentee the supervisor's: there the part is left out.
HIDDEN_FROM: dict[str, set[str]] = {
    "mentee": {"supervisor_wish"},
    "supervisor": {"mentee_wish"},
    "desk": set(),
}


def reasons_of(parts: Iterable[Any], *, reader: str = "desk") -> list[tuple[str, int, int]]:
    """The parts of a score as (sentence, points, most), without what the other side keeps to itself."""
    found = []
    for part in parts:
        if len(part) == 4 and part[0] not in HIDDEN_FROM[reader]:
            code, points, most, values = part
            found.append((part_words(code, values, reader), points, most))
    return found


def why_none(parts: Iterable[Any], *, for_desk: bool = True) -> str:
    """Why somebody has no supervisor, in one sentence, and at the desk which rules leave how many out."""
    entries = [part for part in parts if len(part) == 2]
    if not entries:
        return ""
    (reason, number), *excluded = entries
    if reason == "full":
        words = ngettext(
            "None: the one supervisor in reach is full.",
            "None: all %(number)s supervisors in reach are full.",
            number,
        )
        return words % {"number": number}
    if reason == "forbidden":
        words = ngettext(
            "None: the one pair with this person is forbidden.",
            "None: all %(number)s pairs with this person are forbidden.",
            number,
        )
        return words % {"number": number} if for_desk else _("None: nobody in reach could be yours.")
    if not for_desk:
        return _("None: no supervisor of this round serves your region at the tier that is required.")
    said = [rule_count(code, count) for code, count in excluded]
    first = _("None: no pair with this person is allowed.")
    return " ".join([first, *said])


def rule_count(code: str, count: int) -> str:
    """How many supervisors one hard rule leaves out."""
    words = {
        "conflict": _("Conflict of interest: %(count)s."),
        "leads": _("Administer the mentee's organisation: %(count)s."),
        "paired": _("Paired already: %(count)s."),
        "region": _("Serve other regions: %(count)s."),
        "level": _("Without the required tier: %(count)s."),
        "takes_nobody": _("Take no new mentees: %(count)s."),
        "self": _("The person themself: %(count)s."),
    }
    return words[code] % {"count": count} if code in words else ""
