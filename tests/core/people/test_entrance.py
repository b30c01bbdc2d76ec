"""The doors: signing up, signing in by either name, and one lock for all of them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from core.models import Consent, User
from core.people.adapter import AccountAdapter
from tests.factories import make_user

PASSWORD = "Lantern-Bridge-42"
ANSWERS = {
    "name": "欧阳䶮",
    "email": "new@example.com",
    "phone": "+86 138 0013 8000",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "consent": "on",
}


def locked(answer: Any) -> bool:
    """Whether the page says, in its own sentence, that the account is closed for a while."""
    return str(AccountAdapter.error_messages["too_many_login_attempts"]) in unescape(answer.content.decode())


pytestmark = pytest.mark.django_db


def account(email: str = "lin@example.com", phone: str | None = "13800138000") -> User:
    user = make_user("林一", email=email)
    user.set_password(PASSWORD)
    user.phone = phone
    user.save()
    return user


def sign_in(login: str, password: str = PASSWORD, client: Client | None = None, **extra: Any) -> Any:
    return (client or Client()).post("/accounts/login/", {"login": login, "password": password}, **extra)


def signed_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"] == "/dashboard/"


def test_whoever_signs_up_confirms_the_email_and_is_in(client: Client) -> None:
    answer = client.post("/accounts/signup/", ANSWERS)
    assert answer["Location"] == "/accounts/confirm-email/"
    user = User.objects.get(email="new@example.com")
    assert (user.person.name, user.phone) == ("欧阳䶮", "13800138000")
    assert Consent.objects.get(person=user.person).purpose == "account"
    assert not EmailAddress.objects.get(user=user).verified
    link = re.search(r"http://\S+/accounts/confirm-email/\S+", mail.outbox[0].body)
    assert link and "欧阳䶮" in mail.outbox[0].body
    assert signed_in(client.post(re.sub(r"^http://[^/]+", "", link[0])))


def test_without_a_confirmed_email_nobody_gets_in(client: Client) -> None:
    client.post("/accounts/signup/", ANSWERS)
    assert sign_in("13800138000")["Location"] == "/accounts/confirm-email/"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "=cmd|' /C calc'!A0"),
        ("name", "王\u202e明"),
        ("name", "王明😀"),
        ("name", "<b>王明</b>"),
        ("phone", "12345"),
        ("phone", "+1 415 555 2671"),
        ("email", "not-an-email"),
        ("consent", ""),
        ("password1", "1234567890"),
    ],
)
def test_a_wrong_answer_is_refused_in_words_and_nothing_typed_is_lost(
    client: Client, field: str, value: str
) -> None:
    answer = client.post("/accounts/signup/", ANSWERS | {field: value})
    form = answer.context["form"]
    assert answer.status_code == 200 and form.errors[field]
    assert form["email"].value() == (ANSWERS | {field: value})["email"]
    assert not User.objects.exists()


def test_a_taken_number_tells_the_stranger_nothing_and_makes_no_account(client: Client) -> None:
    account()
    answer = client.post("/accounts/signup/", ANSWERS)
    assert answer["Location"] == "/accounts/confirm-email/"
    assert not User.objects.filter(email="new@example.com").exists()


@pytest.mark.parametrize(
    "name",
    ["lin@example.com", "LIN@Example.com", " lin@example.com ", "13800138000", "138 0013 8000", "+86 13800138000", "１３８００１３８０００"],
)  # fmt: skip
def test_email_and_mobile_number_both_open_the_account(name: str) -> None:
    account()
    assert signed_in(sign_in(name))


def test_the_session_gets_a_new_key_at_sign_in(client: Client) -> None:
    account()
    client.get("/accounts/login/")
    client.session.save()
    before = client.session.session_key
    sign_in("lin@example.com", client=client)
    assert client.session.session_key != before


@pytest.mark.parametrize(
    "names", [["lin@example.com"], ["13800138000"], ["LIN@EXAMPLE.COM", "+8613800138000", "lin@example.com"]]
)
def test_five_wrong_passwords_close_every_name_of_the_account(names: list[str]) -> None:
    account()
    for number in range(5):
        answer = sign_in(names[number % len(names)], "wrong", REMOTE_ADDR=f"10.0.{number}.1")
        assert answer.status_code == 200 and not locked(answer)
    for name in ("lin@example.com", "Lin@Example.com", "13800138000", "+86 138 0013 8000"):
        answer = sign_in(name, REMOTE_ADDR="10.9.9.9")
        assert answer.status_code in (200, 429) and locked(answer), name


def test_a_second_email_does_not_open_a_second_lock() -> None:
    user = account()
    EmailAddress.objects.create(user=user, email="second@example.com", verified=True)
    for _ in range(5):
        sign_in("second@example.com", "wrong")
    assert locked(sign_in("lin@example.com"))


def test_the_lock_of_one_account_is_not_that_of_another() -> None:
    account()
    account("other@example.com", None)
    for _ in range(6):
        sign_in("lin@example.com", "wrong")
    assert signed_in(sign_in("other@example.com", REMOTE_ADDR="10.1.1.1"))


def test_right_passwords_do_not_count() -> None:
    account()
    for _ in range(8):
        assert signed_in(sign_in("lin@example.com"))


def test_a_new_password_opens_the_lock(client: Client) -> None:
    account()
    for _ in range(6):
        sign_in("lin@example.com", "wrong")
    client.post("/accounts/password/reset/", {"email": "lin@example.com"})
    link = re.search(r"/accounts/password/reset/key/\S+", mail.outbox[-1].body)
    assert link
    page = client.get(link[0], follow=True)
    fresh = "Harbour-Window-77"
    client.post(page.request["PATH_INFO"], {"password1": fresh, "password2": fresh})
    assert signed_in(sign_in("lin@example.com", fresh))


def test_letters_for_a_new_password_are_counted(client: Client) -> None:
    account()
    answers = [client.post("/accounts/password/reset/", {"email": "lin@example.com"}) for _ in range(7)]
    assert answers[-1].status_code == 429
    assert len(mail.outbox) <= 5


def test_the_lock_also_stands_before_the_question_is_it_you(client: Client) -> None:
    user = account()
    client.force_login(user)
    for _ in range(5):
        client.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert locked(sign_in("13800138000"))


@pytest.mark.parametrize("door", ["/admin/login/", "/_util/login/", "/admin/", "/profile/"])
def test_every_door_leads_to_the_one(client: Client, door: str) -> None:
    answer = client.get(f"{door}?next=/admin/pages/", follow=True)
    assert answer.request["PATH_INFO"] == "/accounts/login/"
    assert 'name="login"' in answer.content.decode()


@pytest.mark.parametrize("path", ["/admin/login/", "/_util/login/"])
def test_the_other_doors_take_no_password(client: Client, path: str) -> None:
    user = account()
    client.post(path, {"username": user.email, "login": user.email, "password": PASSWORD}, follow=True)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/admin/password_reset/", "/admin/password_change/"])
def test_wagtails_own_password_pages_are_shut(client: Client, path: str) -> None:
    assert client.get(path).status_code in (302, 404)


def test_every_page_of_the_entrance_is_ours(client: Client) -> None:
    for path in (
        "login",
        "signup",
        "password/reset",
        "password/reset/done",
        "confirm-email",
        "confirm-email/x",
        "inactive",
    ):
        body = client.get(f"/accounts/{path}/").content.decode()
        assert '<html lang="zh-hans"' in body and '<main id="main"' in body, path
    client.force_login(account())
    for path in ("email", "password/change", "logout", "2fa", "sessions", "reauthenticate", "3rdparty"):
        body = client.get(f"/accounts/{path}/").content.decode()
        assert '<html lang="zh-hans"' in body and '<main id="main"' in body, path
        assert "<style" not in body and " style=" not in body, path


def test_a_second_step_can_be_set_up_and_is_asked_for(client: Client) -> None:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    account()
    sign_in("lin@example.com", client=client)
    page = client.get("/accounts/2fa/totp/activate/", follow=True)
    if "reauthenticate" in page.request["PATH_INFO"]:
        page = client.post(
            page.request["PATH_INFO"] + "?next=/accounts/2fa/totp/activate/",
            {"password": PASSWORD},
            follow=True,
        )
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert client.get("/accounts/2fa/recovery-codes/").status_code in (200, 302)
    client.post("/accounts/logout/")
    assert sign_in("lin@example.com", client=client)["Location"].startswith("/accounts/2fa/authenticate/")
