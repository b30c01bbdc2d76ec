"""Understanding rows about people, in every table that names them, and who of them has an account already."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, gettext_noop, pgettext
from django.utils.translation import gettext as _

from core.access.scope import scope_of
from core.access.states import Role
from core.imports.kinds import later
from core.organisations.models import Organisation
from core.organisations.regions import known_county_codes
from core.people.actions import NewPerson, id_error_words
from core.people.fields import MOBILE_ERRORS, NAME_ERRORS
from core.people.models import Person, ServiceField, User
from core.people.policy import IdType, check_id_number, clean_person_name, normalise_mobile
from core.people.sealed import identity_hash, lookup_hash
from core.sheets.reading import Column, Row, is_rounded
from core.sheets.words import list_words

COLUMNS = (
    Column("name", ("姓名", "Name", "真实姓名")),
    Column("phone", ("手机号", "手机号码", "手机", "联系电话", "Mobile number"), required=False),
    Column("email", ("邮箱", "电子邮箱", "E-mail", "Email"), required=False),
    Column("id_number", ("证件号码", "身份证号", "身份证号码", "ID number"), required=False),
    Column("id_type", ("证件类型", "ID type"), required=False),
    Column("employer", ("单位", "工作单位", "所在单位", "Employer"), required=False),
    Column("fields", ("服务领域", "Service fields"), required=False),
    Column("practice", ("从业起始日期", "从业时间", "In practice since"), required=False),
)
ELSEWHERE = gettext_noop(
    "There is an account already, outside your tree. Ask its person to apply, or to name your organisation as employer."
)
HEADINGS = {column.name: column.headings for column in COLUMNS}


def heading(column: str) -> Any:
    """The heading of a column as a lazy text: the Chinese one, for a reader of English the English one."""

    def written() -> str:
        known = HEADINGS.get(column, (column,))
        english = (get_language() or "").startswith("en")
        return next((name for name in known if english and name.isascii()), known[0])

    return later(written)


def named_by(row: Row) -> str:
    """The first column by which a row says whose it is: a fault is shown there and not where nothing was written."""
    return next((column for column in ("phone", "email", "id_number") if row[column]), "phone")


class RowWrong(Exception):
    """One cell of a row is wrong, or several; the message, which may be lazy, says what."""

    def __init__(self, column: object, message: object) -> None:
        super().__init__(column, message)
        self.column: Any = heading(column) if isinstance(column, str) else column
        self.message = message

    def __str__(self) -> str:
        return str(self.message)

    @classmethod
    def all(cls, faults: Sequence[RowWrong]) -> RowWrong:
        """All these faults of one row as one: with their columns, so that the row is mended at once."""
        if len(faults) == 1:
            return faults[0]

        def each(fault: RowWrong) -> str:
            words = pgettext("what is wrong in a column", "%(column)s: %(fault)s")
            return words % {"column": fault.column, "fault": fault}

        return cls(
            later(lambda: list_words(dict.fromkeys(str(fault.column) for fault in faults))),
            later(lambda: " ".join(each(fault) for fault in faults)),
        )


class Parsed(NewPerson):
    """One row, understood: somebody who may be new."""

    @cached_property
    def keys(self) -> dict[str, str]:
        """By what the person is found: the column, and the hash or address. Asked for once the row is understood."""
        found = {}
        if self.phone:
            found["phone"] = lookup_hash("phone", self.phone)
        if self.email:
            found["email"] = self.email
        if self.id_number:
            found["id_number"] = identity_hash(self.id_type, self.id_number)
        return found


class PeopleReader:
    """Understands rows about people and finds who has an account already. Used by every table that names people."""

    def __init__(
        self,
        *,
        default: Organisation,
        actor: User,
        joined: Callable[[list[User]], set[int]] | None = None,
        opens_account: bool = True,
    ) -> None:
        """`default` employs whoever names no employer; employers that are named lie in the tree of the `actor`.

        Of people outside that tree the actor learns nothing, but for those who are with them already: `joined` says who
        of these accounts is, in one statement. Rows that open no account may name one person
        several times, by an ID number alone if need be.
        """
        self.opens_account = opens_account
        self.default = default
        self.scope = scope_of(actor)
        self.joined = joined or (lambda users: set())
        self.today = timezone.localdate()
        self.regions = known_county_codes()
        self.id_types = {str(label): value for value, label in Person.IdType.choices}
        self.id_types |= {value: value for value in Person.IdType.values}
        self.service_fields = {row.name: row for row in ServiceField.objects.filter(is_active=True)}
        self.within = self.scope.q("", Role.ADMINISTRATOR)
        self.employers: dict[str, list[Organisation]] = {}
        self.seen: dict[tuple[str, str], int] = {}
        self.listed_in = 0  # the row that says which service fields there are

    def read(self, rows: Sequence[Row]) -> list[Parsed | RowWrong]:
        """Each row, understood, or what is wrong with it. One statement, for the employers."""
        self._find_employers({row["employer"] for row in rows} - set(self.employers) - {""})
        return [self._read(row) for row in rows]

    def _read(self, row: Row) -> Parsed | RowWrong:
        parsed, faults = self._understand(row)
        for column, key in parsed.keys.items() if self.opens_account else ():
            first = self.seen.setdefault((column, key), row.number)
            if first != row.number:
                faults.append(RowWrong(column, _stands_in(first)))
        return RowWrong.all(faults) if faults else parsed

    def _understand(self, row: Row) -> tuple[Parsed, list[RowWrong]]:
        """What the row says, as far as it can be understood, and everything that is wrong with it."""
        parsed, faults = Parsed(""), []
        readers: dict[str, Callable[[], Any]] = {
            "name": lambda: _said("name", clean_person_name, row["name"], NAME_ERRORS),
            "phone": lambda: _phone(row["phone"], row["email"] or not self.opens_account),
            "email": lambda: _email(row["email"]),
            "employer": lambda: self._employer(row["employer"]),
            "fields": lambda: self._fields(row["fields"], row.number),
            "practice": lambda: self._practice(row["practice"]),
        }
        for name, read in readers.items():
            try:
                setattr(parsed, name, read())
            except RowWrong as fault:
                faults.append(fault)
        try:
            parsed.id_type, parsed.id_number = self._id(row["id_type"], row["id_number"])
        except RowWrong as fault:
            faults.append(fault)
        return parsed, faults

    def _id(self, said: str, number: str) -> tuple[str, str]:
        if not number:
            return "", ""
        if is_rounded(number):
            raise RowWrong(
                "id_number",
                gettext_lazy(
                    "The spreadsheet has turned this number into a quantity, and its last digits are lost. Format the column as text and enter it again."
                ),
            )
        id_type = self.id_types.get(said, "") if said else str(IdType.RESIDENT_ID)
        if not id_type:
            raise RowWrong("id_type", later(lambda: _unknown_type(said)))
        check = check_id_number(id_type, number, today=self.today, known_regions=self.regions)
        if check.errors:
            raise RowWrong("id_number", later(lambda: id_error_words(check.errors[0], id_type)))
        return id_type, check.value

    def _find_employers(self, names: set[str]) -> None:
        for name in names:
            self.employers[name] = []
        by_name = Organisation.objects.active().filter(self.within, name__in=names)
        by_code = Organisation.objects.active().filter(self.within, uscc__in=names)
        for found in [*by_name, *by_code] if names else ():
            for key in {found.name, found.uscc} & names:
                self.employers[key].append(found)

    def _employer(self, said: str) -> Organisation:
        if not said:
            return self.default
        found = self.employers[said]
        if not found:
            raise RowWrong(
                "employer", gettext_lazy("There is no organisation of this name or code in your tree.")
            )
        if len(found) > 1:
            raise RowWrong(
                "employer",
                gettext_lazy("Several organisations have this name. Write the social credit code instead."),
            )
        return found[0]

    def _fields(self, said: str, row: int) -> list[ServiceField]:
        """What may be written is listed once in a table: every further row that is wrong names the row that says it."""
        names = [name for name in re.split(r"[、,，;；/\s]+", said) if name]
        unknown = [name for name in names if name not in self.service_fields]
        if unknown:
            words = gettext_noop("These service fields are not known: %(names)s. You can write: %(allowed)s.")
            if self.listed_in not in (0, row):
                words = gettext_noop(
                    "These service fields are not known: %(names)s. Row %(row)s says what you can write."
                )
            listed = self.listed_in = self.listed_in or row

            def said_of() -> str:
                allowed = list_words(self.service_fields)
                return _(words) % {"names": list_words(unknown), "allowed": allowed, "row": listed}

            raise RowWrong("fields", later(said_of))
        return [self.service_fields[name] for name in dict.fromkeys(names)]

    def _practice(self, said: str) -> date | None:
        if not said:
            return None
        numbers = re.findall(r"\d+", said)
        try:
            day = date(int(numbers[0]), int(numbers[1]), int(numbers[2]) if len(numbers) > 2 else 1)
        except (IndexError, ValueError, OverflowError):
            raise RowWrong("practice", gettext_lazy("This is no date. Write it as 2021-09-01.")) from None
        if not day.year >= 1950 or day > self.today:
            raise RowWrong(
                "practice", gettext_lazy("This day lies in the future or is too long ago. Check the year.")
            )
        return day

    def known(self, parsed: Iterable[Parsed]) -> Callable[[Parsed], User | RowWrong | None]:
        """Who of these has an account already: a function that says whose it is, or why the row cannot be one's.

        Two statements, and one for who has joined. A name that differs is an error: a mistyped number must not enrol
        somebody else. Outside the actor's own tree every account gets the same answer, whatever else stands in the row;
        an ID number finds nobody there, and is not kept for anybody else.
        """
        rows = list(parsed)
        wanted: dict[str, set[str]] = {"phone": set(), "email": set(), "id_number": set()}
        for row in rows:
            for column, key in row.keys.items():
                wanted[column].add(key)
        accounts = User.objects.select_related("person__employer").filter(
            Q(phone_hash__in=wanted["phone"]) | Q(email__in=wanted["email"])
        )
        accounts = accounts.defer(
            "phone_sealed", "person__id_sealed"
        )  # to open what is sealed takes longest of all
        people = Person.objects.select_related("user", "employer").filter(id_hash__in=wanted["id_number"])
        people = people.defer("id_sealed", "user__phone_sealed")
        by_number = {person.id_hash: person for person in people} if wanted["id_number"] else {}
        users = {user.pk: user for user in accounts} if rows else {}
        mine = {user.pk for user in users.values() if self._is_mine(getattr(user, "person", None))}
        joined = self.joined([user for user in users.values() if user.pk not in mine])
        holders = {("phone", user.phone_hash): user for user in users.values()}
        holders |= {("email", user.email.lower()): user for user in users.values()}
        holders |= {
            ("id_number", number): person.user
            for number, person in by_number.items()
            if self._is_mine(person)
        }

        def holder(row: Parsed) -> User | RowWrong | None:
            found = {
                column: holders[column, key] for column, key in row.keys.items() if (column, key) in holders
            }
            for column, user in found.items():
                known = user.pk in mine or (user.pk in joined and user.person.name == row.name)
                if column != "id_number" and not known:
                    return RowWrong(column, gettext_lazy(ELSEWHERE))
            hidden = by_number.get(row.keys.get("id_number", ""))
            if hidden is not None and not self._is_mine(hidden):
                row.id_type = row.id_number = ""
            if not found:
                return None
            column, user = next(iter(found.items()))
            if any(other.pk != user.pk for other in found.values()):
                return RowWrong(
                    column, gettext_lazy("Mobile number, e-mail and ID number belong to different accounts.")
                )
            if user.person.name != row.name:
                return RowWrong(
                    column, gettext_lazy("This belongs to an account with another name. Check both.")
                )
            return user

        return holder

    def _is_mine(self, person: Person | None) -> bool:
        return person is not None and self.scope.covers(person.employer, Role.ADMINISTRATOR)


def _stands_in(row: int) -> Any:
    return later(lambda: _("The same stands in row %(row)s already.") % {"row": row})


def _unknown_type(said: str) -> str:
    allowed = list_words(str(label) for label in Person.IdType.labels)
    words = _("This type of document is not known: %(said)s. You can write: %(allowed)s.")
    return words % {"said": said, "allowed": allowed}


def _said(column: str, clean: Callable[[str], str], said: str, sentences: dict[str, Any]) -> str:
    try:
        return clean(said)
    except ValueError as error:
        fallback = (
            gettext_lazy("This cannot be read. Check it again.") if said else gettext_lazy("This is missing.")
        )
        raise RowWrong(column, sentences.get(str(error), fallback)) from None


def _phone(said: str, email: str | bool) -> str:
    if not said and not email:
        raise RowWrong("phone", gettext_lazy("A mobile number or an e-mail is needed: it opens the account."))
    return _said("phone", normalise_mobile, said, MOBILE_ERRORS) if said else ""


def _email(said: str) -> str:
    if not said:
        return ""
    try:
        validate_email(said)
    except ValidationError:
        raise RowWrong("email", gettext_lazy("This is no e-mail address. Check it again.")) from None
    if len(said) > 254:
        raise RowWrong("email", gettext_lazy("This is no e-mail address. Check it again."))
    return said.lower()
