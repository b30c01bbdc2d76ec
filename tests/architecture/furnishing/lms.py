"""Rows of lms."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.attachments.actions import keep_file
from core.models import SheetImport, User
from lms.questions.policy import Picture
from tests.architecture.furnishing.core import kept_file
from tests.factories import (
    make_alike_pair,
    make_announcement,
    make_bank,
    make_bank_question,
    make_class,
    make_cohort,
    make_enrolment,
    make_feed,
    make_invitation,
    make_on_pathway,
    make_pathway,
    make_peer_review,
    make_plan,
    make_post,
    make_question,
    make_register,
    make_step,
    make_submission,
    make_survey,
    make_transfer,
    make_user,
    make_version,
    make_video,
)
from tests.factories.packages import make_bare_package, make_registration

TALK = "11111111-1111-4111-8111-111111111111"  # what a lesson discusses


def furnish(rows: SimpleNamespace, person_of: User, officer: User) -> dict[str, Any]:
    """A cohort with an enrolment of the person, and what hangs on the two."""
    talk = {"key": TALK, "title": "第一次走访", "prompt": "居民不开门怎么办？"}
    version = make_version(assignments=1, videos=[make_video(points=(5_000,))], talks=[talk])
    cohort = make_cohort(rows.place, version)
    enrolment = make_enrolment(cohort, person_of.person)
    pathway = make_pathway(rows.place, version)
    survey = make_survey(cohort)
    return {
        "version": make_version(course=version.course),  # a newer one
        "cohort": cohort,
        "enrolment": enrolment,
        "transfer": make_transfer(enrolment, make_cohort(rows.place, version)),
        "pathway": pathway,
        "on_pathway": make_on_pathway(pathway, person_of.person),
        "design": survey.version.design,
        "survey": survey,
        "invitation": make_invitation(survey, enrolment),
        "unasked": make_invitation(survey, enrolment, respondent=None, rater="supervisor"),
        **_of_bank(rows.place, officer),
        **_of_work(enrolment, officer),
        **_of_packages(rows.place, enrolment, officer),
        **_of_talk(cohort, person_of, officer),
        **_of_classes(cohort, enrolment, person_of, officer),
        **_of_admission(enrolment, person_of, officer),
    }


SHOWN = Picture("图.png", "image/png", b"\x89PNG\r\n\x1a\n")


def _of_bank(place: Any, officer: User) -> dict[str, Any]:
    """A bank with a question that papers can draw."""
    bank = make_bank(place)
    question = make_bank_question(bank, pictures=(SHOWN,))
    pair = make_alike_pair(make_bank_question(bank), make_bank_question(bank))
    return {
        "bank": bank,
        "bank_question": question,
        "alike_pair": pair,
        "question_sheet": _sheet(bank, officer),
    }


def _sheet(bank: Any, officer: User) -> SheetImport:
    """A file with a question that is wrong."""
    file = keep_file(upload=SimpleUploadedFile("题.gift", b"1?{=a =b ~c}"), actor=officer)
    sheet = SheetImport.objects.create(
        kind="questions-gift",
        organisation=bank.organisation,
        target_id=bank.pk,
        title="题目",
        created_by=officer,
        state="checked",
        file=file,
    )
    sheet.lines.create(number=1, outcome="wrong", message="两个正确选项。")
    return sheet


def _of_work(enrolment: Any, officer: User) -> dict[str, Any]:
    """An attempt at the paper, a piece of work that was handed in, and a video of which something was watched."""
    from lms.models import Attempt, LessonVersion, PaperVersion, Watching

    lesson = LessonVersion.objects.filter(version=enrolment.version).order_by("position")[0]
    paper = PaperVersion.objects.get(version=enrolment.version)
    work = make_submission(enrolment, files=[kept_file(officer)])
    return {
        "watching": Watching.objects.create(
            enrolment=enrolment, lesson_key=lesson.key, medium="film0", duration=600_000
        ),
        "paper": paper,
        "attempt": Attempt.objects.create(enrolment=enrolment, paper=paper, number=1),
        "peer_review": _peer_review(enrolment, officer),
        **_of_marking(enrolment, paper, officer),
        "submission": work,
        "submission_file": work.files.get(),
    }


def _of_marking(enrolment: Any, paper: Any, officer: User) -> dict[str, Any]:
    """An attempt of which somebody has read an answer, a key put right, and an analysis."""
    from lms.models import Answer, Attempt, ItemReport, Reading, Regrade, RegradeLine

    now = timezone.now()
    ended = Attempt.objects.create(
        enrolment=enrolment,
        paper=paper,
        number=2,
        state="submitted",
        finished_at=now,
        percent=50,
        passed=False,
        marked_at=now,
        points=1,
        most=2,
        total=2,
        right=1,
    )
    answer = Answer.objects.create(
        attempt=ended, question="question-1", chosen=["1a"], points=1, is_read=True
    )
    given = {"lease_until": now, "most": 1, "points": 1, "given_at": now, "criteria": []}
    facts = {"paper": paper, "question": "question-1", "number": 1, "remedy": "full", "reason": "测试"}
    regrade = Regrade.objects.create(**facts, made_by=officer)
    RegradeLine.objects.create(regrade=regrade, attempt=ended, before=0, after=50)
    ItemReport.objects.create(paper=paper, made_by=officer, people=1)
    return {
        "read_answer": answer,
        "reading": Reading.objects.create(answer=answer, reader=officer, round=1, **given),
        "regrade": regrade,
    }


def _peer_review(enrolment: Any, officer: User) -> Any:
    """The work of another, which the person is to review."""
    other = make_enrolment(enrolment.cohort, make_user("同学").person)
    return make_peer_review(enrolment, make_submission(other, files=[kept_file(officer)]))


def _of_packages(place: Any, enrolment: Any, officer: User) -> dict[str, Any]:
    """A package with a version, how it was handed in, and the person in it."""
    from lms.models import PackageUpload

    version = make_bare_package(place, officer)
    common = {"name": "课件.zip", "stored": "packages/incoming/none.zip", "size": 1, "created_by": officer}
    return {
        "package": version.package,
        "package_upload": PackageUpload.objects.create(
            organisation=place, package=version.package, version=version, outcome={"ok": True}, **common
        ),
        "registration": make_registration(enrolment, version),
    }


def _of_talk(cohort: Any, person_of: User, officer: User) -> dict[str, Any]:
    """An announcement, a question, a thread in which one post was reported, and somebody muted."""
    from lms.models import Mute, Report, ReviewWord

    now = timezone.now()
    post = make_post(cohort, person_of)
    Report.objects.create(post=post, reporter=officer, reason="测试")
    ReviewWord.objects.create(organisation=cohort.organisation, word="测试词")
    return {
        "announcement": make_announcement(cohort, officer, attachment=kept_file(officer)),
        "question": make_question(cohort, person_of, is_public=True),
        "post": post,
        "other_post": make_post(cohort, officer, post.thread),
        "mute": Mute.objects.create(
            cohort=cohort,
            user=officer,
            until=timezone.localdate(),
            reason="测试",
            muted_by=officer,
            lifted_at=now,
        ),
    }


def _of_classes(cohort: Any, enrolment: Any, person_of: User, officer: User) -> dict[str, Any]:
    """A class with its register, leave asked for it and a list of who was there; and a class that is to come."""
    from lms.models import AbsenceRequest, ParticipantList

    klass = make_class(cohort)
    make_register(klass)
    document = keep_file(upload=SimpleUploadedFile("证明.pdf", b"%PDF-1.7"), actor=person_of)
    return {
        "klass": klass,
        "session_of_cohort": make_class(cohort, days=30),
        "feed": make_feed(person=person_of.person),
        "absence": AbsenceRequest.objects.create(
            kind="leave",
            class_session=klass,
            enrolment=enrolment,
            applicant=person_of,
            reason="值班",
            document=document,
        ),
        "participants": ParticipantList.objects.create(
            class_session=klass,
            filename="x.xlsx",
            uploaded_by=officer,
            rows=[["林一", "", klass.starts_at.isoformat(), klass.ends_at.isoformat()]],
        ),
    }


def _of_admission(enrolment: Any, person_of: User, officer: User) -> dict[str, Any]:
    """A plan with its step, places that are kept, a code, and an application with a document."""
    from lms.models import AnswerFile, ApplicationRecord, CohortQuota, InvitationCode

    cohort = enrolment.cohort
    plan = make_plan(cohort.organisation, stages=("county",))
    record = ApplicationRecord.objects.create(enrolment=enrolment, plan=plan)
    upload = SimpleUploadedFile("proof.pdf", b"%PDF-1.4 proof")
    return {
        "plan": plan,
        "step": make_step(enrolment, cohort.organisation),
        "quota": CohortQuota.objects.create(cohort=cohort, organisation=cohort.organisation, places=1),
        "code": InvitationCode.objects.create(cohort=cohort, code=f"CODE{officer.pk:06}", uses_allowed=3),
        "proof": AnswerFile.objects.create(
            record=record, key="proof", attachment=keep_file(upload=upload, actor=person_of)
        ),
    }
