"""What is done in a round again and again."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from credentials.awards.actions import NominationFacts, declare_conflicts, give_scores
from credentials.awards.queries import judged_by
from credentials.models import PublicNotice
from credentials.public_notices.actions import close_due_notices

DEEDS = "十年如一日服务独居老人。"
MARKS = {"林小荷": 95, "周一鸣": 80, "华清": 90}


def facts(way):
    return NominationFacts(way, DEEDS)


def judge(row, scores):
    """Every member declares nothing more and gives these marks (by name of the nominee) to whoever they may judge."""
    for member in row.members.filter(left_at=None):
        declare_conflicts(member=member, nomination_ids=[], actor=member.user)
        member.refresh_from_db()
        for one in judged_by(member):
            values = dict.fromkeys(row.indicators.values_list("pk", flat=True), scores[one.person.name])
            give_scores(member=member, nomination=one, values=values, actor=member.user)


def notice_has_ended(row):
    last = timezone.localdate() - timedelta(days=1)
    row.refresh_from_db()
    PublicNotice.objects.filter(pk=row.notice_id).update(starts_on=last - timedelta(days=9), ends_on=last)
    close_due_notices()
    row.refresh_from_db()
