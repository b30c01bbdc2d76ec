"""Every address × every role: closed unless it is meant to be open, and never somebody else's row.

That none of them meets a fault on the rows of the own district, test_matrix.py asserts as it asks them.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from core.models import Organisation
from tests.architecture.furnishing import furnish
from tests.architecture.routes import FILLED, Route, address_of, routes

# Doors are shut before a database is asked.
pytestmark = pytest.mark.once

# Whoever is not signed in may open these, and no others. Each has its reason beside it.
PUBLIC = {
    *(
        "home",
        "wagtail_serve",
        "search",
        "set_language",
        "core:elder",
        "core:components",
    ),  # the site and its look
    *("verify", "verify-code"),  # anybody may check a certificate
    "verify-badge",  # anybody may check a badge
    *("badge", "badge-json", "badge-jwt", "badge-svg"),  # a wallet knows the secret code, and cannot sign in
    *(
        "badge-issuer",
        "badge-achievement",
        "badge-picture",
        "badge-status",
    ),  # what a badge refers to; of no person
    *("verify-file", "verify-list", "verify-list-blank"),  # or its file, or a table of codes
    "public-notice",  # what is shown for objections is shown to everybody, and anybody objects
    *("verify-keys", "verify-key-pem", "verify-key-jwk", "key-set"),  # public keys are public
    "lms:timetable-feed",  # a calendar program knows the secret address, and cannot sign in
    "supervision:meeting-feed",  # the same
    *("lms:pathway-list", "lms:pathway-detail"),  # pathways are announced like programmes
    "core:activate",  # whoever has a code has no account to sign in to yet
    *("cms:navigation-robots", "cms:navigation-favicon", "cms:navigation-manifest", "cms:pages-sitemap"),
    *("supervision:offline-shell", "supervision:offline-worker"),  # a blank form and its worker, of nobody
    *("supervision:gathering-shell", "supervision:gathering-worker"),  # the same for gatherings
    "lms:attendance-scan",  # a check-in counts from the scan, also for who signs in after it
    "cms:pages-picture",  # pictures of public pages; the view asks whether the picture is public
    "wagtaildocs_serve",  # the view asks whether the document is public
    *("account_login", "account_logout", "account_signup", "account_inactive", "account_reauthenticate"),
    *("account_email_verification_sent", "account_confirm_email"),
    *("account_reset_password", "account_reset_password_done", "account_confirm_login_code"),
    *("account_reset_password_from_key", "account_reset_password_from_key_done"),
    *(
        "mfa_authenticate",
        "socialaccount_signup",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
    ),
}
PUBLIC_UNNAMED = ("/admin/login/", "/_util/login/", "/accounts/social/")  # they lead to a public one
LIBRARIES = ("wagtail", "account_", "mfa_", "usersessions_", "socialaccount_")
# Rows that are not one district's: any signed-in person may meet them.
FOR_ALL = {
    "imports:blank": "an empty table",
    "lms:enrolment-apply": "a cohort is offered to everybody",
    "lms:attendance-checkin": "the scan opens the door; without one it leads to where a number is typed",
    "lms:pathway-join": "a public pathway is offered to everybody",
    "service-fields:edit": "one list for all trees, kept by those who lead one",
    "levels:edit": "one list for all trees, kept by those who lead one",
    "supervision:supervisor-ask": "a supervisor's short profile, and why not, for everybody",
    "supervision:circle-detail": "a circle that takes members is found in the whole province",
    "supervision:circle-join": "and joined from there",
    "policies:inspect": "what an authority has published is read by every desk",
    "policies:version": "each published version, too",
    "forecasts:ask": "and reckoned for the people of one's own tree",
    "policies:attempt": "and tried with facts that are typed in; nothing is kept",
    "supervision_supervisors:chosen": "supervisors serve across the districts of their province",
}
ROLES = ["trainee", "supervisor", "instructor", "administrator", "finance", "auditor"]
ALL = routes()
OURS = [route for route in ALL if route.name and not route.name.startswith(LIBRARIES)]
KNOWN = [route for route in OURS if not route.parts or route.name in FILLED or route.name in PUBLIC]
DOOR = "/accounts/login/"
DOORS = (DOOR, "/admin/login/")  # the second leads to the first


def is_public(route: Route) -> bool:
    return route.name in PUBLIC or (not route.name and route.example.startswith(PUBLIC_UNNAMED))


def closed(answer: Any) -> bool:
    """Not there, not allowed, the wrong method, or sent away: to the door or to the desk's first page."""
    if answer.status_code == 302:
        return answer["Location"].startswith(DOOR) or answer["Location"] == "/admin/"
    return answer.status_code in (403, 404, 405)


def test_every_address_with_parts_is_filled_and_no_other() -> None:
    with_parts = {route.name for route in OURS if route.parts and not is_public(route)}
    missing, left_over = with_parts - FILLED.keys(), FILLED.keys() - with_parts
    assert not missing, (
        f"say in tests/architecture/routes.py (FILLED) what stands in the address of {sorted(missing)}"
    )
    assert not left_over, f"these addresses are gone: {sorted(left_over)}"


def test_every_public_name_still_exists() -> None:
    assert {route.name for route in ALL} >= PUBLIC
    assert {route.name for route in ALL} >= FOR_ALL.keys()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_sign_in_everything_else_leads_to_the_door(client: Client, method: str) -> None:
    open_doors = []
    for route in ALL:
        if is_public(route):
            continue
        answer = getattr(client, method)(route.example)
        if not (answer.status_code == 302 and answer["Location"].startswith(DOORS)):
            open_doors.append(
                f"{route.name or route.example}: {answer.status_code} {answer.get('Location', '')}"
            )
    assert not open_doors, "\n".join(open_doors)


@pytest.mark.parametrize("role", ROLES)
def test_what_belongs_to_another_district_is_not_there(
    cast: SimpleNamespace, tree: dict[str, Organisation], role: str
) -> None:
    theirs = furnish(tree["other_district"], cast.outside_trainee, cast.outsider)
    client = Client()
    client.force_login(getattr(cast, role))
    seen = []
    for route in KNOWN:
        if (
            not route.parts
            or is_public(route)
            or route.name in FOR_ALL
            or route.name == "service-fields:edit"
        ):
            continue
        for method in ("get", "post"):
            answer = getattr(client, method)(address_of(route, theirs))
            if not closed(answer):
                seen.append(f"{method} {route.name}: {answer.status_code} {answer.get('Location', '')}")
    assert not seen, "\n".join(seen)
