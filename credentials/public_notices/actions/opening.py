"""Opening a notice."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from core.access.scope import Asker
from core.audit.actions import record
from core.calendars.queries import off_and_worked, years_without_holidays
from core.organisations.models import Organisation
from core.people.models import User
from core.states import Refused
from credentials.public_notices.models import PublicNotice, PublicNoticeLine
from credentials.public_notices.policy import (
    MOST_DAYS,
    MOST_LINES,
    Fault,
    NoticeLine,
    Secret,
    days_looked_at,
    faults_of,
    last_day,
    secret_in,
    secret_in_contact,
)
from credentials.public_notices.states import About, Counts

SECRETS = {
    Secret.ID: gettext_lazy("there seems to be an ID number in it"),
    Secret.BANK: gettext_lazy("there seems to be a bank number in it"),
    Secret.PHONE: gettext_lazy("there seems to be a mobile number in it"),
    Secret.NUMBER: gettext_lazy("there is a long number in it"),
}
FIELDS = {
    "name": gettext_lazy("name"),
    "unit": pgettext_lazy("public notice", "unit"),
    "title": gettext_lazy("level or title"),
}


class NoticeRefused(Refused):
    """The notice cannot be opened, withdrawn, objected to or answered; the sentence says why."""


@transaction.atomic
def open_notice(
    *,
    organisation: Organisation,
    title: str,
    about: str,
    source: str,
    lines: Sequence[NoticeLine],
    days: int,
    counts: str,
    contact: str,
    actor: Asker | None,
) -> PublicNotice:
    """Show these lines to everybody from today; asked again for the same `source`, gives the notice that there is.

    The last day is counted by the list of holidays; a year without any is counted by weekdays, and the notice keeps that
    it was. Raises NoticeRefused when there is no line, a key comes twice, or any text carries a number of a person. Side
    effects: the notice with its lines; an audit entry.
    """
    if found := PublicNotice.objects.filter(source=source).first():
        return found
    _require_sayable(title, contact, lines, days)
    today, working = timezone.localdate(), Counts(counts) == Counts.WORKING
    looked_at = days_looked_at(today, days)
    off, worked = off_and_worked(looked_at)
    ends_on = last_day(today, days, working=working, holidays=off, worked=worked)
    try:
        with transaction.atomic():
            notice = PublicNotice.objects.create(
                organisation=organisation,
                title=title.strip(),
                about=About(about),
                source=source,
                days=days,
                counts=counts,
                starts_on=today,
                ends_on=ends_on,
                without_holidays=years_without_holidays(day for day in looked_at if day <= ends_on),
                contact=contact.strip(),
                opened_by=actor if isinstance(actor, User) else None,
            )
    except IntegrityError:  # opened by another at the same time
        return PublicNotice.objects.get(source=source)
    PublicNoticeLine.objects.bulk_create(
        PublicNoticeLine(
            notice=notice, position=position, key=line.key, name=line.name.strip(), unit=line.unit.strip(),
            title=line.title.strip(), amount=line.amount,
        )
        for position, line in enumerate(lines, start=1)
    )  # fmt: skip
    record(
        action="credentials.open_notice",
        target=notice,
        actor=actor,
        organisation=organisation,
        after={"source": source, "lines": len(lines), "ends_on": ends_on},
    )
    return notice


def _require_sayable(title: str, contact: str, lines: Sequence[NoticeLine], days: int) -> None:
    if not title.strip() or not contact.strip():
        raise NoticeRefused(_("A public notice has a title, and says how the office is reached."))
    if not 1 <= days <= MOST_DAYS:
        raise NoticeRefused(_("A public notice lasts from 1 to %(most)d days.") % {"most": MOST_DAYS})
    if not lines or len(lines) > MOST_LINES:
        raise NoticeRefused(_("A public notice has from 1 to %(most)d lines.") % {"most": MOST_LINES})
    if len({line.key for line in lines}) < len(lines):
        raise NoticeRefused(_("The same entry stands twice in this public notice."))
    for what, secret in (
        (_("title"), secret_in(title)),
        (pgettext("public notice", "contact"), secret_in_contact(contact)),
    ):
        require_no_secret(what, secret)
    if faults := faults_of(lines):
        raise NoticeRefused(_fault_words(faults[0]))


def require_no_secret(what: str, secret: Secret | None) -> None:
    """Raises NoticeRefused when there is something in this text that no public page may carry."""
    if secret:
        raise NoticeRefused(
            _("%(field)s: %(secret)s. Everybody would read it.") % {"field": what, "secret": SECRETS[secret]}
        )


def _fault_words(fault: Fault) -> str:
    if fault.secret is None:
        return _("Line %(number)d has no name.") % {"number": fault.position}
    return _("Line %(number)d, %(field)s: %(secret)s. Everybody would read it.") % {
        "number": fault.position,
        "field": FIELDS[fault.field],
        "secret": SECRETS[fault.secret],
    }
