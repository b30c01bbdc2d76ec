"""Accounts that nobody ever confirmed hold no number for good."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from core.models import User
from core.people.actions import forget_unconfirmed
from tests.factories import give_role, make_user


@pytest.fixture
def squatter(tree):
    user = make_user("王无名", email="squatter@example.com")
    EmailAddress.objects.filter(user=user).update(verified=False)
    User.objects.filter(pk=user.pk).update(date_joined=timezone.now() - timedelta(days=4))
    return user


def test_after_three_days_it_is_gone_with_its_number(squatter):
    assert forget_unconfirmed() == [f"account {squatter.pk}: never confirmed, deleted"]
    assert not User.objects.filter(pk=squatter.pk).exists()


@pytest.mark.parametrize("kept", ["young", "confirmed", "signed in", "with a role"])
def test_whoever_may_be_somebody_stays(squatter, tree, kept):
    row = User.objects.filter(pk=squatter.pk)
    if kept == "young":
        row.update(date_joined=timezone.now() - timedelta(days=2))
    elif kept == "confirmed":
        EmailAddress.objects.filter(user=squatter).update(verified=True)
    elif kept == "signed in":
        row.update(last_login=timezone.now())
    else:
        give_role(squatter, "trainee", tree["station"])
    assert forget_unconfirmed() == []
    assert row.exists()
