"""A role is given to whoever the e-mail or number has been confirmed for, not to whoever claimed it."""

import pytest
from allauth.account.models import EmailAddress

from core.people.roles import RoleForm
from tests.factories import make_user


@pytest.fixture
def claimant(tree):
    user = make_user("王小明", email="claimant@example.com")
    user.phone = "13911112222"
    user.save()
    return user


def is_found(cast, tree, account):
    values = {"account": account, "role": "auditor", "organisation": tree["district"].pk}
    return "account" not in RoleForm(values, for_user=cast.city_administrator).errors


def test_a_number_that_was_only_claimed_names_nobody(cast, tree, claimant):
    assert not is_found(cast, tree, "13911112222")
    claimant.phone_verified = True
    claimant.save()
    assert is_found(cast, tree, "139 1111 2222")


def test_an_email_that_was_never_confirmed_names_nobody(cast, tree, claimant):
    assert is_found(cast, tree, "claimant@example.com")
    EmailAddress.objects.filter(user=claimant).update(verified=False)
    assert not is_found(cast, tree, "claimant@example.com")
