"""Who stands for a payment beside whoever began it: what speaks against somebody, as keys for which the verbs have sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from core.access.scope import Asker, covers
from core.access.states import Role
from core.organisations.models import Organisation
from core.organisations.queries import holders_by_tier
from core.people.models import User
from core.people.queries import PAYS, independence_at, ties_of
from credentials.claims.models import Claim, ClaimQuerySet
from credentials.claims.queries.identity import owners_among
from credentials.claims.queries.parts import Parts, by_claim, parts_in, passed_among, why_apart
from credentials.payments.models import PaymentBatch, PaymentLine, PaymentReversal
from credentials.payments.states import BatchState, LineState

RELEASERS = (Role.FINANCE, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Begun:
    """What a second person stands for: whoever began it, whoever built it, and the claims that it pays, at an authority."""

    place: Organisation
    first: User
    builders: frozenset[int]
    claims: ClaimQuerySet


class Seconds:
    """The same with everything that is on record, read once for any number of officers. Four queries."""

    def __init__(self, begun: Begun, officers: Iterable[User]) -> None:
        self.begun = begun
        asked = [*officers, begun.first]
        self.known = independence_at(begun.place, asked, PAYS)
        self.owners = owners_among(begun.claims, [one.pk for one in asked])
        self.parts: Parts = parts_in(begun.claims).get(0, {})

    def why_not(self, officer: int) -> str:
        """What speaks against one of these officers: "own" also where they have claimed with the same ID number; "bound" where
        whoever began it let them in, "gave" the other way round, both from any tier; what `why_apart` says; "same" where one
        person stands behind both and behind all who passed one of the claims. One query at most."""
        first, path = self.begun.first.pk, self.begun.place.path
        if officer in self.begun.builders:
            return "built"
        if officer in self.owners:
            return "own"
        ties = self.known.ties(officer, path)
        if ties.bind(first, path):
            return "bound"
        if self.known.ties(first, path).bind(officer, path):
            return "gave"
        if why := why_apart(self.parts, officer, ties, path):
            return why
        hands = self.known.hands_behind(officer, first)
        return "same" if hands and passed_among(self.begun.claims, hands) else ""


def why_not_release(batch: PaymentBatch, user: Asker) -> str:
    """Why this user does not release the batch: "place", "built", or what `Seconds` says; empty when they may. Up to eight
    queries, whatever the number of lines."""
    if not isinstance(user, User) or not covers(user, batch.authority, *RELEASERS):
        return "place"
    if user.pk == batch.built_by_id:
        return "built"
    return Seconds(_of_batch(batch), [user]).why_not(user.pk)


def who_releases(batch: PaymentBatch) -> list[User]:
    """Who can release the batch: of the nearest finance officers and administrators at or above its authority those against
    whom nothing speaks. Six queries, and one for each of whom almost nothing is left to ask."""
    return _who_can(_of_batch(batch), *RELEASERS)


def _of_batch(batch: PaymentBatch) -> Begun:
    builders = _lines(batch).order_by().values_list("built_by", flat=True).distinct()
    return Begun(batch.authority, batch.built_by, frozenset({*builders, batch.built_by_id}), claims_of(batch))


def _who_can(begun: Begun, *roles: Role) -> list[User]:
    tiers = holders_by_tier(begun.place, *roles)
    seconds = Seconds(begun, [one for tier in tiers for one in tier])
    free = ([one for one in tier if one != begun.first and not seconds.why_not(one.pk)] for tier in tiers)
    return next((found for found in free if found), [])


def _lines(batch: PaymentBatch) -> Any:
    return batch.lines.exclude(state=LineState.WITHDRAWN)


def claims_of(batch: PaymentBatch) -> ClaimQuerySet:
    """The claims that a batch pays."""
    return Claim.objects.filter(pk__in=_lines(batch).order_by().values("claim"))


def why_not_build(claims: QuerySet[Claim], place: Organisation, user: Asker) -> dict[int, str]:
    """Of these claims those that this user puts into no batch of this authority, with the key of why not (`why_apart`);
    "own" also those of an ID number with which they have claimed. One query, and those of `ties_of` once for each user."""
    if not isinstance(user, User):
        return {}
    ties = ties_of(user, PAYS)
    found = {
        claim: why_apart(parts, user.pk, ties, place.path, is_first=True)
        for claim, parts in parts_in(claims, by_claim, user.pk).items()
    }
    return {claim: why for claim, why in found.items() if why}


def why_not_enter(line: PaymentLine, user: Asker) -> str:
    """Why this user enters nothing of what became of the line, neither what the bank says of it nor that its money came back:
    "place", or what keeps them from building it (`why_not_build`); empty when they may. Whoever has built it may, so that no
    place is too small to finish. Select its claim and its batch with the authority. Queries as of `barred_from`."""
    return barred_from([line], user).get(line.pk, "")


def barred_from(lines: Sequence[PaymentLine], user: Asker) -> dict[int, str]:
    """Of these lines of one batch those of which this user enters nothing, with the key of why (`why_not_enter`). One query,
    whatever their number, and those of `ties_of` once for each user."""
    if not lines:
        return {}
    place = lines[0].batch.authority
    if not isinstance(user, User) or not covers(user, place, Role.FINANCE):
        return dict.fromkeys((line.pk for line in lines), "place")
    barred = why_not_build(Claim.objects.filter(pk__in=[line.claim_id for line in lines]), place, user)
    return {line.pk: barred[line.claim_id] for line in lines if line.claim_id in barred}


def lines_with_a_part_of(batch: PaymentBatch, user: Asker) -> list[PaymentLine]:
    """The lines of claims that this user puts into no batch: whoever builds it leaves them to somebody else. One query, and
    those of `why_not_build`."""
    barred = why_not_build(claims_of(batch), batch.authority, user)
    if not barred:
        return []
    return list(_lines(batch).filter(claim__in=list(barred)).order_by("position").select_related("claim"))


def why_not_confirm(reversal: PaymentReversal, user: Asker) -> str:
    """Why this user neither confirms nor refuses the reversal: "place", "recorded", or what `Seconds` says; empty when they
    may. Up to seven queries."""
    if not isinstance(user, User) or not covers(user, reversal.authority, Role.FINANCE):
        return "place"
    if user.pk == reversal.recorded_by_id:
        return "recorded"
    return Seconds(_of_reversal(reversal), [user]).why_not(user.pk)


def who_confirms(reversal: PaymentReversal) -> list[User]:
    """Who can confirm or refuse the reversal, as `who_releases` says it of a batch, of the finance officers."""
    return _who_can(_of_reversal(reversal), Role.FINANCE)


def could_confirm(line: PaymentLine, recorder: Asker) -> list[User]:
    """Who could confirm a reversal of this line, were this officer to record it."""
    assert isinstance(recorder, User)
    row = PaymentReversal(
        line=line, claim_id=line.claim_id, authority=line.batch.authority, recorded_by=recorder
    )
    return who_confirms(row)


def _of_reversal(row: PaymentReversal) -> Begun:
    claim = Claim.objects.filter(pk=row.claim_id)
    return Begun(row.authority, row.recorded_by, frozenset({row.line.built_by_id}), claim)


def shows_total(batch: PaymentBatch, user: Asker) -> bool:
    """Whether the control total may be shown: not to whoever has to find it out before they release the batch. By the role
    alone, since a list of batches asks it of each."""
    if batch.state != BatchState.LOCKED or user.pk == batch.built_by_id:
        return True
    return not covers(user, batch.authority, Role.FINANCE, Role.ADMINISTRATOR)
