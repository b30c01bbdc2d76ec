"""What a query asks for, in one small language that both databases understand.

The admin, the choosers and the site hand over text or query objects (PlainText, Phrase, And, Or, Not, Boost, Fuzzy,
MatchAll). `condition_of` turns each into a tree of five kinds of node, without empty or redundant parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from modelsearch import query as ask

from core.search.policy import MAX_QUERY, MAX_TERMS, Run, runs_of


@dataclass(frozen=True)
class Term:
    """These tokens, one after the other; with `is_open` the last may be longer in the text."""

    tokens: tuple[str, ...]
    is_open: bool = False


@dataclass(frozen=True)
class Every:
    """All of the parts."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Some:
    """At least one of the parts."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Without:
    """Not this part."""

    part: "Condition"


@dataclass(frozen=True)
class Anything:
    """Everything there is."""


NOTHING = Without(Anything())
Condition = Term | Every | Some | Without | Anything


def condition_of(query: ask.SearchQuery, *, is_partial: bool = False) -> Condition:
    """The condition of a query object; NOTHING when its text holds neither letter nor digit.

    `is_partial` lets words be unfinished (autocomplete). Boost counts as what it wraps: the order of results comes
    from where the words stand. Raises TypeError for a query class that is not known.
    """
    return _converted(query, is_partial) or NOTHING


def title_phrase_of(query: ask.SearchQuery, *, is_partial: bool = False) -> Term | None:
    """The words of a query as one phrase, to put titles that say exactly this first; None when there is no such."""
    phrase = _phrase(" ".join(_texts_of(query)))
    return replace(phrase, is_open=phrase.is_open or is_partial) if phrase else None


def is_negative(condition: Condition) -> bool:
    """Whether the condition says *not* anywhere."""
    if isinstance(condition, Every | Some):
        return any(is_negative(part) for part in condition.parts)
    return isinstance(condition, Without)


def _converted(query: ask.SearchQuery, is_partial: bool) -> Condition | None:
    """As `condition_of`, but None for a part that asks for nothing, so that it does not spoil its neighbours."""
    match query:
        case ask.PlainText():
            return _joined([_run(run, is_partial) for run in _runs(query.query_string)], query.operator)
        case ask.Fuzzy():
            return _joined([_near(run) for run in _runs(query.query_string)], query.operator)
        case ask.Phrase():
            return _phrase(query.query_string)
        case ask.MatchAll():
            return Anything()
        case ask.Boost():
            return _converted(query.subquery, is_partial)
        case ask.Not():
            part = _converted(query.subquery, is_partial)
            return None if part is None else _opposite(part)
        case ask.And() | ask.Or():
            parts = [_converted(part, is_partial) for part in query.subqueries]
            return _joined([part for part in parts if part], "and" if isinstance(query, ask.And) else "or")
    raise TypeError(f"Unknown kind of search query: {type(query).__name__}")


def _runs(text: str) -> list[Run]:
    return list(dict.fromkeys(runs_of(text[:MAX_QUERY])))[:MAX_TERMS]


def _run(run: Run, is_partial: bool) -> Condition | None:
    """A run of characters is all its pairs; a character alone opens the token it stands in."""
    if not run.is_unspaced:
        return Term((run.text,), is_open=is_partial)
    if len(run.text) == 1:
        return Term((run.text,), is_open=True)
    return _joined([Term((pair,)) for pair in run.pairs()[:MAX_TERMS]], "and")


def _near(run: Run) -> Condition | None:
    """Nearly this run: any of its pairs, or a word that begins alike."""
    if run.pairs():
        return _joined([Term((pair,)) for pair in run.pairs()[:MAX_TERMS]], "or")
    return Term((run.text if run.is_unspaced else run.text[: max(3, len(run.text) - 2)],), is_open=True)


def _phrase(text: str) -> Term | None:
    """The text as it stands. Only the last run may go on in the index, so only it leaves its last character out."""
    runs = runs_of(text[:MAX_QUERY], is_bridged=True)[:MAX_TERMS]
    if not runs:
        return None
    tokens = [
        token
        for run in runs[:-1]
        for token in ([*run.pairs(), run.text[-1]] if run.is_unspaced else [run.text])
    ]
    last = runs[-1]
    tokens += last.pairs() or [last.text]
    return Term(tuple(tokens[:MAX_TERMS]), is_open=last.is_unspaced and len(last.text) == 1)


def _texts_of(query: ask.SearchQuery) -> list[str]:
    if isinstance(query, ask.PlainText | ask.Phrase | ask.Fuzzy):
        return [query.query_string[:MAX_QUERY]]
    if isinstance(query, ask.And):
        return [text for part in query.subqueries[:MAX_TERMS] for text in _texts_of(part)]
    return _texts_of(query.subquery) if isinstance(query, ask.Boost) else []


def _opposite(part: Condition) -> Condition:
    return part.part if isinstance(part, Without) else Without(part)


def _joined(parts: Sequence[Condition | None], operator: str) -> Condition | None:
    """The parts under one operator: flat, each once, at most MAX_TERMS, and short where one part decides."""
    kind = Every if operator == "and" else Some
    neutral, decisive = (Anything(), NOTHING) if kind is Every else (NOTHING, Anything())
    given = [part for part in parts if part is not None]
    flat = [inner for part in given for inner in (part.parts if isinstance(part, kind) else (part,))]
    if decisive in flat:
        return decisive
    kept = tuple(dict.fromkeys(part for part in flat if part != neutral))[:MAX_TERMS]
    if len(kept) > 1:
        return kind(kept)
    return kept[0] if kept else (neutral if given else None)
