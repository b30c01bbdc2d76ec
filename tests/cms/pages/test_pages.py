"""Every kind of page, in both languages."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from cms.models import CasePage, NewsPage, NoticePage, ProgrammePage, StaticPage
from cms.pages.queries import KINDS
from tests.factories import make_cohort, make_version

ADDRESSES = [
    "/",
    "/xiangmu/",
    "/xiangmu/spark-plan/",
    "/gonggao/",
    "/gonggao/2026-jiexiang-pinggu/",
    "/xinwen/",
    "/xinwen/quanke-kecheng-shangxian/",
    "/gushi/",
    "/gushi/dudao-yige-xiaoshi/",
    "/anli/",
    "/anli/fangxue-hou-qu-nar/",
    "/about/",
]


def shown(client: Client, path: str, language: str = "zh-hans") -> str:
    response = client.get(path, headers={"accept-language": language})
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_kind_of_page_is_shown(client, site, language):
    for path in ADDRESSES:
        page = shown(client, path, language)
        assert f'<html lang="{language}"' in page
        assert page.count("<h1") == 1, path
        assert " style=" not in page
        assert "<script>" not in page


def test_english_words_stand_where_there_are_some_and_chinese_is_marked_where_not(client, site):
    page = shown(client, "/xiangmu/spark-plan/", "en")
    assert "Spark Plan Training Camp" in page
    assert "Carry a case from intake to closing" in page
    assert re.search(r'<ol class="curriculum" lang="zh-Hans">', page)
    assert '<span lang="zh-Hans">关于开展2026年度社工站' in shown(client, "/gonggao/", "en")
    assert 'lang="zh-Hans"' not in shown(client, "/xiangmu/spark-plan/")


def test_a_programme_page_offers_the_cohorts_of_its_courses(client, site, tree):
    course = ProgrammePage.objects.get(slug="spark-plan").courses.get().course
    make_cohort(tree["city"], make_version(course=course), title="看得见的班")
    cache.clear()
    assert "看得见的班" in shown(client, "/xiangmu/spark-plan/")
    assert "看得见的班" in shown(client, "/")
    assert "看得见的班" in shown(client, "/xiangmu/")


def test_what_one_can_join_now_stands_before_what_is_full_and_what_opens_later(client, site, tree):
    course = ProgrammePage.objects.get(slug="spark-plan").courses.get().course
    version, now = make_version(course=course), timezone.now()
    later = {"opens_at": now + timedelta(days=40), "closes_at": now + timedelta(days=60)}
    make_cohort(tree["city"], version, title="以后开放的班", **later)
    make_cohort(
        tree["city"], version, title="满员的班", capacity=5, seats_taken=5, closes_at=now + timedelta(days=2)
    )
    make_cohort(tree["city"], version, title="能报的班", closes_at=now + timedelta(days=30))
    cache.clear()
    page = shown(client, "/")
    assert page.index("能报的班") < page.index("满员的班") < page.index("以后开放的班")


def test_a_notice_has_its_papers_and_anybody_may_read_them(client, site):
    page = shown(client, "/gonggao/2026-jiexiang-pinggu/")
    links = re.findall(r'href="(/documents/[^"]+)"', page)
    assert len(links) == 2
    paper = client.get(links[0])
    assert paper.status_code == 200
    assert "示例" in b"".join(paper.streaming_content).decode("utf-8-sig")
    assert paper["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("model", [ProgrammePage, NewsPage, NoticePage, CasePage, StaticPage])
def test_previews_work_before_anything_is_published(site, model, rf):
    page = model.objects.first()
    page.title = "还没有发布的标题"
    response = page.make_preview_request()
    assert response.status_code == 200
    response.render() if not response.is_rendered else None
    assert "还没有发布的标题" in response.content.decode()


def test_a_preview_of_a_page_that_was_never_saved(site):
    parent = Page.objects.get(slug="xiangmu")
    page = ProgrammePage(title="新项目", slug="xin")
    page.set_parent = None
    page.path, page.depth, page.url_path = parent.path + "0099", parent.depth + 1, parent.url_path + "xin/"
    assert "新项目" in page.make_preview_request().content.decode()


def test_drafts_are_not_there_for_the_public(client, site):
    page = NewsPage.objects.first()
    url = page.url
    page.unpublish()
    assert client.get(url).status_code == 404
    assert page.title not in shown(client, "/xinwen/")
    assert page.title not in shown(client, "/")


def test_a_page_for_the_signed_in_asks_for_signing_in_and_is_on_no_list(client, site, cast):
    page = NoticePage.objects.first()
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert client.get(page.url).status_code == 302
    assert page.title not in shown(client, "/gonggao/")
    client.force_login(cast.trainee)
    assert page.title in shown(client, page.url)


def test_an_address_is_made_in_pinyin_when_none_is_given(home):
    page = home.add_child(instance=StaticPage(title="薪火是什么"))
    assert page.slug == "xin-huo-shi-shen-me"


def test_pages_stand_only_where_they_belong():
    for model, _ in KINDS.values():
        assert model.parent_page_types or model._meta.app_label == "lms"
    assert ProgrammePage.allowed_parent_page_models()[0]._meta.model_name == "programmeindexpage"
    assert NewsPage.allowed_subpage_models() == []


@pytest.mark.parametrize("path", ADDRESSES)
def test_pages_ask_the_database_a_bounded_number_of_times(client, site, path, django_assert_max_num_queries):
    client.get("/accounts/login/")  # content types are known to every running server
    client.get(path)
    cache.clear()
    with django_assert_max_num_queries(15):
        client.get(path)
