"""Reading applications of supervisors, and what may be asked for."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.people.models import Person
from supervision.appointments.models import ApplicationQuerySet, SupervisorApplication
from supervision.appointments.policy import RENEW_WITHIN, Term, lasts_until, may_renew
from supervision.supervisors.models import Supervisor


def own_applications(person: Person) -> ApplicationQuerySet:
    """The applications of one person, the newest first, with their documents. Two queries."""
    return SupervisorApplication.objects.filter(person=person).prefetch_related("documents")


def desk_applications(user: Asker) -> ApplicationQuerySet:
    """Those handed in within the tree that the user reads, never one's own by accident of having handed it in."""
    rows = SupervisorApplication.objects.filter(scope_of(user).q("organisation", *READERS))
    return rows.select_related(
        "person__user", "person__employer", "organisation", "decided_by", "designation"
    )


def supervisor_of(person: Person) -> Supervisor | None:
    rows = Supervisor.objects.select_related("organisation").prefetch_related("designations")
    return rows.filter(pk=person.pk).first()


def terms_of(supervisor: Supervisor) -> list[Term]:
    return [Term(row.starts_on, row.ends_on) for row in supervisor.designations.all()]


def why_not_now(person: Person, supervisor: Supervisor | None) -> str:
    """Why this person cannot apply today, in words; "" when they can. No open application is looked for here."""
    if supervisor is None:
        return (
            ""
            if person.employer_id
            else _("Enter your employer in your profile first: its administrators decide.")
        )
    today = timezone.localdate()
    terms = terms_of(supervisor)
    if may_renew(terms, today):
        return ""
    last = lasts_until(terms, today)
    if last is None or last == datetime.date.max:
        return _("Your designation is open-ended: there is nothing to renew.")
    from_day = last - datetime.timedelta(days=RENEW_WITHIN)
    words = _("Your designation is in force until %(last)s. From %(first)s you can ask for its renewal.")
    return words % {"last": date_format(last), "first": date_format(from_day)}


def last_issuer(supervisor: Supervisor | None) -> str:
    """Who issued the designation that began last; "" for somebody who never had one."""
    rows = list(supervisor.designations.all()) if supervisor else []
    return rows[0].issuer if rows else ""


def next_first_day(supervisor: Supervisor | None) -> datetime.date:
    """The day on which a new designation would begin: after the one in force, or today."""
    today = timezone.localdate()
    last = lasts_until(terms_of(supervisor), today) if supervisor else None
    return today if last is None or last == datetime.date.max else last + datetime.timedelta(days=1)
