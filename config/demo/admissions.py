"""The application plan of the autumn camp, with applications that wait at each of its stages; quotas and a code."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from config.demo.teaching import days_ago
from core.attachments.actions import keep_file
from core.models import Organisation, Person, User
from core.pdf.paper import DocumentInfo, close_canvas, open_canvas
from core.pdf.text import draw_text
from lms.admissions.actions import HandedIn, make_code, save_plan, set_quota
from lms.admissions.models import AdmissionPlan
from lms.admissions.policy import Answer, Asked
from lms.admissions.queries import questions_of
from lms.cohorts.actions import change_cohort
from lms.cohorts.models import Cohort
from lms.enrolments.actions import apply, approve
from lms.enrolments.models import Enrolment

NAME = "薪火计划骨干班报名方案（示例）"
QUESTIONS = (
    ("short", "现任岗位", "Your post", "如：站长、一线社工、项目主管", True, ""),
    (
        "several",
        "最想提升的能力",
        "What you want to learn most",
        "",
        True,
        "个案工作\n小组工作\n社区工作\n项目策划\n督导他人",
    ),
    ("yes_no", "能否全程参加线下集中培训", "Can you attend all classes on site?", "", True, ""),
    (
        "document",
        "单位推荐表",
        "Recommendation of your employer",
        "有推荐表的请上传扫描件，没有可不传。",
        False,
        "",
    ),
)
POSTS = ("一线社工", "副站长", "项目主管", "社区工作者")


def stage_applications(
    cohorts: dict[str, Cohort],
    named: dict[str, Organisation],
    accounts: dict[str, User],
    people: Sequence[Person],
) -> None:
    """Give the autumn camp its plan and let some apply: each tier has something to decide. Idempotent."""
    cohort, officer = Cohort.objects.get(pk=cohorts["open"].pk), accounts["city@example.com"]
    if cohort.plan_id:
        return
    plan = _plan(named["tianjin"], officer)
    change_cohort(cohort=cohort, actor=officer, plan=plan)
    set_quota(cohort=cohort, organisation=named["district"], places=8, actor=officer)
    change_cohort(cohort=cohorts["planned"], actor=officer, by_invitation=True)
    make_code(cohort=cohorts["planned"], actor=officer, uses_allowed=10, note="各区推荐的站长（示例）")
    street, district = named["street"], named["district"]
    first = timezone.localdate().year - 3
    around: list[Person] = []
    near: list[Person] = []
    for person in people:
        if person.enrolments.active().filter(cohort__course=cohort.course_id).exists():
            continue  # nobody takes a second place in a course
        since, employer = person.practice_started_on, person.employer
        if employer and since and since.year <= first and district.covers(employer):
            (near if street.covers(employer) else around).append(person)
    for number, person in enumerate([*near[:4], *around[:4]]):
        _apply(cohort, person, number, steps=number % 2, accounts=accounts)


def _plan(organisation: Organisation, officer: User) -> AdmissionPlan:
    plan = AdmissionPlan(organisation=organisation, name=NAME, name_en="Spark Plan, with stages (sample)")
    plan.questions = json.dumps(
        [
            {
                "type": kind,
                "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"demo-question-{label}")),
                "value": {"label": label, "label_en": english, "help": hint, "required": required}
                | ({"choices": choices} if choices else {}),
            }
            for kind, label, english, hint, required, choices in QUESTIONS
        ]
    )
    plan.conditions = [
        ("region", {"organisation": str(organisation.pk), "code": ""}),
        ("years", 2),
    ]
    plan.stages = [("stage", stage) for stage in ("employer", "county", "organiser")]
    return save_plan(plan=plan, actor=officer)


def _apply(
    cohort: Cohort, person: Person, number: int, *, steps: int, accounts: dict[str, User]
) -> Enrolment | None:
    """One application three days ago, approved at so many steps since."""
    if person.enrolments.active().filter(cohort=cohort).exists():
        return None
    with days_ago(3 - number % 3 / 3):
        handed = HandedIn(tuple(_answers(cohort, person, number)))
        statement = "带着站里的个案来学，回去后负责小组带教。"
        enrolment = apply(
            cohort=cohort, person=person, actor=person.user, statement=statement, handed=handed
        ).enrolment
    officers = {"street": "street@example.com", "county": "district@example.com"}
    for step in enrolment.steps.order_by("number")[:steps]:
        officer = accounts.get(officers.get(step.organisation.tier, ""))
        if officer is None or not officer.roles.filter(organisation=step.organisation).exists():
            break
        with days_ago(1):
            approve(enrolment=enrolment, actor=officer, comment="情况属实，同意推荐。")
    return enrolment


def _answers(cohort: Cohort, person: Person, number: int) -> list[Answer]:
    values: list[Any] = [POSTS[number % len(POSTS)], ("个案工作", "督导他人"), number % 5 != 4]
    asked = questions_of(Cohort.objects.get(pk=cohort.pk).plan)
    found = [
        Answer(question.key, question.kind, question.label, question.label_en, value=value)
        for question, value in zip(asked, values, strict=False)
    ]
    if number % 2 == 0:
        last = asked[-1]
        upload = ContentFile(_recommendation(person), name=f"推荐表-{person.name}.pdf")
        file = keep_file(upload=upload, actor=person.user)
        found.append(
            Answer(last.key, Asked.DOCUMENT, last.label, last.label_en, value=file.name, attachment=file.pk)
        )
    return found


def _recommendation(person: Person) -> bytes:
    """A page that looks like a recommendation and says that it is a sample."""
    today = timezone.localdate()
    info = DocumentInfo(
        title="单位推荐表（样例）", author="示例", subject="样例", keywords="样例", dated=today
    )
    canvas = open_canvas(info, (595.28, 841.89))
    lines = (
        "单位推荐表（样例）",
        f"姓名：{person.name}",
        f"单位：{person.employer}",
        "意见：同意推荐。",
        "样例，不作任何证明。",
    )
    for place, line in enumerate(lines):
        draw_text(canvas, line, 72, 740 - 48 * place, 22 if place == 0 else 14)
    return close_canvas(canvas)
