"""What a round came to, as tables: all are written, or none."""

from __future__ import annotations

import csv
import errno
import json
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from supervision.matching.files.words import _, ngettext
from supervision.matching.policy import Area, Market, Matching, Point, Proof, Short, Stranded, Why

Write = Callable[[Any], None]
ON_REQUEST = {"words.csv", "why.csv", "shortage.csv", "curve.csv"}


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
    more: dict[str, Write] | None = None,
) -> None:
    """Write what the round came to, and `more` files: all, or none. Raises OSError where nothing can be written."""
    write_round(
        folder,
        (market.mentees, matching),
        dict(zip(market.supervisors, proof.prices.tolist(), strict=True)),
        unmatched,
        summary,
        more,
    )


def write_round(
    folder: Path,
    matched: tuple[Sequence[str], Matching],
    prices: dict[str, int],
    unmatched: Iterable[Stranded],
    summary: dict[str, Any],
    more: dict[str, Write] | None = None,
) -> None:
    """The same for a round without a market: the mentees and whom each got, and the price of each supervisor in the order
    of the matching's numbers. What an earlier run was asked to add goes."""
    mentees, chosen = matched[0], matched[1].supervisor.tolist()
    names = list(prices)
    pairs = sorted((mentees[mentee], names[by]) for mentee, by in enumerate(chosen) if by >= 0)
    reasons = ((one.mentee, reason_words(one)) for one in unmatched)
    _put_all(
        folder,
        {
            "pairs.csv": _table(("mentee", "supervisor"), pairs),
            "unmatched.csv": _table(("mentee", "reason"), reasons),
            "prices.csv": _table(("supervisor", "price"), sorted(prices.items())),
            **(more or {}),
            "summary.json": lambda file: json.dump(summary, file, ensure_ascii=False, indent=2),
        },
    )
    for name in ON_REQUEST - set(more or {}):  # of an earlier run: it does not belong to this result
        (folder / name).unlink(missing_ok=True)


def price_words(one: Short) -> str:
    """What the price of a supervisor means, in a sentence."""
    values = {"supervisor": one.supervisor, "points": abs(one.points)}
    if not one.persons:
        words = ngettext(
            "Supervisor %(supervisor)s is short: one place fewer costs the round %(points)s point.",
            "Supervisor %(supervisor)s is short: one place fewer costs the round %(points)s points.",
            one.points,
        )
        return words % values
    said = _(
        "Supervisor %(supervisor)s is short: one place fewer leaves one person more without a supervisor."
    )
    if one.points > 0:
        said = _(
            "Supervisor %(supervisor)s is short: one place fewer leaves one person more without a supervisor and costs "
            "the others %(points)s points."
        )
    elif one.points < 0:
        said = _(
            "Supervisor %(supervisor)s is short: one place fewer leaves one person more without a supervisor, though the "
            "pairs that are left are worth %(points)s points more."
        )
    return said % values


def why_words(one: Why, *, has_prices: bool = True) -> str:
    """Why somebody got this supervisor, in a sentence or two."""
    values = {
        "supervisor": one.rather,
        "gain": one.gain,
        "cost": one.cost,
        "choice": one.choice,
        "number": one.of,
    }
    if not one.choice:
        return _("Pinned before the round.")
    if one.choice == 1 and one.of == 1:
        return _("The only supervisor in reach.")
    if one.choice == 1:
        return _("The first of %(number)s choices.") % values
    if not has_prices:
        said = _(
            "Choice %(choice)s of %(number)s. The places of %(supervisor)s are taken by mentees who are liked no less there."
        )
    elif one.persons:
        said = _(
            "Choice %(choice)s of %(number)s. A place with %(supervisor)s would leave somebody else without a supervisor."
        )
    elif one.gain <= 0:
        said = _(
            "Choice %(choice)s of %(number)s. %(supervisor)s is wished for more, but is not worth more points here."
        )
    else:
        said = _(
            "Choice %(choice)s of %(number)s. %(supervisor)s would be worth %(gain)s points more here, but a place there "
            "costs the others at least %(cost)s."
        )
    return said % values


def why_file(whys: Iterable[Why], *, has_prices: bool) -> Write:
    """The sentences on all pairs, by mentee."""
    return _table(
        ("mentee", "supervisor", "words"),
        ((one.mentee, one.supervisor, why_words(one, has_prices=has_prices)) for one in whys),
    )


def words_file(shorts: Iterable[Short]) -> Write:
    """The sentences on all supervisors who are short, the dearest first."""
    return _table(
        ("supervisor", "price", "words"), ((one.supervisor, one.price, price_words(one)) for one in shorts)
    )


def shortage_file(areas: Iterable[Area]) -> Write:
    """Where to recruit, the dearest first."""
    titles = ("district", "field", "supervisors", "places", "short", "persons", "points", "price")
    return _table(titles, (tuple(getattr(one, title) for title in titles) for one in areas))


def curve_file(points: Iterable[Point]) -> Write:
    """What each value of a knob comes to, the shares with four decimals."""
    titles = (
        *("value", "matched", "total_score", "first_share", "top_three_share"),
        *("most_load", "least_load", "kept", "gap", "seconds"),
    )
    return _table(
        titles,
        (
            (
                *(one.value, one.matched, one.total, f"{one.first_share:.4f}", f"{one.top_three_share:.4f}"),
                *(one.most_load, one.least_load, one.kept, one.gap, one.seconds),
            )
            for one in points
        ),
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Write:
    def write(file: Any) -> None:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)

    return write


def _put_all(folder: Path, files: dict[str, Write]) -> None:
    """Write each beside its place, then move all there; what stood there before stays when one cannot be written."""
    was_there = folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    beside = {folder / name: folder / f".{name}.part" for name in files}
    try:
        for (path, part), write in zip(beside.items(), files.values(), strict=True):
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
            with part.open("w", encoding="utf-8", newline="") as file:
                write(file)
        for path, part in beside.items():
            part.replace(path)
    except OSError:
        for part in beside.values():
            part.unlink(missing_ok=True)
        if not was_there:
            folder.rmdir()
        raise
