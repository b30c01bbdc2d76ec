"""The page of what somebody can claim: now, later, not; their claims, and what was paid."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.people.models import Person
from credentials.claims.models import Claim, PaymentEntry
from credentials.claims.policy import decide, unknown_facts, with_declared
from credentials.claims.queries.deciding import declared_facts
from credentials.claims.queries.facts import facts_of
from credentials.claims.queries.offers import Offer, in_the_way, newest_versions, offers_for
from credentials.claims.queries.words import Point, points_of, title_of, waits_of, yuan
from credentials.claims.states import OPEN, SEEN_BY_CLAIMANT, STANDING, TONES, ClaimState, EntryKind
from credentials.policies.policy import Benefit, Facts, Finding, Policy
from credentials.policies.policy.timing import year_finding
from credentials.policies.queries.labels import fact_label
from credentials.policies.queries.words import said, title_words
from credentials.policies.states import Outcome, Verdict

YEARS_BACK = 2  # of a benefit that is paid for each year: this one and those before it that may be begun


@dataclass(frozen=True)
class Shown:
    """One offer, in words."""

    offer: Offer
    title: str
    policy: str
    document: str
    amount: str
    up_to: str  # what it comes to at most, in words
    points: list[Point]
    blocked_by: Claim | None
    asks: list[str] = field(default_factory=list)  # what the claimant would have to say themself
    years: tuple[int, ...] = ()

    @property
    def last_day(self) -> datetime.date | None:
        return self.offer.decision.last_day

    @property
    def first_day(self) -> datetime.date | None:
        return self.offer.decision.first_day

    @property
    def against(self) -> list[Point]:
        """What stands in the way."""
        return [one for one in self.points if one.verdict == Verdict.FAIL]

    @property
    def missing(self) -> list[Point]:
        return [one for one in self.points if one.verdict != Verdict.PASS]


@dataclass(frozen=True)
class Line:
    """One claim in the list."""

    claim: Claim
    title: str
    amount: str
    label: str
    tone: str
    waits: str


@dataclass(frozen=True)
class Overview:
    now: list[Shown]
    maybe: list[Shown]
    coming: list[Shown]
    refused: list[Shown]
    in_kind: list[Shown]
    claims: list[Line]
    paid: list[PaymentEntry]

    @property
    def has_offers(self) -> bool:
        """Whether any policy speaks to this person at all."""
        return bool(self.now or self.maybe or self.coming or self.refused or self.in_kind)

    @property
    def total(self) -> Decimal:
        """What was paid in all, less what came back. What was handed over in kind is no money."""
        return sum((one.amount for one in self.paid if one.kind != EntryKind.GIVEN), Decimal(0))


def overview_of(person: Person, today: datetime.date) -> Overview:
    """Everything of that page. Fourteen queries, whatever there is."""
    facts = facts_of(person, today)
    claims = list(Claim.objects.filter(person=person).select_related("version"))
    offers = offers_for(facts, newest_versions(), today)
    standing = [one for one in claims if one.state in STANDING]
    places: dict[str, list[Shown]] = {name: [] for name in ("now", "maybe", "coming", "refused", "in_kind")}
    for offer in (_as_due(one, today) for one in offers):
        place, other = place_of(offer), in_the_way(offer, standing)
        shown = _shown(*_as_claimed(offer, other, facts, today), other, today)
        if not (shown.blocked_by and place in ("maybe", "refused")):  # it stands among the claims already
            places[place].append(shown)
    return Overview(
        **places,
        claims=[_line(one, facts) for one in claims if one.state != ClaimState.WITHDRAWN],
        paid=list(PaymentEntry.objects.filter(person=person).standing()),
    )


def kept_as(person: Person, today: datetime.date) -> tuple[str, str]:
    """The names under which the sum that somebody can claim, and where their open claims stand, are kept for their desk;
    dropped where they may have changed."""
    return f"credentials.claimable.{person.pk}.{today}", f"credentials.open-claims.{person.pk}.{today}"


def place_of(offer: Offer) -> str:
    """Where on the page an offer stands."""
    if offer.is_in_kind:
        return "in_kind" if offer.decision.outcome is not Outcome.LAPSED else "refused"
    if offer.is_open:
        return "maybe" if offer.lacks_subject else "now"
    if offer.decision.outcome is Outcome.REFUSE and (offer.can_come or _lacks_only(offer)):
        return "coming"
    return "refused"


def _lacks_only(offer: Offer) -> bool:
    """Nothing speaks against it but that there is no certificate or title yet."""
    failing = [one for one in offer.decision.findings if one.verdict is Verdict.FAIL]
    return offer.lacks_subject and all(one.name == "subject" or one.code == "not_held" for one in failing)


def _as_claimed(offer: Offer, claim: Claim | None, facts: Facts, today: datetime.date) -> tuple[Offer, Facts]:
    """The offer, and what is known for it, with what the claimant has said and reviewers have found in the open claim for it."""
    if claim is None or not claim.is_open or claim.key != offer.decision.key or not offer.is_open:
        return offer, facts
    told = with_declared(facts, offer.benefit, claim.key, declared_facts(claim.declared))
    decision = decide(offer.policy, offer.benefit, claim.key, told, claim.asked_on(today), claim.settled)
    return (replace(offer, decision=decision), told) if decision else (offer, facts)


def _asks(offer: Offer, facts: Facts) -> list[str]:
    """What only the claimant can say, each with the condition that it is asked for."""
    missing = unknown_facts(offer.policy, offer.benefit, offer.decision, facts)
    return [
        _("%(fact)s (for “%(what)s”)") % {"fact": fact_label(path), "what": title_words(one, offer.policy)}
        for path, one in missing.items()
    ]


def _shown(offer: Offer, facts: Facts, blocked_by: Claim | None, today: datetime.date) -> Shown:
    decision, benefit = offer.decision, offer.benefit
    is_yearly = benefit.subject == "year" and offer.lacks_subject
    return Shown(
        offer=offer,
        title=title_of(benefit, decision.key, facts),
        policy=said(offer.policy.name),
        document=said(offer.policy.document),
        amount=yuan(decision.amount),
        up_to=_up_to(benefit, decision.entitled),
        points=points_of(decision, offer.policy),
        blocked_by=blocked_by,
        asks=_asks(offer, facts),
        years=years_open(offer, today) if is_yearly else (),
    )


def _up_to(benefit: Benefit, entitled: Decimal | None) -> str:
    """What a benefit comes to at most: for this claim where that is known, else the highest amount, by the month or the year."""
    if entitled is not None:
        return _("up to %(amount)s yuan") % {"amount": yuan(entitled)}
    if not benefit.amounts:
        return ""
    words = _("up to %(amount)s yuan")
    if benefit.subject == "year":
        words = _("up to %(amount)s yuan a month") if benefit.monthly else _("up to %(amount)s yuan a year")
    return words % {"amount": yuan(max(benefit.amounts.values()))}


def years_open(offer: Offer, today: datetime.date) -> tuple[int, ...]:
    """The years for which something that is paid by the year can be begun: those of the policy of which something is due."""
    policy, benefit = offer.policy, offer.benefit
    near = (today.year - back for back in range(YEARS_BACK))
    return tuple(year for year in near if _why_not_yet(policy, benefit, year, today) is None)


def _why_not_yet(policy: Policy, benefit: Benefit, year: int, today: datetime.date) -> Finding | None:
    return year_finding(benefit, {"year": year}, policy.starts_on, policy.ends_on, today)


def _as_due(offer: Offer, today: datetime.date) -> Offer:
    """The offer; where it is paid by the year and none is due yet it is refused until one is, and says so."""
    is_yearly = offer.benefit.subject == "year" and offer.lacks_subject and offer.is_open
    if not is_yearly or years_open(offer, today):
        return offer
    year = max(today.year, offer.policy.starts_on.year)
    reason = _why_not_yet(offer.policy, offer.benefit, year, today)
    if reason is None:
        return offer
    found = offer.decision
    first = max((day for day in (found.first_day, reason.first_day) if day), default=None)
    findings = (*found.findings, reason)
    refused = found._replace(outcome=Outcome.REFUSE, amount=Decimal(0), first_day=first, findings=findings)
    return replace(offer, decision=refused)


def open_lines(person: Person) -> list[Line]:
    """The claims of somebody that are begun and not settled yet, the newest first. One query."""
    rows = Claim.objects.filter(person=person, state__in=OPEN).select_related("version").order_by("-pk")
    return [_line(one, None) for one in rows]


def _line(claim: Claim, facts: Facts | None) -> Line:
    policy = claim.version.policy()
    benefit = policy.benefit(claim.benefit)
    state = ClaimState(claim.state)
    return Line(
        claim=claim,
        title=title_of(benefit, claim.key, facts) if benefit else claim.benefit,
        amount=yuan(claim.amount) if claim.amount else "",
        label=str(SEEN_BY_CLAIMANT[state]),
        tone=TONES[state],
        waits=waits_of(claim),
    )


def offer_asked(person: Person, today: datetime.date, asked: dict[str, Any]) -> Offer | None:
    """The open offer that somebody asks to claim: version, benefit and key as the page named them."""
    facts = facts_of(person, today)
    for offer in offers_for(facts, newest_versions(), today):
        named = (offer.version.pk, offer.benefit.name, offer.decision.key)
        if offer.benefit.subject == "year" and asked["year"] not in (None, *years_open(offer, today)):
            continue
        if (
            named == (asked["version"], asked["benefit"], asked["key"])
            and offer.is_open
            and not offer.is_in_kind
        ):
            return offer
    return None
