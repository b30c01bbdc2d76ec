from collections.abc import Callable

import pytest
from modelsearch.index import insert_or_update_object
from wagtail.models import Page

AddPage = Callable[..., Page]


@pytest.fixture
def add_page(db: None) -> AddPage:
    """Adds a page below the root of the tree and indexes it."""
    root = Page.objects.get(depth=1)
    count = iter(range(10_000))

    def add(title: str, **values: object) -> Page:
        page: Page = root.add_child(instance=Page(title=title, slug=f"search-test-{next(count)}", **values))
        insert_or_update_object(page)
        return page

    return add


@pytest.fixture
def library(add_page: AddPage) -> dict[str, Page]:
    """A small site; no two titles answer the same query."""
    titles = [
        "薪火计划训练营",
        "督导结对与督导记录",
        "社会工作综合能力",
        "社工站结项评估指引",
        "天津·五社联动 Community Practice 2024",
        "䶮堃的故事",
        "ＳＣＯＲＭ课件说明",
    ]
    return {title: add_page(title) for title in titles}
