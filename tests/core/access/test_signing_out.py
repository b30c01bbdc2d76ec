import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
OUT = "account_logout"


def test_where_nothing_is_kept_signing_out_is_as_ever(client, cast):
    client.force_login(cast.trainee)
    answer = client.post(reverse(OUT))
    assert answer.status_code == 302
    assert "Clear-Site-Data" not in answer.headers


@pytest.mark.parametrize("odd", ["x", "-1", "\0"])
def test_a_cookie_that_says_nothing_makes_no_difference(client, cast, odd):
    client.force_login(cast.trainee)
    client.cookies["kept_on_device"] = odd
    assert client.post(reverse(OUT)).status_code == 302


def test_what_is_kept_on_the_device_is_erased_with_the_sign_out(client, cast):
    client.force_login(cast.trainee)
    client.cookies["kept_on_device"] = "0"
    answer = client.post(reverse(OUT))
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert answer.cookies["kept_on_device"].value == ""


def test_records_that_wait_are_asked_about_first(client, cast):
    client.force_login(cast.trainee)
    client.cookies["kept_on_device"] = "2"
    answer = client.post(reverse(OUT))
    assert answer.status_code == 200
    assert "2" in answer.content.decode()
    assert client.get(reverse("dashboard")).status_code == 200
    answer = client.post(reverse(OUT), {"sure": "1"})
    assert answer.status_code == 302
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert client.get(reverse("dashboard")).status_code == 302
