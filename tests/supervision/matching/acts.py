"""A round as the tests of it move it on."""

from datetime import timedelta

from django.utils import timezone

from core.jobs.actions import run_job
from supervision.matching import actions
from supervision.matching.scoring import USUAL


def values(**more):
    now = timezone.now()
    return {
        "title": "秋季轮次",
        "opens_at": now - timedelta(hours=1),
        "closes_at": now + timedelta(days=5),
        "starts_on": timezone.localdate(),
        "ends_on": None,
        "engine": "optimal",
        "weights": dict(USUAL),
        "region": "province",
        "required_tier": "",
        "most_wishes": 3,
        "self_join": True,
        "appeal_days": 7,
    } | more


def calculate(round, actor, act=actions.run_round, **more):
    """Run and let the job do its work."""
    run = act(round=round, actor=actor, **more)
    run_job(run.job_id)
    run.refresh_from_db()
    round.refresh_from_db()
    return run


def publish(round, actor):
    run_job(actions.publish_round(round=round, actor=actor).pk)
    round.refresh_from_db()


def change(mentee, supervisor, step, side="mentee"):
    """One step in the list of this side, by the one whose list it is."""
    mine = mentee.person if side == "mentee" else supervisor.supervisor.person
    actions.change_wish(mentee=mentee, supervisor=supervisor, side=side, step=step, actor=mine.user)


def wish(mentee, *supervisors):
    for each in supervisors:
        change(mentee, each, "add")


def run_of(round, actor):
    actions.lock_round(round=round, actor=actor)
    return calculate(round, actor)
