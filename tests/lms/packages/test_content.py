"""The content's own host: what it hands out, to which address, and what it never does."""

import pytest
import time_machine
from django.core import signing
from django.test import RequestFactory

from config.content import content_host_is_named
from lms.packages.policy.content import content_policy, type_of
from lms.packages.queries.addresses import SALT, content_address, content_origin
from tests.factories.packages import make_package_version, scorm12

pytestmark = pytest.mark.django_db
SITE = "127.0.0.1:8000"


@pytest.fixture
def version(cast, tree):
    return make_package_version(
        tree["district"], scorm12(**{"content/v.mp4": b"0123456789"}), cast.instructor
    )


@pytest.fixture
def base(version):
    """The path below which the version is served on localhost, for the site on 127.0.0.1."""
    address = content_address(RequestFactory().get("/", HTTP_HOST=SITE), version.pk)
    assert address.startswith("http://localhost:8000/content/")
    return address.removeprefix("http://localhost:8000")


def at(client, path, host="localhost:8000", **more):
    return client.get(path, HTTP_HOST=host, **more)


def test_a_file_is_handed_out_sealed_and_without_a_cookie(client, cast, base):
    client.force_login(cast.trainee)
    answer = at(client, f"{base}files/content/one.html")
    assert answer.status_code == 200 and answer["Content-Type"] == "text/html"
    assert answer["X-Content-Type-Options"] == "nosniff"
    policy = answer["Content-Security-Policy"]
    assert "form-action 'none'" in policy and f"connect-src http://localhost:8000{base} " in policy
    assert "frame-ancestors http://127.0.0.1:8000 http://localhost:8000" in policy
    assert not answer.cookies and "Vary" not in answer


def test_reading_content_asks_the_database_for_the_version_and_only_once(
    client, base, django_assert_num_queries, django_capture_on_commit_callbacks
):
    with django_assert_num_queries(1), django_capture_on_commit_callbacks(execute=True):
        at(client, f"{base}files/content/one.html")
    with django_assert_num_queries(0):
        at(client, f"{base}files/content/two.html")


def test_content_does_not_exist_on_the_host_of_the_site(client, base):
    assert at(client, f"{base}files/content/one.html", host=SITE).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "files/",
        "files/content/",
        "files/../../secret-key",
        "files/%2e%2e/%2e%2e/secret-key",
        "files//etc/passwd",
        "files/content/none.html",
        "files/a%00b",
        "player/none.js",
        "",
        "other/x",
    ],
)
def test_what_is_not_in_the_package_is_not_there(client, base, path):
    assert at(client, f"{base}{path}").status_code == 404


@pytest.mark.parametrize(
    "token",
    ["x", "a:b:c", signing.dumps({"v": 1, "h": "localhost:8000", "s": "x"})],
    ids=["a word", "three words", "of another salt"],  # what is signed differs from second to second
)
def test_a_token_of_another_hand_opens_nothing(client, version, token):
    assert at(client, f"/content/{token}/files/content/one.html").status_code == 404


def test_a_token_runs_out(client, base):
    with time_machine.travel("2031-01-01", tick=False):
        assert at(client, f"{base}files/content/one.html").status_code == 404


def test_a_version_that_is_not_there_is_not_found(client):
    token = signing.dumps({"v": 999_999, "h": "localhost:8000", "s": "x"}, salt=SALT)
    assert at(client, f"/content/{token}/files/a.html").status_code == 404


def test_videos_are_handed_out_in_pieces(client, base):
    answer = at(client, f"{base}files/content/v.mp4", HTTP_RANGE="bytes=2-4")
    assert answer.status_code == 206 and b"".join(answer.streaming_content) == b"234"
    assert answer["Content-Range"] == "bytes 2-4/10" and answer["Content-Type"] == "video/mp4"
    assert at(client, f"{base}files/content/v.mp4", HTTP_RANGE="bytes=99-").status_code == 416


def test_nothing_can_be_sent_to_the_content_host(client, base):
    assert client.post(f"{base}files/content/one.html", HTTP_HOST="localhost:8000").status_code == 405


def test_the_player_comes_with_its_scripts_and_lets_nothing_else_run(client, base):
    page = at(client, f"{base}player/")
    assert page.status_code == 200 and "default-src 'none'" in page["Content-Security-Policy"]
    for name in ("relay.js", "scorm-again.js", "relay.css"):
        assert at(client, f"{base}player/{name}").status_code == 200


def test_a_host_that_is_named_serves_content_and_nothing_else(client, version, settings):
    settings.CONTENT_HOST, settings.ALLOWED_HOSTS = "content.example.org", ["*"]
    request = RequestFactory().get("/", HTTP_HOST="site.example.org", secure=True)
    assert content_origin(request) == "https://content.example.org"
    path = content_address(request, version.pk).removeprefix("https://content.example.org")
    assert at(client, f"{path}files/content/one.html", host="content.example.org").status_code == 200
    assert at(client, f"{path}files/content/one.html", host="site.example.org").status_code == 404
    for address in ("/", "/accounts/login/", "/admin/", "/static/x"):
        assert at(client, address, host="content.example.org").status_code == 404


def test_where_no_host_is_named_the_operator_is_told(settings):
    settings.CONTENT_HOST, settings.PRODUCTION = "", True
    assert [one.id for one in content_host_is_named(None)] == ["xinhuo.W001"]
    settings.CONTENT_HOST = "content.example.org"
    assert content_host_is_named(None) == []
    settings.CONTENT_HOST = ""
    assert content_origin(RequestFactory().get("/", HTTP_HOST="testserver")) == ""


def test_types_are_those_that_browsers_want():
    assert type_of("a/B.HTML") == "text/html" and type_of("x.svg") == "image/svg+xml"
    assert type_of("x.unknown") == "application/octet-stream"
    assert "http://c/content/t/" in content_policy("http://c/content/t/", "http://s")
