"""Nothing that anybody can send makes a fault: every page, every filter, every field of every form, every part of an address.

The pages are asked as whoever may use them; what is sent stands in nasty.py. PostgreSQL refuses more than SQLite does
(NUL bytes, numbers out of range), so its run sends everything; the run on SQLite, through the same views, sends what
SQLite has its own limits for, and the broken bodies: these are read before any database is asked, so one run is
enough. Who is sent to a door before anything is read is asked once: the rest would knock at the same door. A form, a
page or an address that several roles get to the inside of is sent nonsense by the first of them. A form gets each kind
of nonsense in all its fields at once, and then in each field alone that had not refused it by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.forms import BaseForm
from django.test import Client
from django.urls import Resolver404, resolve

from core.models import Organisation, User
from tests.architecture.nasty import BODIES, HEADERS, OF_SQLITE, Form, forms_of, values_for
from tests.architecture.nasty import NUMBERS as ALL_NUMBERS
from tests.architecture.nasty import SOME as ALL_SOME
from tests.architecture.routes import Route, address_of, furnish
from tests.architecture.test_urls import KNOWN, closed, is_public

ROLES = ["trainee", "supervisor", "administrator"]
LED_FROM_THE_TOP = ("/admin/service-fields/", "/admin/hours-rules/")  # forms of whoever leads a whole tree
# What pages read from an address beside the fields of their forms.
ASKED = [
    "page",
    "p",
    "q",
    "ordering",
    "show",
    "kind",
    "next",
    "lang",
    "account",
    "export",
    "id",
    "employer_words",
]
# What views read from a form beside the fields that the page shows.
SENT = ["q-question-1", "flag-question-1", "go", "chosen", "notice", "next", "to", "elder", "language", "choice", "revision"]  # fmt: skip
WHOLE = connection.vendor == "postgresql"
SOME, NUMBERS = (
    {why: value for why, value in values.items() if WHOLE or why in OF_SQLITE}
    for values in (ALL_SOME, ALL_NUMBERS)
)
LEAVES = ("/accounts/logout/", "/admin/logout/")


@pytest.fixture
def rows(cast: SimpleNamespace, tree: dict[str, Organisation]) -> SimpleNamespace:
    cast.root = User.objects.create_superuser("root@example.com")
    return furnish(tree["district"], cast.trainee, cast.supervisor)


class Sender:
    """Sends as one role, forgets what came of it, and keeps a list of the faults."""

    def __init__(self, user: User | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.user = user
        self.faults: list[str] = []
        self.sent = 0
        self._enter()

    def _enter(self) -> None:
        if self.user is not None:
            self.client.force_login(self.user)

    def get(self, address: str, data: Mapping[str, Any] | None = None, why: str = "", **more: Any) -> Any:
        return self._send("get", address, data, why, **more)

    def post(self, address: str, data: Any = None, why: str = "", **more: Any) -> Any:
        return self._send("post", address, data, why, **more)

    def _send(self, method: str, address: str, data: Any, why: str, **more: Any) -> Any:
        self.sent += 1
        if address.startswith("/accounts/"):
            cache.clear()  # they answer whoever has tried too often with the same form, so that a fault would be hidden
        with transaction.atomic():
            answer = self._ask(method, address, data, **more)
            if answer.status_code == 429:
                cache.clear()
                answer = self._ask(method, address, data, **more)
            if answer.status_code < 500 and getattr(answer, "streaming", False):
                b"".join(answer.streaming_content)
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            fault = answer.exc_info[1] if getattr(answer, "exc_info", None) else ""
            self.faults.append(f"{method} {address[:120]} {why}: {type(fault).__name__} {str(fault)[:160]}")
        if self.user is not None and "_auth_user_id" not in self.client.session:
            self._enter()
        return answer

    def _ask(self, method: str, address: str, data: Any, **more: Any) -> Any:
        if isinstance(data, bytes):
            return self.client.generic(method.upper(), address, data, **more)
        return getattr(self.client, method)(address, data, **more)


def is_turned_away(answer: Any) -> bool:
    """Sent to a door, or to the desk's first page, before the view could read anything; the wrong method likewise."""
    return answer.status_code == 405 or (answer.status_code == 302 and closed(answer))


def is_inside(answer: Any) -> bool:
    """Whether the view itself answered: not a door, not a refusal, not "there is no such thing for you"."""
    return answer.status_code not in (403, 404) and not is_turned_away(answer)


def senders_before(cast: SimpleNamespace, role: str) -> list[Sender]:
    """The signed-in roles before this one; what they get to the inside of needs no second sending."""
    return [sender_of(cast, other) for other in ROLES[: ROLES.index(role)]] if role in ROLES else []


def pages(sender: Sender, rows: SimpleNamespace) -> Iterator[tuple[str, list[Form]]]:
    """Every page that this role gets, with its forms."""
    for route in KNOWN:
        address = route.example if is_public(route) else address_of(route, rows)
        answer = sender.get(address)
        if answer.status_code == 200 and "html" in answer["Content-Type"] and not answer.streaming:
            yield address, forms_of(answer.content.decode(), address)


def refused(answer: Any) -> set[str]:
    """The fields in which a form of this page takes none of what was sent, whatever stands in the others."""
    layers = [layer for context in answer.context or [] for layer in getattr(context, "dicts", [context])]
    held = [value for layer in layers for value in layer.values()]
    forms = {id(value): value for value in held if isinstance(value, BaseForm) and value.is_bound}
    return {form.add_prefix(name) for form in forms.values() for name in form.fields if not takes(form, name)}


def takes(form: BaseForm, name: str) -> bool:
    try:
        form.fields[name].clean(form[name].data)
    except ValidationError:
        return False
    except Exception:  # a field that wants more than what was sent, such as a file's: nothing is known of it
        return True
    return True


def send_nonsense(
    sender: Sender, form: Form, whole: Mapping[str, Any], held: Mapping[str, list[str]]
) -> None:
    """Each kind of nonsense in all fields that it is for at once, then in those alone that may let it further in."""
    kinds = {name: values_for(name, of) for name, of in held.items()}
    for why in dict.fromkeys(why for values in kinds.values() for why in values):
        if not (WHOLE or why in OF_SQLITE):
            continue
        wrong = {name: values[why] for name, values in kinds.items() if why in values}
        send = sender.get if form.method == "get" else sender.post
        answer = send(form.action, {**whole, **wrong}, f"{', '.join(wrong)} = {why}")
        alone = wrong.keys() - refused(answer) if len(wrong) > 1 else ()
        for name in sorted(alone):
            send(form.action, {**whole, name: wrong[name]}, f"{name} = {why}")


def sender_of(cast: SimpleNamespace, role: str) -> Sender:
    return Sender(None if role == "anonymous" else getattr(cast, role))


def filled(form: Form, rows: SimpleNamespace) -> dict[str, list[str]]:
    """The form as somebody would send it who has filled everything in."""
    usual = {
        "person": rows.person.pk, "mentee": rows.person.pk, "supervisor": rows.supervisor.pk,
        "course": rows.version.course_id, "organisation": rows.place.pk, "parent": rows.place.pk,
        "account": rows.person.user.email, "title": "春季班", "name": "王小明", "code": "sv-900", "capacity": 30,
        "goal": "目标", "reason": "理由充分", "topics": "接案预估", "statement": "想学", "issuer": "示例市", "text": "记",
        "starts_on": "2027-03-01", "ends_on": "2027-04-01", "opens_at": "2027-01-01 08:00", "closes_at": "2027-02-01 08:00",
        "name_en": "x", "position": 1, "source": "文件", "minutes_per_hour": 45, "tier": "station", "kind": "station",
        "number": "11010519491231002X", "phone": "13900139000",
    }  # fmt: skip
    return {name: held if any(held) else [str(usual.get(name, ""))] for name, held in form.values.items()}


_SEEN: dict[str, set[tuple[str, tuple[str, ...]]]] = {}  # by role: asking for every page takes a while


def known_as(form: Form) -> tuple[str, tuple[str, ...]]:
    """A form by where it goes, whatever row it is about, and the names of its fields."""
    try:
        view = resolve(form.action.partition("?")[0]).view_name
    except Resolver404:
        view = form.action
    return view, tuple(form.values)


def seen_before(cast: SimpleNamespace, rows: SimpleNamespace, role: str) -> set[tuple[str, tuple[str, ...]]]:
    """The forms that the roles before this one see."""
    earlier = ROLES[: ROLES.index(role)] if role in ROLES else []
    for other in earlier:
        if other not in _SEEN:
            found = pages(sender_of(cast, other), rows)
            _SEEN[other] = {known_as(form) for _, forms in found for form in forms}
    return {form for other in earlier for form in _SEEN[other]}


@pytest.mark.parametrize("role", ["anonymous", *ROLES])
def test_no_search_filter_or_page_number_makes_a_fault(
    cast: SimpleNamespace, rows: SimpleNamespace, role: str
) -> None:
    sender = sender_of(cast, role)
    filters = {}
    found = list(pages(sender, rows))
    others = senders_before(cast, role)
    _SEEN[role] = {known_as(form) for _, forms in found for form in forms}
    for address, forms in found:
        if not any(is_inside(other.get(address)) for other in others):
            for why, value in SOME.items():
                sender.get(address, dict.fromkeys(ASKED, value), f"everything = {why}")
        filters |= {form.action: form for form in forms if form.method == "get" and form.action != "/search/"}
    known = seen_before(cast, rows, role)
    for form in filters.values():
        if known_as(form) in known:
            continue
        send_nonsense(sender, form, {}, {name: ["1"] for name in form.values})
    assert not sender.faults, "\n".join(sender.faults)


@pytest.mark.parametrize("role", [*ROLES, "root"])
def test_no_field_of_any_form_makes_a_fault(cast: SimpleNamespace, rows: SimpleNamespace, role: str) -> None:
    sender = sender_of(cast, role)
    shown = list(pages(sender, rows))
    _SEEN[role] = {known_as(form) for _, forms in shown for form in forms}
    found = {form.action: form for _, forms in shown for form in forms if form.method == "post"}
    known = seen_before(cast, rows, role)
    for form in found.values():
        if (
            form.action in LEAVES
            or known_as(form) in known
            or (role == "root" and not form.action.startswith(LED_FROM_THE_TOP))
        ):
            continue
        whole = filled(form, rows)
        sender.post(form.action, whole, "filled in")
        send_nonsense(sender, form, whole, whole)
        for name in whole if WHOLE else ():
            sender.post(form.action, {key: whole[key] for key in whole if key != name}, f"without {name}")
            sender.post(form.action, whole | {name: ["1", "2", *whole[name]]}, f"{name} three times")
    assert not sender.faults, "\n".join(sender.faults)


@pytest.mark.parametrize("role", ROLES)
def test_nothing_posted_to_any_address_makes_a_fault(
    cast: SimpleNamespace, rows: SimpleNamespace, role: str
) -> None:
    sender, others = sender_of(cast, role), senders_before(cast, role)
    for route in KNOWN:
        address = route.example if is_public(route) else address_of(route, rows)
        if address in LEAVES or is_turned_away(sender.post(address, {})):
            continue
        if any(is_inside(other.post(address, {})) for other in others):
            continue
        for why, value in SOME.items():
            sender.post(address, dict.fromkeys(SENT, value), f"with {why}")
        for why, (kind, body) in ({} if WHOLE else BODIES).items():
            sender.post(address, body, why, content_type=kind)
    assert not sender.faults, "\n".join(sender.faults)


@pytest.mark.parametrize("role", ["anonymous", *ROLES])
def test_no_part_of_an_address_makes_a_fault(cast: SimpleNamespace, rows: SimpleNamespace, role: str) -> None:
    sender, others = sender_of(cast, role), senders_before(cast, role)
    for route in [*KNOWN, Route("", "/x/", ())]:
        address = route.example if is_public(route) or not route.name else address_of(route, rows)
        parts = address.split("/")
        places = [place for place, part in enumerate(parts) if re.search(r"\d|^x$|^question", part)]
        if not places or is_turned_away(sender.get(address)):
            continue
        if any(is_inside(other.get(address)) for other in others):
            continue
        for place, (why, value) in product(places, (NUMBERS | SOME).items()):
            changed = "/".join([*parts[:place], quote(value[:300], safe=""), *parts[place + 1 :]])
            sender.get(changed, None, f"with {why}")
    assert not sender.faults, "\n".join(sender.faults)


@pytest.mark.parametrize("role", ["anonymous", "administrator"])
def test_no_header_makes_a_fault(cast: SimpleNamespace, rows: SimpleNamespace, role: str) -> None:
    sender = sender_of(cast, role)
    for address in ("/", "/search/?q=%E7%A4%BE", "/verify/", "/dashboard/", "/admin/people/", "/nowhere/"):
        for header, values in HEADERS.items():
            for value in values:
                sender.get(address, None, f"{header}: {value!r}", headers={header: value})
                sender.post("/elder/", {"elder": "1"}, f"{header}: {value!r}", headers={header: value})
    assert not sender.faults, "\n".join(sender.faults)


@pytest.mark.django_db
def test_no_cookie_makes_a_fault() -> None:
    sender = Sender(None)
    for name in ("sessionid", "csrftoken", "django_language", "elder", "messages"):
        for value in ('"\\000abcdefghij"', "x" * 4000, "\xff" * 9, "[[", '"\\"'):
            for address in ("/", "/verify/", "/accounts/login/", "/dashboard/", "/nowhere/"):
                sender.get(
                    address, None, f"cookie {name} = {value[:20]!r}", headers={"cookie": f"{name}={value}"}
                )
    assert not sender.faults, "\n".join(sender.faults)
