"""What the pages of agreements show."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone

from core.access.scope import Asker
from core.organisations.models import Organisation
from supervision.agreements.models import (
    Agreement,
    AgreementAcceptance,
    AgreementRemark,
    AgreementTemplate,
    AgreementText,
)
from supervision.agreements.states import AgreementState
from supervision.pairings.models import Pairing
from supervision.pairings.states import OPEN


def template_for(organisation: Organisation, on: datetime.date) -> AgreementTemplate | None:
    """The template in force there on that day: of the nearest organisation above, the latest. One query."""
    above = Organisation.paths_above(organisation.path)
    rows = AgreementTemplate.objects.in_force(on).filter(organisation__path__in=above)
    return rows.order_by("-organisation__depth", "-starts_on", "-version", "-pk").first()


def template_of(pairing: Pairing, latest: Agreement | None) -> AgreementTemplate | None:
    """The template on which the next draft of this pairing rests: that of the draft in the making, or else the one in
    force today; None where there is none. One query."""
    if latest is not None and latest.is_open:
        return latest.template
    return template_for(pairing.organisation, timezone.localdate())


@dataclass(frozen=True)
class AgreementPage:
    """One agreement as one reader may see it: for the desk, everything but the frame is empty."""

    agreement: Agreement
    is_supervisor: bool
    is_mentee: bool
    text: AgreementText | None = None
    sections: list[tuple[str, str]] = field(default_factory=list)
    acceptances: list[AgreementAcceptance] = field(default_factory=list)
    remarks: list[AgreementRemark] = field(default_factory=list)

    @property
    def of_pair(self) -> bool:
        return self.is_supervisor or self.is_mentee

    @property
    def acts(self) -> list[AgreementAcceptance | AgreementRemark]:
        """What the two did with it, in the order in which they did it."""
        done: list[AgreementAcceptance | AgreementRemark] = [*self.acceptances, *self.remarks]
        return sorted(done, key=_moment_of)


def _moment_of(act: AgreementAcceptance | AgreementRemark) -> datetime.datetime:
    return act.accepted_at if isinstance(act, AgreementAcceptance) else act.written_at


def page_of(agreement: Agreement, user: Asker) -> AgreementPage:
    """An agreement with what this reader may read of it. Up to four queries."""
    is_supervisor = agreement.pairing.supervisor.person.user_id == user.pk
    is_mentee = agreement.pairing.mentee.user_id == user.pk
    if not (is_supervisor or is_mentee):
        return AgreementPage(agreement, False, False)

    def own(model: Any) -> Any:
        return model.objects.visible_to(user).filter(agreement=agreement)

    text = own(AgreementText).filter(number=agreement.revision).first()
    return AgreementPage(
        agreement,
        is_supervisor,
        is_mentee,
        text,
        agreement.template.texts,  # a version never changes once an agreement rests on it
        list(own(AgreementAcceptance).select_related("person")),
        list(own(AgreementRemark).select_related("author")),
    )


def agreements_of(pairing: Pairing, user: Asker) -> list[Agreement]:
    """The agreements of a pairing that this user may see, the newest first, without those taken back. One query."""
    rows = Agreement.objects.visible_to(user).filter(pairing=pairing)
    return list(rows.exclude(state=AgreementState.WITHDRAWN).order_by("-number"))


def agreements_waiting_for(user: Asker) -> list[Agreement]:
    """The agreements that wait for this very person: proposed to the mentee, or sent back to the supervisor. One query."""
    proposed = Q(state=AgreementState.PROPOSED, pairing__mentee__user_id=user.pk)
    returned = Q(state=AgreementState.RETURNED, pairing__supervisor__person__user_id=user.pk)
    rows = Agreement.objects.filter(proposed | returned, pairing__state__in=sorted(OPEN))
    return list(rows.with_people().order_by("pk"))


def frame_of(agreement: Agreement) -> dict[str, Any]:
    """What the desk and the audit may know: how often, how long, where, from when to when."""
    return {
        "every_days": agreement.every_days,
        "minutes": agreement.minutes,
        "way": agreement.way,
        "starts_on": agreement.starts_on,
        "ends_on": agreement.ends_on,
        "review_on": agreement.review_on,
    }
