"""What an editor types into Wagtail's own search boxes."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

pytestmark = pytest.mark.django_db

Library = dict[str, Page]


@pytest.fixture
def editor(client: Client) -> Client:
    user = get_user_model().objects.create_superuser(email="search-editor@example.com")
    client.force_login(user)
    return client


def listed(client: Client, name: str, library: Library, **query: str) -> set[str]:
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    text = response.content.decode()
    return {title for title in library if title in text}


@pytest.mark.parametrize("view", ["wagtailadmin_pages:search_results", "wagtailadmin_choose_page_search"])
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("薪火", {"薪火计划训练营"}),
        ("薪", {"薪火计划训练营"}),
        ("结项评估", {"社工站结项评估指引"}),
        ("五社联动 comm", {"天津·五社联动 Community Practice 2024"}),
        ("齉龘饕", set()),
    ],
)
def test_page_search_and_page_chooser_find_chinese(
    editor: Client, library: Library, view: str, query: str, titles: set[str]
) -> None:
    assert listed(editor, view, library, q=query) == titles


def test_page_search_understands_quotes_and_filters(editor: Client, library: Library) -> None:
    view = "wagtailadmin_pages:search_results"
    assert listed(editor, view, library, q='"督导记录" live:true') == {"督导结对与督导记录"}
    assert listed(editor, view, library, q="督导 live:false") == set()
    assert listed(editor, view, library, q="社", ordering="title") == {
        "社会工作综合能力",
        "社工站结项评估指引",
        "天津·五社联动 Community Practice 2024",
    }


def test_the_explorer_listing_finds_chinese(editor: Client, library: Library) -> None:
    root = Page.objects.get(depth=1)
    response = editor.get(reverse("wagtailadmin_explore_results", args=[root.pk]), {"q": "督导记录"})
    assert response.status_code == 200
    assert "督导结对与督导记录" in response.content.decode()
    assert "薪火计划训练营" not in response.content.decode()


@pytest.mark.parametrize(
    "text", ['"', "***", "薪火*:(", "NEAR(a b)", "a" * 5000, "'", "薪火 -督导", "%00", "\\"]
)
@pytest.mark.parametrize("view", ["wagtailadmin_pages:search_results", "wagtailadmin_choose_page_search"])
def test_nothing_typed_into_the_admin_raises(editor: Client, library: Library, view: str, text: str) -> None:
    assert editor.get(reverse(view), {"q": text}).status_code == 200
