"""An internship from the plan to a year of employment: each step by whose part it is, and what policies are told of it."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from config.own_data import register
from core.models import AuditEntry, Notice
from core.people.queries import own_data
from core.states import IllegalMove
from credentials.claims.actions.reminding import candidates
from credentials.internships import actions
from credentials.internships.actions import Employment, InternshipRefused
from credentials.internships.policy import MONTHS_ASKED, last_day
from credentials.internships.queries import internship_facts_of, months_asked
from credentials.models import EmploymentProof, Internship
from credentials.policies.actions import publish_policy, save_policy
from credentials.policies.files import bundled, text_of
from credentials.policies.policy import facts as catalogue
from credentials.public import interns_to_sign, work_for
from tests.factories import give_role, make_employment, make_internship, make_proof, make_user
from tests.factories.subsidies import give_region

DAY = datetime.timedelta(days=1)


def facts_of(user):
    return internship_facts_of([user.person.pk])[user.person.pk]


def test_each_step_is_taken_by_whose_part_it_is_and_told(cast, bureau):
    officer, student, supervisor = cast.city_administrator, cast.trainee, cast.supervisor
    row = make_internship(student.person, officer, supervisor, bureau)
    assert facts_of(student) == () and work_for(officer) == {}
    with pytest.raises(InternshipRefused):
        actions.confirm_internship(internship=row, upload=make_proof(), actor=officer)
    actions.confirm_internship(internship=row, upload=make_proof(name="学校证明.pdf"), actor=student)
    assert work_for(officer) == {"internships": 1} and work_for(cast.outsider) == {}
    with pytest.raises(InternshipRefused, match="打开"):
        actions.place_internship(internship=row, actor=officer)
    actions.return_confirmation(internship=row, reason="没有公章", actor=officer)
    actions.open_internship_paper(internship=row, actor=officer)
    actions.confirm_internship(internship=row, upload=make_proof(name="盖章.pdf"), actor=student)
    with pytest.raises(InternshipRefused, match="打开"):  # it was the other paper that was opened
        actions.place_internship(internship=row, actor=officer)
    actions.open_internship_paper(internship=row, actor=officer)
    actions.place_internship(internship=row, actor=officer)
    assert "ended_on" not in facts_of(student)[0] and facts_of(student)[0]["is_placed_by_bureau"]
    assert interns_to_sign(supervisor) == 1 and interns_to_sign(officer) == 0
    said = {"internship": row, "words": "踏实", "minutes": 60, "ends_on": row.ends_on}
    tomorrow = timezone.localdate() + DAY
    for wrong in (
        {"actor": officer},
        {"actor": supervisor, "words": " "},
        {"actor": supervisor, "minutes": 60 * 24 * 100},
        {"actor": supervisor, "ends_on": tomorrow},
        {"actor": supervisor, "ends_on": row.starts_on - DAY},
    ):
        with pytest.raises(InternshipRefused):
            actions.sign_internship(**said | wrong)
    actions.sign_internship(**said | {"actor": supervisor})
    assert work_for(officer) == {"internships": 1} and interns_to_sign(supervisor) == 0
    actions.return_signature(internship=row, reason="学时不符", actor=officer)
    actions.sign_internship(**said | {"actor": supervisor, "minutes": 24000})
    stale = Internship.objects.get(pk=row.pk)
    actions.end_internship(internship=row, actor=officer)
    with pytest.raises(IllegalMove):
        actions.end_internship(internship=stale, actor=officer)
    assert facts_of(student)[0]["ended_on"] == row.ends_on
    assert not Notice.objects.filter(user=officer, kind="internship", read_at=None).exists()
    assert Notice.objects.filter(user=student, kind="internship").count() == 4
    acts = AuditEntry.objects.for_instance(row).values_list("action", flat=True)
    assert {
        "credentials.place_internship",
        "credentials.sign_internship",
        "credentials.end_internship",
    } <= set(acts)


def test_nobody_decides_about_their_own_nor_ends_what_they_have_signed(cast, tree, bureau):
    officer = cast.city_administrator
    with pytest.raises(InternshipRefused):
        make_internship(officer.person, officer, cast.supervisor, bureau)
    with pytest.raises(InternshipRefused, match="主管部门"):
        make_internship(cast.trainee.person, officer, cast.supervisor, tree["district"])
    with pytest.raises(InternshipRefused):
        make_internship(cast.trainee.person, officer, cast.trainee, bureau)
    second = make_user("任第二", bureau)
    give_role(second, "administrator", bureau)
    puppet = make_user("傀儡", bureau)
    give_role(puppet, "administrator", bureau, granted_by=officer)
    row = make_internship(officer.person, second, cast.supervisor, bureau, "confirmed")
    assert work_for(puppet) == {} and work_for(officer) == {} and work_for(second) == {"internships": 1}
    for actor in (officer, puppet):
        actions.open_internship_paper(internship=row, actor=actor)
        assert not actor.has_perm("credentials.decide_internship", row)
        with pytest.raises(InternshipRefused):
            actions.place_internship(internship=row, actor=actor)
        with pytest.raises(InternshipRefused):
            actions.cancel_internship(internship=row, reason="取消", actor=actor)
    mine = make_internship(cast.trainee.person, officer, officer, bureau, "signed")
    assert work_for(officer) == {} and officer.has_perm("credentials.decide_internship", mine)
    with pytest.raises(InternshipRefused):
        actions.end_internship(internship=mine, actor=officer)
    actions.end_internship(internship=mine, actor=second)


def test_the_database_itself_refuses_what_must_never_be(cast, tree, bureau, ended):
    officer, student = cast.city_administrator, cast.trainee
    for wrong in (
        {"placed_by": student},
        {"ended_by": student},
        {"ended_by": cast.supervisor},
        {"supervisor": student},
        {"paper": None},
        {"words": ""},
        {"minutes": 0},
        {"state": "world"},
        {"ends_on": ended.starts_on - DAY},
        {"year_of_study": 9},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Internship.objects.filter(pk=ended.pk).update(**wrong)
    days = {"starts_on": ended.ends_on, "ends_on": ended.ends_on + DAY}
    with pytest.raises(InternshipRefused):
        make_internship(student.person, officer, cast.supervisor, bureau, **days)
    later = {"starts_on": ended.ends_on + DAY, "ends_on": ended.ends_on + 9 * DAY}
    other = make_internship(student.person, officer, cast.supervisor, bureau, **later)
    with pytest.raises(IntegrityError, match="overlap"), transaction.atomic():
        Internship.objects.filter(pk=other.pk).update(starts_on=ended.ends_on)
    actions.cancel_internship(internship=other, reason="学生另有安排", actor=officer)
    Internship.objects.filter(pk=other.pk).update(starts_on=ended.ends_on)
    proof = make_employment(ended, ended.ends_on + DAY, ended.ends_on + 9 * DAY, officer)
    for wrong in ({"verified_by": student}, {"ends_on": proof.until}, {"still_on": None}, {"region": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            EmploymentProof.objects.filter(pk=proof.pk).update(**wrong)
    for row in (other, proof):
        with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
            type(row).objects.filter(pk=row.pk).delete()


def test_employment_is_known_as_far_as_it_is_verified(cast, ended):
    officer, student = cast.city_administrator, cast.trainee
    first = ended.ends_on + DAY
    half = last_day(first, 6)
    said = Employment("示例社工服务中心", "421002", is_in_field=True, starts_on=first, until=half)
    for wrong in (
        {"starts_on": ended.ends_on},
        {"until": first - DAY},
        {"until": timezone.localdate() + DAY},
    ):
        with pytest.raises(InternshipRefused):
            actions.declare_employment(
                internship=ended, said=Employment(**vars(said) | wrong), contract=make_proof(), actor=student
            )
    with pytest.raises(InternshipRefused):
        actions.declare_employment(internship=ended, said=said, contract=make_proof(), actor=officer)
    proof = make_employment(ended, first, half)
    assert work_for(officer) == {"internships": 1} and "employed_from" not in facts_of(student)[0]
    with pytest.raises(InternshipRefused):
        make_employment(ended, first, half)
    for actor in (officer, student):
        with pytest.raises(InternshipRefused):
            actions.verify_employment(proof=proof, actor=actor)
    actions.return_employment(proof=proof, reason="合同缺页", actor=officer)
    again = make_employment(ended, first, half)
    actions.withdraw_employment(proof=again, actor=student)
    make_employment(ended, first, half, officer)
    known = facts_of(student)[0]
    assert (known["employed_from"], known["employed_proved_until"], known["employed_region"]) == (
        first,
        half,
        "421002",
    )
    assert "employed_until" not in known  # it goes on
    year = make_employment(ended, first, last_day(first, 12), officer)
    assert facts_of(student)[0]["employed_proved_until"] == last_day(first, 12)
    actions.return_employment(proof=year, reason="社保对不上", actor=officer)
    assert facts_of(student)[0]["employed_proved_until"] == half
    register()
    exported = own_data(student.person)["internships"]
    assert len(exported) == 1 and len(exported[0]["employment"]) == 4


def test_jingzhou_pays_after_twelve_proved_months_and_not_after_eleven(cast, ended):
    """The facts are those of the catalogue, and the policy decides by them."""
    from credentials.policies.policy import assess, read_policy
    from credentials.policies.policy.conditions import FAIL, PASS, UNKNOWN

    officer, student = cast.city_administrator, cast.trainee
    first = ended.ends_on + DAY
    policy = read_policy(text_of(bundled()["jingzhou-2022"]))

    def months(number, on=None):
        make_employment(ended, first, last_day(first, number), officer)
        known = facts_of(student)
        assert all(set(each) <= set(catalogue.LISTS["internships"][1]) for each in known)
        facts = catalogue.Facts({}, internships=known, conduct=(), paid=())
        found = [
            one for one in assess(policy, facts, on or timezone.localdate()) if one.benefit == "internship"
        ]
        return {finding.name: finding.verdict for each in found for finding in each.findings}

    assert months_asked(ended.authority) == MONTHS_ASKED
    text = text_of(bundled()["jingzhou-2022"]).replace("months: 12", "months: 15")
    give_region(ended.authority, "421000")
    kept = save_policy(
        subsidy=None, organisation=ended.authority, text=text, cases="", answers={}, actor=officer
    )
    assert months_asked(ended.authority) == MONTHS_ASKED
    publish_policy(subsidy=kept, actor=officer)
    assert months_asked(ended.authority) == 15
    results = months(11)  # what is not proved yet is not known, and refused to nobody
    assert results["employed_a_year"] == UNKNOWN and results["placed_by_bureau"] == PASS
    assert months(11, last_day(first, 12))["employed_a_year"] == FAIL  # the twelfth month is not over
    assert {each for name, each in months(12).items() if name.startswith("employed")} == {PASS}


def test_whoever_has_left_before_the_year_was_over_is_refused(cast, ended):
    from credentials.policies.policy import assess, read_policy

    first = ended.ends_on + DAY
    said = {"is_ended": True}
    make_employment(ended, first, last_day(first, 11), cast.city_administrator, **said)
    known = facts_of(cast.trainee)
    assert known[0]["employed_until"] == last_day(first, 11)
    policy = read_policy(text_of(bundled()["jingzhou-2022"]))
    facts = catalogue.Facts({}, internships=known, conduct=(), paid=())
    (found,) = [one for one in assess(policy, facts, timezone.localdate()) if one.benefit == "internship"]
    assert {each.name: each.code for each in found.findings}["employed_a_year"] == "ended_early"


def test_graduates_are_reminded_once_the_months_are_over_and_officers_of_a_proof_that_waits(cast, ended):
    officer, student = cast.city_administrator, cast.trainee
    first = ended.ends_on + DAY
    make_employment(ended, first, last_day(first, 6), officer)

    def told(user, words):
        return Notice.objects.filter(user=user, title__contains=words).count()

    assert actions.remind_interns(last_day(first, 12)) == 0
    for _again in range(2):
        actions.remind_interns(last_day(first, 12) + DAY)
    assert told(student, "still employed") == 1
    actions.remind_interns(last_day(first, 12) + 31 * DAY)
    assert told(student, "still employed") == 2
    proof = make_employment(ended, first, last_day(first, 12))
    actions.remind_interns(timezone.localdate() + 15 * DAY)
    assert (told(officer, "still waits"), told(student, "still employed")) == (1, 2)
    EmploymentProof.objects.filter(pk=proof.pk).update(state="verified", verified_by=officer)
    assert actions.remind_interns(timezone.localdate() + 400 * DAY) == 0
    assert student.person in candidates()


def test_a_plan_is_changed_before_it_begins_and_the_school_confirms_again_what_it_has_confirmed(
    client, cast, tree, bureau
):
    officer, student = cast.city_administrator, cast.trainee
    today = timezone.localdate()
    days = {"starts_on": today + 9 * DAY, "ends_on": today + 99 * DAY}
    row = make_internship(student.person, officer, cast.supervisor, bureau, "confirmed", **days)
    client.force_login(officer)
    page, edit = (reverse(f"internships:{name}", args=[row.pk]) for name in ("inspect", "edit"))
    assert edit in client.get(page).content.decode()
    plan = client.get(edit).context["form"].initial
    plan |= {name: getattr(plan[name], "pk", plan[name]) for name in plan}
    client.post(edit, plan | {"ends_on": today + 120 * DAY})
    row.refresh_from_db()
    assert (row.state, row.ends_on) == ("confirmed", today + 120 * DAY)
    client.post(edit, plan | {"school": "另一所学院"})
    row.refresh_from_db()
    assert (row.state, row.school) == ("proposed", "另一所学院")
    entry = AuditEntry.objects.filter(action="credentials.change_internship").latest("timestamp")
    assert entry.data["before"]["school"] == "示例师范学院"
    actions.confirm_internship(internship=row, upload=make_proof(name="新证明.pdf"), actor=student)
    actions.open_internship_paper(internship=row, actor=officer)
    actions.place_internship(internship=row, actor=officer)
    assert client.post(edit, plan | {"school": "第三所"}).context["form"].errors["school"]
    second = make_user("尉迟明", bureau)
    give_role(second, "supervisor", bureau)
    kept = plan | {"school": "另一所学院", "supervisor": second.person.pk}
    client.post(edit, kept)
    row.refresh_from_db()
    assert (row.state, row.supervisor) == ("placed", second)
    assert Notice.objects.filter(user=second, kind="internship").exists()
    Internship.objects.filter(pk=row.pk).update(starts_on=today)
    assert client.get(edit).status_code == 404
    with pytest.raises(InternshipRefused):
        actions.change_internship(internship=row, plan=plan_of(row), actor=officer)


def plan_of(row):
    names = actions.Plan.__dataclass_fields__
    return actions.Plan(**{name: getattr(row, name) for name in names})
