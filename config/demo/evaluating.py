"""Sample evaluations both ways, averages that are published, functions and rates, and last month's reports and statements."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils import timezone

from config.demo.teaching import as_of
from core.models import Organisation, Person, ServiceField, User
from supervision.evaluations.actions import (
    Said,
    answer_evaluation,
    close_evaluations,
    open_evaluations,
    publish_evaluations,
    save_evaluation_template,
    set_publication_rule,
)
from supervision.evaluations.models import Evaluation, EvaluationTemplate
from supervision.evaluations.policy import last_closed
from supervision.functions.actions import add_function
from supervision.functions.models import LocalFunction
from supervision.goals.models import Competency
from supervision.pairings.models import Pairing
from supervision.reports.actions import ReportRefused, issue_report, issue_statement, set_allowance_rate
from supervision.reports.models import SupervisionReport
from supervision.supervisors.models import Supervisor
from supervision.supervisors.states import Tier

OF_SUPERVISOR = (
    "督导按约定的时间和次数开展督导",
    "督导认真听我讲，并能抓住关键",
    "督导的建议具体，我用得上",
    "遇到困难时，我愿意找督导商量",
)
OF_MENTEE = ("按约定完成上次说好的事", "能主动反思自己的做法", "遵守专业伦理和保密要求")
AMOUNTS = {Tier.TRAINEE: "100.00", Tier.JUNIOR: "150.00", Tier.INTERMEDIATE: "200.00", Tier.SENIOR: "300.00"}
SOURCE = "督导津贴发放办法（示例）"


def add_functions(named: dict[str, Organisation]) -> None:
    """What Henan and Tianjin add to the three functions, since last year. Idempotent."""
    if LocalFunction.objects.exists():
        return
    begins = timezone.localdate().replace(month=1, day=1) - datetime.timedelta(days=365)
    for place, names in (("henan", ("疏导", "调解")), ("tianjin", ("疏导", "项目规划", "资源链接"))):
        for name in names:
            add_function(
                organisation=named[place],
                name=name,
                starts_on=begins,
                source="督导工作指引（示例）",
                actor=None,
            )


def evaluate_and_report(
    supervisor: Supervisor,
    people: Sequence[Person],
    named: dict[str, Organisation],
    accounts: dict[str, User],
) -> None:
    """The demo supervisor's evaluations, growth, published averages, and rates. Idempotent."""
    top = supervisor.organisation.get_root()
    if EvaluationTemplate.objects.filter(organisation=top).exists():
        return
    today = timezone.localdate()
    begins = _rules(top, today)
    pairings = list(supervisor.pairings.open().order_by("pk"))
    if pairings:
        _grow(pairings[0], today)
    _look_back(supervisor, people, today)
    open_evaluations(supervisor_id=supervisor.pk)
    for place in (top, named["zhengzhou_agency"]):
        for tier, amount in AMOUNTS.items():
            set_allowance_rate(
                organisation=place,
                tier=tier,
                per="session",
                amount=amount,  # type: ignore[arg-type]
                starts_on=begins,
                source=SOURCE,
                actor=None,
            )


def ask_to_evaluate(supervisor: Supervisor, top: Organisation) -> None:
    """The forms and the rule of a tree, and the questions to this supervisor's pairs that are due today. Idempotent."""
    if not EvaluationTemplate.objects.filter(organisation=top).exists():
        _rules(top, timezone.localdate())
    open_evaluations(supervisor_id=supervisor.pk)


def _rules(top: Organisation, today: datetime.date) -> datetime.date:
    """What the pairs of a tree are asked, and from how many answers on it is published. Returns since when."""
    begins = today.replace(year=today.year - 1, month=1, day=1)
    for about, title, questions in (
        ("supervisor", "督导评价表（示例）", OF_SUPERVISOR),
        ("mentee", "被督导者能力评估表（示例）", OF_MENTEE),
    ):
        save_evaluation_template(
            actor=None,
            organisation=top,
            about=about,
            title=title,
            questions=questions,
            starts_on=begins,
            asks_fields=about == "mentee",
            competencies=list(Competency.objects.offered()),
        )
    set_publication_rule(
        organisation=top, minimum=5, starts_on=begins, source="督导评价办法（示例）", actor=None
    )
    return begins


def _grow(pairing: Pairing, today: datetime.date) -> None:
    """A mid-term of two months ago and an assessment of last week, so that growth can be drawn."""
    fields = [row.code for row in ServiceField.objects.order_by("position")[:4]]
    skills = [str(row.pk) for row in Competency.objects.offered()[:4]]
    for back, occasion, level in ((75, "mid", 2), (3, "end", 3)):
        day = today - datetime.timedelta(days=back)
        for direction, author, more in (
            ("mentee", pairing.supervisor.person.user, 0),
            ("self", pairing.mentee.user, 1),
        ):
            row = _asked(pairing, direction, occasion, day)
            said = Said(
                scores=dict.fromkeys(row.template.questions, 3 + more),
                fields={code: min(5, level + place % 2) for place, code in enumerate(fields)},
                competencies={key: min(5, level + more * (place % 2)) for place, key in enumerate(skills)},
                text="能按约定推进，下一步练习独立做预估（示例）。",
            )
            with as_of(_noon(day)):
                answer_evaluation(evaluation=row, actor=author, said=said)
    close_evaluations()


def _look_back(supervisor: Supervisor, people: Sequence[Person], today: datetime.date) -> None:
    """Six former mentees who evaluated the supervisor in the half-year that is over."""
    first, last = last_closed(today)
    for number, person in enumerate(people[80:86]):
        pairing = Pairing.objects.create(  # type: ignore[misc]
            supervisor=supervisor,
            mentee=person,
            organisation=person.employer,
            state="ended",
            starts_on=first - datetime.timedelta(days=150),
            ends_on=last - datetime.timedelta(days=40),
            reason="约定的目标已经完成（示例）。",
            ended_at=_noon(last - datetime.timedelta(days=40)),
        )
        day = last - datetime.timedelta(days=40)
        row = _asked(pairing, "supervisor", "end", day)
        said = Said(
            scores={words: 5 - (number + place) % 3 for place, words in enumerate(row.template.questions)},
            text="谢谢督导的陪伴（示例）。",
            may_share=True,
        )
        with as_of(_noon(day)):
            answer_evaluation(evaluation=row, actor=person.user, said=said)
    close_evaluations()
    publish_evaluations()


def _asked(pairing: Pairing, direction: str, occasion: str, day: datetime.date) -> Evaluation:
    about = "supervisor" if direction == "supervisor" else "mentee"
    return Evaluation.objects.create(
        pairing=pairing,
        occasion=occasion,
        direction=direction,
        template=EvaluationTemplate.objects.filter(about=about).latest("pk"),
        opens_on=day,
        closes_on=day + datetime.timedelta(days=13),
    )


def put_on_paper(supervisor: Supervisor, named: dict[str, Organisation], accounts: dict[str, User]) -> None:
    """Last month as a report and an allowance statement: of the demo supervisor's agency, and of Zhengzhou's centre, whose
    supervisors serve all of Henan. After everything that is held. Idempotent."""
    _on_paper(supervisor.organisation, accounts["city@example.com"])
    _on_paper(named["zhengzhou_agency"], accounts["province@example.com"])
    _on_paper(named["henan"], accounts["province@example.com"])


def _on_paper(place: Organisation, officer: User) -> None:
    month = (timezone.localdate().replace(day=1) - datetime.timedelta(days=1)).replace(day=1)
    if not SupervisionReport.objects.filter(organisation=place).exists():
        issue_report(
            organisation=place, span="month", first_on=month, actor=officer, reviewed_by="审核人（示例）"
        )
    try:
        issue_statement(organisation=place, month=month, actor=officer, reviewed_by="审核人（示例）")
    except (
        ReportRefused
    ):  # issued before, or on the statement of a place below; or nobody has a session in that month
        return


def _noon(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
