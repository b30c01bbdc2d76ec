"""What a person holds and is recorded with: certificates, periods, entries, qualifications, conduct; and posts, plans."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import Organisation, Person, User
from tests.factories.core import make_user
from tests.factories.enrolments import make_cohort, make_enrolment

if TYPE_CHECKING:
    from credentials.manual_entries.actions import Facts
    from credentials.models import (
        Certificate,
        Commendation,
        ConductRecord,
        ManualEntry,
        Post,
        QualificationRecord,
        RegistrationPeriod,
        TalentPlan,
    )
    from lms.models import Cohort


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


def make_period(
    person: Person, code: str = "assistant", state: str = "verified", days_ago: int = 100, **fields: object
) -> RegistrationPeriod:
    """A registration period that began so many days ago; verified by an account of its own."""
    from credentials.models import QualificationLevel, RegistrationPeriod
    from credentials.qualifications.policy import last_day_of

    level, _ = QualificationLevel.objects.get_or_create(
        code=code, defaults={"name": f"级别 {code}", "target_hours": 72 if code == "assistant" else 90}
    )
    starts_on = timezone.localdate() - timedelta(days=days_ago)
    defaults = {
        "level": level,
        "starts_on": starts_on,
        "ends_on": last_day_of(starts_on),
        "state": state,
        "declared_by": person.user,
        "verified_by": make_user("核验员", person.employer) if state == "verified" else None,
        "reason": "与证书不符" if state == "returned" else "",
    }
    return RegistrationPeriod.objects.create(person=person, **defaults | fields)


def make_proof(text: str = "", name: str = "结业证明.pdf") -> object:
    """A PDF to hand in as proof; every call makes other bytes unless `text` is given."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, pdf_of(text or uuid.uuid4().hex), content_type="application/pdf")


def pdf_of(
    text: str, *, more: str = "", page: str = "/Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]"
) -> bytes:
    """The smallest PDF with one empty page that readers open; `text` stands in it as a remark, `more` in its trailer."""
    content = f"%PDF-1.4\n%{text}\n".encode()
    places = []
    for number, said in enumerate(
        ("/Type/Catalog/Pages 2 0 R", "/Type/Pages/Kids[3 0 R]/Count 1", page), start=1
    ):
        places.append(len(content))
        content += f"{number} 0 obj<<{said}>>endobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    ends = f"xref\n0 4\n0000000000 65535 f \n{table}trailer<</Size 4/Root 1 0 R{more}>>\nstartxref\n{len(content)}\n%%EOF\n"
    return content + ends.encode()


def make_manual_facts(days_ago: int = 3, start: int | None = 9, minutes: int = 90, **said: object) -> Facts:
    """What a manual entry says: a training `days_ago` days ago from `start` o'clock, or without times."""
    from datetime import datetime, time

    from credentials.manual_entries.actions import Facts
    from credentials.manual_entries.policy import Said

    day = timezone.localdate() - timedelta(days=days_ago)
    starts_at = (
        datetime.combine(day, time(start), timezone.get_current_timezone()) if start is not None else None
    )
    ends_at = starts_at + timedelta(minutes=minutes) if starts_at else None
    words = {"training": "training", "title": "危机干预工作坊", "organiser": "示例培训中心"}
    return Facts(**words | said, said=Said(day, minutes, starts_at, ends_at))


def make_manual(person: Person, officer: User | None = None, **facts: object) -> ManualEntry:
    """A manual entry that waits: asked for by the person, or entered by this officer."""
    from credentials.manual_entries.actions import enter_manual, request_manual

    proof = facts.pop("proof", None) or make_proof()
    said = make_manual_facts(**facts)
    if officer is None:
        return request_manual(person=person, facts=said, upload=proof, actor=person.user)
    return enter_manual(person=person, facts=said, upload=proof, actor=officer)


def make_qualification(
    person: Person, code: str = "assistant", state: str = "verified", days_ago: int = 100, **fields: object
) -> QualificationRecord:
    """A certificate issued so many days ago, with a scan; verified by an account of its own."""
    from core.attachments.actions import keep_file
    from credentials.models import QualificationLevel, QualificationRecord

    level, _ = QualificationLevel.objects.get_or_create(
        code=code, defaults={"name": f"级别 {code}", "target_hours": 72 if code == "assistant" else 90}
    )
    defaults = {
        "level": level,
        "holder": person.user,
        "number": f"示例{uuid.uuid4().hex[:12].upper()}",
        "issued_on": timezone.localdate() - timedelta(days=days_ago),
        "scan": keep_file(upload=make_proof(name="证书.pdf"), actor=person.user),
        "state": state,
        "declared_by": person.user,
        "verified_by": make_user("核验员", person.employer) if state == "verified" else None,
        "reason": "与扫描件不符" if state == "returned" else "",
    }
    return QualificationRecord.objects.create(person=person, **defaults | fields)


def make_table_of_qualifications(number: int, station: Organisation, wrong: int = 0) -> list[tuple[str, ...]]:
    """So many people of a station, known by their telephones, and the rows of a table of their certificates; every other
    wrong row has an unknown level, the rest no day. The headings: name, telephone, level, number, day, exam year."""
    from core.people.sealed import lookup_hash

    phones = [f"138{place:08}" for place in range(number)]
    users = User.objects.bulk_create(
        User(email=f"q{phone}@example.com", phone_sealed=phone, phone_hash=lookup_hash("phone", phone))
        for phone in phones
    )
    people = [
        Person(user=user, name=f"社{chr(0x4E00 + place)}", employer=station)
        for place, user in enumerate(users)
    ]
    Person.objects.bulk_create(people)
    rows, every = [], number // wrong if wrong else number + 1
    for place, (person, phone) in enumerate(zip(people, phones, strict=True)):
        nth, rest = divmod(place, every)
        is_wrong = bool(wrong) and rest == 0 and nth < wrong
        level = "特级" if is_wrong and nth % 2 else "助理社会工作师"
        day = "？" if is_wrong and nth % 2 == 0 else "2025-09-01"
        rows.append((person.name, phone, level, f"2025{place:08}", day, "2025"))
    return rows


def make_conduct(person: Person, officer: User, days_ago: int = 200, **fields: object) -> ConductRecord:
    """A conduct record of something that happened so many days ago."""
    from credentials.conduct.actions import record_conduct

    day = timezone.localdate() - timedelta(days=days_ago)
    said = {"head": "ethics", "occurred_on": day, "established_on": day, "source": "示例市民政局〔2026〕1号"}
    return record_conduct(person=person, actor=officer, **said | fields)


def make_commendation(person: Person, officer: User, **fields: object) -> Commendation:
    """A commendation that an officer has registered."""
    from credentials.commendations.actions import register_commendation

    said = {"rank": "city", "title": "最美社工（示例）", "issuer": "示例市民政局", "year": 2025}
    return register_commendation(person=person, actor=officer, **said | fields)


def make_staff_post(
    organisation: Organisation, sector: str = "civil_affairs", title: str = "社工岗", places: int = 1
) -> Post:
    """A post with planned places; the sector is made where the table was emptied."""
    from credentials.models import Post, Sector

    row, _ = Sector.objects.get_or_create(code=sector, defaults={"name": sector})
    return Post.objects.create(organisation=organisation, sector=row, title=title, places=places)


def make_plan_of(
    organisation: Organisation, actor: User, year: int | None = None, **targets: int
) -> TalentPlan:
    """A talent plan with targets by kind, such as `trained=10`."""
    from credentials.plans.actions import make_plan, set_target

    plan = make_plan(
        organisation=organisation, year=year or timezone.localdate().year, title="人才培养计划", actor=actor
    )
    for kind, number in targets.items():
        set_target(plan=plan, number=number, kind=kind, actor=actor)
    return plan


def make_listed(*people: Person) -> None:
    """These people agree to be listed in the talent pool, and their rows are true."""
    from credentials.talent.actions import agree_to_be_listed

    for person in people:
        agree_to_be_listed(person=person, actor=person.user)
