"""What makes the sample registry live: specialities, languages that trainees prefer, own training and what a renewal asks
for, and a verified qualification of the demo account's supervisor."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from config.demo.hours import training_paper
from core.models import Person, User
from credentials.models import QualificationLevel
from credentials.qualifications.actions import declare_period, verify_period
from supervision.supervisors.actions import name_speciality
from supervision.supervisors.models import Supervisor
from supervision.trainings.actions import (
    Told,
    check_training,
    declare_training,
    return_training,
    set_requirement,
)
from supervision.trainings.models import OwnTraining, TrainingRequirement

SPECIALITIES = ("哀伤辅导", "家庭关系调适", "危机介入", "小组带领", "项目评估", "长者记忆照护")
TRAININGS = (
    ("督导能力提升班（示例）", 960, 40, "checked"),
    ("督导伦理工作坊（示例）", 360, 21, "declared"),
    ("个案概念化研讨（示例）", 180, 12, "returned"),
)


def deepen_registry(supervisors: Sequence[Supervisor], accounts: dict[str, User]) -> None:
    """Specialities of the first forty, own training in every state, a requirement, a qualification. Idempotent."""
    demo, officer = supervisors[0], accounts["district@example.com"]
    _speak("trainee", "普通话、天津话", accounts)
    _speak("halfway", "普通话、手语", accounts)
    if OwnTraining.objects.exists():
        return
    for number, row in enumerate(supervisors[:40]):
        field = row.fields.order_by("position").first()
        if field is not None:
            name = SPECIALITIES[number % len(SPECIALITIES)]
            name_speciality(supervisor=row, field=field, name=name, actor=row.person.user)
    top = demo.organisation.get_root()
    if not TrainingRequirement.objects.exists():
        set_requirement(
            organisation=top,
            minutes=1440,
            starts_on=datetime.date(2025, 1, 1),
            source="督导管理办法（示例）",
            actor=None,
        )
    for title, minutes, days, state in TRAININGS:
        training = _train(demo.person, title, minutes, days)
        if state == "checked":
            check_training(training=training, actor=officer)
        elif state == "returned":
            return_training(training=training, reason="证明上看不清课时，请换一份（示例）。", actor=officer)
    applicant = accounts["graduate@example.com"].person
    if applicant.employer:
        _train(applicant, "督导基础培训（示例）", 1620, 60)
    if not demo.person.registration_periods.exists():
        period = declare_period(
            person=demo.person,
            level=QualificationLevel.objects.get(code="social_worker"),
            starts_on=timezone.localdate() - datetime.timedelta(days=200),
            number="示例2026督导",
            actor=demo.person.user,
        )
        verify_period(period=period, actor=officer)


def _speak(name: str, languages: str, accounts: dict[str, User]) -> None:
    Person.objects.filter(user=accounts[f"{name}@example.com"], languages="").update(languages=languages)


def _train(person: Person, title: str, minutes: int, days_ago: int) -> OwnTraining:
    day = timezone.localdate() - datetime.timedelta(days=days_ago)
    paper = training_paper(person.name, title, day, minutes)
    proof = SimpleUploadedFile(f"{title}结业证明.pdf", paper, "application/pdf")
    told = Told(day, title, "示例市社会工作协会（示例）", minutes)
    return declare_training(person=person, told=told, evidence=proof, actor=person.user)
