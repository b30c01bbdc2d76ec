"""What the instructor of the sample city finds on the desk: most keep pace, three do not, each for a reason of their own."""

from __future__ import annotations

from collections.abc import Sequence

from config.demo.teaching import days_ago, study
from core.models import Organisation, User
from lms.assessments.actions import Chosen, save_answers, start_attempt, submit_attempt
from lms.courses.versions import CourseVersion
from lms.enrolments.models import Enrolment
from lms.teaching.actions import contact_trainee, save_risk_limits
from lms.teaching.models import RiskLimits

LIMITS = {
    "not_started_days": 10,
    "idle_days": 14,
    "behind_points": 30,
    "failed_times": 2,
    "missed_in_row": 2,
    "deadline_days": 14,
    "deadline_missing": 30,
}


def watch(running: Sequence[Enrolment], city: Organisation, officer: User, instructor: User) -> None:
    """Of the running cohort the first has not started, the second stopped weeks ago, the third failed a quiz twice."""
    if not RiskLimits.objects.filter(organisation=city).exists():
        save_risk_limits(organisation=city, actor=officer, limits=LIMITS)
    _fail_twice(running[2])
    for number, enrolment in enumerate(running[3:]):
        study(enrolment, 0.7 + number % 3 * 0.06, began=28 - number % 3, pace=2)
    idle = running[1]
    if not idle.contacts.exists():
        with days_ago(3):
            contact_trainee(
                enrolment=idle,
                actor=instructor,
                way="phone",
                note="在照顾住院的母亲，下周恢复学习；约好周三再联系。（示例）",
                seen=0,
                risks=["idle", "behind"],
            )


def _fail_twice(enrolment: Enrolment) -> None:
    """Learns up to a quiz, and hands it in twice with nearly everything wrong."""
    version = CourseVersion.objects.get(pk=enrolment.version_id)
    items = [item for module in version.outline for item in module["items"]]
    quizzes = [place for place, item in enumerate(items) if item["kind"] == "quiz"]
    place = next(place for place in quizzes if place >= len(items) * 0.6)
    study(enrolment, place / len(items), began=26, pace=2)
    paper = version.papers.get(key=items[place]["key"])
    for days in range(2 - enrolment.attempts.filter(paper=paper).count(), 0, -1):
        with days_ago(days):
            attempt = start_attempt(enrolment=enrolment, paper=paper)
            first = paper.questions[0]
            save_answers(attempt=attempt, answers=[Chosen(first["key"], tuple(first["correct"]))])
            submit_attempt(attempt=attempt)
