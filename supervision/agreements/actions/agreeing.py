"""An agreement's way: drafted by the supervisor, proposed, accepted by the mentee or sent back; then the two hold to it.

No text of the pair goes anywhere but to its own sealed tables: not into the audit, not into a notice, not into a mail.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.people.models import Person
from core.states import move
from supervision.agreements.actions.printing import frozen, printed
from supervision.agreements.actions.rows import answered, audit, locked, locked_open_pairing, tell, told
from supervision.agreements.models import (
    Agreement,
    AgreementAcceptance,
    AgreementRemark,
    AgreementTemplate,
    AgreementText,
)
from supervision.agreements.queries import template_for
from supervision.agreements.states import EDITABLE, MOVES, AgreementState
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing


@transaction.atomic
def draft_agreement(
    *, pairing: Pairing, actor: Asker, goals: str, place: str = "", frame: Mapping[str, Any]
) -> Agreement:
    """Write the agreement that is in the making, or begin one from the template in force. `frame`: the columns of it.

    Raises NotPossible when the actor is not the supervisor, the pairing has ended, no template is in force, or a
    proposal waits for the mentee. Side effects: the row and its sealed text; an audit entry for a new one.
    """
    pairing = locked_open_pairing(pairing.pk, of_supervisor=actor)
    row = pairing.agreements.open().first()
    if row is not None and row.state not in EDITABLE:
        raise NotPossible(_("The proposal waits for the mentee. Withdraw it first if you want to change it."))
    if row is None:
        template = template_for(pairing.organisation, timezone.localdate())
        if template is None:
            raise NotPossible(_("No agreement template is in force here. Ask an administrator to add one."))
        # Held while the draft comes to rest on it, so that nobody edits it in place meanwhile.
        template = AgreementTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
        last = pairing.agreements.order_by("-number").first()
        row = Agreement.objects.create(
            pairing=pairing, number=last.number + 1 if last else 1, template=template, **frame
        )
        audit("supervision.draft_agreement", row, actor, after={"state": row.state, "number": row.number})
    else:
        if row.texts.get(number=row.revision).text_hash:
            row.revision += 1  # what was sent back stays as it was
        for name, value in frame.items():
            setattr(row, name, value)
        row.save()
    AgreementText.objects.update_or_create(
        agreement=row, number=row.revision, defaults={"goals": goals.strip(), "place": place.strip()}
    )
    row.pairing = pairing
    return row


@transaction.atomic
def propose_agreement(*, agreement: Agreement, actor: Asker) -> Agreement:
    """Accept the own draft and ask the mentee. What it says is frozen, and its hash is what both accept.

    Raises NotPossible, IllegalMove and StaleState. Side effects in order: the state; the frozen text; the
    supervisor's acceptance; an audit entry with the frame and the hash; a notice to the mentee.
    """
    row = locked(agreement, of_supervisor=actor)
    text = row.texts.get(number=row.revision)
    if text.text_hash:  # sent back and proposed again without a change
        raise NotPossible(_("Nothing has changed since it was sent back. Edit it first."))
    old = move(row, AgreementState.PROPOSED, MOVES, proposed_at=timezone.now())
    text.frozen = json.dumps(frozen(row, text), ensure_ascii=False, sort_keys=True)
    text.text_hash = hashlib.sha256(text.frozen.encode()).hexdigest()
    text.save()
    _accept(row, row.pairing.supervisor.person, actor, text.text_hash)
    printed(row, text)  # what cannot be printed is said now, not to the two who have accepted it
    audit(
        "supervision.propose_agreement",
        row,
        actor,
        before={"state": old},
        after={"state": row.state, "sha256": text.text_hash} | told(row),
    )
    tell(
        row,
        row.pairing.mentee,
        f"proposed:{row.revision}",
        gettext_noop("%(supervisor)s proposes a supervision agreement"),
        gettext_noop("Read it, then accept it or send it back with a remark."),
    )
    return row


@transaction.atomic
def accept_agreement(*, agreement: Agreement, actor: Asker, revision: int | None = None) -> Agreement:
    """The mentee accepts: the agreement is in force, and the one before it is replaced.

    Raises NotPossible, IllegalMove, and StaleState when the proposal is not the one that was read (`revision`).
    Side effects in order: the earlier agreement; the state; the acceptance; an audit entry; a notice.
    """
    row = locked(agreement, of_mentee=actor, revision=revision)
    text = row.texts.get(number=row.revision)
    earlier = row.pairing.agreements.in_force().exclude(pk=row.pk).first()
    if earlier is not None and AgreementState.ACCEPTED in MOVES[row.state]:  # else move() says so
        move(earlier, AgreementState.SUPERSEDED, MOVES)
    old = move(row, AgreementState.ACCEPTED, MOVES, accepted_at=timezone.now())
    _accept(row, row.pairing.mentee, actor, text.text_hash)
    answered(row)
    audit(
        "supervision.accept_agreement",
        row,
        actor,
        before={"state": old},
        after={"state": row.state, "sha256": text.text_hash},
    )
    tell(
        row,
        row.pairing.supervisor.person,
        "accepted",
        gettext_noop("%(mentee)s has accepted the supervision agreement"),
        gettext_noop("It is in force from now on, and both of you can take it out as a PDF."),
    )
    return row


@transaction.atomic
def return_agreement(
    *, agreement: Agreement, actor: Asker, remark: str, revision: int | None = None
) -> Agreement:
    """The mentee sends the proposal back with a remark. Raises NotPossible, IllegalMove, StaleState.

    Side effects: the sealed remark, an audit entry without it, a notice without it.
    """
    row = locked(agreement, of_mentee=actor, revision=revision)
    if not remark.strip():
        raise NotPossible(_("Write what should be different."))
    old = move(row, AgreementState.RETURNED, MOVES)
    AgreementRemark.objects.create(agreement=row, author=row.pairing.mentee, text=remark.strip())
    answered(row)
    audit("supervision.return_agreement", row, actor, before={"state": old}, after={"state": row.state})
    tell(
        row,
        row.pairing.supervisor.person,
        f"returned:{row.revision}",
        gettext_noop("%(mentee)s has sent the supervision agreement back"),
        gettext_noop("Read the remark, change the agreement and propose it again."),
    )
    return row


@transaction.atomic
def withdraw_agreement(*, agreement: Agreement, actor: Asker) -> Agreement:
    """The supervisor takes a draft or a proposal back; one that is in force stays. Raises NotPossible and IllegalMove.

    Side effects: the state; the notice that asked the mentee is settled; an audit entry.
    """
    row = locked(agreement, of_supervisor=actor)
    old = move(row, AgreementState.WITHDRAWN, MOVES)
    answered(row)
    audit("supervision.withdraw_agreement", row, actor, before={"state": old}, after={"state": row.state})
    return row


def _accept(row: Agreement, person: Person, actor: Asker, text_hash: str) -> None:
    try:
        with transaction.atomic():
            AgreementAcceptance.objects.create(
                agreement=row,
                person=person,
                accepted_by_id=actor.pk,  # type: ignore[misc]
                text_hash=text_hash,
                accepted_at=timezone.now(),
            )
    except IntegrityError:
        raise NotPossible(_("This text was accepted before."))
