"""A round as a folder of tables: read with every fault named by file, line and field, and written whole or not at all.
Knows no Django, so that a process of its own can be small (see worker.py)."""

from __future__ import annotations

import csv
import gettext
import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from supervision.matching.policy import Market, MarketFault, Matching, Proof, Stranded, market_of

_spoken: gettext.NullTranslations = gettext.NullTranslations()


def speak(language: str) -> None:
    """Say everything from now on in this language ("zh_Hans"). The catalogue is the app's own, read without Django: the
    whole site takes more memory than a round of twenty thousand people."""
    global _spoken
    places = Path(__file__).parents[1] / "locale"
    _spoken = gettext.translation("django", places, [language], fallback=True)


def _(words: str) -> str:
    return _spoken.gettext(words)


def ngettext(one: str, many: str, number: int) -> str:
    return _spoken.ngettext(one, many, number)


MOST = 10**9  # of a score, a rank or a capacity: beyond is mistyped
NEEDED = {
    "supervisors.csv": ("id", "capacity"),
    "mentees.csv": ("id",),
    "pairs.csv": ("mentee", "supervisor", "score"),
    "pinned.csv": ("mentee", "supervisor"),
    "forbidden.csv": ("mentee", "supervisor"),
}
RANKS = ("mentee_rank", "supervisor_rank")


class TableFault(ValueError):
    """A table that cannot be used. The sentence names the file, and where it is known the line and the field."""

    def __init__(self, file: str, words: str, line: int = 0, field: str = "") -> None:
        where = file
        if line:
            where += ", " + _("line %(line)s") % {"line": line}
        if field:
            where += ", " + _("field %(field)s") % {"field": field}
        super().__init__(f"{where}: {words}")
        self.file, self.line, self.field = file, line, field


def read_market(folder: Path) -> Market:
    """The market that these tables describe. Raises TableFault for the first thing that is wrong.

    UTF-8 with or without a byte-order mark; columns in any order; further columns are left alone, and so are empty lines.
    """
    supervisors = _read_supervisors(folder / "supervisors.csv")
    mentees = _read_ids(folder / "mentees.csv")
    of_supervisor = {one: place for place, (one, _count) in enumerate(supervisors)}
    of_mentee = {one: place for place, one in enumerate(mentees)}
    pairs = _read_pairs(folder / "pairs.csv", of_mentee, of_supervisor)
    pinned = _read_few(folder / "pinned.csv", of_mentee, of_supervisor)
    forbidden = _read_few(folder / "forbidden.csv", of_mentee, of_supervisor)
    try:
        return market_of(
            supervisors=supervisors, mentees=mentees, pairs=pairs, pinned=pinned, forbidden=forbidden
        )
    except MarketFault as fault:
        raise _said(fault, folder) from None


def _said(fault: MarketFault, folder: Path) -> TableFault:
    name = f"{fault.table}.csv"
    words = {
        "twice": _("This pair is listed already."),
        "pinned_twice": _("This mentee is pinned already, to one supervisor at most."),
        "pinned_not_allowed": _("A pair that is pinned must stand in pairs.csv."),
        "pinned_forbidden": _("This pair is pinned and forbidden at once."),
        "pinned_over": _("More are pinned to this supervisor than there are places."),
    }[fault.kind]
    field = "supervisor" if fault.kind == "pinned_over" else "mentee"
    line = next(line for number, (line, _row) in enumerate(_rows(folder / name)) if number == fault.row)
    return TableFault(name, words, line, field)


def _read_supervisors(path: Path) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for line, (one, places) in _columns(path, "id", "capacity"):
        _refuse_id(path, line, one, one in found)
        found[one] = _whole(path, line, "capacity", places, least=0)
    return list(found.items())


def _read_ids(path: Path) -> list[str]:
    found: dict[str, None] = {}
    for line, (one,) in _columns(path, "id"):
        _refuse_id(path, line, one, one in found)
        found[one] = None
    return list(found)


def _refuse_id(path: Path, line: int, one: str, is_there: bool) -> None:
    if not one:
        raise TableFault(path.name, _("The id is missing."), line, "id")
    if is_there:
        raise TableFault(path.name, _("“%(id)s” stands here already.") % {"id": one}, line, "id")


Pairs = tuple[Sequence[int], Sequence[int], Sequence[int], Sequence[int] | None, Sequence[int] | None]


def _read_pairs(path: Path, of_mentee: dict[str, int], of_supervisor: dict[str, int]) -> Pairs:
    """The pairs as columns of numbers: four million rows are four arrays, not four million objects."""
    mentees, supervisors, scores = array("i"), array("i"), array("q")
    ranks = (array("i"), array("i"))
    places = _places(path, (*NEEDED[path.name],), RANKS)
    at_mentee, at_supervisor, at_score, *at_ranks = places
    wanted = [(name, at, kept) for name, at, kept in zip(RANKS, at_ranks, ranks, strict=True) if at >= 0]
    for line, row in _rows(path):
        mentee, supervisor = of_mentee.get(row[at_mentee], -1), of_supervisor.get(row[at_supervisor], -1)
        if mentee < 0:
            raise _stranger(path, line, "mentee", row[at_mentee])
        if supervisor < 0:
            raise _stranger(path, line, "supervisor", row[at_supervisor])
        mentees.append(mentee)
        supervisors.append(supervisor)
        text = row[at_score]
        scores.append(
            int(text)
            if text.isdecimal() and len(text) < 10 and text.isascii()
            else _whole(path, line, "score", text, least=-MOST)
        )
        for name, at, kept in wanted:
            text = row[at].strip()
            kept.append(_whole(path, line, name, text, least=1) if text else 0)
    given = [kept if at >= 0 else None for at, kept in zip(at_ranks, ranks, strict=True)]
    return mentees, supervisors, scores, given[0], given[1]


def _read_few(path: Path, of_mentee: dict[str, int], of_supervisor: dict[str, int]) -> list[tuple[int, int]]:
    """The pairs of a table that may be missing."""
    if not path.exists():
        return []
    found = []
    for line, (mentee, supervisor) in _columns(path, "mentee", "supervisor"):
        if mentee not in of_mentee:
            raise _stranger(path, line, "mentee", mentee)
        if supervisor not in of_supervisor:
            raise _stranger(path, line, "supervisor", supervisor)
        found.append((of_mentee[mentee], of_supervisor[supervisor]))
    return found


def _stranger(path: Path, line: int, field: str, one: str) -> TableFault:
    if not one:
        return TableFault(path.name, _("The id is missing."), line, field)
    words = _("“%(id)s” is not in %(file)s.") % {"id": one, "file": f"{field}s.csv"}
    return TableFault(path.name, words, line, field)


def _whole(path: Path, line: int, field: str, text: str, *, least: int) -> int:
    plain = text.strip()
    digits = plain[1:] if plain[:1] == "-" else plain
    if digits.isascii() and digits.isdecimal() and len(digits) <= 10 and least <= int(plain) <= MOST:
        return int(plain)
    words = _("“%(text)s” is no whole number from %(least)s to %(most)s.")
    raise TableFault(path.name, words % {"text": plain[:40], "least": least, "most": MOST}, line, field)


def _columns(path: Path, *names: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The cells of these columns, row by row, with the line where each row ends."""
    places = _places(path, names)
    for line, row in _rows(path):
        yield line, tuple(row[place].strip() for place in places)


def _places(path: Path, names: Sequence[str], optional: Sequence[str] = ()) -> list[int]:
    """Where these columns stand; -1 for an optional one that is not there."""
    header = next(_raw(path), (0, []))[1]
    found = []
    titles = [title.strip() for title in header]
    for name in (*names, *optional):
        if titles.count(name) > 1:
            raise TableFault(path.name, _("This column stands here twice."), 1, name)
        if name not in titles and name in names:
            raise TableFault(path.name, _("This column is missing."), 1, name)
        found.append(titles.index(name) if name in titles else -1)
    return found


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header, each with the line where it ends, and all as wide as the header."""
    rows = _raw(path)
    width = len(next(rows, (0, []))[1])
    for line, row in rows:
        if len(row) == width:
            yield line, row
        elif row and any(row):
            words = _("There are %(found)s cells instead of %(wanted)s.")
            raise TableFault(path.name, words % {"found": len(row), "wanted": width}, line)


def _raw(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            try:
                for row in reader:
                    yield reader.line_num, row
            except csv.Error as error:
                raise TableFault(
                    path.name, _("This is no CSV: %(why)s.") % {"why": error}, reader.line_num
                ) from error
    except FileNotFoundError:
        raise TableFault(path.name, _("This file is missing.")) from None
    except OSError as error:
        raise TableFault(path.name, _("It cannot be opened: %(why)s.") % {"why": error.strerror}) from error
    except UnicodeDecodeError:
        raise TableFault(path.name, _("This is not UTF-8."), _line_not_utf8(path)) from None


def _line_not_utf8(path: Path) -> int:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 0


def reason_words(one: Stranded) -> str:
    """Why somebody has no supervisor, in a sentence."""
    if one.reason == "none":
        return _("None: no pair with this person is allowed.")
    if one.reason == "forbidden":
        words = ngettext(
            "None: the one pair with this person is forbidden.",
            "None: all %(number)s pairs with this person are forbidden.",
            one.number,
        )
        return words % {"number": one.number}
    words = ngettext(
        "None: the one supervisor in reach is full.",
        "None: all %(number)s supervisors in reach are full.",
        one.number,
    )
    return words % {"number": one.number}


def write_result(
    folder: Path,
    market: Market,
    matching: Matching,
    proof: Proof,
    unmatched: Iterable[Stranded],
    summary: dict[str, Any],
) -> None:
    """Write what the round came to. Each file appears whole; raises OSError where nothing can be written."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = matching.supervisor.tolist()
    pairs = sorted(
        (market.mentees[mentee], market.supervisors[by]) for mentee, by in enumerate(chosen) if by >= 0
    )
    prices = sorted(zip(market.supervisors, proof.prices.tolist(), strict=True))
    _put(folder / "pairs.csv", _table(("mentee", "supervisor"), pairs))
    _put(
        folder / "unmatched.csv",
        _table(("mentee", "reason"), ((one.mentee, reason_words(one)) for one in unmatched)),
    )
    _put(folder / "prices.csv", _table(("supervisor", "price"), prices))
    _put(folder / "summary.json", lambda file: json.dump(summary, file, ensure_ascii=False, indent=2))


def _table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Callable[[Any], None]:
    def write(file: Any) -> None:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)

    return write


def _put(path: Path, write: Callable[[Any], None]) -> None:
    beside = path.with_name(f".{path.name}.part")
    with beside.open("w", encoding="utf-8", newline="") as file:
        write(file)
    beside.replace(path)
