from datetime import date
from decimal import Decimal

from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from core.ui.charts import (
    Mark,
    Row,
    bars_of,
    line_of,
    lines_of,
    nice_top,
    ring_of,
    rows_of,
    trade_of,
    whole_percent,
)

values = st.lists(st.floats(0, 1e6, allow_nan=False), max_size=40)


def test_rows_are_read_from_tuples_dicts_and_rows() -> None:
    assert rows_of([("a", 1, "note"), {"label": "b", "value": 2, "strong": True}, Row("c", 3)]) == [
        Row("a", 1, "note"),
        Row("b", 2, strong=True),
        Row("c", 3),
    ]


@given(values)
def test_bars_start_at_zero_and_never_leave_their_track(numbers: list[float]) -> None:
    assert all(0 <= float(bar.width) <= 100 for bar in bars_of([("x", n) for n in numbers]))


def test_the_longest_bar_fills_the_track_unless_a_top_is_given() -> None:
    data = [("a", Decimal("2.5")), ("b", 5)]
    assert [bar.width for bar in bars_of(data)] == ["50.00", "100.00"]
    assert [bar.width for bar in bars_of(data, top=10)] == ["25.00", "50.00"]


def test_a_share_is_rounded_and_all_only_when_all_is_done() -> None:
    shares = [(2, 3), (1, 3), (1, 8), (999, 1000), (1000, 1000), (3, 2), (0, 5), (3, 0)]
    assert [whole_percent(*share) for share in shares] == [67, 33, 13, 99, 100, 100, 0, 0]


def test_a_ring_says_all_only_when_all_is_done() -> None:
    assert (ring_of(999, 1000).percent, ring_of(999, 1000).done) == (99, False)
    assert (ring_of(1000, 1000).percent, ring_of(1000, 1000).done) == (100, True)
    assert ring_of(29, 100).percent == 29
    assert ring_of(3, 0).percent == 0


@given(st.floats(1e-6, 1e12))
def test_the_top_of_a_scale_is_round_and_close_above(highest: float) -> None:
    assert highest * (1 - 1e-9) <= nice_top(highest) <= highest * 2.0001


@given(values)
def test_a_line_stays_inside_its_frame(numbers: list[float]) -> None:
    line = line_of([(str(n), value) for n, value in enumerate(numbers)], width=360, height=220, target=3)
    assert all(line.left <= p.x <= line.right and 0 <= p.y <= line.base for p in line.points)
    assert not line.points or line.points[-1].named


def test_two_lines_share_the_days_and_the_scale() -> None:
    first, last = date(2026, 1, 1), date(2026, 1, 11)
    theirs, own = [(first, 1), (last, 5)], [(date(2026, 1, 6), 3)]
    lines = lines_of([("a", theirs), ("b", own)], width=360, height=200, top=5)
    (left, low), (right, high) = lines.traces[0].points
    ((middle, between),) = lines.traces[1].points
    assert left < middle < right and abs(middle - (left + right) / 2) < 1
    assert low > between > high
    assert [day for _x, day in lines.days] == [first, last]
    assert lines_of([("a", [])], width=360, height=200, top=5).days == []


def test_a_trade_off_curve_fills_its_box_and_names_what_there_is_room_for():
    marks = [Mark(str(n), 80 + n, 100 - n, strong=n == 3) for n in range(5)]
    for width in (360, 760):
        trade = trade_of(marks, width=width, height=260)
        assert [spot.x for spot in trade.spots] == sorted(spot.x for spot in trade.spots)
        assert all(trade.left < spot.x < trade.right for spot in trade.spots)
        assert all(trade.head < spot.y < trade.base for spot in trade.spots)
        assert [end for _x, end in trade.ends_x] == [80, 84]
        assert next(spot for spot in trade.spots if spot.mark.strong).named
    close = trade_of([Mark("0", 1, 1), Mark("1", 1, 1), Mark("2", 1, 1, strong=True)], width=360, height=260)
    assert [spot.named for spot in close.spots] == [False, False, True]
    assert trade_of([], width=360, height=260).path == ""


def test_amounts_of_money_stand_in_a_chart_as_in_the_tables() -> None:
    drawn = Template('{% bar_chart rows "" "¥" %}').render(Context({"rows": [("待发放", Decimal(3500))]}))
    assert "¥3,500.00" in drawn and "3500" not in drawn
