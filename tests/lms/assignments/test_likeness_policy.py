import random
import time

from hypothesis import given
from hypothesis import strategies as st

from lms.assignments.policy.likeness import compare, passages, plain, runs

TEXTS = st.dictionaries(st.integers(1, 50), st.text("甲乙丙丁戊己庚辛，。 ab", max_size=120), max_size=8)
ORIGINAL = (
    "转介：社区居委会。代号甲，女，六十岁上下，独居。面谈四十分钟，前半段讲漏水，后半段提到老伴去年过世。"
)


def invented(letters, seed):
    draw = random.Random(seed)
    return "".join(map(chr, draw.choices(range(0x4E00, 0x9000), k=letters)))


@given(TEXTS, st.integers(1, 100))
def test_a_report_holds_each_pair_once_in_bounds_and_the_most_alike_first(texts, threshold):
    found = compare(texts, threshold=threshold)
    pairs = [(row.first, row.second) for row in found]
    assert len(pairs) == len(set(pairs))
    assert all(first < second for first, second in pairs)
    assert all(threshold <= row.share <= 100 for row in found)
    assert [row.share for row in found] == sorted((row.share for row in found), reverse=True)
    assert all(passage in texts[row.first] for row in found for passage in row.passages)


@given(st.text("甲乙丙丁戊己庚辛", min_size=8, max_size=200))
def test_the_same_text_is_wholly_alike(text):
    assert [row.share for row in compare({1: text, 2: text}, threshold=100)] == [100]


def test_spaces_marks_and_capitals_make_no_difference_and_the_passages_are_shown():
    copied = ORIGINAL.replace("，", " , ").replace("。", "\n") + invented(40, 1)
    (found,) = compare({1: ORIGINAL, 2: copied, 3: invented(200, 2)}, threshold=30)
    assert (found.first, found.second, found.share) == (1, 2, 100)
    assert found.passages[0].startswith("转介：社区居委会")


def test_what_the_task_says_counts_for_nobody():
    texts = {1: ORIGINAL + invented(100, 1), 2: ORIGINAL + invented(100, 2)}
    assert compare(texts, threshold=20)
    assert not compare(texts, threshold=20, common=ORIGINAL)


def test_short_passages_are_not_shown():
    letters, _places = plain(ORIGINAL)
    assert passages(ORIGINAL, set(runs(letters[:10]))) == ()
    assert passages("", set()) == ()


def test_five_hundred_texts_of_five_thousand_characters_take_seconds():
    texts = {number: invented(5_000, number) for number in range(500)}
    texts[499] = texts[7][:2_500] + texts[499][2_500:]
    texts[498] = texts[8]
    began = time.process_time()
    found = compare(texts, threshold=30)
    assert time.process_time() - began < 20
    assert [(row.first, row.second) for row in found] == [(8, 498), (7, 499)]
    assert found[0].share == 100
    assert 45 <= found[1].share <= 55


def test_all_the_same_five_hundred_times_is_bounded_too():
    text = invented(5_000, 1)
    began = time.process_time()
    assert len(compare(dict.fromkeys(range(500), text), threshold=30)) == 200
    assert time.process_time() - began < 30
