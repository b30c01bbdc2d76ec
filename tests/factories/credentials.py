"""Certificates, registration periods and manual entries."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import Organisation, Person, User
from tests.factories.core import make_user
from tests.factories.enrolments import make_cohort, make_enrolment

if TYPE_CHECKING:
    from credentials.manual_entries.actions import Facts
    from credentials.models import (
        AwardRound,
        Certificate,
        Commendation,
        ConductRecord,
        EmploymentProof,
        Internship,
        ManualEntry,
        Nomination,
        Objection,
        Post,
        PublicNotice,
        QualificationRecord,
        RegistrationPeriod,
        SubsidyPolicy,
        TalentPlan,
    )
    from credentials.public_notices.policy import NoticeLine
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

    content = b"%PDF-1.4\n" + (text or uuid.uuid4().hex).encode()
    return SimpleUploadedFile(name, content, content_type="application/pdf")


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


def make_internship(
    person: Person,
    officer: User,
    supervisor: User,
    authority: Organisation,
    state: str = "proposed",
    days_ago: int = 400,
    **fields: object,
) -> Internship:
    """An internship of a hundred days that began so many days ago, led to this state by those whose part it is. `officer`
    places and ends it for this authority."""
    from credentials.internships import actions

    day = timezone.localdate() - timedelta(days=days_ago)
    said = {
        "school": "示例师范学院",
        "major": "社会工作",
        "is_social_work": True,
        "is_full_time": True,
        "year_of_study": 4,
        "authority": authority,
        "station": person.employer,
        "supervisor": supervisor,
        "starts_on": day,
        "ends_on": day + timedelta(days=99),
    }
    plan = actions.Plan(**said | fields)
    row = actions.propose_internship(person=person, plan=plan, actor=officer)
    last = plan.ends_on
    steps = (
        lambda: actions.confirm_internship(
            internship=row, upload=make_proof(name="学校证明.pdf"), actor=person.user
        ),
        lambda: (
            actions.open_internship_paper(internship=row, actor=officer),
            actions.place_internship(internship=row, actor=officer),
        ),
        lambda: actions.sign_internship(
            internship=row, words="认真负责", minutes=400 * 60, ends_on=last, actor=supervisor
        ),
        lambda: actions.end_internship(internship=row, actor=officer),
    )
    for step in steps[: ("proposed", "confirmed", "placed", "signed", "ended").index(state)]:
        step()
    return row


def put_internship(
    person: Person,
    authority: Organisation,
    supervisor: User,
    state: str = "proposed",
    days_ago: int = 400,
    **fields: object,
) -> Internship:
    """The row of an internship of ten days, whoever places it; `make_internship` goes the whole way."""
    from core.attachments.actions import keep_file
    from credentials.models import Internship

    day, now = timezone.localdate() - timedelta(days=days_ago), timezone.now()
    third = User.objects.exclude(pk__in=[person.user_id, supervisor.pk]).order_by("pk")[0]
    said = {
        "school": "示例师范学院",
        "major": "社会工作",
        "is_social_work": True,
        "is_full_time": True,
        "year_of_study": 4,
        "authority": authority,
        "station": authority,
        "supervisor": supervisor,
        "holder": person.user,
        "starts_on": day,
        "ends_on": day + timedelta(days=9),
        "paper": keep_file(upload=make_proof(name="学校证明.pdf"), actor=person.user),
        "proposed_by": third,
        "placed_by": third,
        "placed_at": now,
        "signed_at": now,
        "words": "认真负责",
        "minutes": 60,
        "ended_by": third,
        "ended_at": now,
    }
    return Internship.objects.create(person=person, state=state, **said | fields)


def make_employment(
    internship: Internship,
    starts_on: date,
    until: date,
    officer: User | None = None,
    **fields: object,
) -> EmploymentProof:
    """A proof of employment in Jingzhou; with an officer, verified by them."""
    from core.models import Region
    from credentials.internships import actions

    region = str(fields.pop("region", "421002"))
    Region.objects.get_or_create(code=region, defaults={"name": f"区 {region}", "level": "county"})
    said = {"employer_name": "示例社工服务中心", "region": region, "is_in_field": True}
    proof = actions.declare_employment(
        internship=internship,
        said=actions.Employment(starts_on=starts_on, until=until, **said | fields),
        contract=make_proof(name="劳动合同.pdf"),
        actor=internship.person.user,
    )
    if officer:
        actions.open_employment_paper(proof=proof, paper=proof.contract, actor=officer)
        actions.verify_employment(proof=proof, actor=officer)
    return proof


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


def make_policy(
    organisation: Organisation, officer: User, code: str = "weihai-2023", versions: int = 1
) -> SubsidyPolicy:
    """A policy that comes with the product, kept under a code of its own and published so many times."""
    from credentials.models import SubsidyPolicy
    from credentials.policies.files import bundled, text_of

    text = text_of(bundled()[code])
    own = text.replace(f"code: {code}", f"code: {code}-{SubsidyPolicy.objects.count()}")
    return keep_policy(organisation, officer, own, [f"{own}# {number}\n" for number in range(versions)])


def make_policy_of(organisation: Organisation, officer: User, text: str) -> SubsidyPolicy:
    """A policy with this text, published once."""
    return keep_policy(organisation, officer, text, [text])


def keep_policy(organisation: Organisation, officer: User, text: str, texts: Sequence[str]) -> SubsidyPolicy:
    """A policy with these versions, and the last as its draft; written past the verbs, whoever the officer is."""
    from credentials.models import PolicyVersion, SubsidyPolicy
    from credentials.policies.models import fingerprint_of, parsed

    policy = parsed(text)
    row = SubsidyPolicy.objects.create(
        organisation=organisation, code=policy.code, text_code=policy.code, name=policy.name.chinese,
        draft=texts[-1] if texts else text, made_by=officer,
    )  # fmt: skip
    for number, each in enumerate(texts, start=1):
        PolicyVersion.objects.create(
            subsidy=row, number=number, text=each, sha256=fingerprint_of(each, {}), starts_on=policy.starts_on,
            ends_on=policy.ends_on, published_by=officer,
        )  # fmt: skip
    return row


def make_notice(
    organisation: Organisation, *lines: NoticeLine, ended: int = 0, **said: object
) -> PublicNotice:
    """A public notice that runs from today; with `ended`, one whose last day was so many days ago and that nobody has
    closed yet."""
    from credentials.models import PublicNotice
    from credentials.public_notices.actions import open_notice
    from credentials.public_notices.policy import NoticeLine

    facts = {
        "title": "拟发放名单公示（示例）", "about": "claims", "source": f"claims:test:{uuid.uuid4().hex[:8]}", "days": 5,
        "counts": "working", "contact": "0716-8123456", "actor": None,
    }  # fmt: skip
    shown = lines or (NoticeLine("claim-1", "林小荷", "和平区新街社工站", "助理社会工作师"),)
    notice = open_notice(organisation=organisation, lines=shown, **facts | said)
    if ended:
        last = timezone.localdate() - timedelta(days=ended)
        PublicNotice.objects.filter(pk=notice.pk).update(starts_on=last - timedelta(days=7), ends_on=last)
        notice.refresh_from_db()
    return notice


def make_objection(notice: PublicNotice, position: int | None = 1, actor: User | None = None) -> Objection:
    """An objection to a line of a notice, or with None to all of it; also to one whose last day has passed."""
    from credentials.models import Objection

    line = notice.lines.get(position=position) if position else None
    return Objection.objects.create(
        notice=notice,
        line=line,
        said="他不在这个站工作",
        name="路人甲",
        contact="passer@example.com",
        filed_by=actor,
    )


def make_award_round(
    organisation: Organisation, actor: User, state: str = "nominating", **fields: object
) -> AwardRound:
    """An award round whose nominations run now; put into `state` as if its acts had been done."""
    from credentials.awards.actions import save_round
    from credentials.models import AwardRound

    today = timezone.localdate()
    said = {
        "title": "最美社工（示例）", "rank": "city", "year": today.year, "eligibility": "在本地从事一线社会工作服务。",
        "nominate_from": today - timedelta(days=3), "nominate_until": today + timedelta(days=10), "shortlist_size": 3,
        "winners": 2, "quota": 1, "contact": "0395-3123456",
    }  # fmt: skip
    row = save_round(
        round=AwardRound(organisation=organisation, **said | fields),
        indicators=[("服务成效", 60), ("职业操守", 40)],
        actor=actor,
    )
    AwardRound.objects.filter(pk=row.pk).update(state=state)
    row.refresh_from_db()
    return row


def make_nomination(
    round: AwardRound, person: Person, state: str = "accepted", **fields: object
) -> Nomination:
    """A nomination by the person themself, in this state."""
    from credentials.models import Nomination

    said = {
        "organisation": person.employer, "holder": person.user, "nominated_by": person.user, "way": "self",
        "deeds": "十年如一日服务独居老人。", "state": state, "accepted_at": timezone.now() if state != "offered" else None,
    }  # fmt: skip
    return Nomination.objects.create(round=round, person=person, **said | fields)
