"""An agreement's way: drafted by the supervisor, proposed, accepted by the mentee or sent back; then the two hold to it.

No text of the pair goes anywhere but to its own sealed tables: not into the audit, not into a notice, not into a mail.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.notices.models import Notice
from core.organisations.models import Organisation
from core.pdf.faces import MissingGlyph, describe_character
from core.people.models import Person
from core.states import Refused, StaleState, move
from supervision.agreements.document import AgreementFacts, Signed, render
from supervision.agreements.models import (
    Agreement,
    AgreementAcceptance,
    AgreementRemark,
    AgreementTemplate,
    AgreementText,
)
from supervision.agreements.queries import frame_of, template_for
from supervision.agreements.states import EDITABLE, MOVES, AgreementState
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing
from supervision.pairings.states import PairingState


@transaction.atomic
def save_agreement_template(
    *,
    actor: Asker | None,
    organisation: Organisation,
    title: str,
    sections: Mapping[str, str],
    starts_on: datetime.date,
    ends_on: datetime.date | None = None,
    template: AgreementTemplate | None = None,
) -> AgreementTemplate:
    """Keep a template. One on which an agreement rests already stays as it is, and what was edited is its next version.

    Raises Refused when a later version has replaced it. Side effect: an audit entry.
    """
    kept: dict[str, Any] = {
        "title": title.strip(),
        "sections": {name: text.strip() for name, text in sections.items() if text.strip()},
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    if template is None:
        row = AgreementTemplate.objects.create(organisation=organisation, **kept)
    else:
        old = AgreementTemplate.objects.select_for_update().get(pk=template.pk)
        if AgreementTemplate.objects.filter(replaces=old).exists():
            raise Refused(_("A later version has replaced this one. Edit that one."))
        if old.agreements.exists():
            row = AgreementTemplate.objects.create(
                organisation=old.organisation, version=old.version + 1, replaces=old, **kept
            )
        else:
            row = old
            for name, value in kept.items():
                setattr(row, name, value)
            row.save()
    record(
        action="supervision.save_agreement_template",
        target=row,
        actor=actor,
        organisation=row.organisation,
        after={"version": row.version, "starts_on": row.starts_on},
    )
    return row


@transaction.atomic
def draft_agreement(
    *, pairing: Pairing, actor: Asker, goals: str, place: str = "", frame: Mapping[str, Any]
) -> Agreement:
    """Write the agreement that is in the making, or begin one from the template in force. `frame`: the columns of it.

    Raises NotPossible when the actor is not the supervisor, the pairing has ended, no template is in force, or a
    proposal waits for the mentee. Side effects: the row and its sealed text; an audit entry for a new one.
    """
    pairing = _locked_pairing(pairing.pk, of_supervisor=actor)
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
        _record("supervision.draft_agreement", row, actor, after={"state": row.state, "number": row.number})
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
    row = _locked(agreement, of_supervisor=actor)
    text = row.texts.get(number=row.revision)
    if text.text_hash:  # sent back and proposed again without a change
        raise NotPossible(_("Nothing has changed since it was sent back. Edit it first."))
    old = move(row, AgreementState.PROPOSED, MOVES, proposed_at=timezone.now())
    text.frozen = json.dumps(_frozen(row, text), ensure_ascii=False, sort_keys=True)
    text.text_hash = hashlib.sha256(text.frozen.encode()).hexdigest()
    text.save()
    _accept(row, row.pairing.supervisor.person, actor, text.text_hash)
    _printed(row, text)  # what cannot be printed is said now, not to the two who have accepted it
    _record(
        "supervision.propose_agreement",
        row,
        actor,
        before={"state": old},
        after={"state": row.state, "sha256": text.text_hash} | _told(row),
    )
    _tell(
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
    row = _locked(agreement, of_mentee=actor, revision=revision)
    text = row.texts.get(number=row.revision)
    earlier = row.pairing.agreements.in_force().exclude(pk=row.pk).first()
    if earlier is not None and AgreementState.ACCEPTED in MOVES[row.state]:  # else move() says so
        move(earlier, AgreementState.SUPERSEDED, MOVES)
    old = move(row, AgreementState.ACCEPTED, MOVES, accepted_at=timezone.now())
    _accept(row, row.pairing.mentee, actor, text.text_hash)
    _answered(row)
    _record(
        "supervision.accept_agreement",
        row,
        actor,
        before={"state": old},
        after={"state": row.state, "sha256": text.text_hash},
    )
    _tell(
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
    row = _locked(agreement, of_mentee=actor, revision=revision)
    if not remark.strip():
        raise NotPossible(_("Write what should be different."))
    old = move(row, AgreementState.RETURNED, MOVES)
    AgreementRemark.objects.create(agreement=row, author=row.pairing.mentee, text=remark.strip())
    _answered(row)
    _record("supervision.return_agreement", row, actor, before={"state": old}, after={"state": row.state})
    _tell(
        row,
        row.pairing.supervisor.person,
        f"returned:{row.revision}",
        gettext_noop("%(mentee)s has sent the supervision agreement back"),
        gettext_noop("Read the remark, change the agreement and propose it again."),
    )
    return row


@transaction.atomic
def withdraw_agreement(*, agreement: Agreement, actor: Asker) -> Agreement:
    """The supervisor takes a draft or a proposal back; one that is in force stays. Raises as the others do."""
    row = _locked(agreement, of_supervisor=actor)
    old = move(row, AgreementState.WITHDRAWN, MOVES)
    _answered(row)
    _record("supervision.withdraw_agreement", row, actor, before={"state": old}, after={"state": row.state})
    return row


REVIEW_AHEAD = datetime.timedelta(days=14)


def remind_reviews() -> int:
    """Remind both two weeks before the review of their agreement, once; returns how many pairs were reminded now."""
    today = timezone.localdate()
    due = Agreement.objects.in_force().filter(review_on__gte=today, review_on__lte=today + REVIEW_AHEAD)
    told = 0
    for row in due.filter(pairing__state=PairingState.ACTIVE).with_people():
        if Notice.objects.filter(source=f"supervision.agreement:{row.pk}:review").exists():
            continue
        for person in (row.pairing.supervisor.person, row.pairing.mentee):
            _tell(
                row,
                person,
                "review",
                gettext_noop("Your supervision agreement is to be reviewed on %(day)s"),
                gettext_noop("Look together at what you have reached, and whether the agreement still fits."),
                day=row.review_on,
            )
        told += 1
    return told


def document_of(agreement: Agreement) -> bytes:
    """The agreed text as a PDF: from what was frozen, with the two acceptances. Raises NotPossible before both accepted."""
    if not agreement.is_agreed:
        raise NotPossible(_("Both have to accept it first."))
    return _printed(agreement, agreement.texts.get(number=agreement.revision))


def _printed(agreement: Agreement, text: AgreementText) -> bytes:
    """Raises NotPossible, naming the characters, where the paper would have a gap."""
    frozen = json.loads(text.frozen)
    names = {agreement.pairing.mentee_id: frozen["mentee"]}  # as they were called then
    plain = ("title", "number", "mentee", "supervisor", "code", "organisation", "goals", "watermark")
    facts = AgreementFacts(
        **{name: frozen[name] for name in plain},
        frame=tuple((label, value) for label, value in frozen["frame"]),
        sections=tuple((label, value) for label, value in frozen["sections"]),
        signed=tuple(
            Signed(names.get(each.person_id, frozen["supervisor"]), timezone.localtime(each.accepted_at))
            for each in agreement.acceptances.filter(text_hash=text.text_hash)
        ),
        sha256=text.text_hash,
    )
    try:
        return render(facts)
    except MissingGlyph as missing:
        words = _("These characters cannot be printed: %(characters)s. Write it without them.")
        raise NotPossible(
            words % {"characters": "、".join(describe_character(each) for each in missing.characters)}
        )


def _frozen(row: Agreement, text: AgreementText) -> dict[str, Any]:
    """All that the agreement says, in Chinese, as the two will have accepted it."""
    pairing = row.pairing
    with translation.override("zh-hans"):
        frame = [
            (_("How often"), row.get_every_days_display()),
            (_("Minutes per session"), str(row.minutes)),
            (_("Setting"), row.get_way_display()),
            (_("Place or platform"), text.place),
            (_("From"), f"{row.starts_on:%Y-%m-%d}"),
            (_("Until"), f"{row.ends_on:%Y-%m-%d}"),
            (_("Review on"), f"{row.review_on:%Y-%m-%d}"),
        ]
        sections = row.template.texts
        frame = [(str(label), str(value)) for label, value in frame if value]
    sample = pairing.mentee.is_sample or pairing.supervisor.person.is_sample
    return {
        "title": row.template.title,
        "template": row.template.pk,
        "number": row.number,
        "revision": row.revision,
        "mentee": pairing.mentee.name,
        "supervisor": pairing.supervisor.person.name,
        "code": pairing.supervisor.code,
        "organisation": pairing.organisation.name,
        "goals": text.goals,
        "frame": frame,
        "sections": sections,
        "watermark": "样例" if sample else None,
    }


def _told(row: Agreement) -> dict[str, Any]:
    days = {name: getattr(row, name).isoformat() for name in ("starts_on", "ends_on", "review_on")}
    return frame_of(row) | days


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


def _locked_pairing(
    pk: int, *, of_supervisor: Asker | None = None, of_mentee: Asker | None = None
) -> Pairing:
    """The pairing, locked until the transaction ends; the actor is who may, and the pairing is open."""
    rows = Pairing.objects.select_for_update(of=("self",)).select_related(
        "supervisor__person__user", "mentee__user", "organisation"
    )
    pairing = rows.get(pk=pk)
    if (of_supervisor is not None and pairing.supervisor.person.user_id != of_supervisor.pk) or (
        of_mentee is not None and pairing.mentee.user_id != of_mentee.pk
    ):
        raise NotPossible(_("This is for the other side of the pair to do."))
    if not pairing.is_open:
        raise NotPossible(_("The pairing has ended, so nothing can be agreed any more."))
    return pairing


def _locked(agreement: Agreement, *, revision: int | None = None, **who: Asker) -> Agreement:
    pairing = _locked_pairing(agreement.pairing_id, **who)
    row = Agreement.objects.select_for_update(of=("self",)).select_related("template").get(pk=agreement.pk)
    row.pairing = pairing
    if revision is not None and revision != row.revision:
        raise StaleState(row, row.state, row.state)
    return row


def _record(action: str, row: Agreement, actor: Asker, **facts: Any) -> None:
    record(action=action, target=row, actor=actor, organisation=row.pairing.organisation, **facts)


def _answered(row: Agreement) -> None:
    """Nobody waits for the mentee any more: the notices that asked are settled."""
    settle(user=row.pairing.mentee.user, source=f"supervision.agreement:{row.pk}:proposed:")


def _tell(row: Agreement, person: Person, what: str, title: str, body: str, **values: Any) -> None:
    notify(
        user=person.user,
        kind="supervision.agreement",
        title=title,
        body=body,
        url=row.get_absolute_url(),
        source=f"supervision.agreement:{row.pk}:{what}",
        supervisor=row.pairing.supervisor.person.name,
        mentee=row.pairing.mentee.name,
        **values,
    )
