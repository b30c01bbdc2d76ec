"""Matching rounds are measured with both engines, and what is over its budget or not proved is said."""

from __future__ import annotations

from dataclasses import replace

from config.bench import matching
from config.bench.matching import Round, Size, rounds


def test_each_size_is_matched_by_both_engines(monkeypatch) -> None:
    monkeypatch.setattr(matching, "SIZES", (Size(5, 40, 60, 2_000),))
    found = rounds()
    assert [(one.engine, one.matched, one.gap, one.faults) for one in found[:1]] == [("optimal", 40, 0, [])]
    assert found[1].engine == "stable" and found[1].matched <= 40
    assert str(found[0]).startswith("5 supervisors, 40 mentees, optimal: 40 paired in ")


def test_what_is_over_or_not_proved_is_a_fault() -> None:
    good = Round(Size(5, 40, 1, 100), "optimal", 40, 0, 0.5, 90)
    assert good.faults == []
    assert replace(good, gap=3).faults == ["5 × 40, optimal: not proved, 3 points from the bound"]
    assert replace(good, seconds=1.5, peak_mb=120).faults == [
        "5 × 40, optimal: 1.50 s, over 1 s",
        "5 × 40, optimal: 120 MB, over 100 MB",
    ]
    assert replace(good, engine="stable", gap=3).faults == []
