import pytest

from core.models import Person, User
from core.states import IllegalMove, Refused
from lms.admissions.actions import HandedIn, make_code, set_quota
from lms.enrolments import actions
from lms.models import ApprovalStep, Cohort, Enrolment, InvitationCode, InvitationUse
from tests.factories import give_role, make_cohort, make_organisation, make_plan, make_user
from tests.lms.enrolments.test_concurrency import at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def crowd(count, employer, prefix):
    users = User.objects.bulk_create([User(email=f"{prefix}{number}@example.com") for number in range(count)])
    Person.objects.bulk_create([Person(user=user, name="林一", employer=employer) for user in users])
    return list(Person.objects.filter(user__in=users).select_related("user", "employer"))


def test_fifty_at_once_leave_every_kept_place_to_whom_it_is_kept_for():
    city = make_organisation("示例市", tier="city")
    here, there = (
        make_organisation("本区", city, tier="county"),
        make_organisation("外区", city, tier="county"),
    )
    cohort = make_cohort(city, capacity=12)
    set_quota(cohort=cohort, organisation=here, places=8, actor=None)
    people = [
        person for pair in zip(crowd(25, here, "h"), crowd(25, there, "t"), strict=True) for person in pair
    ]

    def apply(person):
        return actions.apply(cohort=cohort, person=person, actor=person.user).place

    at_once(apply, people)
    seated = Enrolment.objects.filter(state="applied")
    assert Cohort.objects.get().seats_taken == seated.count() == 12
    assert seated.filter(person__employer=there).count() <= 4
    assert seated.filter(person__employer=here).count() >= 8


def test_ten_at_once_with_one_use_left():
    cohort = make_cohort(make_organisation("示例机构"), by_invitation=True)
    code = make_code(cohort=cohort, actor=make_user())
    people = crowd(10, cohort.organisation, "p")

    def apply(person):
        try:
            return actions.apply(
                cohort=cohort, person=person, actor=person.user, handed=HandedIn(code=code.code)
            ).enrolment.pk
        except Refused:
            return None

    assert len([pk for pk in at_once(apply, people) if pk]) == 1
    assert (
        InvitationCode.objects.get().uses == InvitationUse.objects.count() == Enrolment.objects.count() == 1
    )
    assert Cohort.objects.get().seats_taken == 1


@pytest.mark.parametrize("last", [False, True], ids=["of two steps", "the last step"])
def test_two_officers_at_once_make_one_decision(last):
    city = make_organisation("示例市", tier="city")
    district = make_organisation("示例区", city, tier="county")
    officers = [make_user(f"干部{number}", district) for number in range(6)]
    for officer in officers:
        give_role(officer, "administrator", district)
    give_role(make_user("市干部", city), "administrator", city)
    plan = make_plan(city, stages=("county",) if last else ("county", "city"))
    cohort = make_cohort(city, plan=plan)
    applicant = make_user("学员", district)
    pk = actions.apply(cohort=cohort, person=applicant.person, actor=applicant).enrolment.pk

    def decide(officer):
        enrolment = Enrolment.objects.select_related("cohort__organisation", "person__user").get(pk=pk)
        try:
            if officers.index(officer) % 3 == 2:
                actions.refuse(enrolment=enrolment, actor=officer, reason="不合适")
            else:
                actions.approve(enrolment=enrolment, actor=officer)
            return True
        except (IllegalMove, Refused):
            return False

    done = at_once(decide, officers)
    assert done.count(True) == 1
    step = ApprovalStep.objects.get(number=1)
    assert step.decided_by == officers[done.index(True)]
    refused = step.state == "refused"
    wanted = "refused" if refused else "enrolled" if last else "applied"
    assert Enrolment.objects.get().state == wanted
    assert Cohort.objects.get().seats_taken == (0 if refused else 1)
