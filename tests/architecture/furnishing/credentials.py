"""Rows of credentials: what the person holds, and what is awarded."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from core.models import Attachment, Organisation, Region, SheetImport, User
from lms.signals import CourseCompleted
from tests.architecture.furnishing import subsidies
from tests.architecture.furnishing.core import kept_file
from tests.factories import (
    make_listed,
    make_plan_of,
    make_staff_post,
    put_internship,
)


def furnish(rows: SimpleNamespace, person_of: User, officer: User) -> dict[str, Any]:
    """A certificate, hours and a qualification of the person, and all that is decided about them."""
    from credentials.models import HoursEntry

    place, person = rows.place, person_of.person
    hours = HoursEntry.objects.create(
        person=person,
        organisation=place,
        kind="course",
        minutes=60,
        occurred_on=timezone.localdate(),
        title="课程",
        source=f"test:{officer.pk}",
    )
    return {
        "hours": hours,
        **_of_certificates(rows.enrolment, officer),
        **_of_hours(place, person_of, officer, hours),
        **_of_talent(place, person_of, officer),
        **_of_internships(place, person_of, officer),
        **subsidies.furnish(rows, person_of, officer),
    }


def _of_certificates(enrolment: Any, officer: User) -> dict[str, Any]:
    """A certificate, one that is on hold, the key that signs and a design."""
    from credentials.certificates.policy import serial_of
    from credentials.designs.document import Spec
    from credentials.keys.actions import signer_for
    from credentials.models import Certificate, Design, PendingIssue

    person, place, today = enrolment.person, enrolment.cohort.organisation, timezone.localdate()
    return {
        "certificate": Certificate.objects.create(
            serial=serial_of(today.year, officer.pk),
            code=f"code{officer.pk}",
            person=person,
            enrolment=enrolment,
            organisation=place,
            name=person.name,
            title="课程",
            issued_on=today,
            facts={"name": person.name, "course_title": "课程", "hours": "1", "issuer": place.name},
        ),
        "pending": PendingIssue.objects.create(
            enrolment=enrolment, organisation=place, reason="缺字", event=_event(enrolment)
        ),
        "signing_key": signer_for("pdf").row,
        "template": Design.objects.create(organisation=place, name=f"模板{officer.pk}", draft=asdict(Spec())),
    }


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
            file=kept_file(officer),
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


_PACK: dict[str, Any] = {
    **dict.fromkeys(("id_masked", "employer", "level", "department", "target", "done", "missing"), ""),
    **dict.fromkeys(("statement", "code", "verify_url", "asked_by", "platform"), ""),
    **{name: [] for name in ("kinds", "qualifications", "periods", "certificates", "lines")},
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
