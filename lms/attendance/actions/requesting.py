"""Leave and make-up classes: asked for, decided by somebody else, taken back."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.attachments.actions import keep_file
from core.audit.actions import record
from core.notices.actions import both, notify, settle
from core.people.models import User
from core.states import move
from lms.attendance.actions.keeping import AttendanceRefused, complete_later, keep, locked
from lms.attendance.actions.registers import register_of
from lms.attendance.models import AbsenceRequest, Attendance
from lms.attendance.policy import asked_already, leave_refusal, let_already, letting_refusal, make_up_refusal
from lms.attendance.queries import ask_facts, make_up_choices
from lms.attendance.states import MOVES, THERE, Presence, RequestKind, RequestState
from lms.cohorts.policy import Sentence
from lms.cohorts.queries import words
from lms.enrolments.models import Enrolment
from lms.enrolments.queries import deciders_of
from lms.timetable.models import ClassSession

TITLES = {
    ("leave", "asked"): gettext_noop("%(name)s asks for leave: %(klass)s"),
    ("leave", "agreed"): gettext_noop("Leave agreed: %(klass)s"),
    ("leave", "refused"): gettext_noop("Leave not agreed: %(klass)s"),
    ("make_up", "asked"): gettext_noop("%(name)s asks for a make-up class: %(klass)s"),
    ("make_up", "agreed"): gettext_noop("Make-up class agreed: %(klass)s"),
    ("make_up", "refused"): gettext_noop("Make-up class not agreed: %(klass)s"),
}


@transaction.atomic
def ask_leave(
    *, klass: ClassSession, enrolment: Enrolment, actor: Asker, reason: str, upload: Any = None
) -> AbsenceRequest:
    """Ask for leave from a class of one's cohort, before it or some days after it (the cohort's rule says how many).

    Raises AttendanceRefused for somebody else's, without a reason, too late, for a cancelled class, or when one was there or has asked.
    Side effects in order: the proof is kept; the request; an audit entry; a notice to those who decide.
    """
    _refuse_others(enrolment, actor)
    _refuse_without(reason)
    _refuse(leave_refusal(ask_facts(klass, enrolment, RequestKind.LEAVE), timezone.localtime()))
    document = keep_file(upload=upload, actor=actor) if upload else None
    request = _make(RequestKind.LEAVE, klass, enrolment, reason, document=document)
    _record("lms.ask_leave", request, actor, after={"state": request.state})
    _ask_deciders(request)
    return request


@transaction.atomic
def ask_make_up(
    *, klass: ClassSession, instead: ClassSession, enrolment: Enrolment, actor: Asker, reason: str
) -> AbsenceRequest:
    """Ask to make a class that one has missed, or has leave from, up in one of another cohort of the same course.

    Raises and does as ask_leave.
    """
    _refuse_others(enrolment, actor)
    _refuse_without(reason)
    _refuse(make_up_refusal(ask_facts(klass, enrolment, RequestKind.MAKE_UP), timezone.localtime()))
    _fits(instead, enrolment)
    request = _make(RequestKind.MAKE_UP, klass, enrolment, reason, instead=instead)
    _record("lms.ask_make_up", request, actor, after={"state": request.state})
    _ask_deciders(request)
    return request


@transaction.atomic
def let_make_up(
    *, klass: ClassSession, instead: ClassSession, enrolment: Enrolment, actor: Asker, reason: str
) -> AbsenceRequest:
    """Let a person make a class up without having been asked, also one that is still ahead. Raises as ask_make_up.

    Side effects: the request, agreed; the person is expected in the other class; an audit entry; a notice to them.
    """
    _refuse_own(enrolment, actor)
    _refuse_without(reason)
    name = enrolment.person.name
    _refuse(letting_refusal(ask_facts(klass, enrolment, RequestKind.MAKE_UP), name))
    _fits(instead, enrolment)
    request = _make(
        RequestKind.MAKE_UP,
        klass,
        enrolment,
        reason,
        instead=instead,
        again=let_already(name),
        state=RequestState.AGREED,
        decided_at=timezone.now(),
        decided_by_id=actor.pk,
    )
    _expect(request)
    _record("lms.let_make_up", request, actor, after={"state": request.state}, reason=reason.strip())
    _tell(request, "agreed")
    return request


@transaction.atomic
def agree_request(*, request: AbsenceRequest, actor: Asker, reason: str = "") -> AbsenceRequest:
    """Agree to leave or to a make-up class.

    Raises IllegalMove when it is decided already and AttendanceRefused for one's own. Side effects in order: the
    state; the register says "on leave", or the other class expects a guest; an audit entry; a notice.
    """
    row = _decided(request, RequestState.AGREED, actor, reason)
    if row.kind == RequestKind.LEAVE:
        _set_on_leave(row, actor)
    else:
        _may_still(row)
        _expect(row)
    _record("lms.agree_request", row, actor, after={"state": row.state}, reason=reason.strip())
    _tell(row, "agreed")
    return row


@transaction.atomic
def refuse_request(*, request: AbsenceRequest, actor: Asker, reason: str) -> AbsenceRequest:
    """Not agree to leave or a make-up class, and say why. Raises as agree_request, and without a reason."""
    if not reason.strip():
        raise AttendanceRefused(_("Write the reason: the trainee will read it."))
    row = _decided(request, RequestState.REFUSED, actor, reason)
    _record("lms.refuse_request", row, actor, after={"state": row.state}, reason=reason.strip())
    _tell(row, "refused")
    return row


@transaction.atomic
def withdraw_request(*, request: AbsenceRequest, actor: Asker) -> AbsenceRequest:
    """Take one's request back, also one that was agreed, as long as nothing has come of it yet.

    Raises IllegalMove when it is refused or taken back already, AttendanceRefused for somebody else's, after the class
    or when attended.
    """
    row = _locked(request)
    _refuse_others(row.enrolment, actor)
    if row.state == RequestState.AGREED:
        _undo(row, actor)
    move(row, RequestState.WITHDRAWN, MOVES)
    _settle_notices(row)
    _record("lms.withdraw_request", row, actor, after={"state": row.state})
    return row


def open_leave_document(*, request: AbsenceRequest, actor: Asker) -> None:
    """Somebody else opens the proof of a request: that is audited, since it may name an illness."""
    if request.enrolment.person.user_id != actor.pk:
        _record("lms.open_leave_document", request, actor)


def _refuse_others(enrolment: Enrolment, actor: Asker) -> None:
    if enrolment.person.user_id != actor.pk:
        raise AttendanceRefused(_("Only the person themself can do this."))


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise AttendanceRefused(_("Write the reason: whoever decides needs it."))


def _refuse(sentence: Sentence | None) -> None:
    if sentence is not None:
        raise AttendanceRefused(words(sentence))


def _fits(instead: ClassSession, enrolment: Enrolment) -> None:
    if not make_up_choices(enrolment).filter(pk=instead.pk).exists():
        raise AttendanceRefused(
            _("This class cannot stand for it: it is over, cancelled, or belongs to another course.")
        )


def _make(
    kind: str,
    klass: ClassSession,
    enrolment: Enrolment,
    reason: str,
    again: Sentence | None = None,
    **fields: Any,
) -> AbsenceRequest:
    """Keep a request; where one stands already, whoever makes this one is refused with `again`."""
    try:
        with transaction.atomic():
            return AbsenceRequest.objects.create(
                kind=kind,
                class_session=klass,
                enrolment=enrolment,
                applicant_id=enrolment.person.user_id,
                reason=reason.strip()[:500],
                **fields,
            )
    except IntegrityError as twice:
        raise AttendanceRefused(words(again or asked_already())) from twice


def _ask_deciders(request: AbsenceRequest) -> None:
    for user in _deciders(request):
        notify(
            user=user,
            kind="lms.absence_request",
            title=TITLES[request.kind, "asked"],
            body=gettext_noop("It waits for your decision."),
            url=reverse("attendance:register", args=[request.class_session_id]),
            source=f"lms.absence_request:{request.pk}:asked",
            name=request.enrolment.person.name,
            klass=both(request.class_session.title, request.class_session.title_en),
        )


def _deciders(request: AbsenceRequest) -> list[User]:
    """The teacher of the class; where there is none, those who run the cohort. Never oneself."""
    klass = request.class_session
    users = [klass.instructor.user] if klass.instructor_id and klass.instructor else deciders_of(klass.cohort)
    return [user for user in users if user.pk != request.enrolment.person.user_id]


def _locked(request: AbsenceRequest) -> AbsenceRequest:
    rows = AbsenceRequest.objects.select_for_update(of=("self",))
    return rows.select_related(
        "class_session__cohort__organisation",
        "enrolment__person__user",
        "enrolment__cohort",
        "instead__cohort",
    ).get(pk=request.pk)


def _refuse_own(enrolment: Enrolment, actor: Asker) -> None:
    if enrolment.person.user_id == actor.pk:
        raise AttendanceRefused(
            _("Nobody decides on their own request. Ask another teacher or an administrator.")
        )


def _decided(request: AbsenceRequest, new: str, actor: Asker, reason: str) -> AbsenceRequest:
    row = _locked(request)
    _refuse_own(row.enrolment, actor)
    move(
        row,
        new,
        MOVES,
        decided_at=timezone.now(),
        decided_by_id=actor.pk,
        decision=reason.strip()[:500],
    )
    _settle_notices(row)
    return row


def _settle_notices(row: AbsenceRequest) -> None:
    for user in _deciders(row):
        settle(user=user, source=f"lms.absence_request:{row.pk}:asked")


def _set_on_leave(request: AbsenceRequest, actor: Asker) -> None:
    register_of(klass=request.class_session)
    register = locked(request.class_session_id)
    kept = Attendance.objects.select_for_update(of=("self",)).filter(
        class_session=request.class_session_id, enrolment=request.enrolment_id
    )
    row = kept.first() or Attendance(class_session=request.class_session, enrolment=request.enrolment)
    row.enrolment = request.enrolment
    if row.was_there or row.presence == Presence.MADE_UP:
        raise AttendanceRefused(
            _("The register says that they were in this class, so there is no leave to give.")
        )
    keep(
        row,
        register,
        action="lms.agree_request",
        actor=actor,
        presence=Presence.ON_LEAVE,
        entered_by_id=actor.pk,
        tells_trainee=False,
    )  # why stands with the request alone: it may be about somebody's health
    complete_later(register, [row.enrolment_id])


def _may_still(request: AbsenceRequest) -> None:
    if request.instead is None or request.instead.cancelled_at or request.instead.ends_at <= timezone.now():
        raise AttendanceRefused(
            _("The other class is over or cancelled. Do not agree, and propose another one.")
        )


def _expect(request: AbsenceRequest) -> None:
    """The other class expects a guest; the row of the missed class is there to be made up for."""
    assert request.instead is not None
    for klass in (request.class_session, request.instead):
        register_of(klass=klass)
    register = locked(request.instead.pk)
    if register.is_closed:
        raise AttendanceRefused(
            _("The other class is over or cancelled. Do not agree, and propose another one.")
        )
    missed = Attendance.objects.get_or_create(
        class_session=request.class_session, enrolment=request.enrolment
    )[0]
    missed = Attendance.objects.select_for_update(of=("self",)).get(pk=missed.pk)
    if missed.was_there:
        raise AttendanceRefused(
            _("The register says that they were in this class, so there is nothing to make up.")
        )
    try:
        with transaction.atomic():
            Attendance.objects.create(
                class_session=request.instead, enrolment=request.enrolment, makes_up=missed
            )
    except IntegrityError as twice:
        raise AttendanceRefused(
            _("They are expected there already, or make this class up elsewhere.")
        ) from twice


def _undo(request: AbsenceRequest, actor: Asker) -> None:
    """What an agreed request had brought about: not on leave any more, not expected as a guest any more."""
    late = AttendanceRefused(_("It is too late to take this back. Talk to the teacher."))
    if request.kind == RequestKind.MAKE_UP and request.instead_id:
        guest = Attendance.objects.filter(class_session=request.instead_id, enrolment=request.enrolment_id)
        if guest.exclude(presence=Presence.EXPECTED).exists():
            raise late
        guest.filter(presence=Presence.EXPECTED).delete()
        return
    if timezone.now() >= request.class_session.starts_at:
        raise late
    register = locked(request.class_session_id)
    row = Attendance.objects.select_for_update(of=("self",)).get(
        class_session=request.class_session_id, enrolment=request.enrolment_id
    )
    row.enrolment = request.enrolment
    if row.presence not in THERE:
        keep(row, register, action="lms.withdraw_request", actor=actor, presence=Presence.EXPECTED)
        complete_later(register, [row.enrolment_id])


def _record(action: str, request: AbsenceRequest, actor: Asker, **facts: Any) -> None:
    organisation = request.class_session.cohort.organisation
    record(action=action, target=request, actor=actor, organisation=organisation, **facts)


def _where(klass: ClassSession, *, is_elsewhere: bool) -> str | dict[str, str]:
    """Which class it is; in another cohort, with the name of that."""
    if not is_elsewhere:
        return both(klass.title, klass.title_en)
    cohort = klass.cohort
    english = f"{cohort.title_en or cohort.title} · {klass.title_en or klass.title}"
    return both(f"{cohort.title} · {klass.title}", english)


def _tell(request: AbsenceRequest, what: str) -> None:
    elsewhere = request.instead if request.kind == RequestKind.MAKE_UP else None
    body = gettext_noop("Reason: %(reason)s") if what == "refused" else gettext_noop("%(where)s, %(day)s")
    where = elsewhere or request.class_session
    notify(
        user=request.enrolment.person.user,
        kind="lms.absence_request",
        title=TITLES[request.kind, what],
        body=body,
        url=reverse("lms:attendance-own", args=[request.enrolment_id]),
        source=f"lms.absence_request:{request.pk}:{what}",
        klass=both(request.class_session.title, request.class_session.title_en),
        where=_where(where, is_elsewhere=elsewhere is not None),
        day=timezone.localtime(where.starts_at).date(),
        reason=request.decision or "—",
    )
