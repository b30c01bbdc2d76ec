"""What is done at the desk of claims again and again."""

from django.test import Client
from django.urls import reverse

from tests.factories import make_user
from tests.factories.subsidies import make_claim

GOOD_ACCOUNT = "9999990200112233442"  # passes the check of bank cards; nobody's bank


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


def at(name, claim, *args):
    return reverse(f"credentials:claim-{name}", args=[claim.pk, *args])


def send(client, claim, said):
    """As the page sends it: with the stamp of what it was shown."""
    return client.post(at("edit", claim), said | {"stamp": client.get(at("edit", claim)).context["stamp"]})
