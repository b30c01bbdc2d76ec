"""Whether a session can have been so, and in words why not."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.people.engagements import Engagement, engagements_of
from core.people.models import Person
from supervision.functions.queries import not_in_force, wrong_words
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing
from supervision.sessions.models import Session
from supervision.sessions.policy import Problem, SessionFacts, problems_of, reaches_beyond
from supervision.sessions.queries import clashes_with

PROBLEM_WORDS = {
    "before_pairing": gettext_lazy("On that day the two of you were not paired yet."),
    "after_pairing": gettext_lazy("On that day the two of you were not paired any more."),
    "ends_before_start": gettext_lazy("The end must come after the start."),
    "too_long": gettext_lazy("One session is at most 8 hours. Record a longer day as several sessions."),
    "in_future": gettext_lazy("This time has not passed yet. Record the session after it has taken place."),
    "no_function": gettext_lazy("Tick at least one function of the session."),
    "late": gettext_lazy(
        "This is recorded late. Write why: an administrator reads the reason, and decides whether it counts."
    ),
}


class SessionRefused(NotPossible):
    """A session cannot be recorded so. `problems` says which field wants a change."""

    def __init__(self, problems: tuple[Problem, ...], sentence: str = "") -> None:
        self.problems = problems
        super().__init__(sentence or " ".join(str(PROBLEM_WORDS[problem.code]) for problem in problems))


def possible(pairing: Pairing, facts: SessionFacts, besides: int | None = None) -> SessionFacts:
    """The facts, if a session of this pair can have been so. Both people stay locked until the transaction ends, so
    that two records made at the same moment cannot overlap."""
    held_on = timezone.localtime(facts.starts_at).date()
    first, last = pairing.starts_on, pairing.ends_on
    problems = problems_of(facts, now=timezone.now(), first_day=first, last_day=last, held_on=held_on)
    if problems:
        raise SessionRefused(problems)
    _require_awake(pairing, facts, besides)
    wrong = not_in_force(facts.functions, pairing.supervisor.organisation, held_on)
    if wrong:
        raise SessionRefused((Problem("function", "functions"),), wrong_words(wrong, held_on))
    people = sorted({pairing.supervisor_id, pairing.mentee_id})
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))
    clash = clashes_with(pairing, facts.starts_at, facts.ends_at, besides=besides)
    if clash is not None:
        raise SessionRefused((Problem("clash", "start"),), clash_words(pairing, clash))
    if elsewhere := _elsewhere(pairing, facts):
        words = _elsewhere_words(pairing.supervisor.person, pairing.mentee, elsewhere)
        raise SessionRefused((Problem("clash", "start"),), words)
    return facts


def require_here(pairing: Pairing, facts: SessionFacts) -> None:
    """Raises NotPossible, in words for the mentee, when one of the two was entered elsewhere at that time since it was
    recorded: a register is right against what the supervisor alone has said."""
    if elsewhere := _elsewhere(pairing, facts):
        raise NotPossible(_elsewhere_words(pairing.mentee, pairing.supervisor.person, elsewhere))


def _elsewhere(pairing: Pairing, facts: SessionFacts) -> Engagement | None:
    """What one of the two was in at that time by what other apps know."""
    people = {pairing.supervisor_id, pairing.mentee_id}
    return next(iter(engagements_of(people, facts.starts_at, facts.ends_at, besides="supervision")), None)


def _require_awake(pairing: Pairing, facts: SessionFacts, besides: int | None) -> None:
    """Nothing was held while the pairing rested; a record that there is may stay at its time, or be shortened."""
    pause = next((each for each in pairing.pauses.all() if each.covers(facts.starts_at, facts.ends_at)), None)
    if pause is None:
        return
    former = Session.objects.filter(pk=besides).first() if besides is not None else None
    if former is not None and not reaches_beyond(facts, former.facts):
        return
    words = _("The pairing rested from %(first)s to %(last)s. No session of that time can be recorded.")
    days = {
        "first": date_format(pause.starts_on),
        "last": date_format(pause.last_day or timezone.localdate()),
    }
    raise SessionRefused((Problem("in_pause", "day"),), words % days)


def _elsewhere_words(reader: Person, other: Person, engagement: Engagement) -> str:
    """Who of the two was in what else, for one of them to read: of the other only of which kind."""
    if engagement.person_id == reader.pk:
        return _("You were in %(what)s on %(day)s, %(span)s. Two cannot overlap.") % engagement.values
    values = engagement.values | {"mentee": other.name}
    return _("%(mentee)s was in %(what)s on %(day)s, %(span)s. Two cannot overlap.") % values


def clash_words(pairing: Pairing, clash: Session) -> str:
    """Which session is in the way, for the supervisor to read. With whom a mentee was elsewhere is not told."""
    starts_at, ends_at = timezone.localtime(clash.starts_at), timezone.localtime(clash.ends_at)
    values = {"day": date_format(starts_at.date()), "span": f"{starts_at:%H:%M}–{ends_at:%H:%M}"}
    values["mentee"] = clash.pairing.mentee.name
    if clash.pairing.supervisor_id == pairing.supervisor_id:
        return _("You have a session with %(mentee)s on %(day)s, %(span)s. Two cannot overlap.") % values
    if pairing.supervisor_id == clash.pairing.mentee_id:
        return _("You were in a session yourself on %(day)s, %(span)s. Two cannot overlap.") % values
    values["mentee"] = pairing.mentee.name
    return _("%(mentee)s was in another session on %(day)s, %(span)s. Two cannot overlap.") % values
