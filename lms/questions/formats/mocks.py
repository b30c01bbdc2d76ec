"""Papers that look and time like those of the national examination, as data: a quiz takes one over and may change it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("mocks.yaml")


@dataclass(frozen=True)
class MockPaper:
    """One paper: its time, and the blueprint with the headings of its sections."""

    key: str
    title: str
    minutes: int
    blueprint: str


@lru_cache(maxsize=1)
def mock_papers() -> dict[str, MockPaper]:
    """The papers by their keys, in the order of the file."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {row["key"]: _paper(row, data["source"]) for row in data["papers"]}


def _paper(row: dict[str, object], source: str) -> MockPaper:
    sections = row["sections"]
    assert isinstance(sections, list)
    lines = [
        line
        for each in sections
        for line in (
            f"# {each['heading']}",
            f"{each['subject']} | 不限 | {each['kind']} | {each['count']} | {each['points']}",
        )
    ]
    return MockPaper(
        str(row["key"]), f"{row['title']} · {source}", int(str(row["minutes"])), "\n".join(lines)
    )
