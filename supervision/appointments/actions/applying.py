"""Handing in an application, correcting it and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.attachments.actions import kept_file
from core.people.models import Person, ServiceField
from core.states import Refused, move
from supervision.appointments.actions.telling import audit, settle_officers, tell_officers
from supervision.appointments.models import SupervisorApplication
from supervision.appointments.queries import supervisor_of, why_not_now
from supervision.appointments.states import MOVES, ApplicationKind, ApplicationState
from supervision.trainings.queries import standing

MOST_DOCUMENTS = 9  # of one application, with those of earlier tries


class ApplicationRefused(Refused):
    """The application cannot be handed in or decided so; the sentence says why."""


@dataclass(frozen=True)
class Said:
    """What an applicant says."""

    tier: str
    statement: str
    basis: str
    populations: str = ""
    languages: str = ""
    fields: tuple[ServiceField, ...] = ()

    def values(self) -> dict[str, Any]:
        return {
            "tier": self.tier,
            "statement": self.statement.strip(),
            "basis": self.basis.strip(),
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
                training_minutes=standing(person, supervisor).checked,
                **said.values(),
            )
    except IntegrityError:
        raise ApplicationRefused(_("You have an open application already."))
    _keep(application, said, files, actor)
    audit(
        "supervision.apply_to_supervise",
        application,
        actor,
        after={"kind": application.kind, "tier": said.tier},
    )
    tell_officers(application)
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
    values["training_minutes"] = standing(application.person, supervisor_of(application.person)).checked
    old = move(application, ApplicationState.HANDED_IN, MOVES, **values)
    _keep(application, said, files, actor)
    audit(
        "supervision.hand_in_again",
        application,
        actor,
        before={"state": old},
        after={"state": application.state, "tier": said.tier},
    )
    tell_officers(application)
    return application


@transaction.atomic
def withdraw_application(*, application: SupervisorApplication, actor: Asker) -> None:
    """Take back one's own open application. Raises ApplicationRefused, StaleState or IllegalMove. Side effect: audit."""
    if actor.pk != application.holder_id:
        raise ApplicationRefused(_("Only the person themself can do this."))
    old = move(application, ApplicationState.WITHDRAWN, MOVES)
    audit(
        "supervision.withdraw_application",
        application,
        actor,
        before={"state": old},
        after={"state": "withdrawn"},
    )
    settle_officers(application)


def _keep(application: SupervisorApplication, said: Said, files: Iterable[Any], actor: Asker) -> None:
    application.fields.set(said.fields)
    kept = [kept_file(file=each, actor=actor) for each in files if each]
    if application.documents.count() + len(kept) > MOST_DOCUMENTS:
        raise ApplicationRefused(_("There are too many documents. Put several pages into one file."))
    application.documents.add(*kept)
