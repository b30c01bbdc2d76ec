"""What one person may take away: everything that is kept about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.audit.models import AuditEntry
from core.organisations.models import Organisation, RoleAssignment
from core.people.models import Person, User

MADE_BY = ("core.create_people", "core.draw_codes")  # whoever did that could be behind the account
Part = Callable[[Person], Any]
_parts: dict[str, Part] = {}
_keeping: list[Callable[[Person], bool]] = []
_records: list[Callable[[Person, Asker], list[Record]]] = []


def add_own_data(name: str, part: Part) -> None:
    """Let another app add what it keeps about a person to the export (JSON-ready values, under this name)."""
    _parts[name] = part


def leans_on(*, user: User, officer: User, organisation: Organisation) -> bool:
    """Whether these two are no two independent officers of this organisation: see `Independence.leans`. Two queries."""
    return independence_at(organisation, [user, officer]).leans(user, officer)


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
        if (officer.pk, user.pk) in self.made:
            return True
        givers = {grant.giver for grant in self.grants.get(user.pk, ()) if grant.stands}
        return givers == {officer.pk} or officer.pk in self._behind(user.pk) - {user.pk}

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
        """Whether the giver never administered more than the place whose administration they gave."""
        if grant.giver is None or grant.by_operator:
            return False
        return all(len(held.path) >= len(grant.path) for held in self.grants.get(grant.giver, ()))


UNKNOWN = 0  # somebody behind an account of whom no role is kept


class Grant(NamedTuple):
    """That somebody administers a place, by whose word, and whether they still do."""

    path: str
    giver: int | None
    by_operator: bool
    stands: bool


def independence_at(organisation: Organisation, people: Iterable[User]) -> Independence:
    """What is known of how these accounts came to act at this organisation. Two queries."""
    return Independence(_grants_over(organisation), _made_among(list(people)))


def _grants_over(organisation: Organisation) -> dict[int, list[Grant]]:
    """All roles by which anybody ever administered this organisation, by account."""
    today, found = timezone.localdate(), dict[int, list[Grant]]()
    above = Organisation.paths_above(organisation.path)
    rows = RoleAssignment.objects.filter(role=Role.ADMINISTRATOR, organisation__path__in=above)
    wanted = (
        "user_id",
        "organisation__path",
        "granted_by_id",
        "granted_by__is_superuser",
        "starts_on",
        "ends_on",
    )
    for user, path, giver, is_operator, first, last in rows.values_list(*wanted):
        stands = first <= today and (last is None or last >= today)
        found.setdefault(user, []).append(Grant(path, giver, bool(is_operator), stands))
    return found


def _made_among(people: list[User]) -> frozenset[tuple[int, int]]:
    """Of these accounts, which made which other one, or drew the code that opens it."""
    accounts = {str(user.person.pk): user.pk for user in people if getattr(user, "person", None) is not None}
    rows = AuditEntry.objects.filter(
        user__in=[user.pk for user in people], action__in=MADE_BY, target_id__in=accounts
    )
    return frozenset((maker, accounts[target]) for maker, target in rows.values_list("user_id", "target_id"))


@dataclass(frozen=True)
class RecordLine:
    """One thing that another app knows of a person, for an officer: what it is, how it stands, and its page."""

    label: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Record:
    """What another app knows of a person, under a heading; `url` leads to the whole list."""

    heading: str
    lines: list[RecordLine]
    url: str = ""


def add_records(function: Callable[[Person, Asker], list[Record]]) -> None:
    """Let another app show on the page of a person what this reader may see of it."""
    _records.append(function)


def records_of(person: Person, user: Asker) -> list[Record]:
    """What other apps know of this person, as far as the reader may see it."""
    return [record for function in _records for record in function(person, user)]


def keep_name_when(function: Callable[[Person], bool]) -> None:
    """Let another app say that papers of its own rest on a person's name."""
    _keeping.append(function)


def is_name_kept(person: Person) -> bool:
    """Whether a name is no longer its bearer's to change: an ID number was given with it, or papers rest on it."""
    return bool(person.id_hash) or any(function(person) for function in _keeping)


def declared_for(user: Asker) -> QuerySet[Person]:
    """The people whose declared employer this administrator is to confirm, the longest waiting first."""
    mine = Person.objects.filter(scope_of(user).q("declared_employer", Role.ADMINISTRATOR))
    rows = mine.exclude(declared_employer=None).exclude(user_id=user.pk or 0)
    return rows.select_related("user", "employer", "declared_employer").order_by("declared_at", "pk")


def own_data(person: Person) -> dict[str, Any]:
    """Everything that is kept about this person, ready for JSON; for nobody's eyes but theirs (PIPL article 45)."""
    user = person.user
    data: dict[str, Any] = {
        "account": {"email": user.email, "mobile": user.phone or "", "since": user.date_joined},
        "person": {
            "name": person.name,
            "pinyin": person.pinyin,
            "id_type": person.id_type,
            "id_number": person.id_number or "",
            "employer": str(person.employer or ""),
            "declared_employer": str(person.declared_employer or ""),
            "service_fields": [field.name for field in person.fields.all()],
            "languages": person.languages,
            "in_practice_since": person.practice_started_on,
            "letters": person.notice_mail,
            "text_messages": person.notice_sms,
            "wechat": person.notice_wechat,
        },
        "consents": list(person.consents.values("purpose", "version", "given_at", "withdrawn_at")),
        "roles": [
            {
                "role": role.role,
                "organisation": role.organisation.name,
                "from": role.starts_on,
                "until": role.ends_on,
            }
            for role in user.roles.select_related("organisation")
        ],
        "notices": [
            {"at": notice.created_at, "title": notice.title_in(), "text": notice.body_in()}
            for notice in user.notices.all()
        ],
    }
    return data | {name: part(person) for name, part in _parts.items()}
