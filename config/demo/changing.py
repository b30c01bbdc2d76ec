"""What pairs of the sample ask for: another supervisor, a pause; and one pair that rests."""

from __future__ import annotations

import datetime

from django.utils import timezone

from core.models import User
from supervision.pairings.actions import pause_pairing
from supervision.pairings.models import Pairing
from supervision.wishes.actions import ask_for_change
from supervision.wishes.models import PairWish


def ask_for_changes(accounts: dict[str, User]) -> None:
    """Two wishes that wait in the demo district, and a pair of Luohe on leave. Idempotent."""
    if PairWish.objects.exists():
        return
    today = timezone.localdate()
    rows = Pairing.objects.filter(state="active").with_people()
    halfway, graduate = (
        rows.filter(mentee__user=accounts[f"{name}@example.com"]).first() for name in ("halfway", "graduate")
    )
    if halfway is not None:
        ask_for_change(
            pairing=halfway,
            actor=halfway.mentee.user,
            kind="change",
            reason="两人的值班时间总是错开，一个月只约成一次，想换一位周末有空的督导（示例）。",
        )
    if graduate is not None:
        ask_for_change(
            pairing=graduate,
            actor=graduate.supervisor.person.user,
            kind="pause",
            until=today + datetime.timedelta(days=40),
            reason="要去省里参加一个多月的封闭培训（示例）。",
        )
    resting = rows.filter(supervisor__code="SV060").first()
    if resting is not None:
        pause_pairing(
            pairing=resting,
            actor=None,
            reason="被督导者休产假（示例）",
            until=today + datetime.timedelta(days=90),
        )
