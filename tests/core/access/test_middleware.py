"""A desk that is left alone closes; where it is required, nobody sits down without a second step."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client

NOON = datetime.datetime(2026, 11, 23, 4, tzinfo=datetime.UTC)


def later(minutes: int) -> datetime.datetime:
    return NOON + datetime.timedelta(minutes=minutes)


@pytest.fixture
def clock() -> time_machine.Coordinates:
    with time_machine.travel(NOON, tick=False) as coordinates:
        yield coordinates


def test_a_desk_in_use_stays_open_and_one_left_alone_closes(
    client: Client, cast: SimpleNamespace, clock: time_machine.Coordinates
) -> None:
    client.force_login(cast.administrator)
    for minute in (0, 29, 58, 80):
        clock.move_to(later(minute))
        assert client.get("/admin/people/").status_code == 200, minute
    clock.move_to(later(111))
    answer = client.get("/admin/people/?q=lin")
    assert answer["Location"] == "/accounts/login/?next=/admin/people/%3Fq%3Dlin"
    page = client.get(answer["Location"])
    assert "30" in str(next(iter(page.context["messages"])))
    assert "_auth_user_id" not in client.session


def test_the_time_begins_at_the_sign_in_not_at_the_first_visit(
    client: Client, cast: SimpleNamespace, clock: time_machine.Coordinates
) -> None:
    client.force_login(cast.administrator)
    clock.move_to(later(31))
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("path", ["/jobs/1/progress/", "/admin/editing-sessions/ping/core/person/1/1/"])
def test_what_a_page_asks_by_itself_keeps_no_desk_open(
    client: Client, cast: SimpleNamespace, clock: time_machine.Coordinates, path: str
) -> None:
    client.force_login(cast.administrator)
    clock.move_to(later(20))
    client.post(path) if "editing" in path else client.get(path)
    clock.move_to(later(35))
    assert client.get("/admin/")["Location"].startswith("/accounts/login/")


def test_a_part_of_a_page_sends_the_whole_page_to_the_door(
    client: Client, cast: SimpleNamespace, clock: time_machine.Coordinates
) -> None:
    client.force_login(cast.administrator)
    clock.move_to(later(45))
    answer = client.get(
        "/jobs/1/progress/", headers={"HX-Request": "true", "Referer": "http://testserver/jobs/1/"}
    )
    assert "/accounts/login/" in answer["HX-Redirect"] and "jobs/1/" in answer["HX-Redirect"]
    assert "progress" not in answer["HX-Redirect"]


def test_a_trainee_is_never_signed_out_for_a_pause(
    client: Client, cast: SimpleNamespace, clock: time_machine.Coordinates
) -> None:
    client.force_login(cast.trainee)
    clock.move_to(later(600))
    assert client.get("/notices/").status_code == 200


def test_no_desk_without_a_second_step_where_it_is_required(
    client: Client, cast: SimpleNamespace, settings: object
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    client.force_login(cast.administrator)
    for page in ("/admin/", "/notices/", "/dashboard/", "/credentials/hours/"):
        assert client.get(page)["Location"] == "/accounts/2fa/totp/activate/"
    part = client.get("/profile/employers/", headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == "/accounts/2fa/totp/activate/"
    there = client.get("/accounts/2fa/totp/activate/")
    assert there.get("Location") != "/accounts/2fa/totp/activate/"
    assert client.get("/verify/").status_code == 200
    trainee = Client()
    trainee.force_login(cast.trainee)
    assert trainee.get("/notices/").status_code == 200
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=cast.administrator, type="totp", data={"secret": "x"})
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db
def test_what_is_sent_after_the_session_ended_leads_back_to_the_page_it_came_from(client: Client) -> None:
    page = "http://testserver/profile/"
    answer = client.post("/profile/id/remove/", {}, headers={"Referer": page}, follow=True)
    assert answer.redirect_chain == [(f"/accounts/login/?next={quote(page, safe='/')}", 302)]
    assert "你已退出登录" in answer.content.decode()


@pytest.mark.django_db
def test_a_part_of_a_page_never_gets_the_sign_in_put_into_it(client: Client) -> None:
    headers = {"HX-Request": "true", "Referer": "http://testserver/profile/"}
    answer = client.get("/profile/employers/", headers=headers)
    assert answer.status_code == 200 and answer["HX-Redirect"].startswith("/accounts/login/?next=")
    assert not answer.content


@pytest.mark.django_db
def test_a_page_that_is_asked_for_leads_to_the_door_without_a_word(client: Client) -> None:
    answer = client.get("/profile/")
    assert answer["Location"] == "/accounts/login/?next=/profile/"
    assert "你已退出登录" not in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/admin/bulk/wagtailcore/page/delete/?id=abc",
        "/admin/bulk/wagtailcore/page/delete/?id=1&id=" + "9" * 30,
        "/admin/api/main/pages/?offset=" + "9" * 25,
        "/admin/api/main/pages/?offset=-1",
    ],
)
def test_where_wagtail_expects_a_number_anything_else_is_not_there(client, cast, address):
    client.force_login(cast.city_administrator)
    assert client.get(address).status_code == 404
