"""The teacher's verbs: setting when somebody is at risk, getting in touch, taking the gradebook out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import both, notify
from core.organisations.models import Organisation
from core.people.models import User
from core.states import Refused
from core.templatetags.times import day_time
from lms.cohorts.models import Cohort
from lms.enrolments.models import Enrolment
from lms.enrolments.states import EnrolmentState
from lms.teaching.models import Contact, RiskLimits
from lms.teaching.queries import LIMITS
from lms.teaching.states import Way


class NotPossible(Refused):
    """The act cannot be done; the message says why in words for the person who tried."""


@transaction.atomic
def save_risk_limits(*, organisation: Organisation, actor: Asker, limits: Mapping[str, int]) -> RiskLimits:
    """Set from when on people in this organisation's cohorts (and those below it) are at risk.

    Side effect: an audit entry with what changed, if anything did.
    """
    Organisation.objects.select_for_update().get(
        pk=organisation.pk
    )  # two first savings at once become one row
    row = RiskLimits.objects.filter(organisation=organisation).first() or RiskLimits(
        organisation=organisation
    )
    changed = {name: limits[name] for name in LIMITS if row.pk is None or getattr(row, name) != limits[name]}
    if not changed:
        return row
    before = {name: getattr(row, name) for name in changed} if row.pk else None
    for name, value in changed.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    record(
        action="lms.save_risk_limits",
        target=row,
        actor=actor,
        organisation=organisation,
        before=before,
        after=changed,
    )
    return row


@transaction.atomic
def contact_trainee(
    *, enrolment: Enrolment, actor: User, way: str, note: str, seen: int, risks: Sequence[str] = ()
) -> Contact:
    """Note that a trainee was contacted; by a message here, also send it.

    `seen` is the number of contacts that the teacher knew of: when somebody else was there first, NotPossible says who,
    so that two do not call. Raises it too without words, and for whoever no longer learns.
    Side effects, in order: the contact; an audit entry (without the words); by a message, a notice.
    """
    text = note.strip()
    if not text:
        raise NotPossible(_("Write what you want to say, or what was said."))
    row = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("cohort__organisation", "person__user")
        .get(pk=enrolment.pk)
    )
    if row.state != EnrolmentState.ENROLLED:
        raise NotPossible(_("%(name)s no longer learns in this cohort.") % {"name": row.person.name})
    _refuse_second(row, seen)
    contact = Contact.objects.create(
        enrolment=row, number=seen + 1, by=actor, at=timezone.now(), way=way, note=text, risks=list(risks)
    )
    record(
        action="lms.contact_trainee",
        target=row,
        actor=actor,
        organisation=row.cohort.organisation,
        after={"way": way, "number": contact.number},
    )
    if way == Way.NOTICE:
        notify(
            user=row.person.user,
            kind="lms.teaching_contact",
            title=gettext_noop("A message from your teacher: %(cohort)s"),
            body=gettext_noop("%(text)s"),
            url=reverse("lms:enrolment-progress", args=[row.pk]),
            source=f"lms.contact:{row.pk}:{contact.number}",
            cohort=both(row.cohort.title, row.cohort.title_en),
            text=text,
        )
    return contact


def _refuse_second(enrolment: Enrolment, seen: int) -> None:
    last = enrolment.contacts.select_related("by__person").first()
    known = last.number if last else 0
    if seen == known:
        return
    if last is None:
        raise NotPossible(_("The page is out of date. Open the list again."))
    values = {"name": enrolment.person.name, "who": last.by, "when": day_time(last.at)}
    raise NotPossible(
        _("%(name)s has been contacted meanwhile: by %(who)s, %(when)s. Nothing was sent.") % values
    )


def export_gradebook(*, cohort: Cohort, actor: Asker, people: int) -> None:
    """Note in the audit that the results of a cohort were taken out as a file."""
    record(
        action="lms.export_gradebook",
        target=cohort,
        actor=actor,
        organisation=cohort.organisation,
        after={"people": people},
    )


def export_grid(*, cohort: Cohort, actor: Asker, people: int) -> None:
    """Note in the audit that it was taken out as a file who was in which class of a cohort."""
    record(
        action="lms.export_grid",
        target=cohort,
        actor=actor,
        organisation=cohort.organisation,
        after={"people": people},
    )
