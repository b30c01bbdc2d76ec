"""The sample rounds: one that is published, with its pairs and one who has none, and one that takes wishes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils import timezone

from config.demo.teaching import days_ago
from core.jobs.actions import run_job
from core.models import Organisation, Person, User
from supervision.conflicts.actions import declare_conflict
from supervision.matching import actions
from supervision.matching.models import MatchingRound, RoundMentee, RoundSupervisor
from supervision.matching.scoring import USUAL
from supervision.supervisors.models import Supervisor

FINISHED, OPEN = "郑州援漯督导匹配（第一轮，示例）", "和平区新任社工督导匹配（示例）"


def hold_rounds(
    supervisors: Sequence[Supervisor],
    people: dict[str, list[Person]],
    named: dict[str, Organisation],
    accounts: dict[str, User],
) -> None:
    """A finished round of the province, and an open one of the demo district. Idempotent."""
    if MatchingRound.objects.exists():
        return
    some = list(Supervisor.objects.filter(pk__in=[row.pk for row in supervisors[72:81]]))
    _finished(some, people["luohe"][100:150], named["henan"], accounts["province@example.com"])
    _open(supervisors, people["tianjin"], accounts)


def _finished(
    supervisors: Sequence[Supervisor], mentees: Sequence[Person], at: Organisation, officer: User
) -> None:
    with days_ago(30):
        row = _round(at, FINISHED, officer, days=10)
        actions.add_supervisors(round=row, supervisors=supervisors, actor=officer)
        actions.add_mentees(round=row, people=mentees, actor=officer)
        actions.set_places(member=row.supervisors.order_by("pk")[0], places=2, actor=officer)
        actions.open_round(round=row, actor=officer)
        row.refresh_from_db()
        _wish(row)
    with days_ago(19):
        actions.lock_round(round=row, actor=officer)
        row.refresh_from_db()
        run_job(actions.draw_curves(round=row, actor=officer).job_id or 0)
        actions.choose_knobs(round=row, actor=officer, wishes=1)
        run_job(row.curves.order_by("-pk")[0].job_id or 0)
        run = actions.run_round(round=row, actor=officer)
        run_job(run.job_id or 0)
        row.refresh_from_db()
    with days_ago(18):
        run_job(actions.publish_round(round=row, actor=officer).pk)


def _open(supervisors: Sequence[Supervisor], mentees: Sequence[Person], accounts: dict[str, User]) -> None:
    officer = accounts["city@example.com"]
    demo = Supervisor.objects.select_related("organisation", "person__user").get(pk=supervisors[0].pk)
    place = demo.organisation
    afar = list(Supervisor.objects.filter(pk__in=[row.pk for row in supervisors[101:107]]))
    for other in afar:  # Zhengzhou's supervisors serve other regions too, online
        other.regions.add(place)
    inside = [person for person in mentees if person.employer and person.employer.path.startswith(place.path)]
    with days_ago(3):
        row = _round(place, OPEN, officer, days=12)
        actions.add_supervisors(round=row, supervisors=[demo, *afar], actor=officer)
        actions.add_mentees(round=row, people=inside[:20], actor=officer)
        actions.open_round(round=row, actor=officer)
        row.refresh_from_db()
        _wish(row)
    if inside:
        declare_conflict(
            supervisor=demo, mentee=inside[-1], kind="relative", reason="是亲戚关系（示例）。", actor=officer
        )


def _round(at: Organisation, title: str, officer: User, *, days: int) -> MatchingRound:
    now = timezone.now()
    return actions.save_round(
        organisation=at,
        actor=officer,
        title=title,
        opens_at=now - datetime.timedelta(hours=1),
        closes_at=now + datetime.timedelta(days=days),
        starts_on=timezone.localdate() + datetime.timedelta(days=days),
        ends_on=None,
        engine="optimal",
        weights=dict(USUAL),
        region="province",
        required_tier="",
        most_wishes=5,
        self_join=True,
        appeal_days=7,
    )


def _wish(row: MatchingRound) -> None:
    """Most mentees name two or three; some supervisors name one."""
    supervisors = list(RoundSupervisor.objects.filter(round=row).order_by("pk"))
    mentees = list(RoundMentee.objects.filter(round=row).order_by("pk"))
    for number, mentee in enumerate(mentees):
        wanted = {(number * number + step) % len(supervisors) for step in range(number % 4)}
        for place in sorted(wanted):
            actions.change_wish(mentee=mentee, supervisor=supervisors[place], side="mentee", step="add")
    for number, supervisor in enumerate(supervisors[::2]):
        if mentees:
            liked = mentees[(7 * number + 1) % len(mentees)]
            actions.change_wish(mentee=liked, supervisor=supervisor, side="supervisor", step="add")
