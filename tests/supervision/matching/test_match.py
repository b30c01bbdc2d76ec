"""`manage.py match`: tables in, tables out, and what is wrong named by file, line and field."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.core.management import call_command

GOOD = {
    "supervisors.csv": "id,capacity\nSV1,1\nSV2,2\n",
    "mentees.csv": "id\n林一\n林二\n林三\n",
    "pairs.csv": "mentee,supervisor,score\n林一,SV1,9\n林二,SV1,8\n林二,SV2,1\n",
}


@pytest.fixture
def folder(tmp_path):
    def write(**changes):
        place = tmp_path / "in"
        place.mkdir(exist_ok=True)
        for name, text in (GOOD | {f"{key}.csv": text for key, text in changes.items()}).items():
            if text is None:
                (place / name).unlink(missing_ok=True)
            elif isinstance(text, bytes):
                (place / name).write_bytes(text)
            else:
                (place / name).write_text(text, encoding="utf-8")
        return place

    return write


@pytest.fixture
def match(tmp_path):
    def run(source, engine="optimal"):
        said, code = io.StringIO(), 0
        out = tmp_path / "out"
        try:
            call_command("match", source, out, engine=engine, stdout=io.StringIO(), stderr=said)
        except SystemExit as ended:
            code = ended.code
        return code, said.getvalue(), out

    return run


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_a_round_is_written_with_its_proof(folder, match):
    code, said, out = match(folder())
    assert (code, said) == (0, "")
    assert rows(out / "pairs.csv") == [["mentee", "supervisor"], ["林一", "SV1"], ["林二", "SV2"]]
    assert rows(out / "unmatched.csv") == [["mentee", "reason"], ["林三", "不能结对：没有允许的督导。"]]
    header, *prices = rows(out / "prices.csv")
    assert header == ["supervisor", "price"]
    found = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert {
        name: found[name]
        for name in ("matched", "unmatched", "total_score", "bound", "gap", "blocking_pairs")
    } == {
        "matched": 2,
        "unmatched": 1,
        "total_score": 10,
        "bound": 10,
        "gap": 0,
        "blocking_pairs": 0,
    }
    assert found["proved"] and found["seconds"] >= 0 and found["peak_mb"] > 0
    # One place fewer at SV1 leaves 林一 without anybody.
    assert dict(prices) == {"SV1": str(found["person_weight"] + 9), "SV2": "0"}
    assert not list(out.glob(".*"))


def test_the_order_of_every_table_changes_nothing(folder, match):
    _, _, out = match(folder())
    first = {path.name: path.read_bytes() for path in out.iterdir() if path.name != "summary.json"}
    turned = {
        name.removesuffix(".csv"): "".join([text.splitlines(True)[0], *reversed(text.splitlines(True)[1:])])
        for name, text in GOOD.items()
    }
    _, _, out = match(folder(**turned))
    assert first == {path.name: path.read_bytes() for path in out.iterdir() if path.name != "summary.json"}


def test_ranks_pins_and_what_is_forbidden_are_read(folder, match):
    source = folder(
        pairs="\ufeffsupervisor,score,mentee,note,mentee_rank,supervisor_rank\r\nSV1,9,林一,x,2,\r\nSV2,1,林一,,1,\r\nSV1,3,林二,,,\r\nSV2,2,林二,,,\r\n\r\n",
        pinned="mentee,supervisor\n林二,SV1\n",
        forbidden="mentee,supervisor\n林一,SV2\n",
    )
    code, _, out = match(source, "stable")
    assert code == 0
    assert rows(out / "pairs.csv")[1:] == [["林二", "SV1"]]
    assert ["林一", "不能结对：可选的 1 位督导在本轮次的名额都已排满。"] in rows(out / "unmatched.csv")
    found = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert (found["engine"], found["optimal_matched"], found["blocking_pairs"]) == ("stable", 1, 0)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"supervisors": None}, ["supervisors.csv"]),
        ({"supervisors": "id\nSV1\n"}, ["supervisors.csv", "第 1 行", "capacity"]),
        ({"supervisors": "id,capacity\nSV1,x\n"}, ["supervisors.csv", "第 2 行", "capacity", "x"]),
        ({"supervisors": "id,capacity\nSV1,-1\n"}, ["supervisors.csv", "第 2 行", "capacity"]),
        ({"supervisors": "id,capacity\nSV1,1.5\n"}, ["supervisors.csv", "第 2 行", "capacity"]),
        ({"supervisors": "id,capacity\nSV1,1\nSV1,2\n"}, ["supervisors.csv", "第 3 行", "id", "SV1"]),
        ({"supervisors": "id,capacity\n,1\n"}, ["supervisors.csv", "第 2 行", "id"]),
        ({"supervisors": "id,id,capacity\nSV1,SV2,1\n"}, ["supervisors.csv", "第 1 行", "id"]),
        ({"mentees": ""}, ["mentees.csv", "第 1 行", "id"]),
        ({"mentees": "id\n林一\n林一\n"}, ["mentees.csv", "第 3 行", "id", "林一"]),
        ({"mentees": "id\n林一\n".encode("gb18030")}, ["mentees.csv", "第 2 行", "UTF-8"]),
        ({"mentees": 'id\n"林一\n'}, ["mentees.csv"]),
        ({"mentees": "id\n林\0一\n"}, ["mentees.csv", "第 2 行", "id"]),
        ({"mentees": "id\n林一\n 林一\n"}, ["mentees.csv", "第 3 行", "id"]),
        ({"mentees": "\n\nname\n林一\n"}, ["mentees.csv", "第 3 行", "id"]),
        ({"pairs": "mentee,supervisor,score\n,SV1,1\n"}, ["pairs.csv", "第 2 行", "mentee"]),
        ({"pairs": "mentee,supervisor,score\n林一,SV1,9.0\n"}, ["pairs.csv", "第 2 行", "score"]),
        ({"pairs": "mentee,supervisor,score\n林一,SV1,９\n"}, ["pairs.csv", "第 2 行", "score"]),
        ({"pairs": f"mentee,supervisor,score\n林一,SV1,{2**63}\n"}, ["pairs.csv", "第 2 行", "score"]),
        ({"pairs": "mentee,supervisor,score\n林一,SV1,1\n林一,SV1 ,2\n"}, ["pairs.csv", "第 3 行"]),
        ({"supervisors": "id,capacity\nSV1,99999999999\n"}, ["supervisors.csv", "第 2 行", "capacity"]),
        ({"pinned": ""}, ["pinned.csv", "第 1 行", "mentee"]),
        ({"pinned": "mentee,supervisor\n林一,SV1\n林一,SV1\n"}, ["pinned.csv", "第 3 行", "mentee"]),
        (
            {"pinned": "mentee,supervisor\n林一,SV1\n", "forbidden": "mentee,supervisor\n林一,SV1\n"},
            ["pinned.csv", "第 2 行"],
        ),
        ({"pairs": "mentee,supervisor,score\n林一,SV1\n"}, ["pairs.csv", "第 2 行"]),
        ({"pairs": "mentee,supervisor,score\n林九,SV1,1\n"}, ["pairs.csv", "第 2 行", "mentee", "林九"]),
        ({"pairs": "mentee,supervisor,score\n\n林一,SV9,1\n"}, ["pairs.csv", "第 3 行", "supervisor", "SV9"]),
        ({"pairs": "mentee,supervisor,score\n林一,SV1,1e3\n"}, ["pairs.csv", "第 2 行", "score", "1e3"]),
        ({"pairs": "mentee,supervisor,score\n林一,SV1,\n"}, ["pairs.csv", "第 2 行", "score"]),
        (
            {"pairs": "mentee,supervisor,score\n林一,SV1,1000000000000001\n"},
            ["pairs.csv", "第 2 行", "score"],
        ),
        ({"pairs": "mentee,supervisor,score\n林一,SV1,1\n林一,SV1,2\n"}, ["pairs.csv", "第 3 行", "mentee"]),
        (
            {"pairs": "mentee,supervisor,score,mentee_rank\n林一,SV1,1,0\n"},
            ["pairs.csv", "第 2 行", "mentee_rank"],
        ),
        ({"pinned": "mentee,supervisor\n林三,SV1\n"}, ["pinned.csv", "第 2 行", "mentee"]),
        ({"pinned": "mentee,supervisor\n林一,SV1\n\n林二,SV1\n"}, ["pinned.csv", "第 4 行", "supervisor"]),
        ({"forbidden": "mentee,supervisor\n林一,SV7\n"}, ["forbidden.csv", "第 2 行", "supervisor", "SV7"]),
    ],
)
def test_a_wrong_table_is_named_and_nothing_is_written(folder, match, changes, where):
    code, said, out = match(folder(**changes))
    assert code == 2
    assert all(part in said for part in where), said
    assert not out.exists()


def test_what_a_spreadsheet_leaves_behind_is_read(folder, match):
    """A byte-order mark, its line ends, quotes, empty lines and rows, space around a cell, an id with a comma in it."""
    source = folder(
        supervisors='\ufeff"id","capacity"\r\n"SV 1","1"\r\n" SV, 2 ", 2 \r\n,\r\n',
        mentees="\r\n id \r\n林 一\r\n   \r\n 林二\r\n\r\n",
        pairs='score,supervisor,mentee\r\n 9 , SV 1 ,林 一 \r\n,,\r\n"-1","SV, 2","林二"\r\n+3,"SV, 2",林 一\r\n',
        forbidden="supervisor,mentee,why\r\nSV 1 , 林 一,relatives\r\nSV 1 , 林 一,again\r\n",
    )
    code, said, out = match(source)
    assert (code, said) == (0, "")
    assert rows(out / "pairs.csv")[1:] == [["林 一", "SV, 2"], ["林二", "SV, 2"]]


def test_a_place_for_everybody_and_scores_of_fifteen_figures(folder, match):
    code, said, out = match(
        folder(
            supervisors="id,capacity\nSV1,1000000000\nSV2,1000000000\n",
            pairs=f"mentee,supervisor,score\n林一,SV1,{10**15}\n林一,SV2,{10**15 - 1}\n林二,SV1,-{10**15}\n",
        )
    )
    assert (code, said) == (0, "")
    assert rows(out / "pairs.csv")[1:] == [["林一", "SV1"], ["林二", "SV1"]]
    found = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert (found["total_score"], found["bound"], found["gap"]) == (0, 0, 0)


def test_scores_too_far_apart_for_so_many_people_are_refused_not_added_up_wrongly(folder, match):
    people = [f"m{number}" for number in range(200)]
    code, said, out = match(
        folder(
            supervisors="id,capacity\n" + "".join(f"s{number},1\n" for number in range(200)),
            mentees="id\n" + "".join(f"{one}\n" for one in people),
            pairs="mentee,supervisor,score\n"
            + "".join(f"{one},s0,{number}\n" for number, one in enumerate(people))
            + f"m0,s1,-{10**15}\nm1,s1,{10**15 - 1}\n",
        )
    )
    assert code == 2
    assert all(part in said for part in ("pairs.csv", "第 202 行", "score")), said
    assert not out.exists()


def test_the_tables_are_never_overwritten_by_what_comes_out(folder):
    source = folder()
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("match", source, source / "." / "", stdout=io.StringIO(), stderr=said)
    assert ended.value.code == 2 and "OUT_DIR" in said.getvalue()
    assert (source / "pairs.csv").read_text(encoding="utf-8") == GOOD["pairs.csv"]


def test_a_folder_that_is_not_there_is_named(match, tmp_path):
    code, said, out = match(tmp_path / "nowhere")
    assert code == 2 and "supervisors.csv" in said and "nowhere" in said and not out.exists()


def test_all_files_are_written_or_none(folder, match, tmp_path):
    out = tmp_path / "out"
    (out / "summary.json").mkdir(parents=True)
    (out / "pairs.csv").write_text("earlier", encoding="utf-8")
    code, said, _ = match(folder())
    assert code == 1 and "out" in said
    assert sorted(path.name for path in out.iterdir()) == ["pairs.csv", "summary.json"]
    assert (out / "pairs.csv").read_text(encoding="utf-8") == "earlier"


def test_a_wrong_table_leaves_an_earlier_result_alone(folder, match):
    _, _, out = match(folder())
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    code, _, _ = match(folder(pairs="mentee,supervisor,score\n林九,SV1,1\n"))
    assert code == 2
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_where_nothing_can_be_written_it_says_so(folder, match, tmp_path):
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    code, said, _ = match(folder())
    assert code == 1 and "out" in said
