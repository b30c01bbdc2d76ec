"""The sample timetables: classes that were and that come, one online, one cancelled, taught by the demo's instructor."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.utils import timezone

from config.demo.teaching import days_ago
from core.models import Person, User
from lms.cohorts.models import Cohort
from lms.timetable.actions import cancel_class, plan_class
from lms.timetable.policy import Draft

PLACE = "天津市社会工作培训基地（示例）"
# Days from today on, the title, its English, where; the hour is the cohort's own.
CLASSES = (
    (-20, "开班：你为什么做社工", "Opening: why social work", "on_site"),
    (-13, "接案与预估", "Intake and assessment", "on_site"),
    (-6, "服务方案怎么写", "Writing a service plan", "on_site"),
    (1, "线上答疑：我的第一个个案", "Online questions: my first case", "online"),
    (8, "小组工作演练", "Group work practice", "both"),
    (12, "社区走访", "A walk through the neighbourhood", "on_site"),
    (15, "督导示范", "Supervision demonstrated", "on_site"),
    (18, "结业交流", "Closing exchange", "on_site"),
)
CANCELLED = 5
PLANNED_DAYS_AGO = 21  # before the first of them


def plan_classes(cohorts: Iterable[Cohort], teacher: Person, officer: User) -> None:
    """Plan the classes of these cohorts, each in its own room at its own hour. Idempotent: what has classes stays."""
    for number, cohort in enumerate(cohorts):
        if cohort.classes.exists():
            continue
        drafts = [_draft(number, teacher, *each) for each in CLASSES]
        with days_ago(PLANNED_DAYS_AGO):
            planned = plan_class(cohort=cohort, drafts=drafts, actor=officer)
        cancel_class(
            klass=planned[CANCELLED], actor=officer, reason="走访社区当天停电检修，改日再安排（示例）。"
        )


def _draft(number: int, teacher: Person, days: int, title: str, title_en: str, mode: str) -> Draft:
    morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    starts_at = morning + datetime.timedelta(days=days, hours=3 * number)
    return Draft(
        title=title,
        title_en=title_en,
        starts_at=starts_at,
        ends_at=starts_at + datetime.timedelta(minutes=120),
        mode=mode,
        place="" if mode == "online" else PLACE,
        room="" if mode == "online" else f"{301 + number} 教室",
        link="" if mode == "on_site" else f"https://meeting.example.com/j/30{number}{days:02}",
        instructor_id=teacher.pk,
    )
