"""Opening and closing a register, and settling what it says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.jobs.actions import Run, job_kind, start_job
from core.jobs.models import Job
from core.jobs.queries import Place
from core.notices.actions import both, notify
from core.states import move
from lms.attendance.actions.keeping import AttendanceRefused, complete_later, locked, settle_make_up, tell
from lms.attendance.models import AbsenceRequest, Attendance, AttendanceRule, Register
from lms.attendance.policy import closing_refusal, opening_refusal
from lms.attendance.queries import COPIED, counts_of, forgotten, register_as_it_is, rule_for
from lms.attendance.states import MOVES, STANDING, THERE, Presence, RequestKind, RequestState
from lms.cohorts.models import Cohort
from lms.cohorts.queries import words
from lms.enrolments.queries import deciders_of
from lms.timetable.models import ClassSession
from lms.transfers.queries import moved_into

AT_ONCE = 100  # as many are settled while somebody waits for the page; more become a job
CHUNK = 50
TOLD_FOR = timedelta(days=30)  # a class that was forgotten for longer is only counted at the desk


def register_of(*, klass: ClassSession) -> Register:
    """The register of a class; made with the cohort's rule of today when there is none. Its secret is never changed."""
    found = register_as_it_is(klass)
    if found._state.adding:
        defaults = {name: getattr(found, name) for name in COPIED}
        found = Register.objects.get_or_create(class_session=klass, defaults=defaults)[0]
    found.class_session = klass
    return found


@transaction.atomic
def open_register(*, klass: ClassSession, actor: Asker) -> Register:
    """Begin to take attendance: from now on the code of the class is good. Whoever asks again gets the same register.

    Raises AttendanceRefused for a cancelled class and before check-in opens. Side effect, once: an audit entry.
    """
    refusal = opening_refusal(register_as_it_is(klass).facts, now=timezone.now())
    if refusal is not None:
        raise AttendanceRefused(words(refusal))
    register = register_of(klass=klass)
    now = timezone.now()
    unopened = Q(opened_at=None) | Q(opened_at__lt=register.facts.opens_at)  # the class was put off since
    if Register.objects.filter(unopened, pk=klass.pk).update(opened_at=now, opened_by=actor.pk):
        register.opened_at = now
        record(
            action="lms.open_register",
            target=register,
            actor=actor,
            organisation=klass.cohort.organisation,
        )
    return register


@transaction.atomic
def change_attendance_rule(*, cohort: Cohort, actor: Asker, **changes: Any) -> AttendanceRule:
    """Change how attendance is taken and counted in a cohort, from the next register on; those not opened yet follow.

    Side effect: an audit entry with what changed.
    """
    Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    rule = rule_for(cohort.pk)
    changed = {name: value for name, value in changes.items() if getattr(rule, name) != value}
    if not changed:
        return rule
    before = {name: getattr(rule, name) for name in changed}
    for name, value in changed.items():
        setattr(rule, name, value)
    rule.full_clean()
    rule.save()
    copied = {name: value for name, value in changed.items() if name in COPIED}
    if copied:
        Register.objects.filter(class_session__cohort=cohort, opened_at=None).update(**copied)
    record(
        action="lms.change_attendance_rule",
        target=rule,
        actor=actor,
        organisation=cohort.organisation,
        before=before,
        after=changed,
    )
    return rule


@transaction.atomic
def close_register(*, klass: ClassSession, actor: Asker | None) -> Register:
    """Close the register of a class that has ended: whoever is not in it is absent, and everybody's minutes are fixed.

    A second time changes nothing. Raises AttendanceRefused before the end and for a cancelled class. Side effects in
    order: the register; a row for everybody who had none; an audit entry with the counts; the rows are settled, each
    with AttendanceSettled for minutes that count. For many people the last step is a job of small transactions.
    """
    register_of(klass=klass)
    register = locked(klass.pk)
    klass = register.class_session
    if register.is_closed:
        return register
    now = timezone.now()
    refusal = closing_refusal(register.facts, now=now)
    if refusal is not None:
        raise AttendanceRefused(words(refusal))
    register.closed_at = now
    register.closed_by_id = actor.pk if actor is not None else None
    register.opened_at = register.opened_at or now
    register.save(update_fields=["closed_at", "closed_by", "opened_at"])
    _set_absent(klass)
    counts = counts_of(klass)
    facts = {"present": counts.there, "on_leave": counts.on_leave, "absent": counts.absent}
    record(
        action="lms.close_register",
        target=register,
        actor=actor,
        organisation=klass.cohort.organisation,
        after=facts,
    )
    if counts.there > AT_ONCE:
        start_job(
            kind="lms.settle_register",
            title=_("Attendance of %(title)s") % {"title": klass.title},
            params={"class_id": klass.pk},
            actor=actor,
            organisation=klass.cohort.organisation,
            dedupe_key=f"lms.settle_register:{klass.pk}",
        )
    else:
        _settle(register, _unsettled(klass))
    return register


def _set_absent(klass: ClassSession) -> None:
    """A row for everybody who has none, and those who were only expected did not come.

    Who was admitted, or moved here, after the end has missed nothing.
    """
    known = Attendance.objects.filter(class_session=klass)
    known.filter(presence=Presence.EXPECTED).update(presence=Presence.ABSENT)
    moved = moved_into(klass.cohort_id, since=klass.ends_at)
    missing = klass.cohort.enrolments.learning().filter(Q(decided_at=None) | Q(decided_at__lt=klass.ends_at))
    missing = missing.exclude(pk__in=known.values("enrolment")).exclude(pk__in=moved.values("enrolment"))
    rows = [
        Attendance(class_session=klass, enrolment_id=pk, presence=Presence.ABSENT)
        for pk in missing.values_list("pk", flat=True)
    ]
    Attendance.objects.bulk_create(rows, batch_size=500)
    now = timezone.now()
    gone = known.exclude(presence__in=THERE).filter(settled_at=None)
    gone.filter(makes_up=None).update(settled_at=now, revision=1)


def _unsettled(klass: ClassSession) -> QuerySet[Attendance]:
    """The rows that are not settled yet, by person: crediting locks the people, and everybody does so in one order."""
    rows = Attendance.objects.filter(class_session=klass, settled_at=None).order_by("enrolment__person_id")
    return rows.select_related("enrolment__person__user")


def _settle(register: Register, rows: QuerySet[Attendance]) -> int:
    """Fix the minutes of these rows of a closed register and tell the other apps; returns how many."""
    now, settled = timezone.now(), []
    for row in rows.select_for_update(of=("self",)):
        row.class_session = register.class_session
        measured = row.measured(register.rule)
        row.presence, row.minutes, row.revision, row.settled_at = measured.presence, measured.minutes, 1, now
        row.save(update_fields=["presence", "minutes", "revision", "settled_at", "updated_at"])
        settle_make_up(row, None)
        if row.makes_up_id and not row.minutes:
            _give_up_make_up(row, register)
        if row.minutes:
            tell(row)
        settled.append(row.enrolment_id)
    complete_later(register, settled)
    return len(settled)


def _give_up_make_up(row: Attendance, register: Register) -> None:
    """A guest did not come: they may ask for another class."""
    asked = AbsenceRequest.objects.filter(
        kind=RequestKind.MAKE_UP, enrolment=row.enrolment_id, instead=row.class_session_id
    )
    for request in asked.filter(state__in=STANDING).select_related("enrolment__person", "class_session"):
        move(request, RequestState.WITHDRAWN, MOVES)
        record(
            action="lms.withdraw_request",
            target=request,
            actor=None,
            organisation=register.class_session.cohort.organisation,
            after={"state": request.state},
        )


def _place(job: Job) -> Place:
    return Place(_("The register"), reverse("attendance:register", args=[job.params["class_id"]]))


@job_kind("lms.settle_register", _place)
def settle_register(run: Run) -> dict[str, Any]:
    """Settle a closed register, fifty people to a transaction. Whoever is settled already is left alone."""
    klass = ClassSession.objects.get(pk=run.params["class_id"])
    ids = list(_unsettled(klass).values_list("pk", flat=True))
    chunks = [ids[begin : begin + CHUNK] for begin in range(0, len(ids), CHUNK)]

    def settle(chunk: list[int]) -> None:
        settle_rows(klass=klass, ids=chunk)

    run.each(chunks, settle, total=len(chunks), every=1, label=_label)
    return {"people": len(ids)}


def _label(chunk: list[int]) -> tuple[str, str]:
    return str(chunk[0]), str(chunk[0])


@transaction.atomic
def settle_rows(*, klass: ClassSession, ids: list[int]) -> int:
    """Settle those of these rows that are not settled yet; returns how many. Side effects as of closing."""
    register = locked(klass.pk)
    return _settle(register, _unsettled(klass).filter(pk__in=ids)) if register.is_closed else 0


def close_due() -> int:
    """Close the registers that were opened and forgotten, so many hours after their class; returns how many."""
    now, done = timezone.now(), 0
    rows = Register.objects.filter(
        closed_at=None,
        opened_at__isnull=False,
        class_session__cancelled_at=None,
        class_session__ends_at__lt=now - timedelta(hours=1),
    ).select_related("class_session__cohort__organisation")
    for register in rows:
        if now < register.class_session.ends_at + timedelta(hours=register.closes_after_hours):
            continue
        if _was_put_off(register):
            Register.objects.filter(pk=register.pk, closed_at=None).update(opened_at=None)
            continue
        close_register(klass=register.class_session, actor=None)
        done += 1
    return done


def _was_put_off(register: Register) -> bool:
    """Whether the class was moved after its register was opened, and nobody was seen in it since: then nobody has taken
    attendance, and the whole cohort is not absent but forgotten."""
    if register.opened_at is None or register.opened_at >= register.facts.opens_at:
        return False
    return not Attendance.objects.filter(class_session=register.class_session_id).exists()


def tell_forgotten() -> int:
    """Tell the teacher of a class and those who run its cohort that nobody has taken attendance in it, once; returns how
    many classes there are. Until somebody does, or says that it was not held, nobody can complete by it. Side effect:
    notices. Safe to call at any time."""
    since = timezone.now() - TOLD_FOR
    rows = ClassSession.objects.filter(ends_at__gte=since, cohort__cancelled_at=None)
    found = forgotten(rows.select_related("cohort__organisation", "instructor__user"))
    for klass in found:
        teacher = [klass.instructor.user] if klass.instructor else []
        users = {user.pk: user for user in [*teacher, *deciders_of(klass.cohort)] if user is not None}
        for user in users.values():
            notify(
                user=user,
                kind="lms.register_forgotten",
                title=gettext_noop("Attendance is missing: %(klass)s"),
                body=gettext_noop(
                    "The class is over and nobody has recorded who was there. Write it down and close the register, "
                    "or say that the class was not held."
                ),
                url=reverse("attendance:register", args=[klass.pk]),
                source=f"lms.class:{klass.pk}:forgotten",
                klass=both(klass.title, klass.title_en),
            )
    return len(found)


def reconcile() -> list[str]:
    """Settle what a crash left unsettled in closed registers; a line for each."""
    found = []
    left = Attendance.objects.filter(settled_at=None, class_session__register__closed_at__isnull=False)
    waiting = left.filter(class_session__register__closed_at__lt=timezone.now() - timedelta(minutes=10))
    for class_id in waiting.order_by().values_list("class_session", flat=True).distinct():
        klass = ClassSession.objects.get(pk=class_id)
        ids = list(_unsettled(klass).values_list("pk", flat=True))
        for begin in range(0, len(ids), CHUNK):
            settle_rows(klass=klass, ids=ids[begin : begin + CHUNK])
        found.append(f"class {class_id}: {len(ids)} attendances settled")
    return found
