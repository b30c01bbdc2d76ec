"""`manage.py assess`: a policy and somebody's facts in, the decision as JSON out."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command

from credentials.policies.files import bundled, text_of
from tests.factories.policies import keep_policy

pytestmark = pytest.mark.django_db
FACTS = """
work: {region: "421002", fields: [社区建设]}
qualifications: [{level: assistant, issued_on: 2023-03-14}, {level: social_worker, issued_on: 2024-03-01}]
titles: []
internships: []
conduct: []
paid: [{benefit: certificate, key: assistant, amount: 500, on: 2023-09-01}]
"""


@pytest.fixture
def facts(tmp_path):
    path = tmp_path / "facts.yaml"
    path.write_text(FACTS, encoding="utf-8")
    return path


def answer(capsys, facts, *more):
    call_command("assess", "--policy", "jingzhou-2022", "--facts", str(facts), *more)
    return json.loads(capsys.readouterr().out)


def test_it_says_the_decision_that_matters_and_every_other_one(capsys, facts):
    said = answer(capsys, facts, "--on", "2025-03-01")
    assert (said["outcome"], said["amount"], said["last_day"]) == ("grant", "500.00", "2025-03-01")
    assert {each["result"] for each in said["conditions"]} == {"pass"}
    assert [one["benefit"] for one in said["decisions"]].count("certificate") == 2
    late = answer(capsys, facts, "--on", "2025-03-02", "--benefit", "certificate", "--key", "social_worker")
    [failed] = [each for each in late["conditions"] if each["result"] == "fail"]
    assert (late["outcome"], failed["name"], failed["article"]) == ("refuse", "claimed_in_time", "激励一")
    assert "2025年3月1日" in failed["sentence"] and "一年内" in failed["requirement"]


def test_another_language_and_another_answer_to_a_switch(capsys, facts):
    said = answer(capsys, facts, "--on", "2025-09-20", "--switch", "claims_after_end=no", "--language", "en")
    assert said["outcome"] == "lapsed" and "ended" in said["conditions"][0]["sentence"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"--policy": "nowhere"}, "nowhere"),
        ({"--version": "1"}, "1"),
        ({"--facts": "/no/such/file"}, "/no/such/file"),
        ({"--on": "soon"}, "soon"),
        ({"--benefit": "pension"}, "certificate"),
        ({"--switch": "last_day=2020-01-01"}, "第"),
    ],
)
def test_what_cannot_be_answered_ends_with_2_and_says_why(capsys, facts, changed, words):
    asked = {"--policy": "jingzhou-2022", "--facts": str(facts), "--on": "2024-01-01"} | changed
    with pytest.raises(SystemExit) as ended:
        call_command("assess", *(piece for pair in asked.items() for piece in pair))
    told = capsys.readouterr()
    assert ended.value.code == 2 and words in told.err and not told.out


def test_a_mistake_in_a_file_is_named_with_its_line(capsys, facts):
    facts.write_text(FACTS.replace("2024-03-01", "2024-03-41"), encoding="utf-8")
    with pytest.raises(SystemExit):
        call_command("assess", "--policy", "jingzhou-2022", "--facts", str(facts))
    assert "facts.yaml 第 3 行，字段“qualifications[2].issued_on”" in capsys.readouterr().err


def test_a_file_needs_no_database_and_every_failure_says_what_would_cure_it(
    capsys, facts, django_assert_num_queries
):
    with django_assert_num_queries(0):
        call_command(
            "assess", "--policy", str(bundled()["jingzhou-2022"]), "--facts", str(facts), "--on", "2026-01-01"
        )
    said = json.loads(capsys.readouterr().out)
    assert said["version"] is None
    for one in said["decisions"]:
        for each in one["conditions"]:
            assert each["sentence"] and bool(each["cure"]) is (each["result"] != "pass"), each
            assert each["article"] or each["name"] in ("in_force", "not_paid_already", "subject")


def test_what_is_published_here_is_asked_before_the_file_of_its_code(capsys, facts, tree, cast):
    """The newest version without a number, each by its own; with two authorities under one code one is named."""
    code, text = "jingzhou-2022", text_of(bundled()["jingzhou-2022"])
    texts = [text, text.replace("social_worker: 1000", "social_worker: 1500")]
    keep_policy(tree["city"], cast.auditor, text, texts)
    asked = ("--on", "2025-03-01", "--benefit", "certificate", "--key", "social_worker")
    found = {number: answer(capsys, facts, "--version", number, *asked) for number in ("1", "2")}
    assert [found[number]["amount"] for number in "12"] == ["500.00", "1000.00"]
    assert [found[number]["version"]["number"] for number in "12"] == [1, 2]
    newest = answer(capsys, facts, *asked, "--switch", "stacking=one")
    assert newest["version"]["number"] == 2 and "alone_certificate" in {
        each["name"] for each in newest["conditions"]
    }
    other = keep_policy(
        tree["district"], cast.auditor, text.replace(code, "second"), [text.replace(code, "second")]
    )
    type(other).objects.filter(pk=other.pk).update(text_code=code)
    assert answer(capsys, facts, *asked)["amount"] == "1000.00"  # the one that the ledger knows by it
    type(other).objects.exclude(pk=other.pk).update(code="third")
    with pytest.raises(SystemExit):
        answer(capsys, facts, *asked)
    assert "second" in capsys.readouterr().err
