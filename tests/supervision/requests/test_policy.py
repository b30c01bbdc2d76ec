import pytest

from supervision.requests.policy import MOST_OPEN, Facts, may_ask

AGAINST = [
    ("is_self", True, "self"),
    ("has_employer", False, "no_employer"),
    ("serves_here", False, "elsewhere"),
    ("leads", True, "leads"),
    ("is_paired", True, "paired"),
    ("has_asked", True, "asked"),
    ("takes_new", False, "takes_nobody"),
    ("open_requests", MOST_OPEN, "too_many"),
]


def test_with_a_place_free_and_nothing_against_it_one_may_ask():
    assert may_ask(Facts()).way == "ask"


@pytest.mark.parametrize(("fact", "value", "code"), AGAINST)
def test_each_reason_against_is_named_whether_or_not_a_place_is_free(fact, value, code):
    for free in (0, 3):
        answer = may_ask(Facts(**{fact: value, "free": free}))
        assert (answer.way, answer.code, answer.is_possible) == ("no", code, False)


def test_without_a_place_one_may_wait():
    assert (may_ask(Facts(free=0)).way, may_ask(Facts(free=0)).code) == ("wait", "full")


def test_whoever_comes_later_joins_the_line_even_when_a_place_is_free():
    assert (may_ask(Facts(free=1, waiting=1)).way, may_ask(Facts(waiting=1)).code) == ("wait", "line")
