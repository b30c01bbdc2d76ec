"""Every address of the site, read from the resolver, and rows to fill the addresses with."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern, RoutePattern
from django.utils import timezone

from core.attachments.actions import keep_file
from core.models import (
    Attachment,
    Holiday,
    Job,
    Notice,
    Organisation,
    Region,
    RoleAssignment,
    SheetImport,
    User,
)
from lms.signals import CourseCompleted
from tests.factories import (
    ServiceFieldFactory,
    make_agreement,
    make_allowance_statement,
    make_amendment,
    make_announcement,
    make_award_round,
    make_circle,
    make_class,
    make_cohort,
    make_conflict,
    make_deliverable,
    make_enrolment,
    make_evaluation,
    make_feed,
    make_function,
    make_gathering,
    make_gathering_amendment,
    make_goal,
    make_handover,
    make_invitation,
    make_late,
    make_late_gathering,
    make_listed,
    make_meeting,
    make_nomination,
    make_notice,
    make_objection,
    make_on_pathway,
    make_part,
    make_pathway,
    make_plan,
    make_plan_of,
    make_policy,
    make_post,
    make_project,
    make_question,
    make_register,
    make_report,
    make_request,
    make_review,
    make_round,
    make_round_mentee,
    make_round_supervisor,
    make_run,
    make_session,
    make_slot,
    make_staff_post,
    make_step,
    make_submission,
    make_survey,
    make_transfer,
    make_version,
    make_wish,
    put_internship,
)
from tests.factories.subsidies import make_forecast, make_payment_rows

FILLERS = {"int": "1", "uuid": str(uuid.UUID(int=1)), "str": "x", "slug": "x", "path": "x"}
# Addresses written as regular expressions, with one that fits. A new one is added here.
FITTING = {
    r"^confirm-email/(?P<key>[-:\w]+)/$": "confirm-email/x/",
    r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "password/reset/key/1-x/",
    r"^((?:[\w\-]+/)*)$": "about/",
    r"^.*/$": "nowhere/",
    r"^(?P<pk>\d+)/revisions/compare/(?P<revision_id_a>live|earliest|\d+)\.\.\.(?P<revision_id_b>live|latest|\d+)/$": (
        "1/revisions/compare/live...latest/"
    ),
}


@dataclass(frozen=True)
class Route:
    """One address: its full name ("" when it has none), an example of it, and the names of its parts."""

    name: str
    example: str
    parts: tuple[str, ...]


def routes() -> list[Route]:
    """All addresses there are, ours and those of the libraries."""
    return list(_walk(get_resolver(), "", "", ()))


def _walk(resolver: URLResolver, prefix: str, names: str, parts: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        example = prefix + _example(entry.pattern)
        inside = parts + tuple(entry.pattern.regex.groupindex)
        if isinstance(entry, URLPattern):
            yield Route(f"{names}{entry.name}" if entry.name else "", f"/{example}", inside)
        else:
            yield from _walk(
                entry, example, f"{names}{entry.namespace}:" if entry.namespace else names, inside
            )


def _example(pattern: Any) -> str:
    if isinstance(pattern, RoutePattern):
        return re.sub(
            r"<(?:(\w+):)?\w+>", lambda found: FILLERS.get(found[1] or "str", "x"), str(pattern._route)
        )
    assert isinstance(pattern, RegexPattern)
    text = str(pattern._regex)
    if text in ("", "^/"):
        return ""
    if text in FITTING:
        return FITTING[text]
    if "(" not in text and "[" not in text:
        return text.lstrip("^").rstrip("$")
    raise AssertionError(f"give an address that fits {text!r} in tests/architecture/routes.py")


# --- One corner of the tree, with a row of everything in it ---------------------------------------------------


def _of_hours(place: Organisation, person_of: User, officer: User, hours: Any) -> dict[str, Any]:
    """A registration period, a manual entry, a statement and a level."""
    from credentials.certificates.policy import serial_of
    from credentials.models import HoursStatement, ManualEntry, QualificationLevel, RegistrationPeriod

    person, today = person_of.person, timezone.localdate()
    level = QualificationLevel.objects.get_or_create(
        code="assistant", defaults={"name": "助理", "target_hours": 72}
    )[0]
    period = RegistrationPeriod.objects.create(
        person=person,
        level=level,
        starts_on=today,
        ends_on=today + timedelta(days=1000),
        declared_by=person_of,
    )
    proof = Attachment.objects.create(
        name="证明.pdf",
        content_type="application/pdf",
        size=9,
        sha256=f"{officer.pk:064}",
        stored="attachments/x.pdf",
        uploaded_by=person_of,
    )
    manual = ManualEntry.objects.create(
        person=person,
        holder=person_of,
        organisation=place,
        training="training",
        title="讲座",
        organiser="中心",
        occurred_on=today,
        minutes=60,
        proof=proof,
        proof_sha256=proof.sha256,
        state="requested",
        asked_by=person_of,
    )
    statement = HoursStatement.objects.create(
        serial=serial_of(today.year, officer.pk, "XS"), code=f"hours{officer.pk}", person=person, organisation=place,
        name=person.name, first_on=today, last_on=today, issued_on=today, issued_by=person_of, sha256="0" * 64,
        file="statements/x.pdf", entries=[hours.pk],
        facts={
            "serial": "x", "code": "x", "name": person.name, "id_masked": "", "issuer": place.name, "verify_url": "https://example.com/",
            **dict.fromkeys(("issued_on", "first_on", "last_on"), today.isoformat()),
            "lines": [], "totals": [], "total_minutes": 60, "total_hours": "1", "rules": [],
        },
    )  # fmt: skip
    said = _of_qualification(person_of, officer, level, proof, period)
    return {"level": level, "period": period, "manual": manual, "statement": statement, **said}


def _of_qualification(
    person_of: User, officer: User, level: Any, scan: Attachment, period: Any
) -> dict[str, Any]:
    """A declared qualification, a subject passed, a conduct record, a commendation, a renewal pack and an import."""
    from credentials.models import (
        Commendation,
        ConductRecord,
        ExamPass,
        LevelTerms,
        QualificationRecord,
        RenewalPack,
    )

    person, today = person_of.person, timezone.localdate()
    about = {"person": person, "holder": person_of}
    LevelTerms.objects.get_or_create(
        level=level, organisation=None, starts_on=today, defaults={"name": level.name, "source": "文件"}
    )
    return {
        "qualification": QualificationRecord.objects.create(
            **about, level=level, number=f"示例{person.pk}", issued_on=today, scan=scan, declared_by=person_of
        ),
        "exam_pass": ExamPass.objects.create(person=person, level=level, subject=1, year=today.year),
        "conduct": ConductRecord.objects.create(
            **about,
            head="ethics",
            occurred_on=today,
            established_on=today,
            source="文件",
            recorded_by=officer,
        ),
        "commendation": Commendation.objects.create(
            **about, rank="city", title="最美社工", issuer="民政局", year=today.year, registered_by=officer
        ),
        "qualification_sheet": SheetImport.objects.create(
            kind="qualifications",
            organisation=person.employer,
            title="资格",
            created_by=officer,
            state="checked",
            file=_file(officer),
        ),
        "pack": RenewalPack.objects.create(
            person=person,
            period=period,
            number=1,
            issued_on=today,
            issued_by=person_of,
            sha256="0" * 64,
            file="packs/x.pdf",
            facts=_PACK
            | {"name": person.name, **dict.fromkeys(("issued_on", "first_on", "last_on"), f"{today}")},
        ),
    }


def _of_claim(person_of: User, officer: User, place: Organisation) -> dict[str, Any]:
    """A claim with a paper, refused with an appeal, and a line of the payment ledger."""
    from credentials.models import Claim, ClaimPaper, PaymentEntry

    person, today = person_of.person, timezone.localdate()
    version = make_policy(place, officer).latest()
    about = {"person": person, "holder": person_of, "authority": place}
    claim = Claim.objects.create(
        **about,
        version=version,
        employer=person.employer,
        family=version.subsidy.code,
        benefit="certificate",
        key="assistant",
        state="refused",
        claimed_on=today,
        reason="不符",
    )
    refusal = claim.reviews.create(
        holder=person_of, stage="county", verdict="refuse", reason="不符", by=officer
    )
    batch = make_payment_rows(claim, officer)
    return {
        "claim": claim,
        "payment_batch": batch,
        "payment_line": batch.lines.get(),
        "claim_paper": ClaimPaper.objects.create(claim=claim, slot="form", file=_file(person_of)),
        "claim_review": refusal,
        "claim_conflict": claim.conflicts.create(officer=officer, words="同学"),
        "claim_appeal": claim.appeals.create(
            against=refusal, holder=person_of, refused_by=officer, words="请复核"
        ),
        "payment_entry": PaymentEntry.objects.create(
            **about,
            claim=claim,
            kind="paid",
            policy=version.subsidy.code,
            benefit="certificate",
            key="assistant",
            amount=500,
            on=today,
            source=f"payment:{claim.pk}",
            entered_by=officer,
        ),
    }


def _of_internships(place: Organisation, person_of: User, officer: User) -> dict[str, Any]:
    """An internship that is planned, one that is placed and one that has ended, with a proof of the employment after it."""
    from credentials.models import EmploymentProof

    person, today = person_of.person, timezone.localdate()
    rows = {
        name: put_internship(person, place, officer, state, days_ago=days)
        for name, state, days in (
            ("internship", "proposed", 90),
            ("placed_internship", "placed", 190),
            ("ended_internship", "ended", 290),
        )
    }
    region = Region.objects.get_or_create(code="421002", defaults={"name": "沙市区", "level": "county"})[0]
    paper = rows["internship"].paper
    employment = EmploymentProof.objects.create(
        internship=rows["ended_internship"],
        holder=person_of,
        employer_name="社工中心",
        region=region,
        is_in_field=True,
        starts_on=today - timedelta(days=30),
        still_on=today,
        contract=paper,
    )
    return {**rows, "employment": employment}


_PACK: dict[str, Any] = {
    **dict.fromkeys(("id_masked", "employer", "level", "department", "target", "done", "missing"), ""),
    **dict.fromkeys(("statement", "code", "verify_url", "asked_by", "platform"), ""),
    **{name: [] for name in ("kinds", "qualifications", "periods", "certificates", "lines")},
}


def _of_awards(place: Organisation, person_of: User, officer: User) -> dict[str, Any]:
    """A round in which the person is on the shortlist and the officer judges, and one that takes nominations."""
    from credentials.models import NominationPaper, PanelMember

    judged = make_award_round(place, officer, state="scoring")
    nomination = make_nomination(judged, person_of.person, state="shortlisted")
    paper = keep_file(upload=SimpleUploadedFile("事迹.pdf", b"%PDF-1.7 deeds"), actor=person_of)
    return {
        "award_round": make_award_round(place, officer, year=2020),
        "draft_round": make_award_round(place, officer, state="draft", year=2021),
        "judged_round": judged,
        "nomination": nomination,
        "nomination_paper": NominationPaper.objects.create(
            nomination=nomination, attachment=paper, sha256=paper.sha256
        ),
        "panel_member": PanelMember.objects.create(
            round=judged, user=officer, added_by=officer, declared_at=timezone.now()
        ),
    }


def _of_talent(place: Organisation, person_of: User, officer: User) -> dict[str, Any]:
    """A listed person of the pool with a post, a search of this officer, and a plan with a target."""
    from credentials.models import PostHolding, SavedSearch
    from credentials.talent.actions import refresh_profiles

    post = make_staff_post(place, title=f"社工岗{person_of.pk}")
    holding = PostHolding.objects.create(
        post=post, person=person_of.person, place=1, starts_on=timezone.localdate(), given_by=person_of
    )
    make_listed(person_of.person)
    refresh_profiles(person_ids=[person_of.person.pk])
    plan = make_plan_of(place, person_of, trained=3)
    search = SavedSearch.objects.create(owner=officer, name=f"查询{person_of.pk}", query="q=x")
    return {
        "staff_post": post,
        "holding": holding,
        "talent_plan": plan,
        "target": plan.targets.get(),
        "search": search,
    }


def _of_round(place: Organisation, person_of: User, supervisor: Any) -> dict[str, Any]:
    """A published round with one pair, an appeal against it, and a conflict of interest that has ended."""
    from supervision.models import Appeal, RunLine

    round = make_round(place, "published")
    member = make_round_mentee(round, person_of.person)
    by = make_round_supervisor(round, supervisor)
    run = make_run(round)
    return {
        "matching_round": round,
        "round_member": by,
        "round_line": RunLine.objects.create(run=run, mentee=member, supervisor=by, failure="满员"),
        "appeal": Appeal.objects.create(round=round, person=person_of.person, text="请再看一次"),
        "conflict": make_conflict(supervisor, person_of.person, person_of, organisation=place, ended_at=timezone.now()),
    }  # fmt: skip


def _of_circles(supervisor: Any, person: Any) -> dict[str, Any]:
    """A circle of the supervisor with this person, a gathering that is planned and one that is a visit of their project."""
    from supervision.models import CircleReview, GatheringAction, ProjectVisit

    circle = make_circle(supervisor, person)
    held = make_gathering(circle, days_ago=3)
    project = make_project(supervisor, person)
    return {
        "companion_project": project,
        "deliverable": make_deliverable(project),
        "visit": ProjectVisit.objects.create(project=project, gathering=held),
        "circle": circle,
        "circle_member": circle.members.get(),
        "gathering": make_gathering(circle, "planned", days_ago=-3),
        "held": held,
        "part": make_part(held, person),
        "part_amendment": make_gathering_amendment(
            make_part(make_gathering(circle, days_ago=4), person, "confirmed")
        ).answers.get(),
        "action": GatheringAction.objects.create(gathering=held, who="all", what="读材料"),
        "circle_review": CircleReview.objects.create(
            circle=circle, reviewer=supervisor.person.user, reason="投诉核查"
        ),
        "late_gathering": make_late_gathering(make_gathering(circle, days_ago=20)),
    }


def furnish(place: Organisation, person_of: User, officer: User) -> SimpleNamespace:
    """A row of everything at this organisation: it belongs to `person_of` and was made by `officer`."""
    from credentials.certificates.policy import serial_of
    from credentials.designs.document import Spec
    from credentials.keys.actions import signer_for
    from credentials.models import Certificate, Design, HoursEntry, PendingIssue
    from lms.models import (
        AbsenceRequest,
        AnswerFile,
        ApplicationRecord,
        Attempt,
        CohortQuota,
        InvitationCode,
        Mute,
        PaperVersion,
        ParticipantList,
        Report,
        ReviewWord,
    )
    from supervision.models import (
        Designation,
        MeetingFeed,
        OwnTraining,
        Pairing,
        Session,
        Speciality,
        Supervisor,
        SupervisorApplication,
    )

    person, now, today = person_of.person, timezone.now(), timezone.localdate()
    person.set_id_number("resident_id", uuid.uuid4().hex)
    person.save()
    version = make_version(assignments=1)
    cohort = make_cohort(place, version)
    newer = make_version(course=version.course)
    enrolment = make_enrolment(cohort, person)
    paper = PaperVersion.objects.get(version=version)
    attempt = Attempt.objects.create(enrolment=enrolment, paper=paper, number=1)
    proof = _file(officer)
    announcement = make_announcement(cohort, officer, attachment=proof)
    question = make_question(cohort, person_of, is_public=True)
    post = make_post(cohort, person_of)
    other_post = make_post(cohort, officer, post.thread)
    Report.objects.create(post=post, reporter=officer, reason="测试")
    mute = Mute.objects.create(
        cohort=cohort, user=officer, until=today, reason="测试", muted_by=officer, lifted_at=now
    )
    ReviewWord.objects.create(organisation=place, word="测试词")
    submission = make_submission(enrolment, attachment=proof)
    klass = make_class(cohort)
    make_register(klass)
    proof = keep_file(upload=SimpleUploadedFile("证明.pdf", b"%PDF-1.7"), actor=person_of)
    absence = AbsenceRequest.objects.create(
        kind="leave",
        class_session=klass,
        enrolment=enrolment,
        applicant=person_of,
        reason="值班",
        document=proof,
    )
    participants = ParticipantList.objects.create(
        class_session=klass, filename="x.xlsx", uploaded_by=officer,
        rows=[["林一", "", klass.starts_at.isoformat(), klass.ends_at.isoformat()]],
    )  # fmt: skip
    supervisor = Supervisor.objects.create(
        person=officer.person, code=f"SV{officer.pk:04}", organisation=place, capacity=5
    )
    pairing = Pairing.objects.create(
        supervisor=supervisor, mentee=person, organisation=place, starts_on=today
    )
    session = Session.objects.create(
        pairing=pairing,
        starts_at=now - timedelta(hours=1),
        ends_at=now,
        minutes=60,
        form="individual",
        mode="private",
        setting="on_site",
        functions=["educational"],
    )
    certificate = Certificate.objects.create(
        serial=serial_of(today.year, officer.pk), code=f"code{officer.pk}", person=person, enrolment=enrolment, organisation=place,
        name=person.name, title="课程", issued_on=today,
        facts={"name": person.name, "course_title": "课程", "hours": "1", "issuer": place.name},
    )  # fmt: skip
    hours = HoursEntry.objects.create(
        person=person, organisation=place, kind="course", minutes=60, occurred_on=today, title="课程", source=f"test:{officer.pk}"
    )  # fmt: skip
    plan = make_plan(place, stages=("county",))
    step = make_step(enrolment, place)
    record = ApplicationRecord.objects.create(enrolment=enrolment, plan=plan)
    upload = SimpleUploadedFile("proof.pdf", b"%PDF-1.4 proof")
    proof = AnswerFile.objects.create(
        record=record, key="proof", attachment=keep_file(upload=upload, actor=person_of)
    )
    candidacy = SupervisorApplication.objects.create(
        person=person,
        holder=person_of,
        organisation=place,
        kind="first",
        tier="junior",
        statement="x",
        handed_in_at=now,
    )
    candidacy.documents.add(proof.attachment)
    own_training = OwnTraining.objects.create(
        person=candidacy.person,
        holder_id=candidacy.holder_id,
        held_on=now.date(),
        title="督导能力培训",
        provider="市社协",
        minutes=480,
        evidence=proof.attachment,
        declared_at=now,
    )
    pathway = make_pathway(place, version)
    survey = make_survey(cohort)
    public_notice = make_notice(place)
    return SimpleNamespace(
        pathway=pathway,
        on_pathway=make_on_pathway(pathway, person),
        **_of_hours(place, person_of, officer, hours),
        **_of_talent(place, person_of, officer),
        **_of_internships(place, person_of, officer),
        **_of_round(place, person_of, supervisor),
        place=place,
        person=person,
        plan=plan,
        step=step,
        proof=proof,
        quota=CohortQuota.objects.create(cohort=cohort, organisation=place, places=1),
        code=InvitationCode.objects.create(cohort=cohort, code=f"CODE{officer.pk:06}", uses_allowed=3),
        version=newer,
        cohort=cohort,
        enrolment=enrolment,
        paper=paper,
        attempt=attempt,
        session_of_cohort=make_class(cohort, days=30),
        feed=make_feed(person=person),
        submission=submission,
        announcement=announcement,
        question=question,
        post=post,
        other_post=other_post,
        mute=mute,
        klass=klass,
        absence=absence,
        participants=participants,
        transfer=make_transfer(enrolment, make_cohort(place, version)),
        supervisor=supervisor,
        designation=Designation.objects.create(
            supervisor=supervisor,
            tier="junior",
            issuer=place.name,
            starts_on=today,
            document=proof.attachment,
        ),
        design=survey.version.design,
        survey=survey,
        invitation=make_invitation(survey, enrolment),
        unasked=make_invitation(survey, enrolment, respondent=None, rater="supervisor"),
        candidacy=candidacy,
        own_training=own_training,
        pairing=pairing,
        speciality=Speciality.objects.create(
            supervisor=supervisor, field=ServiceFieldFactory(), name="哀伤辅导"
        ),
        pair_wish=make_wish(pairing),
        function=make_function(place),
        supervision_request=make_request(supervisor, person, "withdrawn", organisation=place),
        agreement=make_agreement(pairing),
        goal=make_goal(pairing),
        handover=make_handover(pairing),
        slot=make_slot(supervisor),
        meeting_feed=MeetingFeed.objects.create(person=person, token=f"secret-{person.pk}"),
        holiday=Holiday.objects.create(name="示例节", starts_on=today, ends_on=today),
        meeting=make_meeting(pairing, "proposed"),
        evaluation=make_evaluation(pairing),
        supervision_report=make_report(place, officer),
        allowance=make_allowance_statement(place, officer, is_empty=True),
        **_of_circles(supervisor, person),
        session=session,
        late=make_late(make_session(pairing, days_ago=20)),
        amendment=make_amendment(make_session(pairing, "confirmed", days_ago=21)),
        review=make_review(pairing, officer),
        certificate=certificate,
        template=Design.objects.create(organisation=place, name=f"模板{officer.pk}", draft=asdict(Spec())),
        policy=make_policy(place, officer),
        **_of_claim(person_of, officer, place),
        forecast=make_forecast(place, officer),
        public_notice=public_notice,
        **_of_awards(place, person_of, officer),
        objection=make_objection(public_notice),
        hours=hours,
        signing_key=signer_for("pdf").row,
        pending=PendingIssue.objects.create(
            enrolment=enrolment, organisation=place, reason="缺字", event=_event(enrolment)
        ),
        job=Job.objects.create(kind="test", title="x", organisation=place, created_by=officer),
        notice=Notice.objects.create(user=person_of, kind="test", title="x"),
        role=RoleAssignment.objects.get(user=person_of),
        field=ServiceFieldFactory(),
        sheet=SheetImport.objects.create(
            kind="people",
            organisation=place,
            title="名单",
            created_by=officer,
            state="checked",
            file=_file(officer),
        ),
    )


def _file(officer: User) -> Attachment:
    """A kept file, as its row tells of it."""
    return Attachment.objects.create(
        name="x.pdf", content_type="application/pdf", size=1, sha256="0" * 64, stored=f"attachments/{officer.pk}.pdf", uploaded_by=officer
    )  # fmt: skip


def _event(enrolment: Any) -> dict[str, Any]:
    """A completion as it is kept with a certificate on hold."""
    event = CourseCompleted(
        enrolment_id=enrolment.pk,
        person_id=enrolment.person_id,
        organisation_id=enrolment.cohort.organisation_id,
        course_code="course",
        course_title="课程",
        course_title_en="Course",
        version_number=1,
        cohort_title="班次",
        minutes=90,
        completed_at=timezone.now(),
    )
    return {**asdict(event), "completed_at": event.completed_at.isoformat()}


Fill = Callable[[SimpleNamespace], dict[str, Any]]


def _pk(name: str, part: str = "pk") -> Fill:
    return lambda rows: {part: getattr(rows, name).pk}


def _lesson(rows: SimpleNamespace) -> dict[str, Any]:
    return {"enrolment_id": rows.enrolment.pk, "key": rows.enrolment.version.outline[0]["items"][0]["key"]}


def _assignment(rows: SimpleNamespace) -> dict[str, Any]:
    return {"enrolment_id": rows.enrolment.pk, "key": rows.submission.key}


def _talk(name: str = "") -> Fill:
    """Inside the conversations of one's own cohort; `name` is the row that the page is about."""

    def fill(rows: SimpleNamespace) -> dict[str, Any]:
        row = getattr(rows, name).pk if name else None
        return {"enrolment_id": rows.enrolment.pk} | ({"pk": row} if name else {})

    return fill


def _award_paper(rows: SimpleNamespace) -> dict[str, Any]:
    ids = {"nomination_id": rows.nomination.pk, "paper_id": rows.nomination_paper.pk}
    return {"pk": rows.judged_round.pk} | ids


# What stands for the parts of each address of ours. A new address with parts is added here.
FILLED: dict[str, Fill] = {
    "core:notice": _pk("notice"),
    **{f"core:{name}": _pk("job") for name in ("job", "job-progress", "job-file", "job-retry", "job-cancel")},
    **{f"people:{name}": _pk("person") for name in ("edit", "detail", "reveal", "declared-decide")},
    **{f"imports:{name}": _pk("sheet") for name in ("detail", "progress", "apply", "drop", "wrong", "codes")},
    "rosters:upload": _pk("cohort", "cohort_id"),
    "imports:blank": lambda rows: {"kind": "people"},
    "organisations:edit": _pk("place"),
    "roles:end": _pk("role"),
    "service-fields:edit": _pk("field"),
    "lms:enrolment-apply": _pk("cohort", "cohort_id"),
    "lms:invitation-enter": _pk("cohort", "cohort_id"),
    "lms:application-document": lambda rows: {"enrolment_id": rows.enrolment.pk, "file_id": rows.proof.pk},
    "lms:enrolment-detail": _pk("enrolment", "enrolment_id"),
    "lms:enrolment-progress": _pk("enrolment", "enrolment_id"),
    "lms:enrolment-withdraw": _pk("enrolment", "enrolment_id"),
    **{
        f"lms:enrolment-{name}": _pk("enrolment", "enrolment_id")
        for name in ("withdraw", "accept", "decline", "waiting-list")
    },
    "lms:transfer-ask": _pk("enrolment", "enrolment_id"),
    "lms:transfer-move": lambda rows: {"enrolment_id": rows.enrolment.pk, "cohort_id": rows.transfer.to_cohort_id},
    "lms:transfer-take-back": _pk("transfer", "transfer_id"),
    "transfers:cohort": _pk("cohort", "cohort_id"),
    **{f"transfers:{name}": _pk("transfer") for name in ("grant", "refuse")},
    "transfers:move": _pk("enrolment"),
    "lms:attempt-start": lambda rows: {"enrolment_id": rows.enrolment.pk, "key": rows.paper.key},
    "lms:attempt-page": lambda rows: {"attempt_id": rows.attempt.pk, "number": 1},
    "lms:attempt-answer": lambda rows: {"attempt_id": rows.attempt.pk, "question": "question-1"},
    "lms:attempt-submit": _pk("attempt", "attempt_id"),
    "lms:attempt-result": _pk("attempt", "attempt_id"),
    "lms:learning-outline": _pk("enrolment", "enrolment_id"),
    "lms:learning-resume": _pk("enrolment", "enrolment_id"),
    "lms:learning-lesson": _lesson,
    "lms:learning-complete": _lesson,
    "lms:learning-check": lambda rows: _lesson(rows) | {"check_key": "x"},
    "lms:timetable-enrolment": _pk("enrolment", "enrolment_id"),
    "lms:pathway-join": _pk("pathway"),
    **{f"lms:pathway-{name}": _pk("on_pathway") for name in ("mine", "leave")},
    **{f"pathways:{name}": _pk("pathway") for name in ("people", "change", "close", "put_on")},
    "timetable:cohort": _pk("cohort", "cohort_id"),
    "timetable:add": _pk("cohort", "cohort_id"),
    "timetable:calendar": _pk("cohort", "cohort_id"),
    **{f"timetable:{name}": _pk("session_of_cohort") for name in ("change", "repeat", "cancel")},
    **{f"lms:assignment-{name}": _assignment for name in ("detail", "draft", "review")},
    "lms:assignments": _pk("enrolment", "enrolment_id"),
    "lms:assignment-file": lambda rows: {"enrolment_id": rows.enrolment.pk, "submission_id": rows.submission.pk},
    "assignments:cohort": _pk("cohort", "cohort_id"),
    **{f"assignments:{name}": _pk("submission") for name in ("mark", "correct", "grant", "file")},
    **{f"lms:{name}": _talk() for name in ("talk", "talk-questions", "talk-ask", "talk-discussion", "talk-start")},
    **{f"lms:talk-announcement{name}": _talk("announcement") for name in ("", "-file")},
    **{f"lms:talk-{name}": _talk("question") for name in ("question", "solve")},
    "lms:talk-thread": lambda rows: {"enrolment_id": rows.enrolment.pk, "pk": rows.post.thread_id},
    "lms:talk-edit": _talk("post"),
    "lms:talk-report": _talk("other_post"),
    **{f"talk:{name}": _pk("cohort", "cohort_id") for name in ("announcements", "announce", "questions", "discussion", "start")},
    **{f"talk:{name}": _pk("announcement") for name in ("announcement", "withdraw", "file")},
    **{f"talk:{name}": _pk("question") for name in ("question", "frequent", "private")},
    **{f"talk:{name}": lambda rows: {"pk": rows.post.thread_id} for name in ("thread", "close")},
    **{f"talk:{name}": _pk("post") for name in ("hide", "keep")},
    "talk:mute": _pk("enrolment", "enrolment_id"),
    "talk:lift": _pk("mute"),
    "talk:words": _pk("place", "organisation_id"),
    "lms:survey-room": _pk("enrolment", "enrolment_id"),
    **{f"lms:survey-{name}": _pk("invitation", "invitation_id") for name in ("answer", "draft", "review", "done")},
    "survey-designs:edit": _pk("design"),
    "cohort-surveys:cohort": _pk("cohort", "cohort_id"),
    "cohort-surveys:choose": _pk("cohort", "cohort_id"),
    "cohort-surveys:assign": lambda rows: {"cohort_id": rows.cohort.pk, "design_id": rows.design.pk},
    **{f"cohort-surveys:{name}": _pk("survey") for name in ("results", "download", "stop", "raters")},
    "cohort-surveys:name-rater": _pk("unasked"),
    **{f"lms:attendance-{name}": lambda rows: {"uid": rows.klass.uid} for name in ("checkin", "screen", "code")},
    "lms:attendance-own": _pk("enrolment", "enrolment_id"),
    **{
        f"lms:attendance-{name}": lambda rows: {"enrolment_id": rows.enrolment.pk, "uid": rows.klass.uid}
        for name in ("leave", "make-up")
    },
    "lms:attendance-withdraw": _pk("absence"),
    "lms:attendance-document": _pk("absence"),
    "attendance:cohort": _pk("cohort", "cohort_id"),
    "attendance:rule": _pk("cohort", "cohort_id"),
    **{f"attendance:{name}": _pk("klass", "class_id") for name in ("register", "save", "close", "sheet", "upload")},
    "attendance:make-up": lambda rows: {"class_id": rows.klass.pk, "enrolment_id": rows.enrolment.pk},
    "attendance:preview": _pk("participants"),
    "attendance:decide": _pk("absence"),
    "cohorts:edit": _pk("cohort"),
    "cohorts:cancel": _pk("cohort"),
    "applications:cohort": _pk("cohort", "cohort_id"),
    "applications:approve_many": _pk("cohort", "cohort_id"),
    "applications:versions": _pk("cohort", "cohort_id"),
    "applications:move": lambda rows: {"cohort_id": rows.cohort.pk, "version_id": rows.version.pk},
    **{f"applications:{name}": _pk("enrolment") for name in ("approve", "refuse", "withdraw")},
    **{
        f"teaching:{name}": _pk("cohort", "cohort_id")
        for name in ("risk", "contact", "grades", "grades-sheet", "grid", "grid-sheet")
    },
    "teaching:limits": _pk("place", "organisation_id"),
    "application-plans:edit": _pk("plan"),
    "application-plans:read": _pk("plan"),
    **{f"admissions:{name}": _pk("cohort", "cohort_id") for name in ("cohort", "set_quota", "make_code")},
    **{f"admissions:{name}": _pk("code") for name in ("code", "print_code", "revoke_code")},
    "admissions:remove_quota": _pk("quota"),
    **{f"approvals:{name}": _pk("enrolment") for name in ("detail", "decide")},
    "issuing:cohort": _pk("cohort"),
    "certificates:try-again": _pk("pending"),
    "supervisors:edit": _pk("supervisor"),
    "supervisors:designations": _pk("supervisor"),
    "supervisors:end_designation": lambda rows: {"pk": rows.supervisor.pk, "designation_id": rows.designation.pk},
    "supervision_supervisors:chosen": _pk("supervisor"),
    "supervision_people:chosen": _pk("person"),
    **{f"pairings:{name}": _pk("pairing") for name in ("detail", "pause", "resume", "end")},
    **{f"own_trainings:{name}": _pk("own_training") for name in ("inspect", "file")},
    **{f"supervision:training-{name}": _pk("own_training", "training_id") for name in ("correct", "withdraw", "file")},
    "supervision:speciality-drop": _pk("speciality", "speciality_id"),
    "supervision:wish-ask": _pk("pairing", "pairing_id"),
    **{f"supervision:wish-{name}": _pk("pair_wish", "wish_id") for name in ("detail", "withdraw")},
    "pair_wishes:inspect": _pk("pair_wish"),
    "supervision_functions:detail": _pk("function"),
    **{f"certificates:{name}": _pk("certificate") for name in ("inspect", "revoke", "replace", "renew", "redraw")},
    **{f"keys:{name}": _pk("signing_key") for name in ("rotate", "withdraw")},
    "credentials:certificate-detail": lambda rows: {"serial": rows.certificate.serial},
    **{f"designs:{name}": _pk("template") for name in ("inspect", "edit", "publish")},
    "designs:preview": lambda rows: {"pk": rows.template.pk, "number": 1},
    "designs:choose": _pk("cohort", "cohort_id"),
    **{f"policies:{name}": _pk("policy") for name in ("inspect", "edit", "answer", "publish", "attempt")},
    "policies:version": lambda rows: {"pk": rows.policy.pk, "number": 1},
    "credentials:badge-page": lambda rows: {"serial": rows.certificate.serial},
    "credentials:certificate-file": lambda rows: {"serial": rows.certificate.serial},
    "credentials:hours-evidence": _pk("hours"),
    "hours:take-back": _pk("hours"),
    "credentials:period-withdraw": _pk("period"),
    "credentials:pack-make": _pk("period"),
    "credentials:pack-file": _pk("pack"),
    "credentials:exam-forget": _pk("exam_pass"),
    "credentials:claim-detail": _pk("claim"),
    "forecasts:ask": _pk("policy"),
    "forecasts:inspect": _pk("forecast"),
    **{
        f"credentials:claim-{name}": _pk("claim")
        for name in (
            *("detail", "edit", "autosave", "paper-add", "scan-take", "check", "form"),
            *("withdraw", "appeal", "account", "take-back"),
        )
    },
    "credentials:claim-paper": lambda rows: {"pk": rows.claim.pk, "paper_id": rows.claim_paper.pk},
    **{f"payments:{name}": _pk("payment_batch") for name in ("batch", "results", "enter")},
    "payments:act": lambda rows: {"pk": rows.payment_batch.pk, "verb": "lock"},
    "payments:paper": lambda rows: {"pk": rows.payment_batch.pk, "paper": "roster"},
    **{
        f"payments:{name}": lambda rows: {"pk": rows.payment_batch.pk, "line_id": rows.payment_line.pk}
        for name in ("drop", "result")
    },
    "payments:build": lambda rows: {"policy_id": rows.payment_batch.policy_id},
    **{f"credentials:qualification-{name}": _pk("qualification") for name in ("detail", "scan", "withdraw")},
    "qualifications:inspect": _pk("qualification"),
    "qualifications:conflicts": _pk("qualification_sheet", "sheet_id"),
    **{f"credentials:award-{name}": _pk("award_round") for name in ("round", "nominate")},
    **{f"credentials:award-{name}": _pk("judged_round") for name in ("vote", "panel")},
    "credentials:award-score": lambda rows: {"pk": rows.judged_round.pk, "nomination_id": rows.nomination.pk},
    "credentials:award-score-paper": _award_paper,
    **{f"credentials:nomination{name}": _pk("nomination") for name in ("", "-decide")},
    "credentials:nomination-paper": lambda rows: {"pk": rows.nomination.pk, "paper_id": rows.nomination_paper.pk},
    **{f"award-rounds:{name}": _pk("judged_round") for name in ("inspect", "add-member", "shortlist", "cancel")},
    "award-rounds:edit": _pk("draft_round"),
    "award-rounds:step": lambda rows: {"pk": rows.draft_round.pk, "name": "open"},
    "award-rounds:remove-member": lambda rows: {"pk": rows.judged_round.pk, "member_id": rows.panel_member.pk},
    "award-rounds:nominee": lambda rows: {"pk": rows.judged_round.pk, "nomination_id": rows.nomination.pk},
    "award-rounds:paper": _award_paper,
    **{name: _pk("claim") for name in ("claims:inspect", "claims:conflict", "claims:fill")},
    "claims:paper": lambda rows: {"pk": rows.claim.pk, "paper_id": rows.claim_paper.pk},
    "claims:appeal": _pk("claim_appeal"),
    "claims:post": lambda rows: {"policy_id": rows.claim.version.subsidy_id},
    **{
        name: lambda rows: {"person_id": rows.claim.person_id}
        for name in ("claims:enter", "claims:ledger", "claims:earlier")
    },
    "public-notices:inspect": _pk("public_notice"),
    "public-notices:objection": lambda rows: {"notice_id": rows.public_notice.pk, "pk": rows.objection.pk},
    "conduct:inspect": _pk("conduct"),
    "conduct:add": _pk("person", "person_id"),
    "commendations:inspect": _pk("commendation"),
    "commendations:add": _pk("person", "person_id"),
    "internships:edit": _pk("internship"),
    "internships:inspect": _pk("internship"),
    "internships:add": _pk("person", "person_id"),
    "internships:proof": _pk("employment"),
    **{f"credentials:internship-{name}": _pk("internship") for name in ("confirm", "paper")},
    "credentials:internship-sign": _pk("placed_internship"),
    "credentials:internship-employment": _pk("ended_internship"),
    "credentials:employment-paper": lambda rows: {"pk": rows.employment.pk, "which": "contract"},
    "credentials:employment-withdraw": _pk("employment"),
    "periods:inspect": _pk("period"),
    "levels:edit": _pk("level"),
    **{f"credentials:manual-{name}": _pk("manual") for name in ("detail", "proof", "withdraw")},
    "manual-entries:inspect": _pk("manual"),
    "manual-entries:enter": _pk("person", "person_id"),
    "credentials:statement-file": lambda rows: {"serial": rows.statement.serial},
    "statements:person": _pk("person", "person_id"),
    **{f"talent:{name}": _pk("person") for name in ("person", "cv", "give", "route")},
    "talent:drop": _pk("search"),
    **{f"posts:{name}": _pk("staff_post") for name in ("inspect", "edit")},
    "posts:end": _pk("holding"),
    "posts:fill": _pk("staff_post"),
    "sectors:edit": lambda rows: {"pk": rows.staff_post.sector_id},
    "plans:inspect": _pk("talent_plan"),
    **{f"plans:{name}": _pk("target") for name in ("divide", "remove")},
    **{
        f"supervision:{name}": _pk("pairing", "pairing_id")
        for name in ("pairing-detail", "session-log", "session-draft")
    },
    "supervision:supervisor-ask": _pk("supervisor", "supervisor_id"),
    **{
        f"supervision:request-{name}": _pk("supervision_request", "request_id")
        for name in ("detail", "accept", "decline", "withdraw")
    },
    "supervision:agreement-draft": _pk("pairing", "pairing_id"),
    **{
        f"supervision:agreement-{name}": _pk("agreement", "agreement_id")
        for name in ("detail", "propose", "accept", "return", "withdraw", "pdf")
    },
    "supervision:goal-set": _pk("pairing", "pairing_id"),
    "pairings:change": _pk("pairing"),
    "supervision:evaluation-detail": _pk("evaluation", "evaluation_id"),
    "supervision:growth-pairing": _pk("pairing", "pairing_id"),
    "evaluation_templates:edit": lambda rows: {"pk": rows.evaluation.template_id},
    **{f"supervision_reports:{name}": _pk("supervision_report") for name in ("detail", "pdf", "xlsx")},
    **{f"supervision_allowances:{name}": _pk("allowance") for name in ("detail", "correct", "pdf", "xlsx")},
    **{
        f"supervision:circle-{name}": _pk("circle", "circle_id")
        for name in ("detail", "change", "join", "invite", "hand-over", "close")
    },
    **{f"supervision:gathering-{name}": _pk("circle", "circle_id") for name in ("plan", "record")},
    **{f"supervision:member-{name}": _pk("circle_member", "member_id") for name in ("accept", "decline", "leave")},
    **{f"supervision:gathering-{name}": _pk("gathering", "gathering_id") for name in ("change", "cancel", "log")},
    **{f"supervision:gathering-{name}": _pk("held", "gathering_id") for name in ("detail", "amend", "note", "list")},
    "supervision:part-add": _pk("held", "gathering_id"),
    **{f"supervision:part-{name}": _pk("part", "part_id") for name in ("confirm", "dispute", "correct", "remove")},
    **{
        f"supervision:project-{name}": _pk("companion_project", "project_id")
        for name in ("detail", "change", "plan", "link", "finish", "stop", "evaluate")
    },
    "supervision:visit-unlink": _pk("visit", "visit_id"),
    **{f"supervision:deliverable-{name}": _pk("deliverable", "deliverable_id") for name in ("detail", "answer")},
    "supervision:deliverable-file": lambda rows: {
        "deliverable_id": rows.deliverable.pk, "file_id": rows.proof.attachment.pk
    },
    **{f"supervision:gathering-{name}": _pk("circle", "circle_id") for name in ("draft", "sync")},
    **{
        f"supervision:gathering-{name}": _pk("held", "gathering_id")
        for name in ("correct", "attach", "explain")
    },
    "supervision:gathering-file": lambda rows: {"gathering_id": rows.held.pk, "file_id": 0},
    "supervision:action-tick": _pk("action", "action_id"),
    **{f"supervision:correction-{name}": _pk("part_amendment", "answer_id") for name in ("accept", "refuse")},
    "supervision:correction-withdraw": lambda rows: {"amendment_id": rows.part_amendment.amendment_id},
    "late_gatherings:inspect": _pk("late_gathering"),
    "circle_reviews:ask": _pk("circle", "circle_id"),
    "circle_reviews:inspect": _pk("circle_review"),
    "circle_reviews:read": lambda rows: {"pk": rows.circle_review.pk, "gathering_id": rows.held.pk},
    **{f"circles:{name}": _pk("circle") for name in ("detail", "close")},
    "companion_projects:detail": _pk("companion_project"),
    **{
        f"supervision:meeting-{name}": _pk("meeting", "meeting_id")
        for name in (
            *("detail", "accept", "answer", "cancel", "decline"),
            *("ics", "missed", "move", "place", "withdraw"),
        )
    },
    "supervision:meeting-propose": _pk("pairing", "pairing_id"),
    "supervision:slot-book": _pk("slot", "slot_id"),
    "supervision:slot-withdraw": _pk("slot", "slot_id"),
    "holidays:edit": _pk("holiday"),
    "supervision:handover-write": _pk("pairing", "pairing_id"),
    "supervision:handover-detail": _pk("handover", "handover_id"),
    "supervision:handover-release": _pk("handover", "handover_id"),
    "supervision:handover-keep": _pk("handover", "handover_id"),
    "supervision:goal-detail": _pk("goal", "goal_id"),
    "agreement_templates:edit": lambda rows: {"pk": rows.agreement.template_id},
    "competencies:edit": lambda rows: {"pk": rows.goal.competency_id},
    "supervision:application-withdraw": _pk("candidacy", "application_id"),
    "supervision:application-file": lambda rows: {"application_id": rows.candidacy.pk, "file_id": rows.proof.attachment.pk},
    **{
        f"supervision:round-{name}": _pk("matching_round", "round_id")
        for name in ("detail", "supervisors", "mentees", "join", "leave", "wish", "places", "appeal")
    },
    "supervision:appeal-withdraw": _pk("appeal", "appeal_id"),
    "supervision:conflict-end": _pk("conflict", "conflict_id"),
    "conflicts:inspect": _pk("conflict"),
    **{
        f"rounds:{name}": _pk("matching_round")
        for name in (
            "edit", "detail", "move", "cancel", "next", "mentees", "supervisors", "out", "results", "try", "trial",
            "decide_trial", "prices", "export", "knobs", "draw",
        )
    },
    "rounds:places": lambda rows: {"pk": rows.matching_round.pk, "member_id": rows.round_member.pk},
    **{
        f"rounds:{name}": lambda rows: {"pk": rows.matching_round.pk, "line_id": rows.round_line.pk}
        for name in ("line", "retry")
    },
    "rounds:appeal": lambda rows: {"pk": rows.matching_round.pk, "appeal_id": rows.appeal.pk},
    "supervision:own-document": _pk("designation", "designation_id"),
    "appointments:inspect": _pk("candidacy"),
    "appointments:file": lambda rows: {"pk": rows.candidacy.pk, "file_id": rows.proof.attachment.pk},
    "supervisors:document": lambda rows: {"pk": rows.supervisor.pk, "designation_id": rows.designation.pk},
    **{
        f"supervision:session-{name}": _pk("session", "session_id")
        for name in (
            *("detail", "confirm", "dispute", "amend", "cancel", "note"),
            *("correct", "reflect", "explain", "attach", "pdf"),
        )
    },
    "supervision:session-sync": _pk("pairing", "pairing_id"),
    "supervision:session-file": lambda rows: {"session_id": rows.session.pk, "file_id": 0},
    **{
        f"supervision:amendment-{name}": _pk("amendment", "amendment_id")
        for name in ("accept", "refuse", "withdraw")
    },
    "supervision:follow-up-tick": lambda rows: {"follow_up_id": 0},
    "late_records:inspect": _pk("late"),
    "session_reviews:ask": _pk("pairing", "pairing_id"),
    "session_reviews:inspect": _pk("review"),
    "session_reviews:read": lambda rows: {"pk": rows.review.pk, "session_id": rows.session.pk},
}  # fmt: skip


def address_of(route: Route, rows: SimpleNamespace) -> str:
    return reverse(route.name, kwargs=FILLED[route.name](rows)) if route.parts else route.example
