from hypothesis import given
from hypothesis import strategies as st

from lms.enrolments.policy import Facts, Item, Rule, first_before, is_complete, items_of, rule_of

kinds = st.sampled_from(["lesson", "quiz"])
keys = st.lists(st.integers(0, 30).map(str), unique=True, max_size=12)
items = st.builds(
    lambda names, types: tuple(map(Item, names, types, names)),
    keys,
    st.lists(kinds, min_size=12, max_size=12),
)
rules = st.builds(Rule, st.booleans(), st.booleans())
done = st.frozensets(st.integers(0, 30).map(str))


@given(rules, items, done)
def test_complete_means_that_nothing_asked_for_is_missing(rule, found, finished):
    checklist = is_complete(rule, Facts(found, finished))
    asked = {item.key for item in found if rule.asks_for(item)}
    assert checklist.is_complete == (bool(asked) and asked <= finished)
    assert checklist.done + len(checklist.missing) == checklist.total == len(asked)


@given(rules, items, done, done)
def test_doing_more_never_uncompletes(rule, found, finished, more):
    if is_complete(rule, Facts(found, finished)).is_complete:
        assert is_complete(rule, Facts(found, finished | more)).is_complete


def test_what_is_missing_is_said_in_words():
    found = (Item("1", "lesson", "接案"), Item("2", "quiz", "测验一"))
    missing = is_complete(Rule(), Facts(found, frozenset())).missing
    assert [each.sentence.msgid % dict(each.sentence.values) for each in missing] == [
        "Finish the lesson “接案”.",
        "Pass the quiz “测验一”.",
    ]


def test_a_course_that_asks_for_nothing_is_never_complete_by_itself():
    assert not is_complete(
        Rule(False, False), Facts((Item("1", "lesson", "接案"),), frozenset("1"))
    ).is_complete
    assert not is_complete(Rule(), Facts((), frozenset())).is_complete


def test_what_a_rule_does_not_say_is_asked_for():
    assert rule_of({}) == Rule(True, True)
    assert rule_of({"lessons": False}) == Rule(False, True)


OUTLINE = [
    {
        "title": "模块一",
        "items": [{"key": "a", "kind": "lesson", "title": "A"}, {"key": "b", "kind": "quiz", "title": "B"}],
    },
    {
        "title": "模块二",
        "items": [
            {"key": "c", "kind": "lesson", "title": "C", "requires": ["a"]},
            {"key": "d", "kind": "quiz", "title": "D"},
        ],
    },
    {"title": "", "items": [{"key": "e", "kind": "quiz", "title": "E"}]},
]


def before(key, finished, in_order):
    found = first_before(items_of(OUTLINE), key, finished, in_order=in_order)
    return found.key if found else None


def test_in_order_everything_before_an_item_comes_first():
    assert before("a", set(), True) is None
    assert before("d", {"a"}, True) == "b"
    assert before("d", {"a", "b", "c"}, True) is None


def test_without_order_only_what_is_required_comes_first():
    assert before("b", set(), False) is None
    assert before("c", set(), False) == "a"
    assert before("c", {"a"}, False) is None


def test_the_final_exam_opens_only_after_every_quiz_whatever_the_order():
    assert before("e", {"a", "c"}, False) == "b"
    assert before("e", {"b"}, False) == "d"
    assert before("e", {"b", "d"}, False) is None


def test_an_unknown_item_has_nothing_before_it():
    assert before("z", set(), True) is None
