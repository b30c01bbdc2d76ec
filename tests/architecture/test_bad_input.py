"""Nothing that anybody can send makes a fault: every page, every filter, every field of every form, every part of an address.

The pages are asked as whoever may use them; what is sent stands in nasty.py. PostgreSQL refuses more than SQLite does
(NUL bytes, numbers out of range, long words), so its run sends most; the run on SQLite, through the same views, sends
what SQLite has its own limits for, and what is read before any database is asked: broken bodies, headers, cookies,
digits that are no numbers. Who is sent to a door before anything is read is asked once: the rest would knock at the same
door. A form, a page or an address that several roles get to the inside of is sent nonsense by the first of them. A form
gets each kind of nonsense in all its fields at once, and then, where that got no further, in each field alone that had
not refused it by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.urls import Resolver404, resolve

from core.models import Organisation, User
from tests.architecture.furnishing import furnish
from tests.architecture.nasty import BODIES, HEADERS, Form, forms_of
from tests.architecture.nasty import NUMBERS as ALL_NUMBERS
from tests.architecture.nasty import SOME as ALL_SOME
from tests.architecture.routes import Route, address_of
from tests.architecture.sending import HERE, WHOLE, Sender, filled, send_nonsense
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
SOME, NUMBERS = (
    {why: value for why, value in values.items() if why in HERE} for values in (ALL_SOME, ALL_NUMBERS)
)
LEAVES = ("/accounts/logout/", "/admin/logout/")


@pytest.fixture
def rows(cast: SimpleNamespace, tree: dict[str, Organisation]) -> SimpleNamespace:
    cast.root = User.objects.create_superuser("root@example.com")
    return furnish(tree["district"], cast.trainee, cast.supervisor)


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


def sender_of(cast: SimpleNamespace, role: str) -> Sender:
    return Sender(None if role == "anonymous" else getattr(cast, role))


_SEEN: dict[str, set[tuple[str, tuple[str, ...]]]] = {}  # by role: asking for every page takes a while


def leads_to(address: str) -> str:
    """The name of the view that answers this address, or nothing where there is none."""
    try:
        return resolve(unquote(address.partition("?")[0])).view_name
    except Resolver404:
        return ""


def known_as(form: Form) -> tuple[str, tuple[str, ...]]:
    """A form by where it goes, whatever row it is about, and the names of its fields."""
    return leads_to(form.action) or form.action, tuple(form.values)


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
    elsewhere: set[tuple[str, str]] = (
        set()
    )  # where no view of ours takes such a part: asked once of each kind
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
            if leads_to(changed) == leads_to(address) or (why, leads_to(changed)) not in elsewhere:
                sender.get(changed, None, f"with {why}")
                elsewhere.add((why, leads_to(changed)))
    assert not sender.faults, "\n".join(sender.faults)


@pytest.mark.once
@pytest.mark.parametrize("role", ["anonymous", "administrator"])
def test_no_header_makes_a_fault(cast: SimpleNamespace, rows: SimpleNamespace, role: str) -> None:
    sender = sender_of(cast, role)
    for address in ("/", "/search/?q=%E7%A4%BE", "/verify/", "/dashboard/", "/admin/people/", "/nowhere/"):
        for header, values in HEADERS.items():
            for value in values:
                sender.get(address, None, f"{header}: {value!r}", headers={header: value})
                sender.post("/elder/", {"elder": "1"}, f"{header}: {value!r}", headers={header: value})
    assert not sender.faults, "\n".join(sender.faults)


@pytest.mark.once
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
