"""Internships at any stage, and the employment after them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import Organisation, Person, User
from tests.factories.credentials import make_proof

if TYPE_CHECKING:
    from credentials.models import EmploymentProof, Internship

STUDIES = {
    "school": "示例师范学院",
    "major": "社会工作",
    "is_social_work": True,
    "is_full_time": True,
    "year_of_study": 4,
}


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
        **STUDIES,
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
        **STUDIES,
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
