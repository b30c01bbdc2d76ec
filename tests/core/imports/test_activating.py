"""Accounts that a table made wait for their people."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.access.states import DESK
from core.models import Activation, User
from core.organisations.actions import NotAllowed, grant_role
from core.people.actions import activate, activation_of, draw_codes, forget_unconfirmed
from core.people.roles import RoleForm
from tests.core.imports.conftest import GOOD
from tests.factories import give_role


def test_an_imported_account_is_taken_over_with_its_code_once(sent, client: Client, cast):
    sheet = sent(*GOOD)
    client.force_login(cast.administrator)
    book = openpyxl.load_workbook(io.BytesIO(client.post(reverse("imports:codes", args=[sheet.pk])).content))
    codes = {row[0].value: row[3].value for row in book.active.iter_rows(min_row=3)}
    assert set(codes) == {row[0] for row in GOOD}
    client.logout()
    form = {
        "login": "138 0013 8001",
        "code": codes["林䶮"].lower(),
        "password1": "liuxing-yu-2026",
        "password2": "liuxing-yu-2026",
    }
    assert client.post(reverse("core:activate"), form).status_code == 200  # without consent
    assert client.post(reverse("core:activate"), form | {"consent": "on"}).status_code == 302
    assert client.login(username="x", password="x") is False
    signed = client.post(reverse("account_login"), {"login": "13800138001", "password": "liuxing-yu-2026"})
    assert signed.status_code == 302 and "_auth_user_id" in client.session
    client.logout()
    again = client.post(reverse("core:activate"), form | {"consent": "on"})
    assert again.status_code == 200 and again.context["form"].errors["code"]


def test_a_code_is_only_for_its_account_and_dies_when_new_ones_are_drawn(sent, client: Client, cast):
    sheet = sent(*GOOD)
    users = {user.person.name: user for user in User.objects.filter(activation__isnull=False)}
    old = draw_codes(users=users.values(), sheet_id=sheet.pk, actor=cast.administrator)
    new = draw_codes(users=users.values(), sheet_id=sheet.pk, actor=cast.administrator)
    one, other = users["林䶮"], users["诸葛明"]
    assert activation_of(user=one, code=old[one.pk]) is None
    assert activation_of(user=other, code=new[one.pk]) is None
    assert activation_of(user=one, code=new[one.pk]) is not None
    assert not Activation.objects.filter(code_hash__in=new.values()).exists()


def test_accounts_that_wait_for_their_people_are_not_forgotten(sent):
    sent(*GOOD)
    User.objects.update(date_joined="2020-01-01T00:00:00Z")
    waiting = set(Activation.objects.values_list("user_id", flat=True))
    forget_unconfirmed()
    assert set(User.objects.filter(pk__in=waiting).values_list("pk", flat=True)) == waiting


@pytest.fixture
def waiting(sent: Any, cast: Any) -> tuple[User, Callable[[], str | None]]:
    """An account that a table made, and how its officer draws a code for it."""
    sheet = sent(*GOOD)
    user = User.objects.get(email="zhuge@example.com")

    def draw() -> str | None:
        return draw_codes(users=[user], sheet_id=sheet.pk, actor=cast.administrator).get(user.pk)

    return user, draw


def test_who_has_asked_for_a_password_of_their_own_needs_no_code_and_loses_none(waiting, client: Client):
    user, draw = waiting
    code = draw()
    client.post(reverse("account_reset_password"), {"email": user.email})
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    page = client.get(link.group(1), follow=True).request["PATH_INFO"]
    client.post(page, {"password1": "qingming-yu-77", "password2": "qingming-yu-77"})
    user.refresh_from_db()
    assert user.check_password("qingming-yu-77")
    assert (draw(), activation_of(user=user, code=code)) == (None, None)
    assert user.activation.used_at


@pytest.mark.parametrize("way", ["password", "signed in", "role", "second step", "confirmed", "closed"])
def test_a_code_opens_no_account_that_somebody_uses(waiting, tree, way):
    user, draw = waiting
    code = draw()
    if way == "password":
        user.set_password("qingming-yu-77")
    elif way == "signed in":
        user.last_login = timezone.now()
    elif way == "closed":
        user.is_active = False
    elif way == "role":
        give_role(user, "supervisor", tree["district"])
    elif way == "second step":
        Authenticator.objects.create(user=user, type="totp", data={})
    else:
        email_confirmed.send(EmailAddress, request=None, email_address=EmailAddress.objects.get(user=user))
    user.save()
    assert (draw(), activation_of(user=user, code=code)) == (None, None)


def test_a_person_who_came_in_by_another_way_after_the_code_was_typed_keeps_their_password(waiting):
    user, draw = waiting
    opened = activation_of(user=user, code=draw())
    user.set_password("qingming-yu-77")
    user.save()
    assert activate(activation=opened, password="liuxing-yu-2026", consent_version="1") is False
    user.refresh_from_db()
    assert user.check_password("qingming-yu-77")


@pytest.fixture
def taken_over(sent: Any, cast: Any) -> User:
    """An account that the district's administrator imported, drew the code of, and perhaps activated themselves."""
    sheet = sent(*GOOD)
    user = User.objects.get(person__name="林䶮")
    code = draw_codes(users=[user], sheet_id=sheet.pk, actor=cast.administrator)[user.pk]
    assert activate(
        activation=activation_of(user=user, code=code), password="liuxing-yu-2026", consent_version="1"
    )
    return User.objects.get(pk=user.pk)


def test_a_code_confirms_no_number(taken_over, cast, tree):
    assert not taken_over.phone_verified
    for name in ("13800138001", taken_over.email):
        values = {"account": name, "role": "auditor", "organisation": tree["district"].pk}
        assert "account" in RoleForm(values, for_user=cast.city_administrator).errors


@pytest.mark.parametrize("role", sorted(DESK))
def test_who_made_an_account_or_drew_its_code_gives_it_no_role_at_the_desk(taken_over, cast, tree, role):
    values = {"user": taken_over, "role": role, "organisation": tree["district"]}
    with pytest.raises(NotAllowed):
        grant_role(actor=cast.administrator, **values)
    Activation.objects.update(made_by=None)
    taken_over.refresh_from_db()
    with pytest.raises(NotAllowed):
        grant_role(actor=cast.administrator, **values)
    assert grant_role(actor=cast.city_administrator, **values).role == role


def test_who_made_an_account_may_make_its_person_a_supervisor(taken_over, cast, tree):
    grant_role(user=taken_over, role="supervisor", organisation=tree["district"], actor=cast.administrator)


@pytest.mark.parametrize("login", ["linxiaohe@example.com", "nobody@example.com"])
def test_a_password_is_compared_with_nobodys_account_before_the_code_is_right(client: Client, cast, login):
    """What resembles an address would tell whether there is an account with it."""
    cast.trainee.email = "linxiaohe@example.com"
    cast.trainee.save()
    words = {"password1": "linxiaohe@example", "password2": "linxiaohe@example"}
    form = {"login": login, "code": "AAAAAAAAAAAA", "consent": "on"} | words
    assert set(client.post(reverse("core:activate"), form).context["form"].errors) == {"code"}
