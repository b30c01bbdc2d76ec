"""Public notices with objections, and award rounds with nominations."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import Organisation, Person, User

if TYPE_CHECKING:
    from credentials.models import AwardRound, Nomination, Objection, PublicNotice
    from credentials.public_notices.policy import NoticeLine


def make_notice(
    organisation: Organisation, *lines: NoticeLine, ended: int = 0, **said: object
) -> PublicNotice:
    """A public notice that runs from today; with `ended`, one whose last day was so many days ago and that nobody has
    closed yet."""
    from credentials.models import PublicNotice
    from credentials.public_notices.actions import open_notice
    from credentials.public_notices.policy import NoticeLine

    facts = {
        "title": "拟发放名单公示（示例）", "about": "claims", "source": f"claims:test:{uuid.uuid4().hex[:8]}", "days": 5,
        "counts": "working", "contact": "0716-8123456", "actor": None,
    }  # fmt: skip
    shown = lines or (NoticeLine("claim-1", "林小荷", "和平区新街社工站", "助理社会工作师"),)
    notice = open_notice(organisation=organisation, lines=shown, **facts | said)
    if ended:
        last = timezone.localdate() - timedelta(days=ended)
        PublicNotice.objects.filter(pk=notice.pk).update(starts_on=last - timedelta(days=7), ends_on=last)
        notice.refresh_from_db()
    return notice


def make_objection(notice: PublicNotice, position: int | None = 1, actor: User | None = None) -> Objection:
    """An objection to a line of a notice, or with None to all of it; also to one whose last day has passed."""
    from credentials.models import Objection

    line = notice.lines.get(position=position) if position else None
    return Objection.objects.create(
        notice=notice,
        line=line,
        said="他不在这个站工作",
        name="路人甲",
        contact="passer@example.com",
        filed_by=actor,
    )


def make_award_round(
    organisation: Organisation, actor: User, state: str = "nominating", **fields: object
) -> AwardRound:
    """An award round whose nominations run now; put into `state` as if its acts had been done."""
    from credentials.awards.actions import save_round
    from credentials.models import AwardRound

    today = timezone.localdate()
    said = {
        "title": "最美社工（示例）", "rank": "city", "year": today.year, "eligibility": "在本地从事一线社会工作服务。",
        "nominate_from": today - timedelta(days=3), "nominate_until": today + timedelta(days=10), "shortlist_size": 3,
        "winners": 2, "quota": 1, "contact": "0395-3123456",
    }  # fmt: skip
    row = save_round(
        round=AwardRound(organisation=organisation, **said | fields),
        indicators=[("服务成效", 60), ("职业操守", 40)],
        actor=actor,
    )
    AwardRound.objects.filter(pk=row.pk).update(state=state)
    row.refresh_from_db()
    return row


def make_nomination(
    round: AwardRound, person: Person, state: str = "accepted", **fields: object
) -> Nomination:
    """A nomination by the person themself, in this state."""
    from credentials.models import Nomination

    said = {
        "organisation": person.employer, "holder": person.user, "nominated_by": person.user, "way": "self",
        "deeds": "十年如一日服务独居老人。", "state": state, "accepted_at": timezone.now() if state != "offered" else None,
    }  # fmt: skip
    return Nomination.objects.create(round=round, person=person, **said | fields)
