"""Who a claim is for: frozen when it is handed in, and compared with its person ever after."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.people.models import Person
from credentials.claims.models import Claim
from credentials.claims.states import UNDERWAY


def identity_of(person: Person) -> dict[str, str]:
    """What a claim freezes of its claimant: the name, and the keyed hash of the ID number."""
    return {"name": person.name, "id_hash": person.id_hash or ""}


def is_same_person(claim: Claim) -> bool:
    """Whether its person has the name and the ID number still with which the claim was handed in."""
    return identity_of(claim.person) == {"name": claim.name, "id_hash": claim.id_hash}


def has_claim_underway(person: Person) -> bool:
    """Whether a claim of theirs is handed in and not settled: it is decided and paid for this name."""
    return Claim.objects.filter(person=person, state__in=UNDERWAY).exists()


def why_id_stays(person: Person) -> str:
    """Why the ID number cannot be replaced or deleted now, for its bearer; empty where no claim is underway."""
    claim = Claim.objects.filter(person=person, state__in=UNDERWAY).order_by("pk").first()
    if claim is None:
        return ""
    return _(
        "Claim %(serial)s is being handled, and is paid to the person with this ID number only. Until it is paid, or you "
        "have it back, the number stays as it is."
    ) % {"serial": claim.serial}


def claim_of_other_account(claim: Claim) -> Claim | None:
    """A claim that stands and would count against this one, of the same ID number in another account."""
    number = claim.person.id_hash
    same = {"family": claim.family, "benefit": claim.benefit, "lane": claim.lane}
    rows = Claim.objects.standing().filter(id_hash=number, **same).exclude(person=claim.person_id)
    return rows.first() if number else None
