"""Which cohorts there are to issue for, and with which numbers."""

from pathlib import Path

import credentials
from credentials.certificates.actions import replace
from credentials.issuing.queries import cohorts_to_issue
from lms.public import cohorts_with_completed
from tests.factories import make_certificate, make_cohort, make_enrolment, make_user


def test_a_cohort_is_listed_with_how_many_completed_it_and_how_many_have_their_certificate(tree, cast):
    cohort = make_cohort(tree["district"])
    made = make_certificate(cast.trainee.person, tree["district"], cohort)
    replace(certificate=made, reason="姓名有误", actor=cast.administrator)  # two papers of one person
    make_enrolment(cohort, cast.other_trainee.person, "completed")
    make_enrolment(cohort, make_user("还在学", tree["station"]).person)
    make_enrolment(make_cohort(tree["district"]), cast.other_trainee.person)  # nobody has completed this one
    known = cohorts_with_completed(cast.administrator)
    assert [(each.pk, each.completed) for each in known] == [(cohort.pk, 2)]
    rows = cohorts_to_issue(cast.administrator)
    assert [(row.pk, row.completed, row.issued) for row in rows] == [(cohort.pk, 2, 1)]
    assert not cohorts_to_issue(cast.instructor)


def test_credentials_does_not_reach_into_the_states_of_enrolments():
    """What came through a door of lms is asked no further: a state that is renamed there would count nobody here."""
    sources = [
        path for path in Path(credentials.__file__).parent.rglob("*.py") if "migrations" not in path.parts
    ]
    assert not [path.name for path in sources if "enrolments__" in path.read_text(encoding="utf-8")]
