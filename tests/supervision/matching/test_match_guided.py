"""`manage.py match --engine guided`: people in groups, and the optimum over all pairs between them."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.core.management import call_command

TABLES = {
    "supervisors.csv": "id,capacity,group,points,traits\nSV1,1,金水 司法,,粤语\nSV2,1,金水 医务,3,\nSV3,5,中原 医务,,\n",
    "mentees.csv": "id,group,traits\n林一,金水,粤语\n林二,金水,\n林三,中原,\n林四,远县,\n",
    "worth.csv": "mentee_group,supervisor_group,score\n金水,金水 司法,50\n金水,金水 医务,40\n中原,中原 医务,30\n空,中原 医务,1\n",
    "traits.csv": "trait,score\n粤语,20\n英语,5\n",
    "pairs.csv": "mentee,supervisor,score\n林二,SV3,9\n",
    "forbidden.csv": "mentee,supervisor\n林一,SV2\n",
}


@pytest.fixture
def match(tmp_path):
    source = tmp_path / "in"
    source.mkdir()

    def run(**changes):
        options = {name: changes.pop(name) for name in ("words", "wishes") if name in changes}
        for name, text in (TABLES | {f"{name}.csv": text for name, text in changes.items()}).items():
            if text is None:
                (source / name).unlink(missing_ok=True)
            else:
                (source / name).write_text(text, encoding="utf-8")
        said, code, out = io.StringIO(), 0, tmp_path / "out"
        try:
            call_command("match", source, out, engine="guided", stdout=io.StringIO(), stderr=said, **options)
        except SystemExit as ended:
            code = ended.code
        return code, said.getvalue(), out

    return run


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_groups_traits_points_and_own_pairs_make_the_scores(match):
    code, said, out = match(words=True, places="supervisor,district,field\nSV1,金水区,司法\n")
    assert (code, said) == (0, "")
    assert rows(out / "pairs.csv")[1:] == [["林一", "SV1"], ["林三", "SV3"], ["林二", "SV2"]]
    assert rows(out / "unmatched.csv")[1:] == [["林四", "不能结对：没有允许的督导。"]]
    found = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert (found["engine"], found["matched"], found["total_score"], found["bound"], found["gap"]) == (
        *("guided", 3, 70 + 43 + 30, 143, 0),
    )
    assert found["proved"] and found["blocking_pairs"] == 0 and found["rounds"] >= 1
    prices = dict(rows(out / "prices.csv")[1:])
    assert (
        int(prices["SV1"]) == found["person_weight"] + 70 and prices["SV2"] == "34" and prices["SV3"] == "0"
    )
    assert [row[0] for row in rows(out / "words.csv")[1:]] == ["SV1", "SV2"]
    assert rows(out / "shortage.csv")[1][:2] == ["金水区", "司法"]


def test_the_order_of_every_table_changes_nothing(match):
    _, _, out = match()
    first = {path.name: path.read_bytes() for path in out.iterdir() if path.name != "summary.json"}
    turned = {
        name.removesuffix(".csv"): "".join([text.splitlines(True)[0], *reversed(text.splitlines(True)[1:])])
        for name, text in TABLES.items()
    }
    _, _, out = match(**turned)
    assert first == {path.name: path.read_bytes() for path in out.iterdir() if path.name != "summary.json"}


def test_only_people_and_what_groups_are_worth_are_needed(match):
    code, _, out = match(
        supervisors="id,capacity,group\nSV1,1,a\n",
        mentees="group,id\nb,林一\n",
        worth="mentee_group,supervisor_group,score\nb,a,-4\n",
        **dict.fromkeys(("traits", "pairs", "forbidden"), None),
    )
    assert code == 0 and rows(out / "pairs.csv")[1:] == [["林一", "SV1"]]


@pytest.mark.parametrize("nobody", ["mentees", "supervisors"])
def test_a_round_in_which_one_side_is_empty_pairs_nobody(match, nobody):
    empty = {nobody: TABLES[f"{nobody}.csv"].splitlines()[0] + "\n", "pairs": None, "forbidden": None}
    code, said, out = match(**empty)
    assert (code, said, rows(out / "pairs.csv")) == (0, "", [["mentee", "supervisor"]])
    assert json.loads((out / "summary.json").read_text(encoding="utf-8"))["gap"] == 0


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"worth": None}, ["worth.csv"]),
        ({"mentees": "id\n林一\n"}, ["mentees.csv", "第 1 行", "group"]),
        ({"mentees": "id,group\n林一,\n"}, ["mentees.csv", "第 2 行", "group"]),
        ({"mentees": "id,group,traits\n林一,金水,法语\n"}, ["mentees.csv", "第 2 行", "traits", "法语"]),
        ({"traits": "trait,score\n粤语,1\n粤语,2\n"}, ["traits.csv", "第 3 行", "trait"]),
        ({"traits": "trait,score\n粤 语,1\n"}, ["traits.csv", "第 2 行", "trait"]),
        ({"traits": "trait,score\n" + "".join(f"t{n},1\n" for n in range(13))}, ["traits.csv", "第 14 行"]),
        (
            {"worth": "mentee_group,supervisor_group,score\n金水,金水 司法,x\n"},
            ["worth.csv", "第 2 行", "score"],
        ),
        ({"worth": "mentee_group,supervisor_group,score\n金水,,1\n"}, ["worth.csv", "supervisor_group"]),
        (
            {"worth": "mentee_group,supervisor_group,score\n金水,金水 司法,1\n金水,金水 司法,2\n"},
            ["worth.csv", "第 3 行"],
        ),
        (
            {"pairs": "mentee,supervisor,score\n林二,SV3,9\n林二,SV3,8\n"},
            ["pairs.csv", "第 3 行", "mentee"],
        ),
        ({"pinned": "mentee,supervisor\n林三,SV1\n"}, ["pinned.csv", "第 2 行", "worth.csv"]),
        ({"pinned": "mentee,supervisor\n林一,SV2\n"}, ["pinned.csv", "第 2 行", "mentee"]),
        ({"wishes": "3"}, ["--wishes"]),
    ],
)
def test_a_wrong_table_is_named_and_nothing_is_written(match, changes, where):
    changes = {"traits": TABLES["traits.csv"], "pairs": None, "forbidden": None} | changes
    if changes.get("pinned", "").endswith("林一,SV2\n"):
        changes["forbidden"] = TABLES["forbidden.csv"]
    code, said, out = match(**changes)
    assert code == 2
    assert all(part in said for part in where), said
    assert not out.exists()
