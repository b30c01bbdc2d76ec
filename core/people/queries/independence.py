"""Whether two accounts are two people who decide apart: who let whom in, and who can decide about whom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.access.scope import NOTHING, Asker, scope_of
from core.access.states import Role
from core.audit.models import AuditEntry
from core.organisations.models import Organisation, RoleAssignment
from core.people.models import Person, User

BOUND = gettext_lazy(
    "Your account or your role here is this person’s doing: another administrator decides."
)  # told to who asks to decide though `is_bound_to`
ADMINISTERS: tuple[Role, ...] = (Role.ADMINISTRATOR,)
PAYS: tuple[Role, ...] = (Role.ADMINISTRATOR, Role.FINANCE)  # where money moves, either role is enough to act
MADE_BY = ("core.create_people", "core.draw_codes")  # whoever did that could be behind the account


def let_in_by(*, user: User, officer: User, organisation: Organisation) -> bool:
    """Whether `officer` could act as `user` at this organisation: see `Independence.let_in`. Two queries."""
    return independence_at(organisation, [user, officer]).let_in(user, officer)


@dataclass(frozen=True)
class Independence:
    """Who stands behind whom at one organisation: `grants` by account, `made` as pairs of a maker and whose account it is."""

    grants: Mapping[int, list[Grant]]
    made: frozenset[tuple[int, int]]

    def leans(self, user: User, officer: User) -> bool:
        """Whether one of these two, or a third behind both, could be both: the one made the other's account (or drew the
        code that opens it), `user` administers the organisation only by roles that `officer` gave, or both were let in
        by the same colleague of their own tier. Whom a higher tier has appointed stands for themself; nobody knows for
        whom somebody stands whose giver has left no trace."""
        if (user.pk, officer.pk) in self.made or self.let_in(user, officer):
            return True
        behind, others = self._behind(user.pk), self._behind(officer.pk)
        return UNKNOWN in behind | others or bool(behind & others)

    def let_in(self, user: User, officer: User) -> bool:
        """Whether `officer` made the account of `user`, gave it all its roles over this organisation, or let in, among
        colleagues of one tier, those who did."""
        return officer.pk in self.let_in_of(user.pk)

    def let_in_of(self, account: int) -> set[int]:
        """All who have let this account in."""
        makers = {maker for maker, made in self.made if made == account}
        givers = {grant.giver for grant in self.grants.get(account, ()) if grant.stands}
        only = {giver for giver in givers if giver is not None and len(givers) == 1}
        return makers | only | (self._behind(account) - {account})

    def is_hand_of(self, account: int, officer: int) -> bool:
        """Whether `officer` let this account in as a colleague of one tier, or those who did. Whom a tier lets in below itself
        is nobody's hand: the lower one decides first, and the upper one after it."""
        return account != officer and officer in self._behind(account)

    def ties(self, account: int, path: str) -> Ties:
        """What `ties_of` says of this account at the organisation with this tree path, of which this is known. It has to be
        one of those of whom it was asked."""
        bound, hands = self.bound_and_hands(account)
        return Ties(self.everywhere(account), ((path, (), bound),), ((path, (), hands),))

    def everywhere(self, account: int) -> frozenset[int]:
        """Whom this account decides nothing about at any place: themself, and who made it."""
        return frozenset({account, *(maker for maker, made in self.made if made == account)})

    def bound_and_hands(self, account: int) -> tuple[frozenset[int], frozenset[int]]:
        """Who else has let this account in here, as far as they are known; and whom it has let in as a colleague."""
        bound = self.let_in_of(account) - self.everywhere(account) - {UNKNOWN}
        return frozenset(bound), frozenset(one for one in self.grants if self.is_hand_of(one, account))

    def hands_behind(self, *accounts: int) -> set[int]:
        """All by whom somebody acts who stands behind each of these accounts: themself, and the colleagues they let in. Empty
        where nobody stands behind them all."""
        behind = set[int].intersection(*(self._behind(one) for one in accounts))
        return {one for one in {*self.grants, *behind} if behind & self._behind(one)} if behind else set()

    def _behind(self, user: int) -> set[int]:
        """This account, and those who could be behind it: who has every role from colleagues of the same tier is whoever
        those want; and so on, up to somebody whom a higher tier has appointed. A role that has ended hides nobody."""
        found, open_ = set(), [user]
        while open_:
            one = open_.pop()
            if one in found:
                continue
            found.add(one)
            held = [grant for grant in self.grants.get(one, ()) if grant.stands or one != user]
            colleagues = [grant for grant in held if self._is_of_tier(grant)]
            if len(colleagues) == len(held):
                open_ += [grant.giver or UNKNOWN for grant in colleagues]
        return {one if one in self.grants or one == user else UNKNOWN for one in found}

    def _is_of_tier(self, grant: Grant) -> bool:
        """Whether the giver never administered more than the place over which they gave a role."""
        if grant.giver is None or grant.by_operator:
            return False
        held = (one for one in self.grants.get(grant.giver, ()) if one.role == Role.ADMINISTRATOR)
        return all(len(one.path) >= len(grant.path) for one in held)


UNKNOWN = 0  # somebody behind an account of whom no role is kept


class Grant(NamedTuple):
    """That somebody holds a role at a place, by whose word, and whether they still do."""

    path: str
    giver: int | None
    by_operator: bool
    stands: bool
    role: str = Role.ADMINISTRATOR


def independence_at(
    organisation: Organisation, people: Iterable[User], roles: Collection[Role] = ADMINISTERS
) -> Independence:
    """What is known of how these accounts came to act at this organisation, by these roles. Two queries."""
    return Independence(_grants_over(organisation, roles), _makers_of(list(people)))


def _grants_over(organisation: Organisation, roles: Collection[Role]) -> dict[int, list[Grant]]:
    """All of these roles that anybody ever held over this organisation, by account."""
    return _grants(Q(organisation__path__in=Organisation.paths_above(organisation.path)), roles)


def _grants(which: Q, roles: Collection[Role] = ADMINISTERS) -> dict[int, list[Grant]]:
    """All of these roles that are meant, ended ones too, by account. One query."""
    today, found = timezone.localdate(), dict[int, list[Grant]]()
    rows = RoleAssignment.objects.filter(which, role__in=roles)
    wanted = (
        "user_id",
        "organisation__path",
        "granted_by_id",
        "granted_by__is_superuser",
        "starts_on",
        "ends_on",
        "role",
    )
    for user, path, giver, is_operator, first, last, role in rows.values_list(*wanted):
        stands = first <= today and (last is None or last >= today)
        found.setdefault(user, []).append(Grant(path, giver, bool(is_operator), stands, role))
    return found


def _makers_of(people: list[User]) -> frozenset[tuple[int, int]]:
    """Who made the account of each of these, or drew the code that opens it: pairs of the maker and whose it is. One query."""
    accounts = {str(user.person.pk): user.pk for user in people if getattr(user, "person", None) is not None}
    if not accounts:
        return frozenset()
    rows = AuditEntry.objects.filter(action__in=MADE_BY, target_id__in=accounts).exclude(user=None)
    return frozenset((maker, accounts[target]) for maker, target in rows.values_list("user_id", "target_id"))


def deciders_at(
    organisation: Organisation,
    holders: Iterable[User],
    also: Iterable[Organisation] = (),
    *,
    after: Iterable[User] = (),
    besides: Collection[int] = (),
) -> list[User]:
    """Who can decide here about something that concerns these accounts: of the nearest administrators at or above it
    those who are none of them and whom none of them has let in, here or at an organisation of `also`; where these are
    nobody, of the next above. Nor those who let in, as a colleague, one of the accounts `after` which it is decided, nor the
    accounts `besides`. Three
    queries, and two for each of `also`.
    """
    first = {one.pk: one for one in after}
    concerned = {holder.pk: holder for holder in holders} | first
    rows = RoleAssignment.objects.standing(Role.ADMINISTRATOR).filter(
        organisation__path__in=Organisation.paths_above(organisation.path)
    )
    tiers: dict[int, dict[int, User]] = {}
    for row in rows.select_related("user__person", "organisation").order_by("pk"):
        tiers.setdefault(len(row.organisation.path), {})[row.user_id] = row.user
    officers = [user for tier in tiers.values() for user in tier.values()]
    asked = [*officers, *concerned.values()]
    known = [independence_at(place, asked) for place in {organisation, *also}]
    for _length, tier in sorted(tiers.items(), reverse=True):
        behind = {pk: {pk}.union(*(each.let_in_of(pk) for each in known)) for pk in tier}
        hands = {pk: [one for one in first for each in known if each.is_hand_of(one, pk)] for pk in tier}
        able = {pk: user for pk, user in tier.items() if pk not in besides and not hands[pk]}
        free = [user for pk, user in able.items() if not behind[pk] & concerned.keys()]
        if free:
            return free
    return []


Places = tuple[tuple[str, tuple[str, ...], frozenset[int]], ...]


@dataclass(frozen=True)
class Ties:
    """Whom one account decides nothing about, and where: themself and who made it, everywhere; and by tree path, as long
    as no `deeper` one of these holds, who let it in there."""

    everywhere: frozenset[int]
    places: Places
    hands: Places = ()  # the other way round: the colleagues of their own tier whom they let in

    def bind(self, account: int, path: str) -> bool:
        """Whether nothing is decided about this account at the organisation with this tree path."""
        return account in self.everywhere or _stands_in(self.places, account, path)

    def is_hand(self, account: int, path: str) -> bool:
        """Whether nothing is decided after this account there, since it is a colleague’s whom they let in."""
        return _stands_in(self.hands, account, path)

    def anywhere(self) -> frozenset[int]:
        """Everybody about whom this account decides nothing at some place, themself among them."""
        return self.everywhere.union(*(accounts for _there, _deeper, accounts in self.places))

    def q(self, to_organisation: str, concerns: Callable[[Collection[int]], Q]) -> Q:
        """The condition "it concerns one of them", for rows that reach their organisation through `to_organisation`;
        `concerns` is the condition "it concerns one of these accounts"."""
        return concerns(self.everywhere) | _rows_of(self.places, to_organisation, concerns)

    def q_after(self, to_organisation: str, done_by: Callable[[Collection[int]], Q]) -> Q:
        """The condition "a colleague whom they let in has done something before"."""
        return _rows_of(self.hands, to_organisation, done_by)


def _stands_in(places: Places, account: int, path: str) -> bool:
    return any(
        path.startswith(there) and account in accounts and not any(path.startswith(each) for each in deeper)
        for there, deeper, accounts in places
    )


def _rows_of(places: Places, to_organisation: str, concerns: Callable[[Collection[int]], Q]) -> Q:
    found = NOTHING
    lookup = f"{to_organisation}__path__startswith"
    for path, deeper, accounts in places:
        there = Q(**{lookup: path})
        for below in deeper:
            there &= ~Q(**{lookup: below})
        found |= there & concerns(accounts)
    return found


def is_bound_to(
    user: Asker, person: Person, at: Organisation | None = None, roles: tuple[Role, ...] = ADMINISTERS
) -> bool:
    """Whether this is the person themself, or an officer by the person's doing where the person is employed (or `at` an
    organisation that decides about them): neither decides anything about them. Costs what `ties_of` does."""
    place = at or person.employer
    path = place.path if place else ""
    return isinstance(user, User) and ties_of(user, roles).bind(person.user_id, path)


def is_let_in_by(user: Asker, person: Person) -> bool:
    """An officer by this person's doing, and not the person themself: why a page offers them nothing to decide."""
    return user.pk != person.user_id and is_bound_to(user, person)


def ties_of(user: Asker, roles: tuple[Role, ...] = ADMINISTERS) -> Ties:
    """The same question as `deciders_at` asks, of one officer and all places, by these roles: kept on the user object. Two
    queries and one more for each further step from giver to giver."""
    if not isinstance(user, User):
        return Ties(frozenset(), ())
    kept: dict[tuple[Role, ...], Ties] = user.__dict__.setdefault("_ties", {})
    if roles not in kept:
        kept[roles] = _ties(user, roles)
    return kept[roles]


def _ties(user: User, roles: tuple[Role, ...]) -> Ties:
    made, grants = _makers_of([user]), _grants_behind(user, roles)
    paths = {grant.path for held in grants.values() for grant in held}
    places, hands = [], []
    for path in sorted(paths):
        deeper = tuple(other for other in sorted(paths) if other != path and other.startswith(path))
        over = {one: [grant for grant in held if path.startswith(grant.path)] for one, held in grants.items()}
        known = Independence({one: held for one, held in over.items() if held}, made)
        bound, mine = known.bound_and_hands(user.pk)
        if bound:
            places.append((path, deeper, bound))
        if mine:
            hands.append((path, deeper, mine))
    return Ties(Independence({}, made).everywhere(user.pk), tuple(places), tuple(hands))


def _grants_behind(user: User, roles: tuple[Role, ...]) -> dict[int, list[Grant]]:
    """These roles of this officer, of those who gave them, and so on. Those at the same places and above are read at
    once: mostly they are all."""
    scope = scope_of(user)
    above = {each for path in scope.paths(*roles) for each in Organisation.paths_above(path)}
    there = RoleAssignment.objects.filter(role__in=roles, organisation__path__in=above)
    found = _grants(Q(user__in=there.order_by().values("user")) | Q(user=user.pk), roles)
    read = set(found) | {user.pk}
    while wanted := {
        grant.giver
        for held in found.values()
        for grant in held
        if grant.giver is not None and not grant.by_operator and grant.giver not in read
    }:
        found |= _grants(Q(user__in=wanted), roles)
        read |= wanted
    return found
