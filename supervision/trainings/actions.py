"""Keeping one's own training, and checking it."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.attachments.actions import kept_file
from core.attachments.models import Attachment
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.organisations.models import Organisation
from core.organisations.queries import administrators_over
from core.people.models import Person, User
from core.people.queries import deciders_at
from core.states import Refused, move
from supervision.supervisors.queries import dependence
from supervision.trainings.models import OwnTraining, TrainingRequirement
from supervision.trainings.states import MOVES, TrainingState


class TrainingRefused(Refused):
    """It cannot be declared or checked so; the sentence says why."""


@dataclass(frozen=True)
class Told:
    """What somebody says about a training that they attended."""

    held_on: datetime.date
    title: str
    provider: str
    minutes: int


@transaction.atomic
def declare_training(*, person: Person, told: Told, evidence: Any, actor: Asker) -> OwnTraining:
    """Declare a training with its proof, an upload as AttachmentField took it or a kept file.

    Raises TrainingRefused when there is nobody to check it, or when it is declared already. Side effects: the file, the
    row, audit, a notice to the administrators.
    """
    if actor.pk != person.user_id:
        raise TrainingRefused(_("Only the person themself can do this."))
    row = OwnTraining(person=person, holder_id=person.user_id, declared_at=timezone.now(), **asdict(told))
    if row.organisation is None:
        raise TrainingRefused(_("Enter your employer in your profile first: its administrators check it."))
    row.evidence = _kept(evidence, actor)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise TrainingRefused(_("You have declared this training already."))
    _audit("supervision.declare_training", row, actor, after={"minutes": row.minutes, "held_on": row.held_on})
    _tell_officers(row)
    return row


@transaction.atomic
def correct_training(*, training: OwnTraining, told: Told, evidence: Any, actor: Asker) -> OwnTraining:
    """Declare a returned training again as it is corrected now; without another proof the former one stays. Raises
    TrainingRefused, IllegalMove or StaleState. Side effects as of declare_training."""
    if actor.pk != training.holder_id:
        raise TrainingRefused(_("Only the person themself can do this."))
    values: dict[str, Any] = asdict(told) | {
        "declared_at": timezone.now(),
        "decided_by_id": None,
        "decided_at": None,
    }
    if evidence:
        values["evidence_id"] = _kept(evidence, actor).pk
    try:
        with transaction.atomic():
            old = move(training, TrainingState.DECLARED, MOVES, **values)
    except IntegrityError:
        raise TrainingRefused(_("You have declared this training already."))
    _audit(
        "supervision.correct_training",
        training,
        actor,
        before={"state": old},
        after={"state": training.state, "minutes": training.minutes},
    )
    _tell_officers(training)
    return training


@transaction.atomic
def withdraw_training(*, training: OwnTraining, actor: Asker) -> None:
    """Take back what is not checked. Raises TrainingRefused, IllegalMove or StaleState. Side effect: audit."""
    if actor.pk != training.holder_id:
        raise TrainingRefused(_("Only the person themself can do this."))
    old = move(training, TrainingState.WITHDRAWN, MOVES)
    _settle(training)
    _audit(
        "supervision.withdraw_training",
        training,
        actor,
        before={"state": old},
        after={"state": training.state},
    )


@transaction.atomic
def check_training(*, training: OwnTraining, actor: Asker, seen: str | None = None) -> None:
    """Say that the proof shows what is declared: from now on it counts. `seen` is the `version` of the declaration that
    was read, by default that of `training`. Raises TrainingRefused for one's own or through somebody whom one let in, and
    when it was declared anew since, IllegalMove or StaleState. Side effects: audit, a notice."""
    facts = _decide(training, TrainingState.CHECKED, "", actor, seen)
    _audit("supervision.check_training", training, actor, **facts)
    _tell(training, gettext_noop("Your own training “%(what)s” is checked"), gettext_noop("It counts now."))


@transaction.atomic
def return_training(*, training: OwnTraining, reason: str, actor: Asker, seen: str | None = None) -> None:
    """Give it back to be corrected, with the reason. Raises and does as check_training."""
    if not reason.strip():
        raise TrainingRefused(_("Write the reason: the person will read it."))
    facts = _decide(training, TrainingState.RETURNED, reason.strip(), actor, seen)
    _audit("supervision.return_training", training, actor, **facts)
    _tell(
        training,
        gettext_noop("Your own training “%(what)s” was returned"),
        gettext_noop("Reason: %(reason)s. Correct it and declare it again."),
    )


def _decide(training: OwnTraining, state: str, reason: str, actor: Asker, seen: str | None) -> dict[str, Any]:
    """Move the training; returns what the audit keeps of it."""
    _require_independent(training, actor)
    now = OwnTraining.objects.select_for_update().get(pk=training.pk)
    if now.version != (training.version if seen is None else seen):
        raise TrainingRefused(_("It was corrected since you opened this page. Read it again, then decide."))
    old = move(training, state, MOVES, reason=reason, decided_by_id=actor.pk, decided_at=timezone.now())
    _settle(training)
    return {"before": {"state": old}, "after": {"state": state}, "reason": reason}


def _require_independent(training: OwnTraining, actor: Asker) -> None:
    """Nobody checks their own, nor through an officer whom they have let in, at either place whose officers check it."""
    if actor.pk == training.holder_id:
        raise TrainingRefused(_("Nobody checks their own training. Ask another administrator."))
    for place in {training.organisation, training.person.employer}:
        if words := dependence(actor, training.person.user, place):
            raise TrainingRefused(words)


@transaction.atomic
def set_requirement(
    *, organisation: Organisation, minutes: int, starts_on: datetime.date, source: str, actor: Asker | None
) -> TrainingRequirement:
    """Set how much own training a renewal asks for, from a day on. Raises TrainingRefused when one of the place begins
    on that day. Side effect: audit."""
    try:
        with transaction.atomic():
            row = TrainingRequirement.objects.create(
                organisation=organisation, minutes=minutes, starts_on=starts_on, source=source.strip()
            )
    except IntegrityError:
        raise TrainingRefused(_("A requirement of this place begins on that day already."))
    record(
        action="supervision.set_requirement",
        target=row,
        actor=actor,
        organisation=organisation,
        after={"minutes": minutes, "starts_on": starts_on, "source": row.source},
    )
    return row


def open_training_file(*, training: OwnTraining, actor: Asker) -> None:
    """Note that somebody else than the person has opened the proof of a training. Side effect: audit."""
    if training.holder_id != actor.pk:
        _audit("supervision.open_training_file", training, actor, after={"file": training.evidence_id})


def _kept(evidence: Any, actor: Asker) -> Attachment:
    if not evidence:
        raise TrainingRefused(_("Hand in the proof: a certificate or a letter."))
    return kept_file(file=evidence, actor=actor)


def _audit(action: str, training: OwnTraining, actor: Asker, **facts: Any) -> None:
    record(action=action, target=training, actor=actor, organisation=training.organisation, **facts)


def _source(training: OwnTraining) -> str:
    return f"supervision.declare_training:{training.pk}:{training.declared_at:%Y%m%d%H%M%S}"


def _officers(training: OwnTraining) -> list[User]:
    """Who can check it: whom the person has let in neither where it is checked nor at the employer."""
    place, employer = training.organisation, training.person.employer
    if place is None:
        return []
    return deciders_at(place, [training.person.user], also=[employer] if employer else [])


def _tell_officers(training: OwnTraining) -> None:
    for officer in _officers(training):
        notify(
            user=officer,
            kind="supervision.training",
            title=gettext_noop("%(name)s has declared own training"),
            body=gettext_noop("Compare it with its proof; check it, or return it with a reason."),
            url=reverse("own_trainings:inspect", args=[training.pk]),
            source=_source(training),
            name=training.person.name,
        )


def _settle(training: OwnTraining) -> None:
    place = training.organisation
    if place is not None:
        settle(users=administrators_over(place), source=_source(training))


def _tell(training: OwnTraining, title: str, body: str) -> None:
    notify(
        user=training.person.user,
        kind="supervision.training",
        title=title,
        body=body,
        url=reverse("supervision:training-list"),
        source=f"supervision.training:{training.pk}:{training.state}:{training.decided_at:%Y%m%d%H%M%S%f}",
        what=training.title,
        reason=training.reason,
    )
