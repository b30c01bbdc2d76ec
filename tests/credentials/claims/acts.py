"""What is done at the desk of claims again and again."""

from django.test import Client

from tests.factories import make_user
from tests.factories.subsidies import make_claim


def claims_of(tree, version, number, place="station"):
    return [
        make_claim(make_user(f"学员{n}", tree[place]).person, version, state="review") for n in range(number)
    ]


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def again(user):
    """The account as the next request reads it."""
    return type(user).objects.get(pk=user.pk)
