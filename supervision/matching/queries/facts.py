"""A round as the facts that the pure scoring needs. A constant number of statements, however many people take part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from core.access.states import Role
from core.organisations.models import Organisation, RoleAssignment
from core.organisations.models import Tier as Level
from core.people.words import words_of
from supervision.conflicts.queries import barred_pairs
from supervision.matching.models import MatchingRound, RoundMentee, RoundRun, RoundSupervisor, RunLine, Wish
from supervision.matching.scoring import SOFT, USUAL, MenteeFacts, Rules, SupervisorFacts, thin_districts
from supervision.matching.states import Side
from supervision.pairings.models import Pairing
from supervision.pairings.states import OPEN
from supervision.supervisors.models import Supervisor, province_of
from supervision.supervisors.policy import outermost
from supervision.supervisors.states import Tier

LEVELS = {tier.value: number for number, tier in enumerate(Tier, start=1)}


@dataclass
class Facts:
    """Everybody who takes part, with the rules. `mentees` and `supervisors` are in the order of their keys."""

    rules: Rules
    mentees: list[MenteeFacts] = field(default_factory=list)
    supervisors: list[SupervisorFacts] = field(default_factory=list)


def rules_of(round: MatchingRound) -> Rules:
    """What holds in a round, without what depends on who takes part."""
    return Rules(
        weights={code: int(round.weights.get(code, USUAL[code])) for code in SOFT},
        region=round.region,
        level=LEVELS.get(round.required_tier, 0),
        most_wishes=round.most_wishes,
    )


def facts_of(
    round: MatchingRound,
    *,
    only_mentee: RoundMentee | None = None,
    only_supervisors: Iterable[int] | None = None,
    places: dict[str, int] | None = None,
    sides: Iterable[str] = Side.values,
) -> Facts:
    """The facts of a round. Ten statements.

    `only_mentee` and `only_supervisors` (keys of the round's rows) narrow it to what one page shows; `places` are an
    officer's instead of the rows'; `sides` says whose wishes may be looked at.
    """
    mentees = RoundMentee.objects.inside().filter(round=round)
    supervisors = RoundSupervisor.objects.inside().filter(round=round)
    if only_mentee is not None:
        mentees = mentees.filter(pk=only_mentee.pk)
    if only_supervisors is not None:
        supervisors = supervisors.filter(pk__in=list(only_supervisors))
    mentee_rows = list(
        mentees.select_related("person__employer").exclude(person__employer=None).order_by("pk")
    )
    rows = supervisors.select_related("supervisor__person", "supervisor__organisation").order_by("pk")
    supervisor_rows = list(
        rows.prefetch_related("supervisor__fields", "supervisor__regions", "supervisor__designations")
    )
    known = _Known.of(round, mentee_rows, supervisor_rows, sides)
    made_mentees = [known.mentee(row) for row in mentee_rows]
    made_supervisors = [known.supervisor(row, places or {}) for row in supervisor_rows]
    rules = rules_of(round)
    if only_mentee is None and only_supervisors is None:
        thin = thin_districts(made_mentees, made_supervisors, rules.most("thin"))
        rules = Rules(rules.weights, rules.region, rules.level, rules.most_wishes, thin)
    return Facts(rules, made_mentees, made_supervisors)


@dataclass
class _Known:
    """What was read about all of them at once."""

    wishes: dict[str, dict[int, dict[int, int]]]  # side → whose → of whom → rank
    fields: dict[int, frozenset[str]]  # of a person
    barred: dict[int, frozenset[int]]
    paired: dict[int, frozenset[int]]
    kept: dict[int, frozenset[int]]
    leaders: dict[str, set[int]]  # tree path → the accounts that administer it
    districts: list[str]
    of_supervisor: dict[int, int]  # the registry's key → the round's
    of_account: dict[int, int]  # a supervisor's account → the round's key

    @classmethod
    def of(
        cls,
        round: MatchingRound,
        mentees: list[RoundMentee],
        supervisors: list[RoundSupervisor],
        sides: Iterable[str],
    ) -> _Known:
        people = [row.person_id for row in mentees]
        of_supervisor = {row.supervisor_id: row.pk for row in supervisors}
        one = people[0] if len(people) == 1 else None

        def by_person(pairs: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
            found: dict[int, set[int]] = defaultdict(set)
            for person, supervisor in pairs:
                if supervisor in of_supervisor:
                    found[person].add(of_supervisor[supervisor])
            return {person: frozenset(keys) for person, keys in found.items()}

        mine: Any = (
            {"mentee": one}
            if one
            else {"mentee__in": RoundMentee.objects.filter(round=round).order_by().values("person")}
        )
        pairings = list(
            Pairing.objects.filter(**mine).order_by().values_list("mentee", "supervisor", "state")
        )
        barred = barred_pairs([one] if one else mine["mentee__in"])
        before = [(mentee, supervisor) for mentee, supervisor, state in pairings if state not in OPEN]
        if round.previous_id:
            lines = RunLine.objects.filter(
                run__round=round.previous_id, run__in=RoundRun.objects.current().order_by().values("pk")
            ).matched()
            before += list(lines.order_by().values_list("mentee__person", "supervisor__supervisor"))
        return cls(
            wishes=_wishes(round, mentees, sides),
            fields=_fields(mentees),
            barred=by_person(barred),
            paired=by_person((m, s) for m, s, state in pairings if state in OPEN),
            kept=by_person(before),
            leaders=_leaders({row.person.employer.path for row in mentees if row.person.employer}),
            districts=outermost(
                Organisation.objects.filter(
                    tier=Level.COUNTY, path__startswith=province_of(round.organisation)
                ).values_list("path", flat=True)
            ),
            of_supervisor=of_supervisor,
            of_account={row.supervisor.person.user_id: row.pk for row in supervisors},
        )

    def mentee(self, row: RoundMentee) -> MenteeFacts:
        assert row.person.employer is not None
        path = row.person.employer.path
        above = Organisation.paths_above(path)
        led_by = {
            self.of_account[account]
            for each in above
            for account in self.leaders.get(each, ())
            if account in self.of_account
        }
        district = next((each for each in above if each in self._districts), "")
        return MenteeFacts(
            key=row.pk,
            path=path,
            district=district,
            fields=self.fields.get(row.person_id, frozenset()),
            languages=frozenset(words_of(row.languages or row.person.languages)),
            wishes=self.wishes[Side.MENTEE].get(row.pk, {}),
            barred=self.barred.get(row.person_id, frozenset()),
            led_by=frozenset(led_by),
            paired=self.paired.get(row.person_id, frozenset()),
            kept=self.kept.get(row.person_id, frozenset()),
            person=row.person_id,
        )

    @property
    def _districts(self) -> set[str]:
        if not hasattr(self, "_kept"):
            self._kept = set(self.districts)
        return self._kept

    def supervisor(self, row: RoundSupervisor, places: dict[str, int]) -> SupervisorFacts:
        known, today = row.supervisor, timezone.localdate()
        held = [LEVELS.get(each.tier, 0) for each in known.designations.all() if each.is_in_force(today)]
        return SupervisorFacts(
            key=row.pk,
            path=known.organisation.path,
            places=places.get(str(row.pk), min(row.places, known.places_free)),
            fields=frozenset(each.name for each in known.fields.all()),
            languages=frozenset(words_of(known.languages)),
            regions=tuple(each.path for each in known.regions.all()),
            level=max(held, default=0),
            takes_new=known.is_active,
            wishes=self.wishes[Side.SUPERVISOR].get(row.pk, {}),
            person=known.pk,
        )


def _wishes(
    round: MatchingRound, mentees: list[RoundMentee], sides: Iterable[str]
) -> dict[str, dict[int, dict[int, int]]]:
    found: dict[str, dict[int, dict[int, int]]] = {side: defaultdict(dict) for side in Side.values}
    rows = Wish.objects.filter(mentee__round=round, side__in=list(sides)).order_by()
    if len(mentees) == 1:
        rows = rows.filter(mentee=mentees[0].pk)
    for side, mentee, supervisor, rank in rows.values_list("side", "mentee", "supervisor", "rank"):
        whose, whom = (mentee, supervisor) if side == Side.MENTEE else (supervisor, mentee)
        found[side][whose][whom] = rank
    return found


def _fields(mentees: list[RoundMentee]) -> dict[int, frozenset[str]]:
    through = type(mentees[0].person).fields.through if mentees else None
    if through is None:
        return {}
    rows = through.objects.order_by()
    if len(mentees) == 1:
        rows = rows.filter(person=mentees[0].person_id)
    else:
        same = RoundMentee.objects.filter(round=mentees[0].round_id).order_by().values("person")
        rows = rows.filter(person__in=same)
    found: dict[int, set[str]] = defaultdict(set)
    for person, name in rows.values_list("person", "servicefield__name"):
        found[person].add(name)
    return {person: frozenset(names) for person, names in found.items()}


def _leaders(paths: set[str]) -> dict[str, set[int]]:
    """Who administers which organisation above these, today."""
    above = {each for path in paths for each in Organisation.paths_above(path)}
    held = RoleAssignment.objects.in_force(timezone.localdate()).filter(role=Role.ADMINISTRATOR)
    supervisors = Supervisor.objects.order_by().values("person__user")
    found: dict[str, set[int]] = defaultdict(set)
    for path, account in held.filter(user__in=supervisors).values_list("organisation__path", "user"):
        if path in above:
            found[path].add(account)
    return found
