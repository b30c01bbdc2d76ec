"""The sample rounds: one that is published, with its pairs and one who has none, and one that takes wishes."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.utils import timezone

from config.demo.teaching import days_ago
from core.jobs.actions import run_job
from core.models import Organisation, Person, User
from supervision.conflicts.actions import declare_conflict
from supervision.matching import actions
from supervision.matching.models import MatchingRound, RoundMentee, RoundSupervisor, Wish
from supervision.matching.queries import facts_of
from supervision.matching.scoring import USUAL, SupervisorFacts, against
from supervision.supervisors.models import Supervisor

FINISHED, OPEN = "郑州援漯督导匹配（第一轮，示例）", "和平区新任社工督导匹配（示例）"
Asked = Mapping[int, Sequence[int]]  # of whose list → who stands in it first


def hold_rounds(
    supervisors: Sequence[Supervisor],
    people: dict[str, list[Person]],
    named: dict[str, Organisation],
    accounts: dict[str, User],
) -> None:
    """A finished round of the province, and an open one of the demo district. Idempotent."""
    if MatchingRound.objects.exists():
        return
    some = list(Supervisor.objects.filter(pk__in=[row.pk for row in supervisors[72:78]]))
    _finished(some, people["luohe"][100:150], named["henan"], accounts["province@example.com"])
    _open(supervisors, people["tianjin"], accounts)


def _finished(
    supervisors: Sequence[Supervisor], mentees: Sequence[Person], at: Organisation, officer: User
) -> None:
    with days_ago(30):
        row = plan_round(at, FINISHED, officer, days=10)
        actions.add_supervisors(round=row, supervisors=supervisors, actor=officer)
        actions.add_mentees(round=row, people=mentees, actor=officer)
        actions.set_places(member=row.supervisors.order_by("pk")[0], places=2, actor=officer)
        actions.open_round(round=row, actor=officer)
        row.refresh_from_db()
        wish_in_bulk(row)
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
        publish(row, officer)


def _open(supervisors: Sequence[Supervisor], mentees: Sequence[Person], accounts: dict[str, User]) -> None:
    officer = accounts["city@example.com"]
    demo = Supervisor.objects.select_related("organisation", "person__user").get(pk=supervisors[0].pk)
    place = demo.organisation
    afar = list(Supervisor.objects.filter(pk__in=[row.pk for row in supervisors[101:107]]))
    for other in afar:  # Zhengzhou's supervisors serve other regions too, online
        other.regions.add(place)
    inside = [person for person in mentees if person.employer and person.employer.path.startswith(place.path)]
    with days_ago(3):
        row = plan_round(place, OPEN, officer, days=12)
        actions.add_supervisors(round=row, supervisors=[demo, *afar], actor=officer)
        actions.add_mentees(round=row, people=inside[:20], actor=officer)
        actions.open_round(round=row, actor=officer)
        row.refresh_from_db()
        wish_in_bulk(row)
    if inside:
        declare_conflict(
            supervisor=demo, mentee=inside[-1], kind="relative", reason="是亲戚关系（示例）。", actor=officer
        )


def plan_round(at: Organisation, title: str, officer: User, *, days: int) -> MatchingRound:
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


def publish(row: MatchingRound, officer: User) -> None:
    """Publish a calculated round, with all that its job does."""
    run_job(actions.publish_round(round=row, actor=officer).pk)


def wish_in_bulk(
    row: MatchingRound, mentees: Asked | None = None, supervisors: Asked | None = None, *, silent: int = 0
) -> None:
    """Most mentees name up to five supervisors of a field of theirs, and every second supervisor some mentees; the lists
    that are given come first, and the `silent` mentee names nobody and is named by nobody. Only pairs that the hard rules of
    the round allow, as `change_wish` lets in."""
    facts = facts_of(row)
    offering: dict[str, list[SupervisorFacts]] = defaultdict(list)
    by_key = {each.key: each for each in facts.supervisors}
    for each in facts.supervisors:
        for name in each.fields:
            offering[name].append(each)
    wishes, liked = [], {key: list(keys) for key, keys in (supervisors or {}).items()}
    for number, mentee in enumerate(each for each in facts.mentees if each.key != silent):
        fitting = [each for name in sorted(mentee.fields) for each in offering[name]] or facts.supervisors
        wanted = [by_key[key] for key in (mentees or {}).get(mentee.key, ())]
        if fitting:
            wanted += [fitting[(number * 13 + step * 29) % len(fitting)] for step in range(number % 6)]
        once = {each.key: each for each in wanted}.values()
        allowed = [each for each in once if not against(mentee, each, facts.rules)]
        for rank, each in enumerate(allowed[: row.most_wishes], start=1):
            wishes.append(Wish(mentee_id=mentee.key, supervisor_id=each.key, side="mentee", rank=rank))
        if allowed and number % 7 == 3 and allowed[-1].key % 2:
            liked.setdefault(allowed[-1].key, []).append(mentee.key)
    for key, chosen in liked.items():
        for rank, mentee_key in enumerate(dict.fromkeys(chosen[: 2 * row.most_wishes]), start=1):
            wishes.append(Wish(mentee_id=mentee_key, supervisor_id=key, side="supervisor", rank=rank))
    Wish.objects.bulk_create(wishes, batch_size=500)
    now = timezone.now()
    for kind, side in ((RoundMentee, "mentee"), (RoundSupervisor, "supervisor")):
        named = Wish.objects.filter(side=side, mentee__round=row).order_by().values(side)
        kind._default_manager.filter(pk__in=named).update(wished_at=now)
