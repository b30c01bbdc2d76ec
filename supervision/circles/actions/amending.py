"""Correcting a gathering that somebody has confirmed: its leader proposes, each whom it concerns answers, and once all have
accepted it changes; both versions of the facts, the content and everybody's own minutes stay."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import settle
from core.states import IllegalMove, move
from supervision.circles.actions.lateness import (
    drop_asking,
    keep_late,
    newest_of,
    require_approved_amendment,
    require_reason,
    said_as,
    said_at_of,
)
from supervision.circles.actions.rows import (
    ask_part,
    columns_of,
    confirmation_of,
    locked_gathering,
    of_kind,
    possible,
    require_fresh,
    when_of,
    write_content,
)
from supervision.circles.actions.telling import audit, require, tell_of
from supervision.circles.models import (
    Gathering,
    GatheringAmendment,
    GatheringAmendmentText,
    PartAmendment,
    Participation,
)
from supervision.circles.policy import GatheringFacts, Shared, shared_to
from supervision.circles.queries import said_of
from supervision.circles.states import ANSWER_MOVES, AnswerState, GatheringState, PartState
from supervision.pairings.actions import NotPossible
from supervision.sessions.models import kept_facts
from supervision.sessions.queries import how_late
from supervision.sessions.states import AMENDMENT_MOVES, AmendmentState
from supervision.signals import ParticipationAmended, participation_amended


@transaction.atomic
def propose_gathering_amendment(
    *,
    gathering: Gathering,
    actor: Asker,
    facts: GatheringFacts,
    shared: Shared,
    minutes: Mapping[int, int],
    reason: str,
    late_reason: str = "",
    revision: int | None = None,
) -> GatheringAmendment:
    """Ask those who have confirmed to agree that it was other than recorded; `minutes` of each by person. Until then
    nothing changes. Whose own minutes alone would change is asked alone.

    Raises NotPossible without a reason, without a change or while another proposal waits, IllegalMove when nobody has
    confirmed, StaleState when it changed since `revision`, GatheringRefused as log_gathering does: what was
    not claimed before is said now, and long after the day only with a reason. Side effects: the proposal with both
    versions; its sealed text; a row for each who is asked; an audit entry; a notice to each; of a late one, or of a late
    record whose time or minutes would change, the administrators are asked.
    """
    row = locked_gathering(gathering.pk)
    require(row.leader, actor)
    require_fresh(row, revision)
    parts = list(row.parts.confirmed().select_related("person__user__person", "person__employer"))
    if not row.is_logged or not parts:
        raise IllegalMove(row, row.state, GatheringState.LOGGED)
    if not reason.strip():
        raise NotPossible(_("Write why the record is to be corrected: those who took part will read it."))
    facts = of_kind(row.circle, facts.whole())
    wanted = {part.person_id: minutes.get(part.person_id, part.minutes) for part in parts}
    asked = _concerned(row, facts, shared, wanted, parts)
    if not asked:
        raise NotPossible(_("Nothing is changed. Correct what is not right before you send it."))
    _possible_now(row, facts, wanted)
    claimed, former = said_as(row, facts, wanted), said_of(row)
    said_at = said_at_of(row, claimed, former)
    if claimed != former:
        require_reason(how_late(row.circle.organisation, claimed.starts_at, said_at), late_reason, row)
    amendment = _kept(row, facts, asked, wanted)
    said = json.dumps(shared_to(shared), ensure_ascii=False)
    GatheringAmendmentText.objects.create(amendment=amendment, reason=reason.strip(), written=said)
    if claimed != former:
        keep_late(row, claimed, said_at, late_reason, amendment)
    told = {"before": when_of(row), "after": _told(facts) | {"asked": len(asked)}}
    audit("supervision.propose_gathering_amendment", row, row.circle, actor, **told)
    return amendment


@transaction.atomic
def accept_gathering_amendment(*, answer: PartAmendment, actor: Asker) -> PartAmendment:
    """Agree to a correction, and to one's own minutes in it. With the last one the gathering changes and the hours follow.

    Raises IllegalMove when it was answered or withdrawn, GatheringRefused when somebody's time is taken by now,
    NotPossible when it was recorded late and the correction is not approved. Side effects in order: the answer; an
    audit entry; with the last one those of `_take_effect`.
    """
    row, amendment, found = _locked(answer, actor)
    move(found, AnswerState.ACCEPTED, ANSWER_MOVES, answered_at=timezone.now())
    _settle(row, [found])
    changes: dict[str, Any] = {"after": {"state": found.state}}
    if not amendment.answers.filter(state=AnswerState.WAITING).exists():
        changes = _take_effect(row, amendment)
    audit("supervision.accept_gathering_amendment", found.part, row.circle, actor, **changes)
    return found


@transaction.atomic
def refuse_gathering_amendment(*, answer: PartAmendment, actor: Asker, reason: str) -> PartAmendment:
    """Say no to a correction, with a reason for the leader. The gathering stays as it is. Raises IllegalMove.

    Side effects: the sealed reason; an audit entry without it; a notice without it.
    """
    if not reason.strip():
        raise NotPossible(_("Write why you do not agree: whoever led the gathering will read it."))
    row, amendment, found = _locked(answer, actor)
    now = timezone.now()
    move(found, AnswerState.REFUSED, ANSWER_MOVES, answered_at=now, answer=reason.strip())
    move(amendment, AmendmentState.REFUSED, AMENDMENT_MOVES, answered_at=now)
    audit(
        "supervision.refuse_gathering_amendment", found.part, row.circle, actor, after={"state": found.state}
    )
    _settle(row, amendment.answers.select_related("part__person__user"))
    drop_asking(newest_of(row, amendment))
    title = gettext_noop("%(member)s does not accept the correction of “%(circle)s” of %(day)s")
    tell_of(row, row.leader, f"amendment-refused:{amendment.pk}", title, member=found.part.person.name)
    return found


@transaction.atomic
def withdraw_gathering_amendment(*, amendment: GatheringAmendment, actor: Asker) -> GatheringAmendment:
    """Take a proposed correction back. Raises IllegalMove. Side effects: an audit entry; the notices are settled."""
    row = locked_gathering(amendment.gathering_id)
    require(row.leader, actor)
    found = GatheringAmendment.objects.select_for_update(of=("self",)).get(pk=amendment.pk)
    move(found, AmendmentState.WITHDRAWN, AMENDMENT_MOVES, answered_at=timezone.now())
    audit("supervision.withdraw_gathering_amendment", row, row.circle, actor, after={"state": found.state})
    _settle(row, found.answers.select_related("part__person__user"))
    drop_asking(newest_of(row, found))
    return found


def ask_about_open(part: Participation) -> None:
    """Who confirms while a correction waits is asked about it too. The gathering is locked. Side effects: the row, a
    notice."""
    found = part.gathering.amendments.filter(state=AmendmentState.PROPOSED).first()
    if found is not None:
        _ask(found, part, min(part.minutes, found.minutes))


def _concerned(
    row: Gathering,
    facts: GatheringFacts,
    shared: Shared,
    wanted: Mapping[int, int],
    parts: Collection[Participation],
) -> list[Participation]:
    """Who has to agree: everybody where time, kind or content change, else whose own minutes do."""
    latest = row.contents.first()
    if facts != row.facts.whole() or latest is None or latest.shared != shared:
        return list(parts)
    return [part for part in parts if wanted[part.person_id] != part.minutes]


def _possible_now(row: Gathering, facts: GatheringFacts, wanted: Mapping[int, int]) -> None:
    """As for a record, also for those who have not confirmed yet: the correction takes their time too."""
    parts = row.parts.taking_time().values_list("person", "minutes")
    others = {person: max(min(minutes, facts.minutes), 1) for person, minutes in parts}
    possible(row.circle, row.leader, facts, others | dict(wanted), row)


def _kept(
    row: Gathering, facts: GatheringFacts, asked: Collection[Participation], wanted: Mapping[int, int]
) -> GatheringAmendment:
    columns = {name: value for name, value in columns_of(facts).items() if name != "changed_at"}
    try:
        with transaction.atomic():
            amendment = GatheringAmendment.objects.create(
                gathering=row,
                number=row.revision + 1,
                former=kept_facts(row.facts),
                proposed_at=timezone.now(),
                **columns,
            )
    except IntegrityError:
        raise NotPossible(_("A correction of this gathering waits already. Take that one back first."))
    for part in asked:
        _ask(amendment, part, wanted[part.person_id])
    return amendment


def _ask(amendment: GatheringAmendment, part: Participation, minutes: int) -> None:
    PartAmendment.objects.create(amendment=amendment, part=part, former=part.minutes, minutes=minutes)
    title = gettext_noop("%(leader)s proposes a correction of “%(circle)s” of %(day)s")
    body = gettext_noop("Read both versions and your own minutes. It changes only if you accept it.")
    source = f"amendment:{amendment.pk}:{part.pk}"
    tell_of(amendment.gathering, part.person, source, title, body)


def _take_effect(row: Gathering, amendment: GatheringAmendment) -> dict[str, Any]:
    """Everybody has accepted: the gathering changes, the hours follow; returns what it was and is, for the audit.

    Side effects in order: the amendment's state; the facts; a version of the content; the minutes of each; who has not
    confirmed is asked anew; ParticipationAmended for each, in the same transaction; a notice to the leader.
    """
    require_approved_amendment(row, amendment)
    answers = list(amendment.answers.select_related("part__person"))
    facts = amendment.facts
    _possible_now(row, facts, {each.part.person_id: each.minutes for each in answers})
    before, timed = when_of(row) | {"minutes": row.minutes}, facts != row.facts.whole()
    values: dict[str, Any] = {"answered_at": timezone.now(), "number": row.revision + 1}
    move(amendment, AmendmentState.ACCEPTED, AMENDMENT_MOVES, **values)
    columns = columns_of(facts)
    Gathering.objects.filter(pk=row.pk).update(revision=amendment.number, **columns)
    row.refresh_from_db(fields=["revision", *columns])
    write_content(row, amendment.text.said)
    for each in answers:
        if each.part.minutes != each.minutes:
            rows = Participation.objects.filter(pk=each.part_id)
            rows.update(minutes=each.minutes, revision=F("revision") + 1)
    if timed:
        _ask_the_others(row)
    else:  # what they read is what they confirm, and the content has changed
        row.parts.to_confirm().update(revision=F("revision") + 1)
    if newest_of(row):
        now = said_of(row)
        keep_late(row, now, said_at_of(row, now, now))
    after = when_of(row) | {"minutes": row.minutes, "number": amendment.number}
    for part in row.parts.confirmed().select_related("person"):
        part.gathering = row
        participation_amended.send(Participation, event=ParticipationAmended(**asdict(confirmation_of(part))))
    title = gettext_noop("Everybody has accepted the correction of “%(circle)s” of %(day)s")
    tell_of(row, row.leader, f"amendment-accepted:{amendment.pk}", title)
    return {"before": before, "after": after}


def _ask_the_others(row: Gathering) -> None:
    """Whoever has not answered the record answers the corrected one; an objection stays one, within its new length."""
    for part in row.parts.filter(state=PartState.WAITING).select_related("person__user__person"):
        ask_part(row, part.person, min(part.minutes, row.minutes))
    row.parts.filter(state=PartState.DISPUTED, minutes__gt=row.minutes).update(minutes=row.minutes)


def _told(facts: GatheringFacts) -> dict[str, Any]:
    return {"starts_at": facts.starts_at.isoformat(), "ends_at": facts.ends_at.isoformat()}


def _locked(answer: PartAmendment, actor: Asker) -> tuple[Gathering, GatheringAmendment, PartAmendment]:
    """The gathering, its amendment and this answer as they are now, locked; and the actor is who answers."""
    row = locked_gathering(answer.amendment.gathering_id)
    amendment = GatheringAmendment.objects.select_for_update(of=("self",)).get(pk=answer.amendment_id)
    rows = PartAmendment.objects.select_for_update(of=("self",)).select_related("part__person__user")
    found = rows.get(pk=answer.pk)
    require(found.part.person, actor)
    if not amendment.is_open:
        raise IllegalMove(amendment, amendment.state, AmendmentState.ACCEPTED)
    amendment.gathering = found.part.gathering = row
    return row, amendment, found


def _settle(row: Gathering, answers: Collection[PartAmendment]) -> None:
    for each in answers:
        source = f"supervision.gathering:{row.pk}:amendment:{each.amendment_id}:{each.part_id}"
        settle(user=each.part.person.user, source=source)
