"""Matching rounds are measured with every engine, and what is over its budget or not proved is said."""

from __future__ import annotations

from dataclasses import replace

from config.bench import matching
from config.bench.matching import Curve, Round, Size, rounds


def test_each_size_is_matched_by_every_engine_and_each_knob_has_its_curve(monkeypatch) -> None:
    monkeypatch.setattr(matching, "SIZES", (Size(5, 40, 60, 2_000), Size(6, 50, 60, 2_000)))
    optimal, stable, *curves, guided = rounds(most_mentees=40)
    assert (optimal.engine, optimal.matched, optimal.gap, optimal.faults) == ("optimal", 40, 0, [])
    assert stable.engine == "stable" and stable.matched <= 40
    assert (guided.engine, guided.matched, guided.gap, guided.faults) == ("guided", 40, 0, [])
    assert str(optimal).startswith("5 supervisors, 40 mentees, optimal: 40 paired in ")
    assert [one.knob for one in curves] == ["wishes", "even", "keep"]
    assert all(len(one.seconds) == 4 and one.gap == 0 and one.faults == [] for one in curves)
    assert "curve of even at 0,1,5,25: " in str(curves[1])


def test_what_is_over_or_not_proved_is_a_fault() -> None:
    good = Round(Size(5, 40, 1, 100), "optimal", 40, 0, 0.5, 90)
    assert good.faults == []
    assert replace(good, gap=3).faults == ["5 × 40, optimal: not proved, 3 points from the bound"]
    assert replace(good, seconds=1.5, peak_mb=120).faults == [
        "5 × 40, optimal: 1.50 s, over 1 s",
        "5 × 40, optimal: 120 MB, over 100 MB",
    ]
    assert replace(good, engine="stable", gap=3).faults == []
    assert replace(good, engine="guided", gap=3).faults == [
        "5 × 40, guided: not proved, 3 points from the bound"
    ]
    assert replace(good, engine="guided", seconds=30).faults == []  # over all pairs there is more time
    assert "guided in 3 passes: 40 paired" in str(replace(good, engine="guided", passes=3))
    curve = Curve(good.size, "even", [0.1, 0.2], 4)
    assert curve.faults == ["5 × 40, curve of even: not proved, 4 points from the bound"]
