"""What the tests of desks share."""

import re

from django.utils import timezone

from core.access.states import Role
from lms.models import AbsenceRequest
from tests.factories import (
    give_role,
    make_class,
    make_cohort,
    make_enrolment,
    make_manual,
    make_period,
    make_question,
    make_submission,
    make_transfer,
    make_user,
    make_version,
)


def desk(client, user):
    client.force_login(user)
    response = client.get("/dashboard/", headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def part(page, name):
    """One part of the desk, without markup."""
    section = re.search(rf'aria-labelledby="desk-{name}".*?</section>', page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", section.group())) if section else ""


def officer_at(organisation):
    officer = make_user("另一位管理员", organisation)
    give_role(officer, Role.ADMINISTRATOR, organisation)
    return officer


def waiting_in_all_apps(cast, tree):
    """One of everything that waits for the district's administrator, and the cohort that it waits in."""
    district = tree["district"]
    cohort = make_cohort(district, make_version(assignments=1), title="秋季班")
    other = make_cohort(district, cohort.version, title="冬季班")
    learner = make_user("在读的", district)
    enrolment = make_enrolment(cohort, learner.person)
    make_enrolment(cohort, cast.trainee.person, state="applied")
    make_transfer(enrolment, other)
    AbsenceRequest.objects.create(
        kind="leave",
        class_session=make_class(cohort),
        enrolment=enrolment,
        applicant=learner,
        reason="值班",
    )
    make_submission(enrolment)
    make_question(cohort, learner)
    newcomer = make_user("新来的").person
    newcomer.declared_employer, newcomer.declared_at = district, timezone.now()
    newcomer.save()
    make_manual(learner.person)
    make_manual(learner.person, officer_at(district), title="另一个工作坊", days_ago=9)
    make_period(learner.person, state="declared")
    return cohort, other
