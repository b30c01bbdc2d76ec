"""Deciding about an application: returning, refusing, appointing."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.attachments.models import Attachment
from core.states import Refused, move
from supervision.appointments.actions.applying import ApplicationRefused
from supervision.appointments.actions.telling import audit, settle_officers, tell
from supervision.appointments.models import SupervisorApplication
from supervision.appointments.queries import supervisor_of
from supervision.appointments.states import MOVES, ApplicationState
from supervision.supervisors.actions import Offer, designate, register_supervisor
from supervision.supervisors.models import Designation, Supervisor
from supervision.supervisors.queries import dependence, next_code
from supervision.trainings.queries import standing

DRAWS = 5  # how often a number is drawn anew when another appointment was faster


@transaction.atomic
def return_application(
    *, application: SupervisorApplication, reason: str, actor: Asker, seen: str | None = None
) -> None:
    """Give an application back to be corrected, with the reason. `seen` is the `version` of the application that was read,
    by default that of `application`. Raises ApplicationRefused, also when it was handed in again since, StaleState or
    IllegalMove.

    Side effects: audit, a notice to the applicant.
    """
    facts = _decide(application, ApplicationState.RETURNED, reason, actor, seen)
    audit("supervision.return_application", application, actor, **facts)
    tell(
        application,
        gettext_noop("Your application as supervisor was returned"),
        gettext_noop("Reason: %(reason)s. Correct it and hand it in again."),
    )


@transaction.atomic
def refuse_application(
    *, application: SupervisorApplication, reason: str, actor: Asker, seen: str | None = None
) -> None:
    """Refuse an application, with the reason. Raises and does as return_application."""
    facts = _decide(application, ApplicationState.REFUSED, reason, actor, seen)
    audit("supervision.refuse_application", application, actor, **facts)
    tell(
        application,
        gettext_noop("Your application as supervisor was refused"),
        gettext_noop("Reason: %(reason)s"),
    )


def _decide(
    application: SupervisorApplication, state: str, reason: str, actor: Asker, seen: str | None
) -> dict[str, Any]:
    """Move the application; returns what the audit keeps of it."""
    reason = reason.strip()
    if not reason:
        raise ApplicationRefused(_("Write the reason: the person will read it."))
    require_independent(application, actor)
    _require_seen(application, seen)
    old = move(application, state, MOVES, reason=reason, decided_by_id=actor.pk, decided_at=timezone.now())
    settle_officers(application)
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
    exception: str = "",
    seen: str | None = None,
) -> Designation:
    """Appoint the applicant: whoever is not in the registry gets a number and `capacity` places, and all a designation.
    A renewal for which checked own training is missing needs an `exception`: the reason why it is given nevertheless.
    How much there was, and how much was required, stays with the application. `seen` is as of return_application.

    Raises ApplicationRefused or SupervisorRefused, StaleState or IllegalMove. Side effects in order: the state; the row
    of the registry with the role of a supervisor; the designation; audit entries for each; a notice to the applicant.
    """
    require_independent(application, actor)
    _require_seen(application, seen)
    old = _move_to_appointed(application, actor, exception.strip())
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
    after = {"state": application.state, "code": supervisor.code, "tier": tier}
    audit("supervision.appoint", application, actor, before={"state": old}, after=after)
    settle_officers(application)
    title = gettext_noop("You are appointed as supervisor")
    body = gettext_noop("From %(first)s. Your number is %(code)s.")
    tell(application, title, body, first=starts_on, code=supervisor.code)
    return designation


def _move_to_appointed(application: SupervisorApplication, actor: Asker, exception: str) -> str:
    """Move the application, with what there was and what was required of own training; returns the former state."""
    stands = standing(application.person, supervisor_of(application.person))
    if stands.missing and not exception:
        raise ApplicationRefused(
            _("Own training is missing for this renewal. Write why you appoint nevertheless.")
        )
    return move(
        application,
        ApplicationState.APPOINTED,
        MOVES,
        reason=exception if stands.missing else "",
        training_minutes=stands.checked,
        training_required=stands.required,
        decided_by_id=actor.pk,
        decided_at=timezone.now(),
    )


def _register(application: SupervisorApplication, actor: Asker, capacity: int | None) -> Supervisor:
    """Into the registry with a number that nobody has: who was faster with the same one makes this one draw again."""
    offer = Offer(populations=application.populations, languages=application.languages)
    more: dict[str, Any] = {"capacity": capacity} if capacity is not None else {}
    for _draw in range(DRAWS):
        code = next_code(application.organisation.path)
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
        audit("supervision.open_application_file", application, actor, after={"file": file.pk})


def _require_seen(application: SupervisorApplication, seen: str | None) -> None:
    """What is decided about is what was read: returned by somebody else and handed in again, it may say something else and
    waits as before. The row stays locked."""
    now = SupervisorApplication.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if now.version != (application.version if seen is None else seen):
        raise ApplicationRefused(
            _("It was handed in again since you opened this page. Read it again, then decide.")
        )


def require_independent(application: SupervisorApplication, actor: Asker) -> None:
    """Nobody decides about their own application, nor through an officer whom they have let in: raises ApplicationRefused."""
    if actor.pk == application.holder_id:
        raise ApplicationRefused(_("Nobody decides about their own application. Ask another administrator."))
    if words := dependence(actor, application.person.user, application.organisation):
        raise ApplicationRefused(words)
