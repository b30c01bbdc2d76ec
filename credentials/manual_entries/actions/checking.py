"""What an entry has to meet: it can be, nothing counts twice, and a day has only so many minutes."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext

from core.access.scope import Asker
from core.organisations.models import Organisation
from core.people.models import Person, User
from core.people.queries import let_in_by
from core.states import Refused
from credentials.hours.actions import DEFAULT_RULE, rule_on
from credentials.hours.models import Again, EntryKind
from credentials.hours.policy import credit_of
from credentials.hours.queries import covered_by
from credentials.manual_entries.models import ManualEntry
from credentials.manual_entries.policy import DAY_MINUTES, Said
from credentials.manual_entries.queries import (
    Clash,
    clashes_of,
    degree_before,
    entered_before,
    minutes_of_day,
)
from credentials.qualifications.queries import verified_period

FAULT_WORDS = {
    "in_future": gettext_lazy("This lies in the future. Enter it when it is over."),
    "long_ago": gettext_lazy("This is too long ago to be counted. Check the year."),
    "none": gettext_lazy("Write at least one minute."),
    "half": gettext_lazy("Write both times, or neither."),
    "order": gettext_lazy("The end must be after the start. Enter each day of a longer training by itself."),
    "longer": gettext_lazy("There are fewer minutes between the two times."),
}
SAME_WORDS = {
    "proof": gettext_noop("The same proof was handed in for “%(title)s” of %(day)s already. A proof counts once."),
    "time": gettext_noop("“%(title)s” was entered for the same time of %(day)s. The same training counts once, under one title."),
    "title": gettext_noop("“%(title)s” was entered for %(day)s already."),
    "degree": gettext_noop("A degree counts once, and “%(title)s” of %(day)s was entered as one already."),
}  # fmt: skip


class ManualRefused(Refused):
    """The entry cannot be made or decided; the sentence says why. `field` is where it belongs in a form."""

    def __init__(self, words: Any, field: str | None = None) -> None:
        super().__init__(str(words))
        self.field = field


@dataclass(frozen=True)
class Facts:
    """What a manual entry says. `why_another`: why it is no training of that day that counts already."""

    training: str
    title: str
    organiser: str
    said: Said
    why_another: str = ""


def lump_limit(person: Person, said: Said) -> int:
    """The most minutes that an entry without times may have, by the rule of the person's employer on that day."""
    fallback = int(DEFAULT_RULE["lump_minutes"])
    if person.employer is None:
        return fallback
    return rule_on(said.occurred_on, person.employer, EntryKind.MANUAL).lump_minutes or fallback


def day_limit(person: Person, said: Said) -> int:
    """The most minutes of one day, by the rule of the person's employer on that day."""
    if person.employer is None:
        return DAY_MINUTES
    return rule_on(said.occurred_on, person.employer, EntryKind.MANUAL).day_minutes or DAY_MINUTES


def lump_words(minutes: int) -> str:
    return _("Without times at most %(minutes)s minutes are counted in one entry.") % {"minutes": minutes}


def require_new(person: Person, facts: Facts, sha256: str) -> None:
    """Raises ManualRefused when this proof, training or time was entered or credited already, with what it was."""
    if found := entered_before(person, sha256=sha256, title=facts.title, said=facts.said):
        raise _same(*found)
    _require_time_left(person.pk, facts.said)


def _same(other: ManualEntry, by: str) -> ManualRefused:
    field = {"proof": "proof", "time": "start", "title": "title", "degree": "training"}[by]
    day = date_format(other.occurred_on)
    return ManualRefused(_(SAME_WORDS[by]) % {"title": other.title, "day": day}, field)


def require_apart(person: Person, facts: Facts) -> list[Clash]:
    """What of the same day may be the same training, for the audit; raises ManualRefused, naming it, when there is any
    and nobody says why this is another one. The person's row is locked."""
    found = clashes_of(person, training=facts.training, title=facts.title, said=facts.said)
    if found and not facts.why_another:
        words = _(
            "For %(day)s there is already: %(others)s. If this is another training, write why; if it is the same, it counts once."
        )
        raise ManualRefused(
            words % {"day": date_format(facts.said.occurred_on), "others": _named(found)}, "why_another"
        )
    return found


def _named(clashes: list[Clash]) -> str:
    between = pgettext("between the parts of a list", ", ")
    words = _("“%(title)s” (%(minutes)s minutes, %(origin)s)")
    return between.join(
        words % {"title": each.title, "minutes": each.minutes, "origin": " · ".join(each.origin)}
        for each in clashes
    )


def take_degree(person: Person, day: datetime.date, *, but: int | None = None) -> str:
    """The slot that a degree of this day takes; raises ManualRefused when another one counts already.

    Once in a lifetime, or where the rule says so once in each verified registration period (domain: a degree counts 90
    hours once; per what is open). The person's row is locked. Side effect: degrees whose hours were taken back give
    their slot free.
    """
    assert person.employer is not None
    taken_back = ManualEntry.objects.filter(person=person, entry__correction__isnull=False)
    taken_back.exclude(degree_slot=None).update(degree_slot=None)
    rule = rule_on(day, person.employer, EntryKind.MANUAL)
    period = verified_period(person.pk, day) if rule.degrees_again == Again.PERIOD else None
    if other := degree_before(person, period=period, but=but):
        raise _same(other, "degree")
    return f"period:{period.pk}" if period else "life"


def require_day(person: Person, said: Said, *, with_open: bool) -> None:
    """Raises ManualRefused when a day would have more minutes than it can: more than 24 hours, or than a rule allows."""
    there, most = minutes_of_day(person, said.occurred_on, with_open=with_open), day_limit(person, said)
    if there + said.minutes > most:
        words = _(
            "With these minutes %(day)s would have %(sum)s, and one day counts at most %(most)s. Enter each day of a longer training by itself."
        )
        values = {"day": date_format(said.occurred_on), "sum": there + said.minutes, "most": most}
        raise ManualRefused(words % values, "minutes")


def _require_time_left(person_id: int, said: Said) -> None:
    left = credit_of(
        said.minutes, said.starts_at, said.ends_at, covered_by(person_id, said.starts_at, said.ends_at)
    )
    if said.minutes and not left.minutes:
        words = _("This whole time has been credited already, by “%(title)s”.")
        raise ManualRefused(words % {"title": left.by[0].title}, "start")


def refuse_let_in(person: Person, organisation: Organisation, actor: Asker) -> None:
    """Nobody decides about their own hours through an officer whom they have let in either. Raises ManualRefused."""
    if isinstance(actor, User) and let_in_by(user=actor, officer=person.user, organisation=organisation):
        raise ManualRefused(
            _(
                "Your account or your role here is this person's doing: another administrator decides about their hours."
            )
        )
