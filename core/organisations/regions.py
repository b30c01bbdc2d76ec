"""The regions of China as shipped in data/regions.csv (see data/SOURCE.md): read only, no database."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

REGIONS_FILE = Path(__file__).parent / "data" / "regions.csv"

RegionLevel = Literal["province", "city", "county", "street"]


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One region. `code` has 6 digits (GB/T 2260), a street's 9; `parent` is the code of the region above, or "".

    Parents come before their children. A county's parent is a city, or a province where it is governed directly
    (municipalities, 省直辖县级市); a street's is a county, or a city (towns of Dongguan's kind, development zones).
    """

    code: str
    name: str
    level: RegionLevel
    parent: str


def read_regions() -> Iterator[RegionRow]:
    """Every region of the file, by level from the province down and then by code."""
    with REGIONS_FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            level = cast(RegionLevel, row["level"])
            yield RegionRow(code=row["code"], name=row["name"], level=level, parent=row["parent"])


@cache
def known_county_codes() -> frozenset[str]:
    """The 6-digit codes that a resident identity number may begin with today.

    Those are all counties, and the cities without any (Dongguan, Zhongshan, Danzhou, Jiayuguan). Abolished regions
    are not among them, so an unknown code is a reason to look again, never to refuse.
    """
    rows = [row for row in read_regions() if row.level in ("city", "county")]
    divided = {row.parent for row in rows}
    return frozenset(row.code for row in rows if row.level == "county" or row.code not in divided)
