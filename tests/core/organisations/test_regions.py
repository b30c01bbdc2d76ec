import re
from collections import Counter

import pytest

from core.organisations.data.build_regions import rows_of_counties, rows_of_streets
from core.organisations.regions import RegionRow, known_county_codes, read_regions

LEVELS = ["province", "city", "county", "street"]


@pytest.fixture(scope="module")
def regions() -> dict[str, RegionRow]:
    return {row.code: row for row in read_regions()}


def test_the_whole_country_is_there(regions: dict[str, RegionRow]) -> None:
    counts = Counter(row.level for row in regions.values())
    assert counts["province"] == 34
    assert counts["city"] == 333
    assert 2840 <= counts["county"] <= 2860


def test_codes_are_unique_and_well_formed(regions: dict[str, RegionRow]) -> None:
    assert len(list(read_regions())) == len(regions)
    for row in regions.values():
        assert re.fullmatch(r"[0-9]{9}" if row.level == "street" else r"[0-9]{6}", row.code)
        assert row.name == row.name.strip()
        assert row.name


def test_parents_stand_before_their_children_and_above_them() -> None:
    seen: dict[str, str] = {"": ""}
    for row in read_regions():
        assert row.parent in seen, row
        if row.parent:
            assert LEVELS.index(seen[row.parent]) < LEVELS.index(row.level)
        else:
            assert row.level == "province"
        seen[row.code] = row.level


def test_rows_are_sorted_by_level_and_code() -> None:
    keys = [(LEVELS.index(row.level), row.code) for row in read_regions()]
    assert keys == sorted(keys)


def test_no_placeholder_is_a_region(regions: dict[str, RegionRow]) -> None:
    assert not {row.name for row in regions.values()} & {
        "市辖区",
        "县",
        "省直辖县级行政区划",
        "自治区直辖县级行政区划",
    }


def test_districts_hang_directly_on_their_municipality(regions: dict[str, RegionRow]) -> None:
    assert "120100" not in regions
    assert sum(row.parent == "120000" for row in regions.values()) == 16
    assert {regions[code].level for code in ("110000", "120000", "310000", "500000")} == {"province"}
    assert regions["500229"].parent == "500000"


@pytest.mark.parametrize(
    ("code", "name", "parent"),
    [
        ("429004", "仙桃市", "420000"),
        ("419001", "济源市", "410000"),
        ("659001", "石河子市", "650000"),
        ("469001", "五指山市", "460000"),
        ("421002", "沙市区", "421000"),
        ("410105", "金水区", "410100"),
    ],
)
def test_counties_hang_where_they_are_governed(
    regions: dict[str, RegionRow], code: str, name: str, parent: str
) -> None:
    assert regions[code] == RegionRow(code, name, "county", parent)


def test_hong_kong_macao_and_taiwan_are_provinces(regions: dict[str, RegionRow]) -> None:
    assert {regions[code].level for code in ("710000", "810000", "820000")} == {"province"}


def test_every_county_of_the_first_places_has_its_streets(regions: dict[str, RegionRow]) -> None:
    with_streets = {row.parent for row in regions.values() if row.level == "street"}
    counties = {
        code
        for code, row in regions.items()
        if row.level == "county" and code.startswith(("12", "4101", "4210"))
    }
    assert len(counties) == 16 + 12 + 8
    assert counties <= with_streets


def test_streets_are_streets_towns_or_townships(regions: dict[str, RegionRow]) -> None:
    streets = [row for row in regions.values() if row.level == "street"]
    assert len(streets) > 500
    assert all(row.name.endswith(("街道", "镇", "乡")) and "开发区" not in row.name for row in streets)


def test_known_codes_hold_counties_and_undivided_cities_but_no_demo_region() -> None:
    known = known_county_codes()
    assert {"110101", "120119", "429004", "441900", "442000", "460400", "620200"} <= known
    assert not {"120199", "120000", "410100", "810000"} & known
    assert known_county_codes() is known


def test_the_builder_moves_counties_of_a_placeholder_up() -> None:
    entries = [
        {"code": "500000", "name": "重庆市"},
        {"code": "500200", "name": "县"},
        {"code": "500229", "name": "城口县"},
        {"code": "420000", "name": "湖北省"},
        {"code": "429000", "name": "省直辖县级行政区划"},
        {"code": "429004", "name": "仙桃市"},
    ]
    assert [tuple(row) for row in rows_of_counties(entries)] == [
        ("500000", "重庆市", "province", ""),
        ("500229", "城口县", "county", "500000"),
        ("420000", "湖北省", "province", ""),
        ("429004", "仙桃市", "county", "420000"),
    ]


def test_the_builder_takes_zones_off_street_names_and_leaves_parks_out() -> None:
    entries = [
        {"code": "410171560", "name": "郑州经济技术开发区明湖街道", "areaCode": "410171"},
        {"code": "120116007", "name": "天津经济技术开发区东区泰达街道", "areaCode": "120116"},
        {"code": "120116401", "name": "天津港保税区", "areaCode": "120116"},
        {"code": "110101001", "name": "东华门街道", "areaCode": "110101"},
    ]
    assert [tuple(row) for row in rows_of_streets(entries, {"120116", "410100"})] == [
        ("410171560", "明湖街道", "street", "410100"),
        ("120116007", "泰达街道", "street", "120116"),
    ]
