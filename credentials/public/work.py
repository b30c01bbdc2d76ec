"""What waits, what is mended, and what the talent pool holds of a person."""

from __future__ import annotations

from django.db.models import Count, Value

from core.access.scope import Asker
from core.people.models import Person
from credentials.certificates import actions as certificates
from credentials.claims.actions import reconcile_noticed
from credentials.claims.queries.waiting import appeals_for, waiting_for
from credentials.hours import actions as hours
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


def work_for(user: Asker) -> dict[str, int]:
    """How much waits for this administrator: manual entries "requested" and "proposed" (for a second officer),
    registration periods "declared", "qualifications", "objections" to public notices, "claims" at a stage of theirs and
    "claim_appeals". Only what there is any of. Two queries."""
    entries = to_decide(user).order_by().values_list("state").annotate(number=Count("pk"))
    periods = to_verify(user).order_by().values_list("state").annotate(number=Count("pk"))
    records = records_to_verify(user).order_by().annotate(what=Value("qualifications"))
    qualifications = records.values_list("what").annotate(number=Count("pk"))
    notices = objections_open(user).order_by().annotate(what=Value("objections"))
    objections = notices.values_list("what").annotate(number=Count("pk"))
    waiting = waiting_for(user).order_by().annotate(what=Value("claims"))
    claims = waiting.values_list("what").annotate(number=Count("pk"))
    open_ = appeals_for(user).order_by().annotate(what=Value("claim_appeals"))
    appeals = open_.values_list("what").annotate(number=Count("pk"))
    together = entries.union(periods, qualifications, objections, claims, appeals, all=True)
    return {what: number for what, number in together if number}


def reconcile() -> list[str]:
    """Repair what a crash left undone; a line for each repair."""
    noticed = public_notices.reconcile() + reconcile_noticed()
    return hours.reconcile() + certificates.reconcile() + talent.reconcile() + noticed
