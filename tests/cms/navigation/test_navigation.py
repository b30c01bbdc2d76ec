"""Menus and the small files of the site."""

import re
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from django.urls import reverse

from cms.models import NewsPage
from cms.navigation.queries import menus


def test_the_menu_says_where_one_is(client, site):
    page = client.get("/gonggao/").content.decode()
    assert re.search(r'href="/gonggao/"\s+aria-current="(page|true)"', page)
    page = client.get("/gonggao/2026-jiexiang-pinggu/").content.decode()
    assert re.search(r'href="/gonggao/"\s+aria-current="true"', page)


def test_the_menu_is_in_the_language_of_the_reader(client, site):
    page = client.get("/", headers={"accept-language": "en"}).content.decode()
    assert ">Programmes</a>" in page
    assert ">About us</a>" in page


def test_the_menu_costs_the_same_for_any_number_of_pages(site, rf: RequestFactory, django_assert_num_queries):
    request = rf.get("/")
    list(menus(request)["site_nav"])
    cache.clear()
    with django_assert_num_queries(
        4
    ):  # the site, restrictions, the pages with their English titles, the site's root
        assert len(menus(rf.get("/"))["site_nav"]) >= 5
    with django_assert_num_queries(0):
        list(menus(rf.get("/"))["footer_nav"])


@pytest.mark.parametrize("who", [None, "trainee"])
def test_a_phone_has_at_most_five_places(site, cast, rf, who):
    request = rf.get("/dashboard/")
    if who:
        request.user = getattr(cast, who)
    tabs = menus(request)["site_tabs"]
    assert len(tabs) <= 5
    assert sum(bool(tab["current"]) for tab in tabs) == (1 if who else 0)


def test_a_phones_menu_leads_to_every_place_that_the_side_navigation_leads_to(site, cast, client, rf):
    request = rf.get("/dashboard/")
    request.user = cast.trainee
    client.force_login(cast.trainee)
    page = client.get("/credentials/hours/").content.decode()
    menu = page.partition('<details class="menu only-narrow"')[2].partition("</details>")[0]
    assert [
        entry["url"] for entry in menus(request)["side_nav"] if f'href="{entry["url"]}"' not in menu
    ] == []


def test_the_admin_too_shows_the_way_back_from_an_address_that_only_takes_forms(client, cast):
    client.force_login(cast.administrator)
    answer = client.get(reverse("admissions:set_quota", args=[5]), headers={"accept": "text/html"})
    assert answer.status_code == 405
    assert f'href="{reverse("admissions:cohort", args=[5])}"' in answer.content.decode()
    answer = client.get("/admin/attendance/request/9/", headers={"accept": "text/html"})
    assert answer.content.decode().count('class="button') == 1  # what lies between opens nothing


def test_an_empty_site_has_empty_menus(db, rf):
    from wagtail.models import Site

    Site.objects.all().delete()
    Site.clear_site_root_paths_cache()
    assert len(menus(rf.get("/"))["site_nav"]) == 0


def test_crawlers_are_told_what_is_public(client, site):
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in robots
    assert "Sitemap: http" in robots
    page = NewsPage.objects.first()
    page.unpublish()
    xml = client.get("/sitemap.xml").content
    ElementTree.fromstring(xml)
    assert b"/xiangmu/spark-plan/" in xml
    assert page.slug.encode() not in xml


def test_the_small_files_are_there(client, site):
    assert client.get("/favicon.ico").status_code == 301
    assert client.get("/manifest.webmanifest").json()["start_url"] == "/"
