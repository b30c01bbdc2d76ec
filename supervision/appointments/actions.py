"""Applying to be appointed as supervisor, deciding about it, and telling in time that an appointment ends."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.attachments.actions import keep_file
from core.attachments.models import Attachment
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.organisations.queries import administrators_of
from core.people.models import Person, ServiceField, User
from core.people.queries import let_in_by
from core.states import Refused, move
from supervision.appointments.models import SupervisorApplication
from supervision.appointments.policy import STALE, TOLD, step_of
from supervision.appointments.queries import supervisor_of, why_not_now
from supervision.appointments.states import MOVES, ApplicationKind, ApplicationState
from supervision.supervisors.actions import Offer, designate, register_supervisor
from supervision.supervisors.models import Designation, Supervisor
from supervision.supervisors.queries import next_code

MOST_DOCUMENTS = 9  # of one application, with those of earlier tries
DRAWS = 5  # how often a number is drawn anew when another appointment was faster


class ApplicationRefused(Refused):
    """The application cannot be handed in or decided so; the sentence says why."""


@dataclass(frozen=True)
class Said:
    """What an applicant says."""

    tier: str
    statement: str
    basis: str
    training_minutes: int = 0
    populations: str = ""
    languages: str = ""
    fields: tuple[ServiceField, ...] = ()

    def values(self) -> dict[str, Any]:
        return {
            "tier": self.tier,
            "statement": self.statement.strip(),
            "basis": self.basis.strip(),
            "training_minutes": self.training_minutes,
            "populations": self.populations,
            "languages": self.languages,
        }


@transaction.atomic
def apply_to_supervise(
    *, person: Person, said: Said, actor: Asker, files: Iterable[Any] = ()
) -> SupervisorApplication:
    """Hand in an application: of who is not in the registry a first one, of who is a renewal. `files` are uploads as
    AttachmentField took them, or kept ones.

    Raises ApplicationRefused when it is not the time, when one is open, or there is no employer. Side effects: the
    files, the row, audit, a notice to the administrators.
    """
    if actor.pk != person.user_id:
        raise ApplicationRefused(_("Only the person themself can do this."))
    supervisor = supervisor_of(person)
    refusal = why_not_now(person, supervisor)
    if refusal:
        raise ApplicationRefused(refusal)
    organisation = supervisor.organisation if supervisor else person.employer
    assert organisation is not None
    try:
        with transaction.atomic():
            application = SupervisorApplication.objects.create(
                person=person,
                holder_id=person.user_id,
                organisation=organisation,
                kind=ApplicationKind.RENEWAL if supervisor else ApplicationKind.FIRST,
                handed_in_at=timezone.now(),
                **said.values(),
            )
    except IntegrityError:
        raise ApplicationRefused(_("You have an open application already."))
    _keep(application, said, files, actor)
    _record(
        "supervision.apply_to_supervise",
        application,
        actor,
        after={"kind": application.kind, "tier": said.tier},
    )
    _tell_officers(application)
    return application


@transaction.atomic
def hand_in_again(
    *, application: SupervisorApplication, said: Said, actor: Asker, files: Iterable[Any] = ()
) -> SupervisorApplication:
    """Hand in a returned application as it is corrected now. Raises ApplicationRefused, StaleState or IllegalMove.

    Side effects as of apply_to_supervise; the documents of before stay.
    """
    if actor.pk != application.holder_id:
        raise ApplicationRefused(_("Only the person themself can do this."))
    values = said.values() | {"handed_in_at": timezone.now(), "decided_at": None, "decided_by_id": None}
    old = move(application, ApplicationState.HANDED_IN, MOVES, **values)
    _keep(application, said, files, actor)
    _record(
        "supervision.hand_in_again",
        application,
        actor,
        before={"state": old},
        after={"state": application.state, "tier": said.tier},
    )
    _tell_officers(application)
    return application


def _keep(application: SupervisorApplication, said: Said, files: Iterable[Any], actor: Asker) -> None:
    application.fields.set(said.fields)
    kept = [
        each if isinstance(each, Attachment) else keep_file(upload=each, actor=actor)
        for each in files
        if each
    ]
    if application.documents.count() + len(kept) > MOST_DOCUMENTS:
        raise ApplicationRefused(_("There are too many documents. Put several pages into one file."))
    application.documents.add(*kept)


@transaction.atomic
def withdraw_application(*, application: SupervisorApplication, actor: Asker) -> None:
    """Take back one's own open application. Raises ApplicationRefused, StaleState or IllegalMove. Side effect: audit."""
    if actor.pk != application.holder_id:
        raise ApplicationRefused(_("Only the person themself can do this."))
    old = move(application, ApplicationState.WITHDRAWN, MOVES)
    _record(
        "supervision.withdraw_application",
        application,
        actor,
        before={"state": old},
        after={"state": "withdrawn"},
    )
    _settle(application)


@transaction.atomic
def return_application(*, application: SupervisorApplication, reason: str, actor: Asker) -> None:
    """Give an application back to be corrected, with the reason. Raises ApplicationRefused, StaleState or IllegalMove.

    Side effects: audit, a notice to the applicant.
    """
    facts = _decide(application, ApplicationState.RETURNED, reason, actor)
    _record("supervision.return_application", application, actor, **facts)
    _tell(
        application,
        gettext_noop("Your application as supervisor was returned"),
        gettext_noop("Reason: %(reason)s. Correct it and hand it in again."),
    )


@transaction.atomic
def refuse_application(*, application: SupervisorApplication, reason: str, actor: Asker) -> None:
    """Refuse an application, with the reason. Raises and does as return_application."""
    facts = _decide(application, ApplicationState.REFUSED, reason, actor)
    _record("supervision.refuse_application", application, actor, **facts)
    _tell(
        application,
        gettext_noop("Your application as supervisor was refused"),
        gettext_noop("Reason: %(reason)s"),
    )


def _decide(application: SupervisorApplication, state: str, reason: str, actor: Asker) -> dict[str, Any]:
    """Move the application; returns what the audit keeps of it."""
    reason = reason.strip()
    if not reason:
        raise ApplicationRefused(_("Write the reason: the person will read it."))
    require_independent(application, actor)
    old = move(application, state, MOVES, reason=reason, decided_by_id=actor.pk, decided_at=timezone.now())
    _settle(application)
    return {"before": {"state": old}, "after": {"state": state}, "reason": reason}


@transaction.atomic
def appoint(
    *,
    application: SupervisorApplication,
    actor: Asker,
    tier: str,
    issuer: str,
    starts_on: datetime.date,
    ends_on: datetime.date | None = None,
    capacity: int | None = None,
) -> Designation:
    """Appoint the applicant: whoever is not in the registry gets a number and `capacity` places, and all a designation.

    Raises ApplicationRefused or SupervisorRefused, StaleState or IllegalMove. Side effects in order: the state; the row
    of the registry with the role of a supervisor; the designation; audit entries for each; a notice to the applicant.
    """
    require_independent(application, actor)
    old = move(
        application,
        ApplicationState.APPOINTED,
        MOVES,
        reason="",
        decided_by_id=actor.pk,
        decided_at=timezone.now(),
    )
    supervisor = supervisor_of(application.person) or _register(application, actor, capacity)
    designation = designate(
        supervisor=supervisor,
        tier=tier,
        issuer=issuer,
        starts_on=starts_on,
        ends_on=ends_on,
        actor=actor,
        basis=application.basis,
    )
    application.designation = designation
    application.save(update_fields=["designation"])
    _record(
        "supervision.appoint",
        application,
        actor,
        before={"state": old},
        after={"state": application.state, "code": supervisor.code, "tier": tier},
    )
    _settle(application)
    _tell(
        application,
        gettext_noop("You are appointed as supervisor"),
        gettext_noop("From %(first)s. Your number is %(code)s."),
        first=starts_on,
        code=supervisor.code,
    )
    return designation


def _register(application: SupervisorApplication, actor: Asker, capacity: int | None) -> Supervisor:
    """Into the registry with a number that nobody has: who was faster with the same one makes this one draw again."""
    offer = Offer(populations=application.populations, languages=application.languages)
    more: dict[str, Any] = {"capacity": capacity} if capacity is not None else {}
    for _draw in range(DRAWS):
        code = next_code()
        if Supervisor.objects.filter(code=code).exists():
            continue
        try:
            with transaction.atomic():
                return register_supervisor(
                    person=application.person,
                    code=code,
                    organisation=application.organisation,
                    actor=actor,
                    fields=application.fields.all(),
                    offer=offer,
                    **more,
                )
        except Refused:
            if Supervisor.objects.filter(pk=application.person_id).exists():
                break
            if not Supervisor.objects.filter(code=code).exists():
                raise  # it was not about the number
    found = supervisor_of(application.person)
    if found is None:
        raise ApplicationRefused(_("No number could be drawn just now. Try again."))
    return found


def open_application_file(*, application: SupervisorApplication, file: Attachment, actor: Asker) -> None:
    """Note that somebody else than the applicant has opened a document of an application. Side effect: audit."""
    if application.holder_id != actor.pk:
        _record("supervision.open_application_file", application, actor, after={"file": file.pk})


def require_independent(application: SupervisorApplication, actor: Asker) -> None:
    """Nobody decides about their own application, nor through an officer whom they have let in."""
    if actor.pk == application.holder_id:
        raise ApplicationRefused(_("Nobody decides about their own application. Ask another administrator."))
    holder = application.person.user
    if isinstance(actor, User) and let_in_by(
        user=actor, officer=holder, organisation=application.organisation
    ):
        raise ApplicationRefused(
            _("Your account or your role here is this person's doing: another administrator decides.")
        )


@transaction.atomic
def remind_lapses() -> int:
    """Tell supervisors 60 and 30 days before, and when it has run out, that their designation ends and no later one
    follows; once each. Returns how many were told. Safe to call at any time. Side effect: notices."""
    today = timezone.localdate()
    soon = today + datetime.timedelta(days=max(TOLD))
    rows = Designation.objects.filter(
        ends_on__lte=soon,
        ends_on__gte=today - datetime.timedelta(days=STALE),
        supervisor__person__user__is_active=True,
    ).select_related("supervisor__person__user__person")
    held: dict[int, datetime.date] = {}
    every = Designation.objects.filter(supervisor__in=rows.order_by().values("supervisor"))
    for supervisor, last in every.order_by().values_list("supervisor", "ends_on"):
        held[supervisor] = max(held.get(supervisor, datetime.date.min), last or datetime.date.max)
    told = 0
    for row in rows:
        assert row.ends_on is not None
        step = step_of(row.ends_on, today)
        if step is not None and held[row.supervisor_id] == row.ends_on:
            told += _tell_of_end(row, step)
    return told


def _tell_of_end(designation: Designation, step: int) -> bool:
    if step:
        title = gettext_noop("Your designation ends on %(last)s")
    else:
        title = gettext_noop("Your designation ran out on %(last)s")
    return bool(
        notify(
            user=designation.supervisor.person.user,
            kind="supervision.appointment",
            title=title,
            body=gettext_noop(
                "Ask for its renewal, with what you have learnt since. Your mentees stay with you."
            ),
            url=reverse("supervision:application-own"),
            source=f"supervision.remind_lapses:{designation.supervisor_id}:{designation.ends_on}:{step}",
            last=designation.ends_on,
        )
    )


def reconcile() -> list[str]:
    """Tell what the clock has left untold; says how many."""
    told = remind_lapses()
    return [f"designations that end: {told} told"] if told else []


def _record(action: str, application: SupervisorApplication, actor: Asker, **facts: Any) -> None:
    record(action=action, target=application, actor=actor, organisation=application.organisation, **facts)


def _source(application: SupervisorApplication) -> str:
    return f"supervision.apply_to_supervise:{application.pk}:{application.handed_in_at:%Y%m%d%H%M%S}"


def _tell_officers(application: SupervisorApplication) -> None:
    for officer in administrators_of(application.organisation):
        if officer.pk != application.holder_id:
            notify(
                user=officer,
                kind="supervision.appointment",
                title=gettext_noop("%(name)s applies to be appointed as supervisor"),
                body=gettext_noop("Read the application and its documents; appoint, return or refuse."),
                url=reverse("appointments:inspect", args=[application.pk]),
                source=_source(application),
                name=application.person.name,
            )


def _settle(application: SupervisorApplication) -> None:
    for officer in administrators_of(application.organisation):
        settle(user=officer, source=_source(application))


def _tell(application: SupervisorApplication, title: str, body: str, **values: Any) -> None:
    notify(
        user=application.person.user,
        kind="supervision.appointment",
        title=title,
        body=body,
        url=reverse("supervision:application-own"),
        source=f"supervision.application:{application.pk}:{application.state}:{application.decided_at:%Y%m%d%H%M%S}",
        **values or {"reason": application.reason},
    )
