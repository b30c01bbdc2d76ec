"""Things to test with. A factory makes the smallest valid row; a trait makes it what a test is about."""

from __future__ import annotations

import itertools
import json
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import factory
from django.utils import timezone

from core.models import Organisation, Person, RoleAssignment, User

if TYPE_CHECKING:
    from credentials.models import Certificate
    from lms.models import (
        AdmissionPlan,
        ApprovalStep,
        Attendance,
        CalendarFeed,
        ClassSession,
        Cohort,
        CohortSurvey,
        CoursePage,
        CourseVersion,
        Enrolment,
        Pathway,
        PathwayEnrolment,
        Register,
        SurveyDesign,
        SurveyInvitation,
        SurveyResponse,
        Transfer,
    )
    from supervision.models import Pairing, Session, Supervisor

_numbers = itertools.count(1)


def make_organisation(name: str, parent: Organisation | None = None, **fields: object) -> Organisation:
    """An organisation below `parent`, or a root."""
    defaults = {"tier": "station", "kind": "station", "name": name}
    parent = (
        Organisation.objects.get(pk=parent.pk) if parent else None
    )  # treebeard counts children on the instance
    return parent.add_child(**defaults | fields) if parent else Organisation.add_root(**defaults | fields)


def make_user(
    name: str = "林一", employer: Organisation | None = None, email: str = "", **fields: object
) -> User:
    """An account with its person; nobody can sign in to it except by force_login."""
    from allauth.account.models import EmailAddress

    email = email or f"person{next(_numbers)}-{uuid.uuid4().hex[:6]}@example.com"
    user = User.objects.create_user(email=email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    Person.objects.create(user=user, name=name, employer=employer, **fields)
    return user


def give_role(user: User, role: str, organisation: Organisation) -> RoleAssignment:
    """A role held since long ago, without the audit of the real action."""
    from core.organisations.actions import sync_groups

    held = RoleAssignment.objects.create(
        user=user,
        role=role,
        organisation=organisation,
        starts_on=timezone.localdate().replace(month=1, day=1),
    )
    sync_groups(user)
    return held


class ServiceFieldFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "core.ServiceField"
        django_get_or_create = ("code",)

    code = "community"
    name = "社区建设"
    name_en = "Community building"


# --- lms ---------------------------------------------------------------------------------------------------


def make_paper(questions: int = 2, *, multiple: bool = False) -> list[dict[str, object]]:
    """The questions of a paper: choice `a` is right (of a multiple choice `a` and `b`)."""
    return [
        {
            "key": f"question-{number}",
            "kind": "multiple" if multiple else "single",
            "prompt": f"第{number}题",
            "choices": [{"key": f"{number}{letter}", "text": f"选项{letter}"} for letter in "abc"],
            "correct": [f"{number}a", f"{number}b"] if multiple else [f"{number}a"],
            "explanation": f"解析{number}",
        }
        for number in range(1, questions + 1)
    ]


def make_version(
    lessons: int = 1, quizzes: int = 1, course: object = None, **fields: object
) -> CourseVersion:
    """A version of a course without pages: lessons, then quizzes of two questions; keys are kept per course."""
    from lms.models import CourseVersion, LessonVersion, PaperVersion

    course = course or make_course_page()
    paper = fields.pop("questions", None) or make_paper()
    limits = {name: fields.pop(name) for name in ("minutes_left", "max_attempts") if name in fields}
    number = CourseVersion.objects.filter(course=course).count() + 1
    keys = [str(uuid.uuid5(uuid.NAMESPACE_OID, f"{course.pk}-{place}")) for place in range(lessons + quizzes)]
    kinds = ["lesson"] * lessons + ["quiz"] * quizzes
    items = [
        {
            "key": key,
            "kind": kind,
            "title": f"{'课时' if kind == 'lesson' else '测验'}{place}",
            "title_en": "",
            "minutes": 30,
            "requires": [],
        }
        for place, (key, kind) in enumerate(zip(keys, kinds, strict=True), start=1)
    ]
    defaults = {
        "number": number,
        "code": course.code,
        "title": course.title,
        "title_en": "Practice",
        "minutes": 90,
        "rule": {"lessons": True, "quizzes": True},
        "outline": [{"key": "module", "title": "模块", "title_en": "", "items": items}],
        "fingerprint": uuid.uuid4().hex,
    }
    version = CourseVersion.objects.create(course=course, **defaults | fields)
    for place, item in enumerate(items, start=1):
        common = {"version": version, "key": item["key"], "position": place, "title": item["title"]}
        if item["kind"] == "lesson":
            LessonVersion.objects.create(**common)
        else:
            minutes = limits.get("minutes_left")
            attempts = limits.get("max_attempts", 3)
            PaperVersion.objects.create(**common, questions=paper, minutes=minutes, max_attempts=attempts)
    return version


def make_course_page(title: str = "社会工作实务") -> CoursePage:
    """A published course page without anything below it."""
    from wagtail.models import Page

    from lms.models import CourseIndexPage, CoursePage

    root = Page.objects.get(depth=1)
    index = CourseIndexPage.objects.first() or root.add_child(
        instance=CourseIndexPage(title="课程", slug="courses")
    )
    code = f"course-{next(_numbers)}"
    return index.add_child(instance=CoursePage(title=title, slug=code, code=code))


def make_cohort(organisation: Organisation, version: CourseVersion | None = None, **fields: object) -> Cohort:
    """A cohort that takes applications now and begins in a month."""
    from lms.models import Cohort

    now, today = timezone.now(), timezone.localdate()
    version = version or make_version()
    defaults = {
        "title": "春季班",
        "capacity": 20,
        "opens_at": now - timedelta(days=7),
        "closes_at": now + timedelta(days=7),
        "starts_on": today + timedelta(days=30),
        "ends_on": today + timedelta(days=90),
    }
    return Cohort.objects.create(
        course_id=version.course_id, version=version, organisation=organisation, **defaults | fields
    )


def make_enrolment(cohort: Cohort, person: Person, state: str = "enrolled", **fields: object) -> Enrolment:
    """An enrolment in this state, with its seat counted."""
    from django.db.models import F

    from lms.enrolments.states import SEATED
    from lms.models import Cohort, Enrolment

    if state in SEATED:
        Cohort.objects.filter(pk=cohort.pk).update(seats_taken=F("seats_taken") + 1)
    if state == "completed":
        fields.setdefault("completed_at", timezone.now())
    if state == "offered":
        fields.setdefault("offer_expires_at", timezone.now() + timedelta(hours=24))
    return Enrolment.objects.create(
        cohort=cohort, person=person, version=cohort.version, state=state, **fields
    )


def make_transfer(enrolment: Enrolment, to: Cohort, state: str = "asked", **fields: object) -> Transfer:
    """A wish to move to another cohort of the same course."""
    from lms.models import Transfer

    if state != "asked":
        fields.setdefault("decided_at", timezone.now())
    fields.setdefault("reason", "上班时间变了")
    return Transfer.objects.create(
        enrolment=enrolment, from_cohort=enrolment.cohort, to_cohort=to, state=state, **fields
    )


def make_learned(enrolment: Enrolment) -> Enrolment:
    """The same enrolment with every lesson read and every quiz passed, and nobody told yet."""
    from lms.models import Attempt, LessonProgress

    for lesson in enrolment.version.lessons.all():
        LessonProgress.objects.create(enrolment=enrolment, lesson=lesson, completed_at=timezone.now())
    for paper in enrolment.version.papers.all():
        fields = {"state": "submitted", "percent": 100, "passed": True, "finished_at": timezone.now()}
        Attempt.objects.create(enrolment=enrolment, paper=paper, number=1, **fields)
    return enrolment


def make_plan(
    organisation: Organisation,
    *,
    stages: tuple[str, ...] = (),
    conditions: tuple[tuple[str, object], ...] = (),
    questions: tuple[dict[str, object], ...] = (),
    **fields: object,
) -> AdmissionPlan:
    """An application plan; a question is {"kind", "label", …}, a condition (kind, value)."""
    from lms.models import AdmissionPlan

    plan = AdmissionPlan(organisation=organisation, **{"name": f"报名方案{next(_numbers)}"} | fields)
    plan.stages = [("stage", stage) for stage in stages]
    plan.conditions = list(conditions)
    usual = {"label": "", "label_en": "", "help": "", "required": True}
    plan.questions = json.dumps(
        [
            {
                "type": asked["kind"],
                "value": usual | {name: value for name, value in asked.items() if name != "kind"},
                "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"question-{place}")),
            }
            for place, asked in enumerate(questions, start=1)
        ]
    )
    plan.save()
    return AdmissionPlan.objects.get(pk=plan.pk)


def make_step(
    enrolment: Enrolment, organisation: Organisation, number: int = 1, **fields: object
) -> ApprovalStep:
    """A step of this application that waits at an organisation."""
    from lms.models import ApprovalStep

    defaults = {"stage": "county", "applicant_id": enrolment.person.user_id}
    return ApprovalStep.objects.create(
        enrolment=enrolment, organisation=organisation, number=number, **defaults | fields
    )


def make_class(cohort: Cohort, days: float = 1, minutes: int = 90, **fields: object) -> ClassSession:
    """A class of the cohort, at nine in the morning so many days from today."""
    from lms.models import ClassSession

    morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=days)
    defaults = {"title": "接案与预估", "title_en": "Intake", "place": "示例市民政局", "room": "301"}
    times = {"starts_at": morning, "ends_at": morning + timedelta(minutes=minutes)}
    return ClassSession.objects.create(cohort=cohort, **defaults | times | fields)


def make_feed(**owner: object) -> CalendarFeed:
    """The calendar of a `person` or a `cohort`, with a secret address."""
    from lms.models import CalendarFeed

    feed = CalendarFeed(**owner)
    feed.token = uuid.uuid4().hex
    feed.save()
    return feed


def make_pathway(organisation: Organisation, *versions: CourseVersion, **fields: object) -> Pathway:
    """A public pathway of the courses of these versions, all of them required; `groups` and `days` by place."""
    from lms.models import Pathway, PathwayCourse

    groups, days = fields.pop("groups", {}), fields.pop("days", {})
    defaults = {"title": "全科社工", "title_en": "All-round", "is_public": True}
    pathway = Pathway.objects.create(organisation=organisation, **defaults | fields)
    for number, version in enumerate(versions or (make_version(),)):
        PathwayCourse.objects.create(
            pathway=pathway,
            course_id=version.course_id,
            position=number + 1,
            group=groups.get(number, ""),
            days=days.get(number),
        )
    return pathway


def make_on_pathway(pathway: Pathway, person: Person, **fields: object) -> PathwayEnrolment:
    """A round of this person, with what the pathway asks for now."""
    from lms.models import PathwayEnrolment
    from lms.pathways.queries import plan_of

    fields.setdefault("plan", plan_of(pathway).as_json())
    return PathwayEnrolment.objects.create(pathway=pathway, person=person, **fields)


def ask(kind: str, key: str = "", **more: object) -> dict[str, object]:
    """One question of a survey as a version keeps it; `key` is the kind unless another one is given."""
    facts: dict[str, object] = {"key": key or kind, "kind": kind, "prompt": f"问题{kind}", "prompt_en": ""}
    if kind == "heading":
        return facts
    facts |= {"hint": "", "is_required": kind != "text"}
    if kind == "scale":
        facts |= {"low": "完全不同意", "high": "完全同意"}
    if kind in ("one", "several"):
        facts["choices"] = [{"key": f"{kind}-{letter}", "text": letter, "text_en": ""} for letter in "abc"]
        facts["correct"] = []
    return facts | more


def make_design(organisation: Organisation, level: str = "reaction", **fields: object) -> SurveyDesign:
    """A survey of this organisation with one rating and one free text."""
    from lms.models import SurveyDesign

    body = [
        ("heading", {"prompt": "课程"}),
        ("scale", {"prompt": "内容有用", "low": "完全不同意", "high": "完全同意", "is_required": True}),
        ("text", {"prompt": "还想说什么", "is_required": False}),
    ]
    defaults = {"title": "结业反馈", "title_en": "Feedback", "body": body}
    return SurveyDesign.objects.create(organisation=organisation, level=level, **defaults | fields)


def make_survey(
    cohort: Cohort,
    level: str = "reaction",
    questions: list[dict[str, object]] | None = None,
    **fields: object,
) -> CohortSurvey:
    """A survey of this cohort that has opened today for two weeks: with names, unless `is_anonymous`."""
    from lms.models import CohortSurvey, SurveyVersion

    version = fields.pop("version", None)
    if version is None:
        design = make_design(cohort.organisation, level)
        version = SurveyVersion.objects.create(
            design=design,
            number=1,
            title=design.title,
            title_en=design.title_en,
            level=level,
            questions=questions or [ask("heading"), ask("scale"), ask("text")],
            fingerprint=uuid.uuid4().hex,
        )
    raters = {
        "asks_self": level in ("reaction", "learning"),
        "asks_supervisor": level == "behaviour",
        "asks_employer": level == "results",
    }
    opens = {"opens_from": "completion" if level in ("behaviour", "results") else "start"}
    return CohortSurvey.objects.create(cohort=cohort, version=version, level=level, **raters | opens | fields)


def make_invitation(survey: CohortSurvey, enrolment: Enrolment, **fields: object) -> SurveyInvitation:
    """An invitation that has been told of, open from today; to the trainee unless `respondent` is another one."""
    from lms.models import SurveyInvitation

    today = timezone.localdate()
    defaults = {
        "respondent": enrolment.person.user,
        "rater": "self",
        "opens_on": today,
        "closes_on": today + timedelta(days=13),
        "told_on": today,
    }
    return SurveyInvitation.objects.create(
        survey=survey, enrolment=enrolment, subject=enrolment.person, **defaults | fields
    )


def make_response(invitation: SurveyInvitation, **answers: object) -> SurveyResponse:
    """The invitation answered: `scale=4` is the answer to the question with this key."""
    from lms.models import SurveyInvitation, SurveyResponse

    survey = invitation.survey
    SurveyInvitation.objects.filter(pk=invitation.pk).update(state="answered")
    anonymous = survey.is_anonymous
    return SurveyResponse.objects.create(
        survey=survey,
        invitation=None if anonymous else invitation,
        is_anonymous=anonymous,
        rater=invitation.rater,
        answers=answers or {"scale": 4},
        answered_on=None if anonymous else timezone.localdate(),
        pair=invitation.pair,
    )


def make_register(klass: ClassSession, **fields: object) -> Register:
    """The register of a class, opened when its check-in opens."""
    from lms.models import Register

    defaults = {"opened_at": klass.starts_at - timedelta(minutes=30)}
    return Register.objects.create(class_session=klass, **defaults | fields)


def make_attendance(
    klass: ClassSession, enrolment: Enrolment, presence: str = "present", **fields: object
) -> Attendance:
    """What is known of one person in a class, entered by hand; there are 90 minutes for who was there."""
    from lms.models import Attendance

    there = presence in ("present", "late", "left_early")
    defaults = {"method": "officer", "minutes": klass.minutes if there else 0, "presence": presence}
    return Attendance.objects.create(class_session=klass, enrolment=enrolment, **defaults | fields)


# --- supervision -------------------------------------------------------------------------------------------


def make_supervisor(
    user: User | None = None, organisation: Organisation | None = None, **fields: object
) -> Supervisor:
    """A person in the registry, without any designation and without the audit of the real action."""
    from supervision.models import Supervisor

    person = (user or make_user("欧阳若水", organisation)).person
    number = next(_numbers)
    defaults = {"code": f"SV{number:03d}", "organisation": organisation or person.employer, "capacity": 5}
    return Supervisor.objects.create(person=person, **defaults | fields)


def make_pairing(supervisor: Supervisor, mentee: Person, state: str = "active", **fields: object) -> Pairing:
    """A pairing since two months ago, with its place counted."""
    from django.db.models import F

    from supervision.models import Pairing, Supervisor

    if state == "ended":
        fields = {"ended_at": timezone.now(), "reason": "目标达成"} | fields
    else:
        Supervisor.objects.filter(pk=supervisor.pk).update(load=F("load") + 1)
    defaults = {
        "organisation": mentee.employer,
        "starts_on": timezone.localdate() - timedelta(days=60),
        "state": state,
    }
    return Pairing.objects.create(supervisor=supervisor, mentee=mentee, **defaults | fields)


def make_session(
    pairing: Pairing, state: str = "logged", days_ago: int = 1, minutes: int = 60, **written: str
) -> Session:
    """A session at ten in the morning, `days_ago` days ago, with what was said in it."""
    from supervision.models import Session, SessionContent

    morning = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
    starts_at = morning - timedelta(days=days_ago)
    session = Session.objects.create(
        pairing=pairing,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        minutes=minutes,
        form="individual",
        mode="private",
        setting="on_site",
        functions=["educational", "supportive"],
    )
    SessionContent.objects.create(session=session, number=1, **{"topics": "接案预估"} | written)
    fields: dict[str, object] = {}
    if state == "confirmed":
        fields = {"confirmed_at": timezone.now(), "confirmed_by_id": pairing.mentee.user_id}
    if state != "logged":
        Session.objects.filter(pk=session.pk).update(**{"state": state} | fields)
        session.refresh_from_db()
    return session


# --- credentials -------------------------------------------------------------------------------------------


def make_certificate(
    person: Person, organisation: Organisation, cohort: Cohort | None = None, **fields: object
) -> Certificate:
    """The certificate of a course that the person has completed at this organisation; `fields` as if issued so."""
    from credentials.certificates.actions import issue, take_serial
    from credentials.certificates.policy import new_code
    from credentials.models import Certificate
    from lms.public import completion_told

    enrolment = make_enrolment(cohort or make_cohort(organisation), person, "completed")
    if not fields:
        return issue(event=completion_told(enrolment.pk))
    facts = {
        "name": person.name,
        "course_title": enrolment.version.title,
        "hours": "2",
        "issuer": organisation.name,
    }
    defaults = {
        "serial": take_serial(timezone.localdate().year),
        "code": new_code(),
        "person": person,
        "enrolment": enrolment,
        "organisation": organisation,
        "name": person.name,
        "title": enrolment.version.title,
        "facts": facts,
        "issued_on": timezone.localdate(),
    }
    return Certificate.objects.create(**defaults | fields)
