import pytest

from config.bench.figures import Budget, Cost, Figures, figures_of, over


def test_the_figures_of_many_readings_are_the_middle_the_95th_and_the_most_statements() -> None:
    figures = figures_of([Cost(float(ms), 3 if ms == 7 else 2) for ms in range(1, 101)])
    assert figures == Figures(median=50.5, p95=95.0, statements=3, readings=100)


def test_one_reading_is_its_own_median_and_quantile() -> None:
    assert figures_of([Cost(4.0, 1)]) == Figures(median=4.0, p95=4.0, statements=1, readings=1)


def test_costs_add_up() -> None:
    assert Cost(1.5, 2) + Cost(2.0, 3) == Cost(3.5, 5)


@pytest.mark.parametrize(
    ("budget", "exceeded"),
    [
        (Budget(), []),
        (Budget(ms=10, statements=5, p95=20), []),
        (Budget(ms=9.9), ["ms"]),
        (Budget(statements=4), ["statements"]),
        (Budget(ms=1, statements=1, p95=19.9), ["ms", "statements", "p95"]),
    ],
)
def test_a_budget_holds_up_to_its_very_figure(budget: Budget, exceeded: list[str]) -> None:
    assert over(Figures(median=10, p95=20, statements=5, readings=1), budget) == exceeded
