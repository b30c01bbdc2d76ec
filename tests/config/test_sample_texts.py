"""What the demo's pages say about the certificate is what its courses ask for."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

CONTENT = Path(__file__).resolve().parents[2] / "config/demo/content"
# What a text says when the rule asks for it, by the rule's name in a course's outline.
WORDS = {
    "min_minutes": "分钟",
    "quiz_average": "平均分",
    "attendance_percent": "出勤",
    "require_assignments": "作业",
    "require_surveys": "问卷",
}


def read(name: str) -> Any:
    return yaml.safe_load((CONTENT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["spark-practice", "all-round"])
def test_how_to_pass_names_all_that_the_course_asks_for_and_nothing_else(name):
    course = read(f"courses/{name}.yaml")
    said = {rule for rule, word in WORDS.items() if word in course["pass_note"]}
    assert said == set(course.get("completion", {}))
    assert (
        "全部" in course["pass_note"] and "测验" in course["pass_note"]
    )  # asked for unless a course says otherwise


def test_no_page_makes_records_or_a_presentation_a_condition_of_the_certificate():
    pages = (CONTENT / "pages.yaml").read_text(encoding="utf-8")
    conditions = re.findall(r"[^。；：]*(?:颁发结业证书|结业须)[^。；]*", pages)
    assert len(conditions) == 3
    for sentence in conditions:
        assert "实务记录" not in sentence and "项目展示" not in sentence
