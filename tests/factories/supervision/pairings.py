"""Pairings, and what the two of one ask for, agree on and leave behind."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, cast

from django.utils import timezone

from core.models import Organisation, Person

if TYPE_CHECKING:
    from supervision.models import (
        Agreement,
        AgreementTemplate,
        Handover,
        LearningGoal,
        Pairing,
        PairingRequest,
        PairWish,
        Pause,
        Supervisor,
    )


def make_pairing(supervisor: Supervisor, mentee: Person, state: str = "active", **fields: object) -> Pairing:
    """A pairing since two months ago, with its place counted."""
    from django.db.models import F

    from supervision.models import Pairing, Supervisor

    if state == "ended":
        fields = {"ended_at": timezone.now(), "reason": "目标达成"} | fields
    else:
        Supervisor.objects.filter(pk=supervisor.pk).update(load=F("load") + 1)
    defaults = {
        "organisation": mentee.employer,
        "starts_on": timezone.localdate() - timedelta(days=60),
        "state": state,
    }
    return Pairing.objects.create(supervisor=supervisor, mentee=mentee, **defaults | fields)


def make_request(
    supervisor: Supervisor, mentee: Person, state: str = "open", **fields: object
) -> PairingRequest:
    """A request for supervision, without the checks and notices of the real action."""
    from supervision.models import PairingRequest
    from supervision.requests.states import LIVE

    now = timezone.now()
    defaults: dict[str, object] = {
        "organisation": mentee.employer,
        "goal": "独立完成一个个案",
        "starts_on": timezone.localdate(),
        "state": state,
        "open_since": None if state == "waiting" else now,
        "answered_at": None if state in LIVE else now,
        "reason": "名额留给新入职的社工" if state == "declined" else "",
    }
    return PairingRequest.objects.create(supervisor=supervisor, mentee=mentee, **defaults | fields)


def make_pause(pairing: Pairing, **fields: object) -> Pause:
    """A pause of this pairing that runs since a week ago."""
    from supervision.models import Pause

    defaults: dict[str, object] = {
        "reason": "休产假",
        "starts_on": timezone.localdate() - timedelta(days=7),
    } | fields
    first = datetime.combine(cast("date", defaults["starts_on"]), time(), timezone.get_current_timezone())
    return Pause.objects.create(pairing=pairing, **{"begun_at": first} | defaults)


def make_wish(pairing: Pairing, by: Person | None = None, state: str = "open", **fields: object) -> PairWish:
    """What one of the pair (the mentee, unless named) asks for: another supervisor, unless said otherwise."""
    from supervision.models import PairWish

    defaults: dict[str, object] = {
        "asked_by": by or pairing.mentee,
        "kind": "change",
        "state": state,
        "reason": "时间总是对不上。",
        "answered_at": None if state == "open" else timezone.now(),
        "answer": "先调整见面时间。" if state == "declined" else "",
    }
    return PairWish.objects.create(pairing=pairing, **defaults | fields)


def make_handover(pairing: Pairing, to: Pairing | None = None, **fields: object) -> Handover:
    """A handover of this pairing, passed on to another pairing if that is named."""
    from supervision.models import Handover

    defaults: dict[str, object] = {"text": "已完成接案，下一步是预估。"}
    if to is not None:
        defaults |= {"state": "released", "released_to": to, "released_at": timezone.now()}
    return Handover.objects.create(pairing=pairing, **defaults | fields)


def make_agreement_template(organisation: Organisation, **fields: object) -> AgreementTemplate:
    """A template in force since two months ago."""
    from supervision.models import AgreementTemplate

    defaults = {
        "title": "督导协议",
        "starts_on": timezone.localdate() - timedelta(days=60),
        "sections": {"purpose": "支持被督导者成长。", "limits": "涉及安全的风险须上报。"},
    }
    return AgreementTemplate.objects.create(organisation=organisation, **defaults | fields)


def make_agreement(
    pairing: Pairing, state: str = "draft", template: AgreementTemplate | None = None, **fields: object
) -> Agreement:
    """An agreement for half a year since two months ago, with its text, and without what the acts record."""
    from supervision.models import Agreement, AgreementText

    first = timezone.localdate() - timedelta(days=60)
    defaults = {
        "template": template or make_agreement_template(pairing.organisation),
        "state": state,
        "number": pairing.agreements.count() + 1,
        "every_days": 14,
        "minutes": 60,
        "way": "on_site",
        "starts_on": first,
        "ends_on": first + timedelta(days=180),
        "review_on": first + timedelta(days=90),
        "accepted_at": timezone.now() if state in ("accepted", "superseded") else None,
    }
    agreement = Agreement.objects.create(pairing=pairing, **defaults | fields)
    AgreementText.objects.create(agreement=agreement, number=1, goals="独立完成一个个案")
    return agreement


def make_goal(pairing: Pairing, **fields: object) -> LearningGoal:
    """A learning goal of the pair that is not begun."""
    from supervision.models import Competency, LearningGoal

    competency, _new = Competency.objects.get_or_create(name="接案预估")
    return LearningGoal.objects.create(
        pairing=pairing, competency=competency, **{"text": "独立完成预估"} | fields
    )
