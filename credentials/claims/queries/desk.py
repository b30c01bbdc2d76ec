"""The list of claims at the desk: what its filters ask for, and each row in words."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, F, Max, Q, QuerySet, When
from django.utils import timezone

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.organisations.models import Organisation, Tier
from credentials.claims.models import Claim
from credentials.claims.queries.facts import TITLE, titles_of
from credentials.claims.queries.waiting import appeals_for, waiting_for
from credentials.claims.states import OPEN, UNDERWAY, ClaimState
from credentials.policies.models import PolicyVersion, SubsidyPolicy
from credentials.policies.queries.labels import value_label
from credentials.policies.queries.reading import STAGES
from credentials.policies.queries.words import said

SHOWN = tuple(state for state in ClaimState if state != ClaimState.DRAFT)


@dataclass(frozen=True)
class Asked:
    """What the filters of the list ask for; nothing asked is nothing filtered."""

    waiting: bool = False
    overdue: bool = False
    state: str = ""
    stage: str = ""
    policy: int | None = None
    district: int | None = None
    q: str = ""


def desk_claims(user: Asker) -> QuerySet[Claim]:
    """Every claim that was handed in and that this officer may read."""
    return Claim.objects.visible_to(user).filter(state__in=SHOWN).exclude(claimed_on=None)


def overdue(today: datetime.date) -> Q:
    """In review, and the last day of its stage has passed."""
    return Q(state=ClaimState.REVIEW, stage_due_on__lt=today)


def found_claims(user: Asker, asked: Asked) -> QuerySet[Claim]:
    """The claims that the filters ask for: what waits for this officer first, then what is in review,
    what is underway otherwise, what lies with its claimant, and what is settled or ended; of each what has to be decided soonest, then the newest."""
    rows = desk_claims(user)
    if asked.waiting:
        rows = rows.filter(pk__in=waiting_for(user).values("pk"))
    if asked.overdue:
        rows = rows.filter(overdue(timezone.localdate()))
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.stage:
        rows = rows.filter(state=ClaimState.REVIEW, stage=asked.stage)
    if asked.policy:
        rows = rows.filter(version__subsidy=asked.policy)
    if asked.district:
        paths = Organisation.objects.filter(pk=asked.district).values_list("path", flat=True)
        path = next(iter(paths), None)
        rows = rows.filter(employer__path__startswith=path) if path else rows.none()
    if asked.q:
        rows = rows.filter(_named(asked.q))
    return rows.order_by(
        *([] if asked.waiting else [_turn(user)]), F("stage_due_on").asc(nulls_last=True), "-pk"
    )


def _turn(user: Asker) -> Case:
    """Whose turn it is, as a number to order by."""
    mine = When(pk__in=waiting_for(user).order_by().values("pk"), then=0)
    others = [
        When(state=ClaimState.REVIEW, then=1),
        When(state__in=UNDERWAY, then=2),
        When(state__in=OPEN, then=3),
    ]
    return Case(mine, *others, default=4)


def _named(words: str) -> Q:
    """By the name, its pinyin, or the number of the claim."""
    plain = words.strip().lower()
    found = Q(person__name__icontains=plain) | Q(person__name_search__contains=plain)
    tail = plain.rsplit("-", 1)[-1]
    if tail.isdecimal() and len(tail) < 16:
        found |= Q(pk=int(tail))
    return found


@dataclass(frozen=True)
class Counts:
    """How many claims each chip of the list leads to."""

    everything: int
    waiting: int
    overdue: int
    appeals: int
    states: list[tuple[str, str, int]]


def counts_for(user: Asker) -> Counts:
    """Three queries, whatever their number."""
    rows = desk_claims(user)
    sums = dict(rows.order_by().values_list("state").annotate(number=Count("pk")))
    late = rows.filter(overdue(timezone.localdate())).count()
    states = [(str(one), str(one.label), sums[one]) for one in SHOWN if one in sums]
    return Counts(sum(sums.values()), waiting_for(user).count(), late, appeals_for(user).count(), states)


def policies_to_post(user: Asker) -> QuerySet[SubsidyPolicy]:
    """The policies of this administrator's authority under which claims wait for public notice, a row for each such claim."""
    mine = scope_of(user).q("organisation", Role.ADMINISTRATOR)
    return SubsidyPolicy.objects.filter(mine, versions__claims__state=ClaimState.CLEARED)


def policies_for(user: Asker) -> list[tuple[int, str]]:
    """The policies under which this officer sees claims. Two queries."""
    rows = SubsidyPolicy.objects.filter(versions__claims__in=desk_claims(user)).distinct()
    return [(row.pk, said(row.shown().name)) for row in rows.prefetch_related("versions").order_by("code")]


def districts_for(user: Asker) -> list[tuple[int, str]]:
    """The districts in this officer's tree. One query."""
    rows = Organisation.objects.visible_to(user).filter(tier=Tier.COUNTY).order_by("path")
    return list(rows.values_list("pk", "name"))


@dataclass(frozen=True)
class Row:
    """One claim as the list shows it."""

    claim: Claim
    policy: str
    what: str
    stage: str
    since: datetime.date | None
    is_mine: bool
    is_overdue: bool


def rows_of(claims: Iterable[Claim], user: Asker) -> list[Row]:
    """These claims in words. Five queries, however many there are."""
    listed = list(claims)
    ids = [one.pk for one in listed]
    today = timezone.localdate()
    mine = set(waiting_for(user).filter(pk__in=ids).values_list("pk", flat=True))
    versions = PolicyVersion.objects.in_bulk({one.version_id for one in listed})
    looked = Claim.objects.filter(pk__in=ids).order_by().annotate(last=Max("reviews__at"))
    last = dict(looked.values_list("pk", "last"))
    return [_row(one, versions[one.version_id], last.get(one.pk), one.pk in mine, today) for one in listed]


def _row(
    claim: Claim, version: PolicyVersion, last: datetime.datetime | None, is_mine: bool, today: datetime.date
) -> Row:
    claim.version = version
    in_review = claim.state == ClaimState.REVIEW
    late = in_review and claim.stage_due_on is not None and claim.stage_due_on < today
    return Row(
        claim=claim,
        policy=said(version.policy().name),
        what=what_of(claim),
        stage=stage_label(claim.stage) if in_review else "",
        since=_since(claim, last),
        is_mine=is_mine,
        is_overdue=late,
    )


def _since(claim: Claim, last: datetime.datetime | None) -> datetime.date | None:
    """Since when it waits where it is: at a stage from the day that it came there, or came back to it."""
    if claim.state == ClaimState.REVIEW and claim.stage_since:
        return claim.stage_since
    return timezone.localdate(last) if last else claim.claimed_on


def what_of(claim: Claim) -> str:
    """What is claimed, in words: the benefit, and the level, title or year."""
    benefit = claim.version.policy().benefit(claim.benefit)
    name = said(benefit.words) if benefit else claim.benefit
    return f"{name} · {key_label(claim)}" if claim.key else name


def key_label(claim: Claim) -> str:
    """The level, title or year of a claim; a title by its name, as it was frozen with the facts, or on record of a draft (then
    one query)."""
    for one in claim.facts.get("titles", ()):
        if one.get("key") == claim.key:
            return str(one.get("name", claim.key))
    name = titles_of(claim.person).get(claim.key) if claim.key.startswith(TITLE) else None
    return name or value_label(claim.key)


def stage_label(stage: str) -> str:
    return str(STAGES.get(stage, stage))


def next_for(user: Asker, after: Claim | None = None) -> Claim | None:
    """The claim that this officer should decide next: the one whose time runs out first, but not this one."""
    rows = waiting_for(user).order_by("stage_due_on", "-pk")
    return (rows.exclude(pk=after.pk) if after else rows).first()


def neighbours(user: Asker, claim: Claim) -> tuple[Claim | None, Claim | None]:
    """Those before and after this one in the officer's queue, however long it is. Two queries, and those of `waiting_for`."""
    rows = waiting_for(user)
    due = claim.stage_due_on
    if claim.state != ClaimState.REVIEW or due is None:
        return None, next_for(user, claim)
    earlier = Q(stage_due_on__lt=due) | Q(stage_due_on=due, pk__gt=claim.pk)
    later = Q(stage_due_on__gt=due) | Q(stage_due_on=due, pk__lt=claim.pk)
    before = rows.filter(earlier).order_by("-stage_due_on", "pk").first()
    return before, rows.filter(later).order_by("stage_due_on", "-pk").first()
