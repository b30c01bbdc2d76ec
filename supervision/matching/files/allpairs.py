"""The tables of a round over all pairs: people in groups, and what a pair of groups is worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from supervision.matching.files.market import found_in, read_few, refuse_id
from supervision.matching.files.tables import MOST_SCORE, TableFault, columns, optional_columns, rows, whole
from supervision.matching.files.words import _
from supervision.matching.policy import BARRED, AllPairs, MarketFault, all_pairs_of

MOST_TRAITS = 12
Own = tuple[list[int], list[int], list[int]]


@dataclass
class _People:
    """One side: id and group of each, and the rest by table."""

    ids: dict[str, int] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    traits: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    points: list[int] = field(default_factory=list)


def read_all_pairs(folder: Path) -> AllPairs:
    """All pairs that these tables describe: supervisors.csv (id, capacity, group; if wished points, traits), mentees.csv
    (id, group; if wished traits), worth.csv (mentee_group, supervisor_group, score; what is not listed is not allowed), and
    if wished traits.csv (trait, score: when both have it), pairs.csv (mentee, supervisor, score: instead of what the groups
    say), pinned.csv and forbidden.csv. Raises TableFault for the first thing that is wrong."""
    points = _read_trait_points(folder / "traits.csv")
    bits = {trait: 1 << bit for bit, trait in enumerate(sorted(points))}
    supervisors = _read_people(folder / "supervisors.csv", bits)
    mentees = _read_people(folder / "mentees.csv", bits)
    sides = (mentees, supervisors)
    names = [sorted(set(side.groups)) for side in sides]
    at = [{group: place for place, group in enumerate(side)} for side in names]
    worth = _read_worth(folder / "worth.csv", at[0], at[1])
    own = _read_own(folder / "pairs.csv", mentees.ids, supervisors.ids)
    pinned = read_few(folder / "pinned.csv", mentees.ids, supervisors.ids)
    forbidden = read_few(folder / "forbidden.csv", mentees.ids, supervisors.ids)
    try:
        return all_pairs_of(
            supervisors=list(zip(supervisors.ids, supervisors.places, strict=True)),
            mentees=list(mentees.ids),
            supervisor_group=[at[1][group] for group in supervisors.groups],
            mentee_group=[at[0][group] for group in mentees.groups],
            worth=worth,
            supervisor_traits=supervisors.traits,
            mentee_traits=mentees.traits,
            trait_points=[points[trait] for trait in bits],
            supervisor_points=supervisors.points,
            own=own,
            apart=forbidden,
            pinned=pinned,
        )
    except MarketFault as fault:
        raise _said(fault, folder) from None


def _said(fault: MarketFault, folder: Path) -> TableFault:
    words = {
        "twice": _("This pair is listed already."),
        "pinned_twice": _("This mentee is pinned already, to one supervisor at most."),
        "pinned_not_allowed": _("A pair that is pinned must be allowed by worth.csv or stand in pairs.csv."),
        "pinned_forbidden": _("This pair is pinned and forbidden at once."),
        "pinned_over": _("More are pinned to this supervisor than there are places."),
        "too_wide": _("The scores lie too far apart for so many people to be added up."),
    }[fault.kind]
    if fault.kind == "too_wide":
        return TableFault("worth.csv", words, field="score")
    name = "pairs.csv" if fault.table == "own" else f"{fault.table}.csv"
    line = next(line for number, (line, _row) in enumerate(rows(folder / name)) if number == fault.row)
    return TableFault(name, words, line, "supervisor" if fault.kind == "pinned_over" else "mentee")


def _read_people(path: Path, bits: dict[str, int]) -> _People:
    found = _People()
    is_supervisors = path.name == "supervisors.csv"
    needed = ("id", "group", "capacity") if is_supervisors else ("id", "group")
    for line, cells in optional_columns(path, needed, ("traits", "points")):
        one, group, *_more = cells
        traits, points = cells[-2:]
        refuse_id(path, line, one, one in found.ids)
        if not group:
            raise TableFault(path.name, _("The group is missing."), line, "group")
        found.ids[one] = len(found.ids)
        found.groups.append(group)
        found.traits.append(_bits(path, line, traits.split(), bits))
        if is_supervisors:
            found.places.append(whole(path, line, "capacity", cells[2], least=0))
            found.points.append(_score(path, line, "points", points) if points else 0)
    return found


def _bits(path: Path, line: int, traits: Iterable[str], bits: dict[str, int]) -> int:
    found = 0
    for trait in traits:
        if trait not in bits:
            words = _("“%(id)s” is not in %(file)s.") % {"id": trait[:80], "file": "traits.csv"}
            raise TableFault(path.name, words, line, "traits")
        found |= bits[trait]
    return found


def _read_trait_points(path: Path) -> dict[str, int]:
    found: dict[str, int] = {}
    if not path.exists():
        return found
    for line, (trait, score) in columns(path, "trait", "score"):
        refuse_id(path, line, trait, trait in found, "trait")
        if len(found) == MOST_TRAITS:
            raise TableFault(
                path.name, _("There are %(most)s traits at most.") % {"most": MOST_TRAITS}, line, "trait"
            )
        if len(trait.split()) > 1:
            raise TableFault(path.name, _("A trait is one word."), line, "trait")
        found[trait] = _score(path, line, "score", score)
    return found


def _read_worth(path: Path, mentees: dict[str, int], supervisors: dict[str, int]) -> np.ndarray:
    """The table of groups; rows of groups in which nobody is are looked at and left alone."""
    worth = np.full((len(mentees), len(supervisors)), BARRED, dtype=np.int64)
    for line, (one, other, text) in columns(path, "mentee_group", "supervisor_group", "score"):
        for name, group in (("mentee_group", one), ("supervisor_group", other)):
            if not group:
                raise TableFault(path.name, _("The group is missing."), line, name)
        score = _score(path, line, "score", text)
        row, column = mentees.get(one, -1), supervisors.get(other, -1)
        if row < 0 or column < 0:
            continue
        if worth[row, column] != BARRED:
            raise TableFault(path.name, _("This row stands here already."), line, "mentee_group")
        worth[row, column] = score
    return worth


def _read_own(path: Path, mentees: dict[str, int], supervisors: dict[str, int]) -> Own:
    own: Own = ([], [], [])
    if not path.exists():
        return own
    for line, (mentee, supervisor, text) in columns(path, "mentee", "supervisor", "score"):
        own[0].append(found_in(path, line, "mentee", mentee, mentees))
        own[1].append(found_in(path, line, "supervisor", supervisor, supervisors))
        own[2].append(_score(path, line, "score", text))
    return own


def _score(path: Path, line: int, name: str, text: str) -> int:
    return whole(path, line, name, text, least=-MOST_SCORE, most=MOST_SCORE)
