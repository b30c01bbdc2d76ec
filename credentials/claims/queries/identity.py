"""Who a claim is for: frozen when it is handed in, and compared with its person ever after."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from core.people.models import Person
from credentials.claims.models import Claim, ClaimQuerySet, PaymentEntry
from credentials.claims.states import OPEN, UNDERWAY, ClaimState


def identity_of(person: Person) -> dict[str, str]:
    """What a claim freezes of its claimant: the name, and the keyed hash of the ID number."""
    return {"name": person.name, "id_hash": person.id_hash or ""}


def number_of_account(person: Person) -> str:
    """The keyed hash of the ID number that this account keeps, else the last one with which it has claimed, or was paid: what was
    forgotten here, as where a lost account was closed, may be kept in another account by now. Two queries at most."""
    if person.id_hash:
        return person.id_hash
    for rows in (Claim.objects, PaymentEntry.objects):
        kept = (
            rows.filter(person=person).exclude(id_hash="").order_by("-pk").values_list("id_hash", flat=True)
        )
        if number := kept.first():
            return str(number)
    return ""


def is_of_same_number(claim: Claim, account: int) -> bool:
    """Whether this account has claimed with the ID number of the claim: then both are one person's, whichever keeps the number
    now. One query."""
    return bool(claim.id_hash) and Claim.objects.filter(holder=account, id_hash=claim.id_hash).exists()


def accounts_of(claim: Claim) -> list[int]:
    """The accounts that have claimed with the ID number of the claim. One query."""
    rows = Claim.objects.filter(id_hash=claim.id_hash).exclude(id_hash="").order_by()
    return list(rows.values_list("holder", flat=True).distinct())


def owners_among(claims: ClaimQuerySet, accounts: Iterable[int]) -> set[int]:
    """Of these accounts those that have claimed with an ID number of one of these claims. One query."""
    numbers = claims.order_by().exclude(id_hash="").values("id_hash")
    rows = Claim.objects.filter(holder__in=list(accounts), id_hash__in=numbers).order_by()
    return set(rows.values_list("holder", flat=True))


def of_number_of(account: int) -> Q:
    """The condition "of the ID number with which this account has claimed", for claims."""
    mine = Claim.objects.filter(holder=account).exclude(id_hash="").order_by()
    return Q(id_hash__in=mine.values("id_hash"))


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


def claims_against(claim: Claim) -> ClaimQuerySet:
    """The claims that count against this one, of the same person in whatever account: what is open in its lane, and what stands
    for the very same. What was paid for another level stands against none: its difference is paid."""
    who = Q(person=claim.person_id)
    numbers = {claim.id_hash, claim.person.id_hash or ""} - {""}
    if numbers:
        who |= Q(id_hash__in=sorted(numbers))
    rows = (
        Claim.objects.standing().filter(who, family=claim.family, benefit=claim.benefit).exclude(pk=claim.pk)
    )
    return rows.filter(Q(key=claim.key) | Q(lane=claim.lane, state__in=(*OPEN, ClaimState.GIVEN))).order_by(
        "pk"
    )


def claim_of_other_account(claim: Claim) -> Claim | None:
    """A claim that counts against this one, of the ID number that its person has today, in another account."""
    if not (number := claim.person.id_hash):
        return None
    rows = claims_against(claim).filter(id_hash=number).exclude(person=claim.person_id)
    return rows.select_related("authority").first()
