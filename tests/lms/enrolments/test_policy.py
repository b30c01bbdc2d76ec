from hypothesis import given
from hypothesis import strategies as st

from lms.enrolments.policy import (
    Ask,
    Attended,
    Facts,
    Item,
    Rule,
    Share,
    asked_words,
    first_before,
    is_complete,
    items_of,
    rule_of,
)

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
    assert {each.ask for each in checklist.conditions} <= {Ask.LESSONS, Ask.QUIZZES}
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


def test_lessons_and_quizzes_are_asked_for_unless_the_rule_says_otherwise_and_nothing_else_is():
    assert rule_of({}) == Rule(True, True)
    assert rule_of({"lessons": False}) == Rule(False, True)
    more = {"minutes": 90, "attended_minutes": 45, "attendance_percent": 80, "quiz_average": 70}
    assert rule_of({**more, "assignments": True, "surveys": True}) == Rule(
        True, True, 90, 45, 80, 70, True, True
    )


# --- What a rule may ask for besides -------------------------------------------------------------------------

ONLY = Rule(False, False)
percents = st.integers(1, 100)


def said(sentence):
    return sentence.msgid % dict(sentence.values)


def condition(facts, **asked):
    checklist = is_complete(Rule(False, False, **asked), facts)
    (only,) = checklist.conditions
    assert checklist.is_complete == only.is_met
    assert (checklist.done, checklist.total) == (int(only.is_met), 1)
    return only


def facts(**known):
    return Facts((), frozenset(), **known)


@given(percents, st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_attendance_is_met_only_when_nothing_to_come_can_undo_it(percent, attended, missed, to_come):
    held = attended + missed
    now = condition(
        facts(attended=Attended(0, attended, held), planned=held + to_come), attendance_percent=percent
    )
    worst, best = attended * 100, (attended + to_come) * 100
    total = held + to_come
    assert now.is_met == (total > 0 and worst >= percent * total)
    assert now.is_lost == (total > 0 and best < percent * total)


@given(percents, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_attending_one_more_class_never_takes_completion_away(percent, attended, missed, to_come):
    def at(more):
        known = Attended(0, attended + more, attended + missed + more)
        return condition(
            facts(attended=known, planned=attended + missed + to_come + 1), attendance_percent=percent
        )

    assert at(1).is_met or not at(0).is_met


def test_attendance_says_how_many_classes_are_left_and_when_it_is_too_late():
    reach = condition(facts(attended=Attended(0, 5, 8), planned=11), attendance_percent=70)
    assert said(reach.standing) == "5 of 8 so far, 63%"
    assert said(reach.advice) == (
        "Attend 3 more classes. You can still reach it: 3 to come, 8 of 11 are needed."
    )
    lost = condition(facts(attended=Attended(0, 5, 8), planned=11), attendance_percent=80)
    assert lost.is_lost
    assert "no longer be reached: 9 of 11 are needed" in said(lost.advice)


def test_without_classes_attendance_waits_for_the_first():
    none = condition(facts(attended=Attended()), attendance_percent=80)
    assert (none.is_met, said(none.standing)) == (False, "No class is planned yet.")
    coming = condition(facts(attended=Attended(), planned=4), attendance_percent=80)
    assert said(coming.standing) == "No class has been held yet."


def test_what_nobody_counts_is_missing_with_a_sentence():
    for asked in (
        {"attendance_percent": 80},
        {"attended_minutes": 60},
        {"require_assignments": True},
        {"require_surveys": True},
    ):
        assert "not recorded here yet" in said(condition(facts(), **asked).standing)


lessons_of = st.lists(st.integers(0, 120), max_size=8).map(
    lambda minutes: tuple(Item(str(n), "lesson", f"课时{n}", minutes=m) for n, m in enumerate(minutes))
)


@given(lessons_of, done, st.integers(0, 300), st.integers(1, 600))
def test_minutes_are_those_of_the_lessons_done_and_those_in_classes(found, finished, in_classes, wanted):
    read = sum(item.minutes for item in found if item.key in finished)
    both = Facts(found, finished, attended=Attended(in_classes, 1, 1))
    assert condition(both, minutes=wanted).is_met == (read + in_classes >= wanted)
    assert condition(both, attended_minutes=wanted).is_met == (in_classes >= wanted)
    assert condition(Facts(found, finished), minutes=wanted).is_met == (read >= wanted)


@given(st.lists(st.none() | st.integers(0, 100), max_size=6), percents)
def test_the_average_counts_a_quiz_not_sat_as_nought(scores, wanted):
    quizzes = tuple(Item(str(n), "quiz", f"测验{n}") for n in range(len(scores)))
    best = {str(n): score for n, score in enumerate(scores) if score is not None}
    now = condition(Facts(quizzes, frozenset(), scores=best), quiz_average=wanted)
    assert now.is_met == (sum(best.values()) >= wanted * len(scores))


def test_the_average_names_the_quiz_with_the_most_to_gain():
    quizzes = (Item("a", "quiz", "测验一"), Item("b", "quiz", "测验二"))
    now = condition(Facts(quizzes, frozenset(), scores={"a": 100, "b": 30}), quiz_average=70)
    assert said(now.standing) == "65% so far; a quiz not sat yet counts as 0"
    assert "“测验二” has the most to gain" in said(now.advice)
    assert now.next == quizzes[1]


@given(st.integers(0, 5), st.integers(0, 5))
def test_assignments_and_surveys_are_all_or_not_yet_and_none_set_is_not_yet(count, total):
    share = Share(min(count, total), total)
    for asked in ("assignments", "surveys"):
        now = condition(facts(**{asked: share}), **{f"require_{asked}": True})
        assert now.is_met == (0 < total <= count)


def test_everything_asked_is_listed_in_its_order_and_counts():
    rule = Rule(True, True, 90, 45, 80, 70, True, True)
    found = (Item("1", "lesson", "接案", minutes=60), Item("2", "quiz", "测验一"))
    checklist = is_complete(rule, Facts(found, frozenset("1"), attended=Attended(30, 1, 1), planned=1))
    assert [each.ask for each in checklist.conditions] == list(Ask)
    assert (checklist.done, checklist.total, len(checklist.missing)) == (3, 8, 5)
    assert len(asked_words(rule)) == len(Ask)
    assert asked_words(ONLY) == []


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


def test_percent_is_rounded_and_a_hundred_only_for_all_of_them():
    known = ((2, 3), (1, 3), (0, 0), (5, 5), (399, 400))
    assert [Attended(0, *held).percent for held in known] == [67, 33, 0, 100, 99]
