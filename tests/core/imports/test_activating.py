"""Accounts that a table made wait for their people."""

from __future__ import annotations

import io

import openpyxl
from django.test import Client
from django.urls import reverse

from core.models import Activation, User
from core.people.actions import forget_unconfirmed
from tests.core.imports.conftest import GOOD


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
    from core.people.actions import activation_of, draw_codes

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
