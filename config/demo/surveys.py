"""The sample surveys: reactions of a running cohort, before and after of the last run, ratings by supervisors."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from config.demo.teaching import as_of
from core.models import Organisation, Person, User
from lms.cohorts.models import Cohort
from lms.surveys.actions import assign_survey, keep_draft, run_surveys, save_design, send_answers
from lms.surveys.models import CohortSurvey, SurveyDesign, SurveyInvitation
from lms.surveys.policy import Kind, Plan, Question
from lms.surveys.states import Rater
from supervision.pairings.actions import create_pairing
from supervision.pairings.models import Pairing
from supervision.supervisors.models import Supervisor

Body = list[tuple[str, dict[str, Any]]]


def _scale(
    prompt: str, prompt_en: str, low: str = "完全不同意", high: str = "完全同意"
) -> tuple[str, dict[str, Any]]:
    return "scale", {"prompt": prompt, "prompt_en": prompt_en, "low": low, "high": high, "is_required": True}


def _text(prompt: str, prompt_en: str) -> tuple[str, dict[str, Any]]:
    return "text", {"prompt": prompt, "prompt_en": prompt_en, "is_required": False}


def _one(
    prompt: str, prompt_en: str, *choices: tuple[str, str], right: int = -1
) -> tuple[str, dict[str, Any]]:
    rows = [
        {"text": text, "text_en": english, "correct": number == right}
        for number, (text, english) in enumerate(choices)
    ]
    return "one", {"prompt": prompt, "prompt_en": prompt_en, "is_required": True, "choices": rows}


REACTION: Body = [
    ("heading", {"prompt": "课程内容", "prompt_en": "The course"}),
    _scale("课程内容对我的工作有用。", "The course is useful for my work."),
    _scale("讲解清楚，案例贴近实际。", "Explanations are clear, cases are close to practice."),
    _one(
        "课程的难度怎么样？",
        "How difficult was it?",
        ("偏易", "Rather easy"),
        ("合适", "Just right"),
        ("偏难", "Rather hard"),
    ),
    ("heading", {"prompt": "组织安排", "prompt_en": "Organisation"}),
    _scale("时间安排照顾到了我的工作。", "The timetable fitted my work."),
    (
        "yes_no",
        {
            "prompt": "你愿意把这门课推荐给同事吗？",
            "prompt_en": "Would you recommend it?",
            "is_required": True,
        },
    ),
    _text("哪一部分最有用？还有什么建议？", "What was most useful? What would you change?"),
]
LEARNING: Body = [
    ("heading", {"prompt": "我有多大把握", "prompt_en": "How sure I am"}),
    _scale("我能独立完成一次接案面谈。", "I can hold an intake interview on my own.", "没有把握", "很有把握"),
    _scale("我能写出可检验的服务目标。", "I can write goals that can be checked.", "没有把握", "很有把握"),
    ("heading", {"prompt": "两道小题", "prompt_en": "Two small questions"}),
    _one(
        "接案面谈首先要做什么？",
        "What comes first in an intake interview?",
        ("马上给出建议", "Give advice at once"),
        ("说明身份和保密原则", "Say who one is, and what stays confidential"),
        ("填写评估表", "Fill in the form"),
        right=1,
    ),
    _one(
        "下面哪一个是可检验的目标？",
        "Which of these goals can be checked?",
        ("改善亲子关系", "A better relation with the child"),
        ("两个月内每周共进晚餐三次", "Three dinners together a week within two months"),
        ("提升自信", "More self-confidence"),
        right=1,
    ),
]
CHANGE = "请举一个你看到的变化。"
BEHAVIOUR: Body = [
    _scale("接案时能说明身份和保密原则。", "Says who they are and what stays confidential.", "从不", "总是"),
    _scale("服务计划有可检验的目标。", "Plans have goals that can be checked.", "从不", "总是"),
    _scale("遇到难题时主动寻求督导。", "Seeks supervision when it is difficult.", "从不", "总是"),
    _text(CHANGE, "Give one example of a change."),
]
RESULTS: Body = [
    ("number", {"prompt": "近三个月独立完成的个案", "prompt_en": "Cases of the last three months", "unit": "个", "minimum": 0, "maximum": 500, "is_required": True}),
    ("number", {"prompt": "近三个月开展的小组和社区活动", "prompt_en": "Groups and activities", "unit": "次", "minimum": 0, "maximum": 500, "is_required": True}),
]  # fmt: skip
DESIGNS: tuple[tuple[str, str, str, Body], ...] = (
    ("reaction", "课程反馈问卷", "Course feedback", REACTION),
    ("learning", "学前学后对照", "Before and after", LEARNING),
    ("behaviour", "岗位行为改变", "Behaviour at work", BEHAVIOUR),
    ("results", "服务成效登记", "Results of the service", RESULTS),
)
INTRODUCTION = "你的回答用来改进下一期课程，大约需要三分钟（示例）。"
INTRODUCTION_EN = "Your answers improve the next run. It takes about three minutes (sample)."
WORDS = (
    "案例讨论最有用，回去就能照着做。",
    "希望多安排角色扮演，少一些理论。",
    "目标怎么写那一课讲得特别清楚。",
    "晚上上课对有孩子的同事不太方便。",
    "",
)
CHANGES = (
    "接案时会先说明自己的身份和保密原则，案主更愿意开口了。",
    "服务计划里写了时间和次数，三个月后能对照着检查。",
    "遇到拿不准的个案会先来找督导商量，再做决定。",
)
DEMO_TRAINEES = ("trainee@", "halfway@", "graduate@")


def ask_around(
    cohorts: dict[str, Cohort], at: Organisation, actor: User, supervisors: Sequence[Supervisor]
) -> None:
    """Surveys at all four levels: with answers, waiting for the demo accounts, and still to open. Idempotent."""
    designs = {row[0]: _design(at, actor, *row) for row in DESIGNS}
    if CohortSurvey.objects.filter(version__design__in=designs.values()).exists():
        return
    chance = random.Random(7)
    _before_and_after(cohorts["ended"], designs["learning"], actor, chance)
    _reactions(cohorts["all-round"], designs["reaction"], actor, chance, after=45, answers=22)
    _reactions(cohorts["joinable"], designs["reaction"], actor, chance, after=40, answers=4)
    _ratings(cohorts["ended"], designs, actor, chance, supervisors)
    run_surveys()


def _design(at: Organisation, actor: User, level: str, title: str, title_en: str, body: Body) -> SurveyDesign:
    known = SurveyDesign.objects.filter(organisation=at, title=title).first()
    if known is not None:
        return known
    words = {"introduction": INTRODUCTION, "introduction_en": INTRODUCTION_EN}
    design = SurveyDesign(organisation=at, level=level, title=title, title_en=title_en, body=body, **words)
    return save_design(design=design, actor=actor)


def _before_and_after(cohort: Cohort, design: SurveyDesign, actor: User, chance: random.Random) -> None:
    """Everybody of the last run answered on the second day, and on the second day after the last one."""
    first, last = cohort.starts_on, cohort.ends_on
    if first is None or last is None:
        return
    plan = Plan("learning", "end", 0, 14, frozenset({"self"}))
    with as_of(_noon(first, -1)):
        after = assign_survey(cohort=cohort, design=design, plan=plan, actor=actor)
    for survey, day, better in ((after.before, first, 0), (after, last, 2)):
        with as_of(_noon(day, 1)):
            run_surveys()
        with as_of(_noon(day, 2)):
            for invitation in _open(survey):
                _answer(invitation, chance, better)


def _reactions(
    cohort: Cohort, design: SurveyDesign, actor: User, chance: random.Random, *, after: int, answers: int
) -> None:
    """An anonymous reaction that is open now; so many have answered, the demo account's not among them."""
    plan = Plan("reaction", "start", after, 30, frozenset({"self"}), is_anonymous=True)
    survey = assign_survey(cohort=cohort, design=design, plan=plan, actor=actor)
    run_surveys()
    waiting = [row for row in _open(survey) if not row.subject.user.email.startswith(DEMO_TRAINEES)]
    for invitation in waiting[:answers]:
        _answer(invitation, chance, 2)


def _ratings(
    cohort: Cohort,
    designs: dict[str, SurveyDesign],
    actor: User,
    chance: random.Random,
    supervisors: Sequence[Supervisor],
) -> None:
    """Behaviour some months after completion: two are rated, one waits for the demo supervisor, others have nobody."""
    done = list(cohort.enrolments.filter(completed_at__isnull=False).select_related("person").order_by("pk"))
    for place, enrolment in enumerate(done[1:3], start=1):
        _supervise(supervisors[place], enrolment.person)
    earliest = min(timezone.localtime(row.completed_at).date() for row in done if row.completed_at)
    days = max((timezone.localdate() - earliest).days - 12, 0)
    both = frozenset({"supervisor", "self"})
    plan = Plan("behaviour", "completion", days, 40, both)
    survey = assign_survey(cohort=cohort, design=designs["behaviour"], plan=plan, actor=actor)
    later = Plan("results", "completion", days + 60, 30, frozenset({"employer", "self"}))
    assign_survey(cohort=cohort, design=designs["results"], plan=later, actor=actor)
    run_surveys()
    rated = [row.pk for row in done[1:3]]
    for invitation in _open(survey).filter(enrolment__in=rated):
        _answer(invitation, chance, 1 + (invitation.rater == Rater.SELF))


def _supervise(supervisor: Supervisor, mentee: Person) -> None:
    if not Pairing.objects.filter(mentee=mentee).exists():
        since = timezone.localdate() - datetime.timedelta(days=60)
        goal = "把课堂上学的目标制定用到个案里（示例）。"
        create_pairing(supervisor=supervisor, mentee=mentee, actor=None, goal=goal, starts_on=since)


def _open(survey: CohortSurvey | None) -> QuerySet[SurveyInvitation]:
    rows = SurveyInvitation.objects.open().filter(survey=survey, respondent__isnull=False)
    return rows.select_related("survey__version", "survey__cohort", "subject__user").order_by("pk")


def _answer(invitation: SurveyInvitation, chance: random.Random, better: int) -> None:
    """Answer as somebody would; `better` (0 to 2) is how far above the middle the ratings lie."""
    asked = invitation.survey.version.asked
    keep_draft(invitation=invitation, raw={part.key: [_chosen(part, chance, better)] for part in asked})
    send_answers(invitation=invitation)


def _chosen(part: Question, chance: random.Random, better: int) -> str:
    if part.kind == Kind.SCALE:
        return str(max(1, min(5, 2 + better + chance.choice((-1, 0, 0, 1)))))
    if part.kind == Kind.YES_NO:
        return chance.choice(("yes", "yes", "yes", "no"))
    if part.kind == Kind.NUMBER:
        return str(chance.randint(2, 12))
    if part.kind == Kind.TEXT:
        return chance.choice(CHANGES if part.prompt == CHANGE else WORDS)
    right = [key for key in sorted(part.correct) if chance.random() < 0.35 + 0.3 * better]
    return right[0] if right else chance.choice(part.choices).key


def _noon(day: datetime.date, later: int) -> datetime.datetime:
    """Noon so many days after this one."""
    found = datetime.datetime.combine(day + datetime.timedelta(days=later), datetime.time(12))
    return timezone.make_aware(found)
