"""What all apps know of one person, on their page at the desk."""

from __future__ import annotations

from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _

from core.access.scope import Asker, covers
from core.access.states import READERS
from core.people.models import Person
from core.people.queries import Record, RecordLine
from core.templatetags.times import day
from credentials.public import (
    desk_certificates_of,
    desk_commendations_of,
    desk_internships_of,
    desk_qualifications_of,
    hours_at_desk,
)
from lms.public import desk_enrolments_of


def records_of(person: Person, user: Asker) -> list[Record]:
    """Applications and cohorts, hours, qualifications, commendations and certificates, each only as far as this reader may
    see it; and for administrators the ways to record something. Seven queries."""
    enrolments = [
        RecordLine(
            f"{each.course_title} · {each.cohort_title}",
            f"{each.state_label} · {day(each.applied_at)}",
            each.url,
        )
        for each in desk_enrolments_of(person, user)
    ]
    certificates = [
        RecordLine(each.title, f"{each.serial} · {each.verdict_label} · {day(each.issued_on)}", each.url)
        for each in desk_certificates_of(person, user)
    ]
    found = [Record(_("Applications and cohorts"), enrolments)]
    if covers(user, person.employer, *READERS):
        hours = hours_at_desk(person)
        words = _("%(done)s of %(target)s hours") if hours.target else _("%(done)s hours in all")
        note = words % {"done": f"{hours.total.normalize():f}", "target": hours.target}
        ledger = f"{reverse('hours:index')}?person={person.pk}"
        found.append(Record(_("Hours"), [RecordLine(note)], ledger))
        found += _said_of(person, user)
    return [*found, Record(_("Certificates"), certificates)]


def _said_of(person: Person, user: Asker) -> list[Record]:
    """Qualifications, commendations and internships, and for an administrator the ways to add to them and to record conduct. Conduct
    itself is read on a page of its own, where each look is recorded."""
    held = [RecordLine(each.title, each.note, each.url) for each in desk_qualifications_of(person, user)]
    titles = [RecordLine(each.title, each.note, each.url) for each in desk_commendations_of(person, user)]
    if user.has_perm("credentials.register_commendation", person):
        titles.append(
            RecordLine(_("Register a commendation"), "", reverse("commendations:add", args=[person.pk]))
        )
    listed = f"{reverse('conduct:index')}?q={quote(person.name)}"
    conduct = [RecordLine(_("Read what is recorded"), _("Each look is recorded."), listed)]
    if user.has_perm("credentials.record_conduct", person):
        conduct.append(RecordLine(_("Record conduct"), "", reverse("conduct:add", args=[person.pk])))
    placed = [RecordLine(each.title, each.note, each.url) for each in desk_internships_of(person, user)]
    if user.has_perm("credentials.propose_internship", person):
        placed.append(RecordLine(_("Plan an internship"), "", reverse("internships:add", args=[person.pk])))
    paid = [RecordLine(_("What was paid to this person"), "", reverse("claims:ledger", args=[person.pk]))]
    if user.has_perm("credentials.enter_claim", person):
        words = _("With a proof that you were asked to.")
        paid.append(
            RecordLine(_("Enter a claim on their behalf"), words, reverse("claims:enter", args=[person.pk]))
        )
    return [
        Record(_("Qualifications"), held),
        Record(_("Commendations"), titles),
        Record(_("Internships"), placed),
        Record(_("Conduct records"), conduct),
        Record(_("Subsidies"), paid),
    ]
