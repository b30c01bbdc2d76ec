"""What the public finds, and what it never does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from wagtail.models import Page

from cms.models import NewsPage
from cms.pages.queries import find_pages
from tests.factories import make_course_page


@pytest.mark.parametrize("words", ["薪火", "训练营", "督导", "社会工作", "结项评估", "Spark Plan"])
def test_the_words_of_the_field_are_found(client, site, words):
    found = find_pages(words)
    assert found.total
    page = client.get("/search/", {"q": words}).content.decode()
    assert "<mark>" in page


@pytest.mark.parametrize("words", ["魑魅魍魉", "zzzqqq", "", "   ", "***", '"', "。，"])
def test_nonsense_finds_nothing_and_says_so(client, site, words):
    assert find_pages(words).total == 0
    assert client.get("/search/", {"q": words}).status_code == 200


def test_drafts_and_lessons_are_not_found(site):
    from lms.models import LessonPage, ModulePage

    course = make_course_page("考核课程")
    course.save()  # the factory's is in no index
    module = course.add_child(instance=ModulePage(title="模块", slug="m"))
    module.add_child(instance=LessonPage(title="孤零零的课时名", slug="l"))
    assert Page.objects.filter(title="孤零零的课时名").exists()
    assert find_pages("孤零零的课时名").total == 0
    assert find_pages("考核课程").total == 1
    page = NewsPage.objects.get(slug="shifan-anli-zhengji")
    page.unpublish()
    assert page.pk not in [hit.page.pk for hit in find_pages("示范案例库").hits]


def test_counts_by_kind_add_up_and_narrow_down(client, site):
    found = find_pages("督导")
    assert sum(number for _, _, number in found.counts) == found.total
    kind, _, number = found.counts[0]
    narrowed = find_pages("督导", kind=kind)
    assert narrowed.slice.paginator.count == number
    assert {hit.kind for hit in narrowed.hits} == {kind}


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\x00督导\x00"},
        {"q": "' OR 1=1 --"},
        {"q": "(" * 500},
        {"q": "督" * 5000},
        {"q": "督导", "page": "-1"},
        {"q": "督导", "page": "999999999999"},
        {"q": "督导", "page": "x", "kind": "lesson"},
        {"q": "<script>alert(1)</script>督导"},
        {"q": "\u202e督导\ud83d\ude00"},
    ],
)
def test_anything_may_be_typed(client, site, query):
    query = {name: value.encode("utf-16", "surrogatepass").decode("utf-16") for name, value in query.items()}
    response = client.get("/search/", query)
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


def test_searching_asks_the_database_a_bounded_number_of_times(client, site, django_assert_max_num_queries):
    client.get("/search/", {"q": "督导"})
    with django_assert_max_num_queries(15):
        client.get("/search/", {"q": "督导"})


class AnyWords(TestCase):
    @given(st.text(max_size=40))
    def test_no_words_break_the_search(self, words):
        assert find_pages(words).total == 0
