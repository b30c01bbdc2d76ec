"""Crediting minutes, once."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.audit.actions import record
from core.notices.actions import notify
from core.organisations.models import Organisation
from core.people.models import Person, User
from core.states import Refused
from credentials.hours.models import EntryKind, HoursEntry, HoursRule, SettledRevision
from credentials.hours.policy import Credit, Step, credit_of, steps_fault
from credentials.hours.queries import covered_by
from lms.public import CourseCompleted, completions, settled_attendances
from lms.signals import AttendanceSettled
from supervision.public import confirmations
from supervision.signals import SessionConfirmed

DEFAULT_STARTS = datetime.date(2009, 1, 1)
DEFAULT_RULE: dict[str, Any] = {
    "minutes_per_hour": 45,
    "lump_minutes": 90 * 45,
    "source": "通行做法；学历教育等一次性计入至多 90 学时（可由主管部门调整）",
}
SUPERVISING_RULE: dict[str, Any] = {
    "minutes_per_hour": 45,
    "counts": False,
    "source": "默认：开展督导单独记录，不计入本人登记周期学时（可由主管部门调整）",
}
STEP_FAULTS = {
    "twice": gettext_lazy("Two steps begin at the same minute."),
    "minutes": gettext_lazy("A step begins between 1 and 1440 minutes."),
    "hours": gettext_lazy("The hours of a step lie between 0.01 and 200, with at most two decimals."),
    "falling": gettext_lazy("A longer entry cannot be worth less than a shorter one."),
}


class CannotCorrect(Exception):
    """The entry is a correction itself, or has been corrected already."""


def rule_on(day: datetime.date, organisation: Organisation, kind: str = "") -> HoursRule:
    """The rule in force on this day at this organisation for this kind of hours.

    A rule for the kind itself goes before one for every kind, wherever it was made: who says that supervision does
    not count has not been overruled by a city that says how long an hour is. Then the nearest organisation decides,
    then the latest day.
    """
    known = HoursRule.objects.for_organisation(organisation.path).filter(starts_on__lte=day)
    rules = list(known.filter(kind__in=("", kind)).select_related("organisation"))
    if not rules:
        rules.append(_default("", DEFAULT_RULE))
    if kind == EntryKind.SUPERVISING and not any(rule.kind for rule in rules):
        rules.append(_default(kind, SUPERVISING_RULE))
    return max(rules, key=_nearness)


def _nearness(rule: HoursRule) -> tuple[bool, int, datetime.date]:
    return bool(rule.kind), len(rule.organisation.path) if rule.organisation else 0, rule.starts_on


def _default(kind: str, defaults: dict[str, Any]) -> HoursRule:
    """What holds where nobody has said anything: a row like any other, made when it is first needed."""
    common: dict[str, Any] = {"organisation": None, "starts_on": DEFAULT_STARTS}
    return HoursRule.objects.get_or_create(**common, kind=kind, defaults=defaults)[0]


@transaction.atomic
def add_rule(
    *,
    organisation: Organisation | None,
    starts_on: datetime.date,
    minutes_per_hour: int | None = None,
    source: str,
    actor: Asker,
    kind: str = "",
    steps: Sequence[Step] = (),
    counts: bool = True,
    lump_minutes: int | None = None,
) -> HoursRule:
    """Say how minutes become hours from a day on; what is credited already keeps its rule.

    A rule has either minutes for an hour or steps. Raises Refused when it has both or neither, when its steps cannot
    be counted by, or when this organisation has a rule for this kind from that very day. Side effects: a row, an
    audit entry.
    """
    if bool(steps) == bool(minutes_per_hour):
        raise Refused(_("Say either how many minutes make one hour, or the steps."))
    if fault := steps_fault(steps):
        raise Refused(STEP_FAULTS[fault])
    rule = HoursRule(
        organisation=organisation,
        kind=kind,
        starts_on=starts_on,
        minutes_per_hour=minutes_per_hour,
        steps=[{"from_minutes": step.from_minutes, "hours": f"{step.hours:f}"} for step in steps],
        counts=counts,
        lump_minutes=lump_minutes,
        source=source.strip(),
    )
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:
        raise Refused(_("There is a rule from this day already. Choose another day."))
    told = {"starts_on": starts_on.isoformat(), "kind": kind, "source": rule.source, "counts": counts}
    told |= {"steps": rule.steps} if steps else {"minutes_per_hour": minutes_per_hour}
    record(action="credentials.add_rule", target=rule, actor=actor, organisation=organisation, after=told)
    return rule


def lock_people(*person_ids: int) -> None:
    """Lock the rows of these people, always in the same order, until the transaction ends.

    Whatever credits minutes holds this lock, so that two credits at once never take the same minutes.
    """
    rows = Person.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=person_ids)
    list(rows.order_by("pk").values_list("pk"))


@transaction.atomic
def credit(
    *,
    person_id: int,
    organisation_id: int,
    kind: str,
    minutes: int,
    occurred_on: datetime.date,
    title: str,
    title_en: str = "",
    source: str,
    evidence: dict[str, Any],
    starts_at: datetime.datetime | None = None,
    ends_at: datetime.datetime | None = None,
) -> HoursEntry | None:
    """Add minutes to a person's ledger; None when this source has been credited already, or there is nothing to credit.

    Clock time that an earlier entry of this person covers is not credited again; what was left out, and because of
    what, stands in the evidence. Nothing left is no entry: the person is told and the audit says why, once.
    Call it inside the transaction of the act it rests on: hours are there if and only if the act is.
    Side effects, in order: the person's row is locked; one ledger row; one audit entry.
    """
    if minutes <= 0:
        return None
    lock_people(person_id)
    if HoursEntry.objects.filter(person_id=person_id, source=source).exists():
        return None
    found = credit_of(minutes, starts_at, ends_at, covered_by(person_id, starts_at, ends_at))
    organisation = Organisation.objects.get(pk=organisation_id)
    if not found.minutes:
        skip_credit(person_id=person_id, credit=found, title=title, source=source, organisation=organisation)
        return None
    entry = HoursEntry.objects.create(
        person_id=person_id,
        organisation=organisation,
        kind=kind,
        minutes=found.minutes,
        occurred_on=occurred_on,
        starts_at=starts_at,
        ends_at=ends_at,
        title=title[:255],
        title_en=title_en[:255],
        source=source,
        evidence=evidence | _left_out(found),
        rule=rule_on(occurred_on, organisation, kind),
    )
    record(
        action="credentials.credit",
        target=entry,
        actor=None,
        organisation=organisation,
        after={"minutes": found.minutes, "source": source},
        label=f"{found.minutes} min · {source}",
    )
    return entry


def _left_out(found: Credit) -> dict[str, Any]:
    """For the evidence: the minutes asked for that were not credited, and what had taken them."""
    if not found.taken:
        return {}
    by = [{"entry": one.entry_id, "title": one.title} for one in found.by]
    return {"asked": found.asked, "taken": found.taken, "by": by}


def skip_credit(
    *, person_id: int, credit: Credit, title: str, source: str, organisation: Organisation
) -> bool:
    """Say once that nothing is credited, since earlier entries cover the whole time; False when it was said before.

    Should those be corrected later, the reconciler credits it then. Side effects: a notice, an audit entry at the
    entry that covers it.
    """
    first = credit.by[0]
    told = notify(
        user=User.objects.get(person=person_id),
        kind="hours",
        title=gettext_noop("“%(what)s” adds no hours"),
        body=gettext_noop(
            "Its %(minutes)s minutes lie wholly within “%(other)s”, which has been credited already."
        ),
        url=reverse("credentials:hours-evidence", args=[first.entry_id]),
        source=f"credentials.skip_credit:{source}",
        what=title,
        minutes=credit.asked,
        other=first.title,
    )
    if told is None:
        return False
    record(
        action="credentials.skip_credit",
        target=HoursEntry.objects.get(pk=first.entry_id),
        actor=None,
        organisation=organisation,
        after={"minutes": 0, "source": source},
        label=f"0 min · {source}",
    )
    return True


@transaction.atomic
def correct(*, entry: HoursEntry, reason: str, actor: Asker | None) -> HoursEntry:
    """Take an entry back by a new row of the opposite sign; the entry itself stays. `actor` is None for the system.

    Raises ValueError without a reason, CannotCorrect when that is done already or the entry is a correction.
    Side effects, in order: the row; an audit entry; a notice to the person.
    """
    if not reason.strip():
        raise ValueError("a reason is required")
    if entry.corrects_id is not None:
        raise CannotCorrect("a correction is not corrected")
    try:
        with transaction.atomic():
            row = HoursEntry.objects.create(
                person=entry.person,
                organisation=entry.organisation,
                kind=EntryKind.CORRECTION,
                minutes=-entry.minutes,
                occurred_on=timezone.localdate(),
                title=entry.title,
                title_en=entry.title_en,
                source=f"credentials.hours:{entry.pk}",
                evidence={"reason": reason.strip(), "corrects": entry.source, "by": _name_of(actor)},
                rule=entry.rule,
                corrects=entry,
            )
    except IntegrityError as error:
        raise CannotCorrect("this entry has been corrected already") from error
    record(
        action="credentials.correct",
        target=entry,
        actor=actor,
        organisation=entry.organisation,
        before={"minutes": entry.minutes},
        after={"minutes": 0},
        reason=reason.strip(),
        label=f"{entry.minutes} min · {entry.source}",
    )
    notify(
        user=entry.person.user,
        kind="hours",
        title=gettext_noop("Your hours for “%(what)s” were corrected"),
        body=gettext_noop("%(minutes)s minutes were taken back. Reason: %(reason)s"),
        url=reverse("credentials:hours-evidence", args=[row.pk]),
        source=f"credentials.correct:{entry.pk}",
        what=entry.title,
        minutes=entry.minutes,
        reason=reason.strip(),
    )
    return row


@transaction.atomic
def export_holdings(*, actor: Asker, rows: int) -> None:
    """Somebody takes the list of people's hours out of the site: audited at the top of their tree."""
    top = Organisation.objects.filter(scope_of(actor).q("", *READERS)).order_by("path").first()
    if top is not None:
        record(
            action="credentials.export_holdings",
            target=top,
            actor=actor,
            organisation=top,
            after={"rows": rows},
        )


def _name_of(actor: Asker | None) -> str:
    """Who did it, as frozen in the evidence; empty for the system."""
    return actor.get_full_name() if isinstance(actor, User) else ""


def credit_course(*, event: CourseCompleted) -> None:
    """Credit the minutes of a completed course to the one who completed it."""
    credit(
        person_id=event.person_id,
        organisation_id=event.organisation_id,
        kind=EntryKind.COURSE,
        minutes=event.minutes,
        occurred_on=timezone.localtime(event.completed_at).date(),
        title=event.course_title,
        title_en=event.course_title_en,
        source=f"lms.enrolment:{event.enrolment_id}",
        evidence={
            "course": event.course_code,
            "version": event.version_number,
            "cohort": event.cohort_title,
            "completed_at": event.completed_at.isoformat(),
        },
    )


def credit_session(*, event: SessionConfirmed) -> list[HoursEntry]:
    """Credit a confirmed supervision session to both sides, each in their own kind, titled by who sat opposite."""
    mentee, supervisor = event.mentee_person_id, event.supervisor_person_id
    lock_people(mentee, supervisor)
    names = dict(Person.objects.filter(pk__in=(mentee, supervisor)).values_list("pk", "name"))
    by, of = names[supervisor], names[mentee]
    sides = (
        (mentee, EntryKind.SUPERVISION, f"接受督导：{by}", f"Supervised by {by}"),
        (supervisor, EntryKind.SUPERVISING, f"开展督导：{of}", f"Supervising {of}"),
    )
    made = [
        credit(
            person_id=person_id,
            organisation_id=event.organisation_id,
            kind=kind,
            minutes=event.minutes,
            occurred_on=event.held_on,
            title=title,
            title_en=title_en,
            source=f"supervision.session:{event.session_id}",
            evidence={
                "session": event.session_id,
                "form": event.form,
                "mode": event.mode,
                "supervisor": event.supervisor_person_id,
                "mentee": event.mentee_person_id,
            },
            starts_at=event.starts_at,
            ends_at=event.ends_at,
        )
        for person_id, kind, title, title_en in sides
    ]
    return [entry for entry in made if entry]


@transaction.atomic
def credit_attendance(*, event: AttendanceSettled) -> HoursEntry | None:
    """Credit what somebody attended of a class; a newer revision first takes back what the former ones credited.

    An older revision that arrives after a newer one changes nothing, and neither does the same one again, nor a newer
    one of the same minutes. Side effects, in order: the person's row is locked; the newest revision is noted; corrections; the credit.
    """
    about = f"lms.attendance:{event.attendance_id}"
    source = about if event.revision == 1 else f"{about}:{event.revision}"
    lock_people(event.person_id)
    heard, made = SettledRevision.objects.get_or_create(source=about, defaults={"revision": event.revision})
    if heard.revision > event.revision:
        return None
    if not made:
        SettledRevision.objects.filter(pk=heard.pk, revision__lt=event.revision).update(
            revision=event.revision
        )
    mine = HoursEntry.objects.standing().filter(person_id=event.person_id)
    former = mine.filter(Q(source=about) | Q(source__startswith=f"{about}:"))
    standing = list(former.select_related("person__user", "organisation", "rule"))
    if any(entry.evidence.get("asked", entry.minutes) == event.minutes for entry in standing):
        return None
    for entry in [entry for entry in standing if entry.source != source]:
        reason = f"考勤重新认定（第 {event.revision} 次）：由 {entry.minutes} 分钟改为 {event.minutes} 分钟"
        correct(entry=entry, reason=reason, actor=None)
    local = timezone.localtime(event.starts_at)
    return credit(
        person_id=event.person_id,
        organisation_id=event.organisation_id,
        kind=EntryKind.CLASS,
        minutes=event.minutes,
        occurred_on=local.date(),
        title=event.title,
        title_en=event.title_en,
        source=source,
        evidence={
            "class": event.class_id,
            "enrolment": event.enrolment_id,
            "course": event.course_code,
            "cohort": event.cohort_title,
            "method": event.method,
            "revision": event.revision,
        },
        starts_at=event.starts_at,
        ends_at=event.ends_at,
    )


def reconcile() -> list[str]:
    """Credit every course, session and class that is not in the ledger; a line for each gap."""
    known = set(HoursEntry.objects.filter(corrects=None).values_list("person_id", "source"))
    lines = []
    for done in [event for event in completions() if event.minutes > 0]:
        if (done.person_id, f"lms.enrolment:{done.enrolment_id}") not in known:
            with transaction.atomic():
                credit_course(event=done)
            lines.append(f"enrolment {done.enrolment_id}: hours credited")
    for held in list(confirmations()):
        source = f"supervision.session:{held.session_id}"
        if {(held.mentee_person_id, source), (held.supervisor_person_id, source)} - known:
            with transaction.atomic():
                made = credit_session(event=held)
            lines += [f"session {held.session_id}: hours credited"] if made else []
    return lines + _reconcile_attendances()


def _reconcile_attendances() -> list[str]:
    """Credit the newest revision of every attendance that the ledger has not heard of."""
    heard = dict(
        SettledRevision.objects.filter(source__startswith="lms.attendance:").values_list("source", "revision")
    )
    sources = HoursEntry.objects.filter(source__startswith="lms.attendance:", corrects=None)
    known = set(sources.values_list("source", flat=True))
    lines = []
    for event in list(settled_attendances()):
        about = f"lms.attendance:{event.attendance_id}"
        source = about if event.revision == 1 else f"{about}:{event.revision}"
        if heard.get(about, 0) >= event.revision and (source in known or not event.minutes):
            continue
        before = heard.get(about, 0)
        if credit_attendance(event=event) or before < event.revision:
            lines.append(f"attendance {event.attendance_id}: hours credited")
    return lines
