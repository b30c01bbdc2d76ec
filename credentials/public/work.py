"""What waits, what is mended, and what the talent pool holds of a person."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet, Value

from core.access.scope import Asker
from core.people.models import Person
from credentials.awards import actions as awards
from credentials.certificates import actions as certificates
from credentials.claims.actions import reconcile_noticed
from credentials.claims.queries.waiting import appeals_for, waiting_for
from credentials.hours import actions as hours
from credentials.internships.queries import internships_of, to_sign
from credentials.internships.queries import waiting_for as internships_waiting_for
from credentials.manual_entries.queries import to_decide
from credentials.posts.models import TalentRoute
from credentials.posts.queries import holdings_of
from credentials.public_notices import actions as public_notices
from credentials.public_notices.queries import objections_open
from credentials.qualifications.queries import (
    records_to_verify,
    to_verify,
)
from credentials.talent import actions as talent
from credentials.talent.models import TalentProfile


def talent_data_of(person: Person) -> dict[str, object]:
    """What the talent pool holds of a person, as they may take it away: their row, posts and routes. Three queries."""
    row = TalentProfile.objects.filter(pk=person.pk).values(
        "minutes", "part", "awards", "post", "route", "is_listed"
    )
    routes = TalentRoute.objects.filter(person=person).values("route", "since", "note")
    posts = [
        {
            "post": held.post.title,
            "organisation": held.post.organisation.name,
            "from": held.starts_on,
            "until": held.ends_on,
        }
        for held in holdings_of(person)
    ]
    return {"row": row.first() or {}, "posts": posts, "routes": list(routes)}


def internship_data_of(person: Person) -> list[dict[str, object]]:
    """The internships of a person with all that is kept of them, as they may take it away. Two queries."""
    return [
        {
            **{name: getattr(row, name) for name in ("school", "major", "is_social_work", "is_full_time")},
            **{name: getattr(row, name) for name in ("year_of_study", "starts_on", "ends_on", "state")},
            **{name: getattr(row, name) for name in ("words", "minutes", "reason", "created_at")},
            "placed_by": row.authority.name,
            "station": row.station.name,
            "supervisor": str(row.supervisor),
            "paper": row.paper.name if row.paper else "",
            "employment": [
                {
                    "employer": each.employer_name,
                    "region": each.region.name,
                    "is_in_field": each.is_in_field,
                    "starts_on": each.starts_on,
                    "ends_on": each.ends_on,
                    "still_on": each.still_on,
                    "papers": [paper.name for paper in (each.contract, each.insurance) if paper],
                    "state": each.state,
                    "reason": each.reason,
                }
                for each in row.proofs.all()
            ],
        }
        for row in internships_of(person)
    ]


def interns_to_sign(user: Asker) -> int:
    """How many internships wait for the signature of this supervisor. One query."""
    return to_sign(user).count()


def work_rows(user: Asker) -> list[QuerySet[Any, Any]]:
    """What waits for this administrator, each kind as rows of (kind, how many), for one union: manual entries "requested"
    and "proposed" (for a second officer), registration periods "declared", "qualifications", "objections" to public
    notices, "internships", "claims" at a stage of theirs and "claim_appeals". No query, but for whose stages they hold."""
    of_state: list[QuerySet[Any]] = [to_decide(user), to_verify(user)]
    of_kind: dict[str, QuerySet[Any]] = {
        "qualifications": records_to_verify(user),
        "objections": objections_open(user),
        "internships": internships_waiting_for(user),
        "claims": waiting_for(user),
        "claim_appeals": appeals_for(user),
    }
    named = [(rows.order_by().annotate(what=Value(kind)), "what") for kind, rows in of_kind.items()] + [
        (rows.order_by(), "state") for rows in of_state
    ]
    return [rows.values_list(by).annotate(number=Count("pk")) for rows, by in named]


def work_for(user: Asker) -> dict[str, int]:
    """How much of each kind waits for this administrator; only what there is any of. Two queries."""
    first, *others = work_rows(user)
    return {what: number for what, number in first.union(*others, all=True) if number}


def reconcile() -> list[str]:
    """Repair what a crash left undone; a line for each repair."""
    return (
        hours.reconcile()
        + certificates.reconcile()
        + talent.reconcile()
        + public_notices.reconcile()
        + public_notices.erase_objectors()
        + awards.reconcile()
        + reconcile_noticed()
    )
