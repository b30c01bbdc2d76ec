"""Who may be paired in a round, and how good each pair would be: whole numbers, each part with its reason. Pure.

`against` answers the hard rules, which nothing outweighs; `parts_of` the soft ones, each of which gives at most the points
that the round has set for it.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

from supervision.pairings.policy import STEP, Part, of_fields, of_language, of_nearness

SOFT = ("fields", "near", "language", "mentee_wish", "supervisor_wish", "keep", "thin")
USUAL = {
    "fields": 40,
    "near": 20,
    "language": 5,
    "mentee_wish": 30,
    "supervisor_wish": 15,
    "keep": 10,
    "thin": 10,
}


@dataclass(frozen=True)
class MenteeFacts:
    """A mentee as the round knows them. `wishes` are ranks from 1 by supervisor; `barred` are supervisors with whom there
    is a conflict of interest, `led_by` those who decide about the mentee's work, `paired` those who supervise them now,
    `kept` those who did before."""

    key: int
    path: str
    district: str = ""
    fields: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    wishes: Mapping[int, int] = field(default_factory=dict)
    barred: frozenset[int] = frozenset()
    led_by: frozenset[int] = frozenset()
    paired: frozenset[int] = frozenset()
    kept: frozenset[int] = frozenset()
    person: int = 0


@dataclass(frozen=True)
class SupervisorFacts:
    """A supervisor as the round knows them; `level` is that of the highest designation in force, 0 without one."""

    key: int
    path: str
    places: int
    fields: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    regions: tuple[str, ...] = ()
    level: int = 0
    takes_new: bool = True
    wishes: Mapping[int, int] = field(default_factory=dict)
    person: int = 0


@dataclass(frozen=True)
class Rules:
    """What holds in a round: the region rule, the level that is required, the most ranks, and the points of each part."""

    weights: Mapping[str, int] = field(default_factory=lambda: dict(USUAL))
    region: str = "province"
    level: int = 0
    most_wishes: int = 5
    thin: Mapping[str, int] = field(default_factory=dict)  # points of each thin district

    def most(self, code: str) -> int:
        return self.weights.get(code, 0)

    @property
    def most_choices(self) -> int:
        """How many mentees a supervisor may name: more than a mentee, for they take more than one."""
        return 2 * self.most_wishes


def against(mentee: MenteeFacts, supervisor: SupervisorFacts, rules: Rules) -> str:
    """The first hard rule that forbids the pair; "" when they may be paired."""
    if mentee.person == supervisor.person and mentee.person:
        return "self"
    if supervisor.key in mentee.barred:
        return "conflict"
    if supervisor.key in mentee.led_by:
        return "leads"
    if supervisor.key in mentee.paired:
        return "paired"
    if not may_serve(supervisor.path, supervisor.regions, mentee.path, rules.region):
        return "region"
    if supervisor.level < rules.level:
        return "level"
    return "" if supervisor.takes_new else "takes_nobody"


def serves(path: str, regions: tuple[str, ...], at: str) -> bool:
    """Whether a supervisor at this place, with these regions named, serves the place `at`: it lies in one of the regions,
    or, where none is named, in the own province. The one meaning of it, as in `SupervisorQuerySet.serving`."""
    return at.startswith(regions) if regions else at.startswith(path[:STEP])


@lru_cache(maxsize=1 << 17)
def may_serve(path: str, regions: tuple[str, ...], at: str, rule: str) -> bool:
    """Whether the rule of a round lets them: who serves the place, and with the rule "province" everybody of it."""
    return serves(path, regions, at) or (rule == "province" and at.startswith(path[:STEP]))


def parts_of(mentee: MenteeFacts, supervisor: SupervisorFacts, rules: Rules) -> list[Part]:
    """Every part of the score of a pair, also those that gave nothing but say something."""
    parts = [
        of_fields(mentee.fields, supervisor.fields, rules.most("fields")),
        of_nearness(mentee.path, supervisor.path, rules.most("near")),
    ]
    if mentee.languages:
        parts.append(of_language(mentee.languages, supervisor.languages, rules.most("language")))
    for code, rank, last in (
        ("mentee_wish", mentee.wishes.get(supervisor.key, 0), rules.most_wishes),
        ("supervisor_wish", supervisor.wishes.get(mentee.key, 0), rules.most_choices),
    ):
        if rank:
            most = rules.most(code)
            parts.append(Part(code, points_of_rank(rank, last, most), most, {"rank": rank}))
    if supervisor.key in mentee.kept:
        parts.append(Part("keep", rules.most("keep"), rules.most("keep")))
    if bonus := rules.thin.get(mentee.district, 0):
        parts.append(Part("thin", bonus, rules.most("thin")))
    return parts


def score_of(mentee: MenteeFacts, supervisor: SupervisorFacts, rules: Rules) -> int:
    """The points of a pair, without making its reasons: a round of a province has hundreds of thousands of pairs."""
    points = of_fields(mentee.fields, supervisor.fields, rules.most("fields")).points
    points += of_nearness(mentee.path, supervisor.path, rules.most("near")).points
    if mentee.languages:
        points += of_language(mentee.languages, supervisor.languages, rules.most("language")).points
    if rank := mentee.wishes.get(supervisor.key, 0):
        points += points_of_rank(rank, rules.most_wishes, rules.most("mentee_wish"))
    if rank := supervisor.wishes.get(mentee.key, 0):
        points += points_of_rank(rank, rules.most_choices, rules.most("supervisor_wish"))
    if supervisor.key in mentee.kept:
        points += rules.most("keep")
    return points + rules.thin.get(mentee.district, 0)


def points_of_groups(part: str, mentee: Any, supervisor: Any, rules: Rules) -> int:
    """The points of one part that is the same for whole groups: nearness of two paths, fields or languages of two sets."""
    if part == "near":
        return of_nearness(mentee, supervisor, rules.most("near")).points
    if part == "fields":
        return of_fields(mentee, supervisor, rules.most("fields")).points
    return of_language(mentee, supervisor, rules.most("language")).points if mentee else 0


def known_part(supervisors: Iterable[SupervisorFacts]) -> Callable[[str], str]:
    """A function that shortens the tree path of a mentee to what is the same for all these supervisors: below the last
    place that is above any of them or of their regions, one place is as good as another."""
    paths = {path for each in supervisors for path in (each.path, *each.regions)}
    above = {path[:end] for path in paths for end in range(STEP, len(path) + 1, STEP)}

    def known(path: str) -> str:
        end = next((end for end in range(len(path), 0, -STEP) if path[:end] in above), 0)
        return path[:end] + "~" * (len(path) - end)

    return known


def points_of_rank(rank: int, most_wishes: int, most: int) -> int:
    """The first wish gives all points, the last one a share; further ones than are allowed give nothing."""
    return most * max(most_wishes + 1 - rank, 0) // most_wishes


def thin_districts(
    mentees: Iterable[MenteeFacts], supervisors: Sequence[SupervisorFacts], most: int
) -> dict[str, int]:
    """The districts for whose mentees there are fewer places than the round has on average, with the points that every
    pair of somebody from there gets, so that they are not left for last: all of them below half of the average, a share
    above it.

    The places of a supervisor are for those of the round whom they serve, wherever they live, in equal parts.
    """
    at = Counter((mentee.path, mentee.district) for mentee in mentees)
    people: Counter[str] = Counter()
    for (_path, district), number in at.items():
        people[district] += number
    places = sum(each.places for each in supervisors)
    if not places or not most:
        return {}
    shares: dict[str, Fraction] = defaultdict(Fraction)  # places for the people of each district
    kinds: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for each in supervisors:
        kinds[each.path if not each.regions else "", each.regions] += each.places
    for (path, regions), number in kinds.items():
        served = {key: count for key, count in at.items() if serves(path, regions, key[0])}
        total = sum(served.values())
        for (_path, district), count in served.items():
            shares[district] += Fraction(number * count, total)
    everybody = sum(people.values())
    found = {}
    for district, number in people.items():
        share = int(shares[district] * everybody * 100 / (number * places))  # per cent of the average
        if district and share < 100:
            found[district] = most if share < 50 else most * (100 - share) // 50
    return {district: points for district, points in found.items() if points}


@dataclass
class Columns:
    """The allowed pairs as the market takes them: places in the sequences of mentees and supervisors, score, ranks."""

    mentees: array[int] = field(default_factory=lambda: array("i"))
    supervisors: array[int] = field(default_factory=lambda: array("i"))
    scores: array[int] = field(default_factory=lambda: array("q"))
    mentee_ranks: array[int] = field(default_factory=lambda: array("i"))
    supervisor_ranks: array[int] = field(default_factory=lambda: array("i"))
    against: list[Counter[str]] = field(default_factory=list)  # of each mentee: who may not, by the rule

    @property
    def pairs(self) -> tuple[array[int], array[int], array[int], array[int], array[int]]:
        return self.mentees, self.supervisors, self.scores, self.mentee_ranks, self.supervisor_ranks


def columns_of(
    mentees: Sequence[MenteeFacts], supervisors: Sequence[SupervisorFacts], rules: Rules
) -> Columns:
    """Every allowed pair with its score, and for each mentee how many supervisors each hard rule excludes."""
    made = Columns()
    for row, mentee in enumerate(mentees):
        excluded: Counter[str] = Counter()
        for place, supervisor in enumerate(supervisors):
            code = against(mentee, supervisor, rules)
            if code:
                excluded[code] += 1
                continue
            made.mentees.append(row)
            made.supervisors.append(place)
            made.scores.append(score_of(mentee, supervisor, rules))
            made.mentee_ranks.append(mentee.wishes.get(supervisor.key, 0))
            made.supervisor_ranks.append(supervisor.wishes.get(mentee.key, 0))
        made.against.append(excluded)
    return made
