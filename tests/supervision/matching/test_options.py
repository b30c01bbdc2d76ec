"""What can be asked of `manage.py match` besides an engine: knobs, their curves, and what the prices mean."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.core.management import call_command

TABLES = {
    "supervisors.csv": "id,capacity\nSV1,2\nSV2,2\n",
    "mentees.csv": "id\n林一\n林二\n",
    "pairs.csv": "mentee,supervisor,score,mentee_rank\n林一,SV1,9,2\n林一,SV2,6,1\n林二,SV1,8,1\n林二,SV2,2,2\n",
}


@pytest.fixture
def match(tmp_path):
    source = tmp_path / "in"
    source.mkdir()
    for name, text in TABLES.items():
        (source / name).write_text(text, encoding="utf-8")

    def run(tables=None, **options):
        said, code, out = io.StringIO(), 0, tmp_path / "out"
        for name, text in (tables or {}).items():
            (source / name).write_text(text, encoding="utf-8")
        try:
            call_command("match", source, out, stdout=io.StringIO(), stderr=said, **options)
        except SystemExit as ended:
            code = ended.code
        return code, said.getvalue(), out

    return run


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def summary(out):
    return json.loads((out / "summary.json").read_text(encoding="utf-8"))


def test_without_an_option_nothing_is_added(match):
    _, _, out = match()
    assert sorted(path.name for path in out.iterdir()) == [
        "pairs.csv",
        "prices.csv",
        "summary.json",
        "unmatched.csv",
    ]
    assert not {"wishes", "kept", "weighed_score"} & summary(out).keys()
    assert rows(out / "pairs.csv")[1:] == [["林一", "SV1"], ["林二", "SV1"]]


def test_wishes_weigh_against_the_total(match):
    code, _, out = match(wishes="2")
    assert code == 0
    assert rows(out / "pairs.csv")[1:] == [["林一", "SV2"], ["林二", "SV1"]]
    found = summary(out)
    assert (found["total_score"], found["weighed_score"], found["optimal_total_score"]) == (14, 14, 17)
    assert (found["wishes"], found["even"], found["gap"], found["bound"]) == (2, 0, 0, 14)


def test_an_even_load_weighs_against_the_total(match):
    code, _, out = match(even=20)
    assert code == 0
    assert rows(out / "pairs.csv")[1:] == [["林一", "SV2"], ["林二", "SV1"]]
    assert (summary(out)["total_score"], summary(out)["weighed_score"], summary(out)["gap"]) == (14, 14, 0)


def test_pairs_of_an_earlier_round_are_kept_where_that_is_worth_it(match, tmp_path):
    earlier = tmp_path / "earlier.csv"
    earlier.write_text("mentee,supervisor\n林二,SV2\n走了的人,SV9\n", encoding="utf-8")
    _, _, out = match(keep=str(earlier))
    assert (summary(out)["earlier"], summary(out)["kept"]) == (2, 0)
    code, _, out = match(keep=str(earlier), keep_bonus="10")
    assert code == 0
    assert rows(out / "pairs.csv")[1:] == [["林一", "SV1"], ["林二", "SV2"]]
    assert (summary(out)["kept"], summary(out)["total_score"], summary(out)["weighed_score"]) == (1, 11, 21)


def test_a_curve_is_written_for_the_values_that_were_asked_for(match):
    code, _, out = match(curve="wishes", curve_values="0, 2,50")
    assert code == 0
    header, *points = rows(out / "curve.csv")
    assert header[:5] == ["value", "matched", "total_score", "first_share", "top_three_share"]
    assert [point[:9] for point in points] == [
        ["0", "2", "17", "0.5000", "1.0000", "2", "0", "0", "0"],
        ["2", "2", "14", "1.0000", "1.0000", "1", "1", "0", "0"],
        ["50", "2", "14", "1.0000", "1.0000", "1", "1", "0", "0"],
    ]
    assert rows(out / "pairs.csv")[1:] == [
        ["林一", "SV1"],
        ["林二", "SV1"],
    ]  # the round itself is as it was asked for


def test_values_to_look_at_are_found_by_the_scores(match):
    _, _, out = match(curve="even")
    assert [point[0] for point in rows(out / "curve.csv")[1:]] == ["0", "1", "2", "3", "5", "7"]


def test_prices_are_said_in_words_and_summed_by_district_and_field(match):
    tables = {
        "supervisors.csv": "id,capacity\nSV1,1\nSV2,2\n",
        "places.csv": "supervisor,district,field\nSV2,金水区,司法\nSV1,中原区,医务\n",
    }
    code, _, out = match(tables, words=True)
    assert code == 0
    assert rows(out / "words.csv") == [
        ["supervisor", "price", "words"],
        ["SV1", "6", "督导“SV1”紧缺：少一个名额，本轮总分减少 6 分。"],
    ]
    assert rows(out / "why.csv")[1:] == [
        ["林一", "SV2", "2 个选择中的首选。"],
        ["林二", "SV1", "2 个选择中的首选。"],
    ]
    header, *areas = rows(out / "shortage.csv")
    assert header == ["district", "field", "supervisors", "places", "short", "persons", "points", "price"]
    assert areas == [
        ["中原区", "医务", "1", "1", "1", "0", "6", "6"],
        ["金水区", "司法", "1", "2", "0", "0", "0", "0"],
    ]


def test_every_pair_is_explained_whatever_the_engine(match):
    tables = {
        "supervisors.csv": "id,capacity\nSV1,1\nSV2,2\n",
        "pairs.csv": "mentee,supervisor,score\n林一,SV1,9\n林一,SV2,6\n林二,SV1,8\n林二,SV2,2\n",
    }
    _, _, out = match(tables, words=True)
    assert rows(out / "why.csv")[1:] == [
        ["林一", "SV2", "2 个选择中的第 2 个。与“SV1”结对会多 3 分，但占用其名额会使其他人至少少 6 分。"],
        ["林二", "SV1", "2 个选择中的首选。"],
    ]
    _, _, out = match(words=True, engine="stable")
    assert rows(out / "why.csv")[1:] == [
        ["林一", "SV1", "2 个选择中的首选。"],
        ["林二", "SV2", "2 个选择中的第 2 个。“SV1”的名额已由其同样或更看好的人占用。"],
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"wishes": "x"}, ["--wishes", "x"]),
        ({"wishes": "-1"}, ["--wishes", "-1"]),
        ({"even": "1.5"}, ["--even", "1.5"]),
        ({"even": str(10**16)}, ["--even"]),
        ({"keep_bonus": "3"}, ["--keep-bonus", "--keep"]),
        ({"curve": "keep"}, ["--curve keep", "--keep"]),
        ({"curve": "price"}, ["--curve", "price"]),
        ({"curve_values": "1,2"}, ["--curve-values", "--curve"]),
        ({"curve": "even", "curve_values": "1,,2"}, ["--curve-values"]),
        ({"curve": "even", "curve_values": ",".join(["1"] * 51)}, ["--curve-values", "50"]),
        ({"wishes": "1", "engine": "stable"}, ["--wishes", "optimal"]),
        ({"keep": "/nowhere/earlier.csv"}, ["earlier.csv"]),
        ({"wishes": str(10**15)}, ["pairs.csv", "score"]),
        ({"tables": {"places.csv": "supervisor,district\nSV1,金水区\n"}}, ["places.csv", "第 1 行", "field"]),
        (
            {"tables": {"places.csv": "supervisor,district,field\nSV7,金水区,司法\n"}},
            ["places.csv", "第 2 行", "supervisor", "SV7"],
        ),
        (
            {"tables": {"places.csv": "supervisor,district,field\nSV1,区,域\nSV1,区,域\n"}},
            ["places.csv", "第 3 行"],
        ),
    ],
)
def test_an_option_that_cannot_be_is_named_and_nothing_is_written(match, options, words):
    code, said, out = match(**options)
    assert code == 2
    assert all(part in said for part in words), said
    assert not out.exists()


def test_what_an_earlier_run_was_asked_to_add_does_not_stand_beside_another_result(match):
    _code, _said, out = match(words=True)
    assert {"words.csv", "why.csv"} <= {path.name for path in out.iterdir()}
    assert match()[0] == 0
    assert {path.name for path in out.iterdir()} == {
        "pairs.csv",
        "unmatched.csv",
        "prices.csv",
        "summary.json",
    }
