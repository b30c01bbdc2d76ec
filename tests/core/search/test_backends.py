"""The same questions on whichever database the suite runs on."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from modelsearch.backends import get_search_backend
from modelsearch.index import insert_or_update_object
from modelsearch.query import (
    MATCH_ALL,
    MATCH_NONE,
    And,
    Boost,
    Fuzzy,
    Not,
    Or,
    Phrase,
    PlainText,
    SearchQuery,
)
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from wagtail.documents.models import Document
from wagtail.models import Page

from tests.core.search.conftest import AddPage

pytestmark = pytest.mark.django_db

Library = dict[str, Page]


def found(query: str | SearchQuery, **options: object) -> set[str]:
    return {page.title for page in Page.objects.search(query, **options)}


def completed(query: str | SearchQuery, **options: object) -> set[str]:
    return {page.title for page in Page.objects.autocomplete(query, **options)}


def test_the_backend_is_the_one_of_the_database() -> None:
    assert (
        type(get_search_backend()).__module__
        == {
            "sqlite": "core.search.backends.sqlite",
            "postgresql": "core.search.backends.postgres",
        }[connection.vendor]
    )


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("薪火", "薪火计划训练营"),
        ("训练营", "薪火计划训练营"),
        ("薪", "薪火计划训练营"),
        ("营", "薪火计划训练营"),
        ("薪火 训练", "薪火计划训练营"),
        ("督导", "督导结对与督导记录"),
        ("社会工作", "社会工作综合能力"),
        ("结项评估", "社工站结项评估指引"),
        ("天津五社联动", "天津·五社联动 Community Practice 2024"),
        ("五社联动 community", "天津·五社联动 Community Practice 2024"),
        ("联动Community", "天津·五社联动 Community Practice 2024"),
        ("２０２４", "天津·五社联动 Community Practice 2024"),
        ("䶮", "䶮堃的故事"),
        ("scorm", "ＳＣＯＲＭ课件说明"),
        ("SCORM课件", "ＳＣＯＲＭ课件说明"),
    ],
)
def test_chinese_and_mixed_words_are_found(library: Library, query: str, title: str) -> None:
    assert found(query) == {title}
    assert completed(query) == {title}


@pytest.mark.parametrize("query", ["齉龘饕", "训火", "薪火督导", "薪火 督导", "zzz", "龘", "工会"])
def test_nonsense_finds_nothing(library: Library, query: str) -> None:
    assert not found(query)
    assert not completed(query)


def test_unfinished_words_are_found_only_when_completing(library: Library) -> None:
    assert completed("comm pract") == {"天津·五社联动 Community Practice 2024"}
    assert completed("五社联 Comm") == {"天津·五社联动 Community Practice 2024"}
    assert not found("comm")
    assert not completed("munity")


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        (PlainText("薪火 督导", operator="or"), {"薪火计划训练营", "督导结对与督导记录"}),
        (Phrase("薪火计划"), {"薪火计划训练营"}),
        (Phrase("联动community"), {"天津·五社联动 Community Practice 2024"}),
        (Phrase("Community Practice"), {"天津·五社联动 Community Practice 2024"}),
        (Phrase("Practice Community"), set()),
        (Phrase("社"), {"社会工作综合能力", "社工站结项评估指引", "天津·五社联动 Community Practice 2024"}),
        (And([PlainText("督导"), PlainText("记录")]), {"督导结对与督导记录"}),
        (Or([PlainText("薪火"), PlainText("结项")]), {"薪火计划训练营", "社工站结项评估指引"}),
        (
            And([PlainText("社"), Not(PlainText("社会"))]),
            {"社工站结项评估指引", "天津·五社联动 Community Practice 2024"},
        ),
        (Boost(PlainText("薪火"), 2.0), {"薪火计划训练营"}),
        (Fuzzy("薪火训练"), {"薪火计划训练营"}),
        (Fuzzy("communities"), set()),
        (Fuzzy("communitys"), {"天津·五社联动 Community Practice 2024"}),
        (Not(Not(PlainText("薪火"))), {"薪火计划训练营"}),
        (MATCH_NONE, set()),
        (And([PlainText("薪火"), MATCH_ALL]), {"薪火计划训练营"}),
        (And([PlainText("薪火"), PlainText("...")]), {"薪火计划训练营"}),
        (
            PlainText("薪火") | (PlainText("社") & ~PlainText("五社") & ~PlainText("会工")),
            {"薪火计划训练营", "社工站结项评估指引"},
        ),
    ],
)
def test_query_objects_are_understood(library: Library, query: SearchQuery, titles: set[str]) -> None:
    assert found(query) == titles
    assert completed(query) == titles


def test_not_alone_gives_all_the_others(library: Library) -> None:
    others = set(library) - {"薪火计划训练营"}
    assert found(~PlainText("薪火")) & set(library) == others
    assert found(~PlainText("薪火") | PlainText("训练营")) & set(library) == set(library)
    assert found(MATCH_ALL) >= set(library)


def test_a_phrase_is_exact_where_plain_words_are_not(add_page: AddPage) -> None:
    add_page("社会会工工作")
    add_page("社会工作")
    assert found("社会工作") == {"社会工作", "社会会工工作"}
    assert found(Phrase("社会工作")) == {"社会工作"}


HOSTILE = [
    '"',
    "'",
    '"薪火',
    "薪火*",
    "title:薪火",
    "-薪火",
    "NEAR(薪火 训练)",
    "薪火 AND",
    "NOT 薪火",
    "OR",
    "(",
    ")",
    "{a} : b",
    "\x00薪火\x00",
    "a" * 10_000,
    "薪" * 10_000,
    "'薪' & !",
    "薪火:*",
    "\\",
    "%s %d %(x)s",
    "^薪火",
    "+",
    "<->",
    "1e5",
    "\ud800",
    "; DROP TABLE x; --",
    "！？。",
    "·",
    "\u200b",
    "薪\u200b火",
    '""""',
    "' OR 1=1",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_can_be_typed_raises(library: Library, text: str) -> None:
    for query in (text, PlainText(text, operator="or"), Phrase(text), Fuzzy(text), Not(PlainText(text))):
        found(query)
        completed(query)
    found(text, fields=["title"])


def test_only_punctuation_finds_nothing(library: Library) -> None:
    assert not found("!? ·")
    assert not completed("***")


def test_ten_thousand_characters_are_one_query(
    library: Library, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert not found("社会工作" * 1000 + "龘" * 6000)


def test_an_edited_page_is_found_by_its_new_title_only(library: Library) -> None:
    page = library["薪火计划训练营"]
    page.title = "掘星计划"
    page.save()
    insert_or_update_object(page)
    assert found("掘星") == {"掘星计划"}
    assert not found("薪火")
    assert not completed("训练营")


def test_a_deleted_page_is_not_found(library: Library) -> None:
    library["薪火计划训练营"].delete()
    assert not found("薪火")
    entries = Page._meta.get_field("index_entries").related_model
    assert not entries.objects.filter(object_id=str(library["薪火计划训练营"].pk)).exists()


def test_saving_a_page_indexes_it(
    add_page: AddPage, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    page = add_page("旧标题")
    with django_capture_on_commit_callbacks(execute=True):
        page.title = "全科社工培训"
        page.save()
    assert found("全科社工") == {"全科社工培训"}


def test_rebuilding_gives_the_same_answers(library: Library) -> None:
    entries = Page._meta.get_field("index_entries").related_model
    entries.objects.all().delete()
    assert not found("薪火")
    call_command("update_index", stdout=StringIO())
    assert found("薪火") == {"薪火计划训练营"}
    call_command("update_index", stdout=StringIO())
    assert len(Page.objects.search("薪火")) == 1


def test_a_title_that_says_exactly_this_comes_first_and_the_shorter_before_the_longer(
    add_page: AddPage,
) -> None:
    add_page("社会与会工与工作")
    add_page("基层社会工作实务与法规")
    add_page("社会工作")
    add_page("社会工作实务")
    titles = [page.title for page in Page.objects.search("社会工作")]
    assert titles[:3] == ["社会工作", "社会工作实务", "基层社会工作实务与法规"]
    assert titles[-1] == "社会与会工与工作"
    assert [page.title for page in Page.objects.autocomplete("社会工作")][:2] == ["社会工作", "社会工作实务"]


def test_a_title_counts_more_than_other_fields(db: None) -> None:
    tagged = Document.objects.create(title="其他材料汇编文件", file="a.pdf")
    tagged.tags.add("薪火")
    titled = Document.objects.create(title="薪火计划说明文件", file="b.pdf")
    for document in (titled, tagged):
        insert_or_update_object(document)
    results = get_search_backend().search("薪火", Document)
    assert [document.title for document in results] == ["薪火计划说明文件", "其他材料汇编文件"]


def test_filters_order_slices_counts_and_facets_work_as_in_wagtail(
    library: Library, add_page: AddPage
) -> None:
    for number in range(7):
        add_page(f"薪火讲座{number}", live=number % 2 == 0)
    results = Page.objects.search("薪火")
    assert results.count() == 8
    assert len(results[2:5]) == 3
    pages = [page.pk for start in range(0, 8, 3) for page in Page.objects.search("薪火")[start : start + 3]]
    assert len(set(pages)) == 8
    assert Page.objects.live().search("薪火讲座").count() == 4
    ordered = Page.objects.order_by("-title").search("薪火讲座", order_by_relevance=False)
    assert next(iter(ordered)).title == "薪火讲座6"
    assert results.facet("live") == {True: 5, False: 3}
    assert all(page.score > 0 for page in results.annotate_score("score"))
    unranked = Page.objects.search(~PlainText("薪火")).annotate_score("score")
    assert {page.score for page in unranked} == {0}


def test_search_works_within_typed_excluding_and_specific_querysets(library: Library) -> None:
    queryset = Page.objects.exclude(depth=1).type(Page).specific()
    assert [page.title for page in queryset.autocomplete("督导")] == ["督导结对与督导记录"]
    inside = Page.objects.filter(pk__in=Page.objects.filter(live=True).values("pk"))
    assert [page.title for page in inside.search("督导")] == ["督导结对与督导记录"]


def test_named_fields_are_asked_directly(library: Library) -> None:
    assert found("社会工作", fields=["title"]) == {"社会工作综合能力"}
    assert completed("结项", fields=["title"]) == {"社工站结项评估指引"}
    assert found(PlainText("社") & ~PlainText("五社") & ~PlainText("社会"), fields=["title"]) == {
        "社工站结项评估指引"
    }
    assert not found("龘", fields=["title"])


def test_a_very_long_text_is_indexed_without_an_error(db: None) -> None:
    page = Page.objects.get(depth=1)
    page.title = "".join(chr(0x4E00 + (place * 7919) % 20_000) for place in range(150_000))
    get_search_backend().add(page)
    assert Page.objects.search(page.title[:4]).count() == 1


ALPHABET = "薪火社会工作督导员训练营䶮\U00020000\U00031350·《》 —-,。2024ab"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(st.sampled_from(ALPHABET), min_size=1, max_size=20).filter(str.strip), data=st.data())
def test_any_part_of_a_title_that_has_a_chinese_character_finds_it(
    add_page: AddPage, title: str, data: st.DataObject
) -> None:
    edges = [0, *(match.end() for match in re.finditer(r"[a-z0-9]+|.", title))]  # no word is cut
    start, stop = sorted([data.draw(st.sampled_from(edges)), data.draw(st.sampled_from(edges))])
    part = title[start:stop]
    assume(any(ord(character) > 0x3400 for character in part))
    page = add_page(title)
    assert page in Page.objects.search(part)
    assert page in Page.objects.autocomplete(part)
    assert page in Page.objects.search(Phrase(part))
