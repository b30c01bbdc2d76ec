import pytest
from django.http import HttpResponse
from django.test import Client

pytestmark = [pytest.mark.urls("tests.core.ui.urls"), pytest.mark.django_db]


@pytest.fixture
def strict() -> Client:
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.mark.parametrize("query", ["", "?lang=en", "?elder=1", "?lang=en&elder=1", "?lang=xx&page=none"])
def test_the_living_page_shows_every_component(client: Client, query: str) -> None:
    answer = client.get(f"/components/{query}")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert ('<html lang="en"' in html) == ("lang=en" in query)
    assert ("data-elder>" in html) == ("elder=1" in query)
    assert "<c-" not in html
    assert "{{" not in html
    assert "{%" not in html


def test_elder_mode_is_remembered_for_a_year_and_can_be_switched_off(strict: Client) -> None:
    on = strict.post("/elder/", {"elder": "1"}, headers={"referer": "http://testserver/verify/?a=1"})
    assert on["Location"] == "http://testserver/verify/?a=1"
    assert on.cookies["elder"].value == "1"
    assert on.cookies["elder"]["max-age"] == 365 * 24 * 3600
    assert "data-elder>" in strict.get("/components/").content.decode()
    strict.post("/elder/", {"elder": "0"})
    assert "data-elder>" not in strict.get("/components/").content.decode()


def test_elder_mode_sends_nobody_to_a_foreign_place(strict: Client) -> None:
    answer = strict.post("/elder/", {"elder": "1", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_a_script_gets_a_short_answer_and_reading_the_address_changes_nothing(strict: Client) -> None:
    assert strict.post("/elder/", {"elder": "1"}, headers={"x-requested-with": "fetch"}).status_code == 204
    assert strict.get("/elder/").status_code == 405


def test_the_language_can_be_changed_by_anyone_without_a_token(strict: Client) -> None:
    strict.post("/language/", {"language": "en", "next": "/components/"})
    assert '<html lang="en"' in strict.get("/components/").content.decode()


def page_of(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere/", 404), ("/closed/", 403), ("/busy/", 429), ("/broken/", 500)]
)
def test_every_refusal_says_what_why_the_cure_and_whom_to_ask(strict: Client, path: str, status: int) -> None:
    answer = strict.get(path, headers={"accept-language": "en"})
    html = page_of(answer)
    assert answer.status_code == status
    for part in (
        "<h1>",
        "Why",
        "What you can do",
        "Whom to ask",
        'lang="en"',
        'name="robots" content="noindex"',
    ):
        assert part in html


BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "en"}


def test_an_address_that_only_takes_forms_shows_a_browser_the_way_back(strict: Client) -> None:
    answer = strict.get("/verify/form/save/", headers=BROWSER)
    html = page_of(answer)
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    for part in (
        "<h1>This address opens no page",
        "Why",
        "What you can do",
        "Whom to ask",
        'href="/verify/"',
    ):
        assert part in html


def test_programs_get_the_bare_refusal_of_an_address_that_only_takes_forms(strict: Client) -> None:
    for answer in (
        strict.get("/elder/", headers={"accept": "application/json"}),
        strict.get("/elder/", headers={"accept": "*/*"}),
        strict.get("/elder/", headers={**BROWSER, "hx-request": "true"}),
        strict.head("/elder/", headers=BROWSER),
        strict.options("/elder/", headers=BROWSER),
        strict.delete("/elder/", headers=BROWSER),
    ):
        assert (answer.status_code, answer.content) == (405, b"")


def test_a_refusal_carries_its_reason(strict: Client) -> None:
    assert "The cohort is full." in page_of(strict.get("/closed/"))


def test_an_old_form_is_refused_kindly(strict: Client) -> None:
    answer = strict.post("/form/", headers={"accept-language": "en"})
    assert answer.status_code == 403
    assert "This form is too old to be sent" in page_of(answer)


def test_a_host_that_is_not_ours_gets_the_plain_page(strict: Client) -> None:
    answer = strict.get("/verify/", headers={"host": "evil.example", "accept-language": "en"})
    assert answer.status_code == 400
    assert "We could not read this request" in page_of(answer)


def test_public_pages_set_no_token_so_that_they_can_be_cached(client: Client) -> None:
    assert "csrftoken" not in client.get("/nowhere/").cookies
