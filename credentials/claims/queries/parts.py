"""Who has which part in claims, and what speaks against somebody who is to pay them or to judge about them afterwards."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from core.people.queries import Ties
from credentials.claims.models import Claim, ClaimAppeal, ClaimConflict, ClaimReview
from credentials.claims.queries.identity import of_number_of
from credentials.claims.states import Verdict

# By the key of what it is, whoever has this part in one of some claims.
Parts = Mapping[str, AbstractSet[int]]
ITS_OWN = ("own", "entered")
OTHERS = ("decided", "heard")
KEYS = (*ITS_OWN, *OTHERS, "conflict")
# Of each part: its key, the model that says who has it, the way to that from a claim, and the account there.
PARTS: tuple[tuple[str, type[Model], str, str], ...] = (
    ("own", Claim, "", "holder"),
    ("entered", Claim, "", "entered_by"),
    ("decided", Claim, "", "approved_by"),
    ("decided", ClaimReview, "reviews__", "by"),
    ("heard", ClaimAppeal, "appeals__", "decided_by"),
    ("conflict", ClaimConflict, "conflicts__", "officer"),
)
Key = Callable[[str], Any]


def by_claim(to_claim: str) -> Any:
    """Parts by claim."""
    return F(f"{to_claim}pk")


def by_place(to_claim: str) -> Any:
    """Parts by the place where it is asked who let whom in, as `path_of` says it."""
    return Coalesce(f"{to_claim}employer__path", f"{to_claim}authority__path")


def together(_to_claim: str) -> Any:
    """The parts in all the claims at once, under the key 0."""
    return Value(0)


def parts_in(claims: QuerySet[Claim], by: Key = together, asked_of: int | None = None) -> dict[Any, Parts]:
    """Who has which part in these claims; for the account of whom it is `asked_of` its own are also those of an ID number with
    which it has claimed. One query, whatever their number."""
    rows: QuerySet[Any] = claims.order_by()
    of_claims = {"claim__in": claims.order_by().values("pk")}
    legs = [
        _leg(model._default_manager.filter(**of_claims), what, account, by("claim__"))
        if way
        else _leg(rows, what, account, by(""))
        for what, model, way, account in PARTS
    ]
    if asked_of is not None:
        same = rows.filter(of_number_of(asked_of)).annotate(
            keyed=by(""), what=Value("own"), account=Value(asked_of)
        )
        legs.append(same.values_list("keyed", "what", "account"))
    found: dict[Any, dict[str, set[int]]] = {}
    for key, what, account in legs[0].union(*legs[1:]):
        if account is not None:
            found.setdefault(key, {name: set() for name in KEYS})[what].add(account)
    return dict(found)


def _leg(rows: QuerySet[Any], what: str, account: str, key: Any) -> QuerySet[Any, Any]:
    kept = rows.order_by().annotate(keyed=key, what=Value(what), account=F(f"{account}_id"))
    return kept.values_list("keyed", "what", "account")


def has_part(accounts: Collection[int], to_claim: str = "") -> Q:
    """The condition "one of these accounts has done something of what `why_apart` names", for rows that reach a claim through
    `to_claim`."""
    found = Q()
    for _what, _model, way, name in PARTS:
        found |= Q(**{f"{to_claim}{way}{name}__in": accounts})
    return found


def why_apart(parts: Parts, account: int, ties: Ties, path: str, *, is_first: bool = False) -> str:
    """Why this account, with these ties, has no hand in what becomes of claims in which others have these parts: "own",
    "entered", "decided", "heard", "conflict" by what it has done itself; "close" or "tied" where it was let in by one who
    claims or entered them, or who decided about them or an appeal; "giver" where one of these is a colleague whom it let in.
    Empty when nothing speaks against it.

    Whoever is the first of two to stand for it, and is followed by a second of whom all this is asked, may be let in by
    those who decided. No query.
    """
    for key in KEYS:
        if account in parts.get(key, ()):
            return key
    near = {one for key in ITS_OWN for one in parts.get(key, ())}
    far = set() if is_first else {one for key in OTHERS for one in parts.get(key, ())}
    if any(ties.bind(one, path) for one in near):
        return "close"
    if any(ties.bind(one, path) for one in far):
        return "tied"
    return "giver" if any(ties.is_hand(one, path) for one in near | far) else ""


def passed_among(claims: QuerySet[Claim], accounts: AbstractSet[int]) -> bool:
    """Whether one of these claims was approved, and passed at each stage, by these accounts alone. One query."""
    others = ClaimReview.objects.filter(claim=OuterRef("pk"), verdict=Verdict.PASS).exclude(by__in=accounts)
    return claims.filter(~Exists(others), approved_by__in=accounts).exists()
