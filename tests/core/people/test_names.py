import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.people.names import PinyinName, pinyin_of, search_text
from core.people.policy import clean_person_name
from core.people.surnames import ALSO_READ, COMPOUND_READINGS, SINGLE_READINGS, surname_length


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("曾丽", "zeng li"),
        ("单立", "shan li"),
        ("解明", "xie ming"),
        ("仇英", "qiu ying"),
        ("翟云", "zhai yun"),
        ("区静", "ou jing"),
        ("查良", "zha liang"),
        ("任华", "ren hua"),
        ("华任", "hua ren"),
        ("盖红", "ge hong"),
        ("朴金", "piao jin"),
        ("缪文", "miao wen"),
        ("卜凡", "bu fan"),
        ("秘书", "bi shu"),
        ("种树", "chong shu"),
        ("吕布", "lv bu"),
        ("尉迟恭", "yu chi gong"),
        ("万俟卨", "mo qi xie"),
        ("长孙无忌", "zhang sun wu ji"),
        ("澹台明", "tan tai ming"),
        ("令狐冲", "ling hu chong"),
        ("单于飞", "chan yu fei"),
        ("歐陽明", "ou yang ming"),
        ("王曾", "wang ceng"),
        ("王晟", "wang sheng"),
        ("龙䶮", "long yan"),
        ("张堃", "zhang kun"),
        ("李㛃", "li jie"),
        ("阿不都拉·买买提", "a bu du la mai mai ti"),
        ("单增·次仁", "dan zeng ci ren"),
        ("John Smith", "john smith"),
        ("José-María O'Brien", "jose maria obrien"),
        ("王 Peter", "wang peter"),
        ("", ""),
    ],
)
def test_a_name_is_read_as_its_bearer_says_it(name: str, full: str) -> None:
    assert pinyin_of(name).full == full


def test_a_reading_has_initials_and_a_sort_key() -> None:
    assert pinyin_of("曾丽") == PinyinName(full="zeng li", initials="zl", sort_key="zeng li 曾丽")


def test_a_character_without_a_reading_stands_for_itself_and_sorts_last() -> None:
    rare = "\U0003fff0明"
    assert pinyin_of(rare).full == "\U0003fff0 ming"
    assert pinyin_of(rare).sort_key > pinyin_of("左明").sort_key


def test_two_characters_without_a_reading_stay_two() -> None:
    assert pinyin_of("王\U0003fff0\U0003fff1明").full == "wang \U0003fff0 \U0003fff1 ming"


def test_people_are_sorted_by_surname_first() -> None:
    names = ["曾丽", "王明", "阿不都拉·买买提", "单立", "Adam Li", "张三"]
    assert sorted(names, key=lambda name: pinyin_of(name).sort_key) == [
        "阿不都拉·买买提",
        "Adam Li",
        "单立",
        "王明",
        "曾丽",
        "张三",
    ]


def test_a_search_text_holds_the_reading_together_shortened_and_spaced() -> None:
    assert search_text("王小明") == "wangxiaoming wxm wang xiao ming"


@pytest.mark.parametrize(
    ("name", "typed"),
    [("盖红", "gaihong"), ("盖红", "gehong"), ("曾丽", "cengli"), ("吕布", "lyubu"), ("吕布", "lvbu")],
)
def test_the_other_reading_that_people_type_is_found_too(name: str, typed: str) -> None:
    assert typed in search_text(name).split()


def test_the_surname_table_is_thorough() -> None:
    assert len(SINGLE_READINGS) + len(COMPOUND_READINGS) >= 160
    assert set(ALSO_READ) <= set(SINGLE_READINGS) | {"宓"}


@pytest.mark.parametrize("surname", COMPOUND_READINGS)
def test_a_compound_surname_has_one_syllable_for_each_character(surname: str) -> None:
    assert len(COMPOUND_READINGS[surname].split()) == len(surname)
    assert surname_length(surname + "明") == len(surname)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=6))
def test_every_chinese_character_gives_one_syllable(name: str) -> None:
    reading = pinyin_of(name)
    assert len(reading.full.split()) == len(reading.initials) == len(name)
    assert len(reading.full) <= 8 * len(name)


@given(st.text(max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    pinyin_of(text)
    search_text(text)


@given(st.text(max_size=40))
def test_any_name_that_is_kept_can_be_searched(text: str) -> None:
    try:
        name = clean_person_name(text)
    except ValueError:
        return
    assert search_text(name)
