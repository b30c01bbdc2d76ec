"""The tables of a round, as the market that they describe."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from pathlib import Path

from supervision.matching.files.tables import MOST_SCORE, TableFault, columns, places_of, rows, whole
from supervision.matching.files.words import _
from supervision.matching.policy import Market, MarketFault, market_of

NEEDED = {
    "supervisors.csv": ("id", "capacity"),
    "mentees.csv": ("id",),
    "pairs.csv": ("mentee", "supervisor", "score"),
    "pinned.csv": ("mentee", "supervisor"),
    "forbidden.csv": ("mentee", "supervisor"),
}
RANKS = ("mentee_rank", "supervisor_rank")


def check_folders(source: Path, target: Path) -> None:
    """Raises TableFault where there is nothing to read, or what is read would be overwritten."""
    if not source.is_dir():
        raise TableFault("supervisors.csv", _("There is no folder %(folder)s.") % {"folder": source})
    if source.resolve() == target.resolve():
        raise TableFault("OUT_DIR", _("This is IN_DIR: the tables would be overwritten."))


def read_market(folder: Path) -> Market:
    """The market that these tables describe. Raises TableFault for the first thing that is wrong.

    UTF-8 with or without a byte-order mark; columns in any order; further columns are left alone, and so are empty lines
    and the space around an id or a number.
    """
    supervisors = _read_supervisors(folder / "supervisors.csv")
    mentees = _read_ids(folder / "mentees.csv")
    of_supervisor = {one: place for place, (one, _count) in enumerate(supervisors)}
    of_mentee = {one: place for place, one in enumerate(mentees)}
    pairs = _read_pairs(folder / "pairs.csv", of_mentee, of_supervisor)
    pinned = read_few(folder / "pinned.csv", of_mentee, of_supervisor)
    forbidden = read_few(folder / "forbidden.csv", of_mentee, of_supervisor)
    try:
        return market_of(
            supervisors=supervisors, mentees=mentees, pairs=pairs, pinned=pinned, forbidden=forbidden
        )
    except MarketFault as fault:
        raise _said(fault, folder) from None


def too_wide() -> TableFault:
    """Scores that a knob pulls too far apart."""
    return TableFault(
        "pairs.csv", _("The scores lie too far apart for so many people to be added up."), field="score"
    )


def _said(fault: MarketFault, folder: Path) -> TableFault:
    name = f"{fault.table}.csv"
    words = {
        "twice": _("This pair is listed already."),
        "pinned_twice": _("This mentee is pinned already, to one supervisor at most."),
        "pinned_not_allowed": _("A pair that is pinned must stand in pairs.csv."),
        "pinned_forbidden": _("This pair is pinned and forbidden at once."),
        "pinned_over": _("More are pinned to this supervisor than there are places."),
        "too_wide": _("The scores lie too far apart for so many people to be added up."),
    }[fault.kind]
    field = {"pinned_over": "supervisor", "too_wide": "score"}.get(fault.kind, "mentee")
    line = next(line for number, (line, _row) in enumerate(rows(folder / name)) if number == fault.row)
    return TableFault(name, words, line, field)


def read_earlier(path: Path) -> frozenset[tuple[str, str]]:
    """The pairs of an earlier round, as it wrote them; whoever is not here any more may stand among them."""
    found: set[tuple[str, str]] = set()
    for line, (mentee, supervisor) in columns(path, "mentee", "supervisor"):
        for field, one in (("mentee", mentee), ("supervisor", supervisor)):
            if not one:
                raise TableFault(path.name, _("The id is missing."), line, field)
        found.add((mentee, supervisor))
    return frozenset(found)


def read_areas(path: Path, supervisors: Collection[str]) -> list[tuple[str, str, str]]:
    """Where each supervisor works: supervisor, district, field; nobody when there is no such table. Who works in several
    stands in several rows."""
    if not path.exists():
        return []
    known = dict.fromkeys(supervisors, 0)
    found: dict[tuple[str, str, str], None] = {}
    for line, (supervisor, district, field) in columns(path, "supervisor", "district", "field"):
        found_in(path, line, "supervisor", supervisor, known)
        if (supervisor, district, field) in found:
            raise TableFault(path.name, _("This row stands here already."), line, "supervisor")
        found[supervisor, district, field] = None
    return list(found)


def _read_supervisors(path: Path) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for line, (one, places) in columns(path, "id", "capacity"):
        refuse_id(path, line, one, one in found)
        found[one] = whole(path, line, "capacity", places, least=0)
    return list(found.items())


def _read_ids(path: Path) -> list[str]:
    found: dict[str, None] = {}
    for line, (one,) in columns(path, "id"):
        refuse_id(path, line, one, one in found)
        found[one] = None
    return list(found)


def refuse_id(path: Path, line: int, one: str, is_there: bool, field: str = "id") -> None:
    """Raises TableFault for an id that is none, or that stands in this table already."""
    if not one:
        raise TableFault(path.name, _("The id is missing."), line, field)
    if "\0" in one:
        raise TableFault(path.name, _("This is no text."), line, field)
    if is_there:
        raise TableFault(path.name, _("“%(id)s” stands here already.") % {"id": one}, line, field)


Pairs = tuple[Sequence[int], Sequence[int], Sequence[int], Sequence[int] | None, Sequence[int] | None]


def _read_pairs(path: Path, of_mentee: dict[str, int], of_supervisor: dict[str, int]) -> Pairs:
    """The pairs as columns of numbers: four million rows are four arrays, not four million objects."""
    mentees, supervisors, scores = array("i"), array("i"), array("q")
    ranks = (array("i"), array("i"))
    places = places_of(path, (*NEEDED[path.name],), RANKS)
    at_mentee, at_supervisor, at_score, *at_ranks = places
    wanted = [(name, at, kept) for name, at, kept in zip(RANKS, at_ranks, ranks, strict=True) if at >= 0]
    for line, row in rows(path):
        mentee, supervisor = of_mentee.get(row[at_mentee], -1), of_supervisor.get(row[at_supervisor], -1)
        if mentee < 0:
            mentee = found_in(path, line, "mentee", row[at_mentee].strip(), of_mentee)
        if supervisor < 0:
            supervisor = found_in(path, line, "supervisor", row[at_supervisor].strip(), of_supervisor)
        mentees.append(mentee)
        supervisors.append(supervisor)
        text = row[at_score]
        scores.append(
            int(text)
            if text.isdecimal() and len(text) < 10 and text.isascii()
            else whole(path, line, "score", text, least=-MOST_SCORE, most=MOST_SCORE)
        )
        for name, at, kept in wanted:
            text = row[at].strip()
            kept.append(whole(path, line, name, text, least=1) if text else 0)
    given = [kept if at >= 0 else None for at, kept in zip(at_ranks, ranks, strict=True)]
    return mentees, supervisors, scores, given[0], given[1]


def read_few(path: Path, of_mentee: dict[str, int], of_supervisor: dict[str, int]) -> list[tuple[int, int]]:
    """The pairs of a table that may be missing."""
    if not path.exists():
        return []
    found = []
    for line, (mentee, supervisor) in columns(path, "mentee", "supervisor"):
        found.append(
            (
                found_in(path, line, "mentee", mentee, of_mentee),
                found_in(path, line, "supervisor", supervisor, of_supervisor),
            )
        )
    return found


def found_in(path: Path, line: int, field: str, one: str, places: dict[str, int]) -> int:
    """The place of somebody who must stand in the table of all of them."""
    if not one:
        raise TableFault(path.name, _("The id is missing."), line, field)
    if one not in places:
        words = _("“%(id)s” is not in %(file)s.") % {"id": one[:80], "file": f"{field}s.csv"}
        raise TableFault(path.name, words, line, field)
    return places[one]
