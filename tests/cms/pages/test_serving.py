"""Kept copies of public pages, pictures, and papers."""

import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Drawing
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection

from cms.models import NewsPage
from cms.pages.actions.setting_up import COURSE_FILES


def test_the_second_visitor_gets_a_kept_copy(client, site, django_assert_num_queries):
    first = client.get("/").content
    with django_assert_num_queries(0):
        assert client.get("/").content == first


def test_languages_large_type_and_addresses_are_kept_apart(client, site):
    chinese = client.get("/").content
    assert client.get("/", headers={"accept-language": "en"}).content != chinese
    client.cookies["elder"] = "1"
    assert b"data-elder" in client.get("/").content
    del client.cookies["elder"]
    assert client.get("/").content == chinese


def test_publishing_drops_the_kept_copies(client, site, django_capture_on_commit_callbacks):
    client.get("/")
    page = NewsPage.objects.order_by("-date").first()
    page.title = "刚刚改过的标题"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    assert "刚刚改过的标题" in client.get("/").content.decode()


def test_nothing_of_a_signed_in_person_is_kept(client, site, cast):
    client.force_login(cast.trainee)
    assert cast.trainee.person.name in client.get("/").content.decode()
    client.logout()
    assert cast.trainee.person.name not in client.get("/").content.decode()


def test_a_page_asked_for_with_other_words_is_not_kept(client, site, django_assert_max_num_queries):
    client.get("/?utm=1")
    with pytest.raises(BaseException, match="0 queries"), django_assert_max_num_queries(0):
        client.get("/?utm=2")


def test_public_pages_hold_no_token(client, site):
    for path in ("/", "/xiangmu/spark-plan/", "/search/?q=督导"):
        response = client.get(path)
        assert "csrfmiddlewaretoken" not in response.content.decode()
        assert not response.cookies


@pytest.fixture
def picture(home):
    data = io.BytesIO()
    Drawing.new("RGB", (40, 30), "red").save(data, "PNG")
    return get_image_model().objects.create(title="图", file=ContentFile(data.getvalue(), "a.png"))


def test_a_rendition_is_served_and_an_original_is_not(client, picture):
    response = client.get(picture.get_rendition("fill-20x20").url)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "max-age" in response["Cache-Control"]
    assert client.get(picture.file.url).status_code == 404


@pytest.mark.parametrize(
    "name", ["nothing.png", "../secret-key", "..%2f..%2fsecret-key", "a.svg", "a.html", "%00.png"]
)
def test_no_other_file_is_served(client, home, name):
    assert client.get(f"/media/images/{name}").status_code == 404


def test_pictures_and_papers_of_lessons_ask_for_signing_in(client, picture, cast):
    closed = Collection.objects.get(name=COURSE_FILES)
    picture.collection = closed
    picture.save()
    paper = get_document_model().objects.create(
        title="讲义", file=ContentFile(b"x", "jiangyi.txt"), collection=closed
    )
    rendition = picture.get_rendition("fill-20x20")
    assert client.get(rendition.url).status_code == 404
    assert client.get(paper.url).status_code == 302
    client.force_login(cast.trainee)
    assert client.get(rendition.url).status_code == 200
    assert client.get(paper.url).status_code == 200
