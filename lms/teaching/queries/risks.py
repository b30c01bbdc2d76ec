"""The list of those at risk as the teacher sees it, and the page from which they are contacted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled, words
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import Attended
from lms.enrolments.queries import source_of
from lms.enrolments.states import EnrolmentState
from lms.teaching.models import Contact
from lms.teaching.policy import Risk
from lms.teaching.queries.paces import Limited, Watched, at_risk_in, limits_of

GRAVE = frozenset({Risk.ATTENDANCE_LOST, Risk.NO_ATTEMPTS, Risk.OVERDUE})


def risk_label(risk: Risk) -> str:
    """A rule in a word or two, for a chip."""
    return {
        Risk.ATTENDANCE_LOST: pgettext("risk", "Attendance out of reach"),
        Risk.NO_ATTEMPTS: pgettext("risk", "No attempts left"),
        Risk.OVERDUE: pgettext("risk", "Cohort over"),
        Risk.DEADLINE: pgettext("risk", "Last day near"),
        Risk.NOT_STARTED: pgettext("risk", "Not started"),
        Risk.FAILED: pgettext("risk", "Quiz failed"),
        Risk.MISSED: pgettext("risk", "Classes missed"),
        Risk.IDLE: pgettext("risk", "Not active"),
        Risk.BEHIND: pgettext("risk", "Behind"),
    }[risk]


@dataclass(frozen=True)
class RiskRow:
    """One person of the list; `contacts` is how many times they were contacted, `contact` the last of them."""

    enrolment_id: int
    name: str
    employer: str
    reasons: tuple[tuple[str, str, str], ...]  # tone, word, sentence
    percent: int
    attendance: str  # "" before the first class is settled
    last_active: date | None
    contacts: int
    contact: Contact | None


@dataclass(frozen=True)
class RiskList:
    rows: list[RiskRow]
    page: Page[Any]
    chips: list[tuple[str, str, int]]
    total: int
    reason: str
    untouched: bool
    limited: Limited


def risk_list(cohort: Cohort, *, reason: str, untouched: bool, page: str | None, per_page: int) -> RiskList:
    """Those at risk in a cohort, the gravest first, those equally grave by pinyin. Six queries, however many there are.

    `reason` shows only those for whom this rule holds (nonsense: all), `untouched` only whom nobody has contacted.
    """
    limits = limits_of([cohort.organisation])
    watched = at_risk_in([cohort], limits=limits)[cohort.pk]
    counts = Counter(risk for row in watched for risk in {reason.risk for reason in row.reasons})
    wanted = next((risk for risk in Risk if risk == reason), None)
    last = last_contacts(row.enrolment_id for row in watched)
    shown = [
        row
        for row in watched
        if (wanted is None or any(reason.risk == wanted for reason in row.reasons))
        and not (untouched and row.enrolment_id in last)
    ]
    found = Paginator(shown, per_page).get_page(page)
    source = source_of("attendance")
    attended = source.function([row.enrolment_id for row in found.object_list]) if source else {}
    return RiskList(
        rows=[
            _row(row, attended.get(row.enrolment_id), last.get(row.enrolment_id)) for row in found.object_list
        ],
        page=found,
        chips=[(risk.value, risk_label(risk), counts[risk]) for risk in Risk if counts[risk]],
        total=len(watched),
        reason=wanted.value if wanted else "",
        untouched=untouched,
        limited=limits[cohort.organisation_id],
    )


def last_contacts(enrolment_ids: Any) -> dict[int, Contact]:
    """The latest contact of each of these enrolments. One query."""
    rows = Contact.objects.filter(enrolment__in=list(enrolment_ids)).select_related("by__person")
    return {row.enrolment_id: row for row in rows.order_by("pk")}


def _row(watched: Watched, attended: Attended | None, contact: Contact | None) -> RiskRow:
    return RiskRow(
        enrolment_id=watched.enrolment_id,
        name=watched.learner.name,
        employer=watched.learner.employer,
        reasons=tuple(
            ("bad" if reason.risk in GRAVE else "warn", risk_label(reason.risk), words(reason.sentence))
            for reason in watched.reasons
        ),
        percent=watched.learner.pace.percent,
        attendance=f"{attended.percent}% · {attended.attended}/{attended.held}"
        if attended and attended.held
        else "",
        last_active=watched.learner.pace.last_active,
        contacts=contact.number if contact else 0,
        contact=contact,
    )


@dataclass(frozen=True)
class ToContact:
    """One person to get in touch with: what holds now, who was in touch before, and how a message may begin."""

    enrolment: Enrolment
    risks: tuple[str, ...]
    sentences: tuple[str, ...]
    contacts: tuple[Contact, ...]
    opening: str


def contact_page(cohort: Cohort, enrolment_ids: Collection[int]) -> list[ToContact]:
    """These people of the cohort, as far as they learn in it; by pinyin."""
    if not enrolment_ids:
        return []
    rows = list(
        Enrolment.objects.filter(cohort=cohort, state=EnrolmentState.ENROLLED, pk__in=list(enrolment_ids))
        .select_related("person__user", "person__employer")
        .order_by("person__pinyin", "pk")
    )
    watched = {row.enrolment_id: row for row in at_risk_in([cohort])[cohort.pk]} if rows else {}
    contacts: dict[int, list[Contact]] = {}
    for contact in Contact.objects.filter(enrolment__in=rows).select_related("by__person"):
        contacts.setdefault(contact.enrolment_id, []).append(contact)
    return [_to_contact(cohort, row, watched.get(row.pk), tuple(contacts.get(row.pk, ()))) for row in rows]


def _to_contact(
    cohort: Cohort, enrolment: Enrolment, watched: Watched | None, contacts: tuple[Contact, ...]
) -> ToContact:
    reasons = watched.reasons if watched else ()
    end = _("Is anything in the way? Write back or call us, and we find a way together.")
    hello = _("About “%(cohort)s”:") % {"cohort": titled(cohort.title, cohort.title_en)}
    return ToContact(
        enrolment=enrolment,
        risks=tuple(reason.risk.value for reason in reasons),
        sentences=tuple(words(reason.sentence) for reason in reasons),
        contacts=contacts,
        opening="\n".join((hello, *(words(reason.kindly) for reason in reasons), end)),
    )
