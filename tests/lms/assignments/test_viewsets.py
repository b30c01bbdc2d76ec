import pytest
from django.urls import reverse

from lms.models import Submission
from tests.factories import make_enrolment, make_submission


@pytest.mark.parametrize(
    ("part", "code"), [("instructor", 302), ("city_administrator", 302), ("auditor", 404), ("outsider", 404)]
)
def test_who_may_mark(client, cast, enrolment, part, code):
    row = make_submission(enrolment)
    client.force_login(getattr(cast, part))
    answer = client.post(
        reverse("assignments:mark", args=[row.pk]), {"verdict": "pass", "score": "90", "comment": ""}
    )
    assert answer.status_code == code
    assert Submission.objects.get().state == ("passed" if code == 302 else "submitted")


def test_from_the_queue_a_mark_leads_to_the_next_work(client, cast, enrolment):
    first = make_submission(enrolment)
    other = make_enrolment(enrolment.cohort, cast.other_trainee.person)
    second = make_submission(other)
    client.force_login(cast.instructor)
    verdict = {"verdict": "pass", "score": "90", "comment": ""}
    marks = [reverse("assignments:mark", args=[row.pk]) + "?queue=all" for row in (first, second)]
    assert client.post(marks[0], verdict)["Location"] == marks[1]
    assert client.post(marks[1], verdict)["Location"] == reverse("teaching:marking")


def test_a_draft_is_not_at_the_desk(client, cast, enrolment):
    row = make_submission(enrolment, "draft")
    client.force_login(cast.instructor)
    assert client.get(reverse("assignments:mark", args=[row.pk])).status_code == 404
    assert (
        not client.get(reverse("assignments:cohort", args=[enrolment.cohort_id])).context["page"].object_list
    )


def test_a_mark_that_cannot_stand_is_explained_and_the_comment_stays(client, cast, enrolment):
    row = make_submission(enrolment)
    client.force_login(cast.instructor)
    page = client.post(
        reverse("assignments:mark", args=[row.pk]), {"verdict": "pass", "score": "10", "comment": "留着"}
    )
    assert page.status_code == 200
    assert "留着" in page.text
    assert page.context["form"].non_field_errors()


@pytest.mark.parametrize("query", [{"page": "x"}, {"state": "nonsense"}, {"q": "%"}, {"q": "\x00"}])
def test_nonsense_asks_for_nothing(client, cast, enrolment, query):
    make_submission(enrolment)
    client.force_login(cast.instructor)
    assert client.get(reverse("assignments:cohort", args=[enrolment.cohort_id]), query).status_code == 200
