from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lms.enrolments.actions import apply
from lms.models import Cohort, Enrolment
from tests.factories import give_role, make_cohort, make_enrolment, make_plan, make_user, make_version


@pytest.fixture
def cohort(tree):
    return make_cohort(tree["district"])


@pytest.fixture
def applied(cohort, cast):
    return make_enrolment(cohort, cast.trainee.person, "applied")


@pytest.fixture
def officer(client, cast):
    client.force_login(cast.administrator)
    return client


def desk(cohort):
    return reverse("applications:cohort", args=[cohort.pk])


def act(name, enrolment):
    return reverse(f"applications:{name}", args=[enrolment.pk])


def words(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_what_waits_for_a_decision_comes_first(officer, cohort, cast):
    for state in ("withdrawn", "lapsed", "enrolled", "waiting", "offered", "applied"):
        make_enrolment(cohort, make_user().person, state)
    shown = [row.state for row in officer.get(desk(cohort)).context["page"].object_list]
    assert shown == ["applied", "offered", "waiting", "enrolled", "withdrawn", "lapsed"]


@pytest.mark.parametrize(
    ("query", "found"), [("小荷", 1), ("linxiaohe", 1), ("周", 1), ("nobody", 0), ("%", 0), ("' OR 1", 0)]
)
def test_people_are_found_by_name_or_pinyin(officer, cohort, cast, query, found):
    make_enrolment(cohort, cast.trainee.person, "applied")
    make_enrolment(cohort, cast.other_trainee.person)
    assert len(officer.get(desk(cohort), {"q": query}).context["page"].object_list) == found


@pytest.mark.parametrize(("state", "found"), [("applied", 1), ("waiting", 0), ("nonsense", 2)])
def test_people_are_filtered_by_state(officer, cohort, cast, applied, state, found):
    make_enrolment(cohort, cast.other_trainee.person)
    shown = officer.get(desk(cohort), {"state": state, "page": "x"})
    assert len(shown.context["page"].object_list) == found


def test_the_table_costs_the_same_for_one_and_for_many(officer, cohort):
    counts = []
    for number in range(1, 9):
        make_enrolment(cohort, make_user().person, "applied")
        if number in (1, 8):
            officer.get(desk(cohort))
            with CaptureQueriesContext(connection) as statements:
                officer.get(desk(cohort))
            counts.append(len(statements))
    assert counts[0] == counts[1]


def test_approving_twice_is_said_kindly(officer, cohort, applied):
    assert officer.get(act("approve", applied)).status_code == 405
    for _ in range(2):
        assert officer.post(act("approve", applied)).url == desk(cohort)
    applied.refresh_from_db()
    assert applied.state == "enrolled"


def test_an_approval_that_leads_only_to_the_next_step_is_not_called_a_place(client, cast, tree):
    cohort = make_cohort(tree["city"], plan=make_plan(tree["city"], stages=("county", "city")))
    row = apply(cohort=cohort, person=cast.trainee.person, actor=cast.trainee).enrolment
    give_role(cast.administrator, "instructor", tree["city"])
    client.force_login(cast.administrator)
    said = words(client.post(act("approve", row)))
    row.refresh_from_db()
    assert row.state == "applied" and "下一" in said and "已获得" not in said
    client.force_login(cast.city_administrator)
    assert cast.trainee.person.name in words(client.post(act("approve", row)))


def test_a_refused_act_says_its_own_reason(officer, cohort, cast):
    own = make_enrolment(cohort, cast.administrator.person)
    Cohort.objects.update(withdraw_until=timezone.localdate() - timedelta(days=1))
    said = words(officer.post(act("withdraw", own), {"reason": "x"}))
    assert "写信" in said or "联系" in said, said
    assert "已是" not in said


def test_among_many_whoever_cannot_be_admitted_is_told_with_the_reason_of_the_act(client, tree, cast):
    cohort = make_cohort(tree["city"], plan=make_plan(tree["city"], stages=("county", "city")))
    row = apply(cohort=cohort, person=cast.trainee.person, actor=cast.trainee).enrolment
    client.force_login(cast.city_administrator)
    said = words(client.post(reverse("applications:approve_many", args=[cohort.pk]), {"chosen": [row.pk]}))
    assert cast.trainee.person.name in said and tree["district"].name in said and "自己" not in said


def test_refusing_needs_a_reason(officer, cohort, applied):
    assert officer.get(act("refuse", applied)).status_code == 200
    assert officer.post(act("refuse", applied), {"reason": " "}).status_code == 200
    assert officer.post(act("refuse", applied), {"reason": "不在本区"}).url == desk(cohort)
    applied.refresh_from_db()
    assert (applied.state, applied.reason) == ("refused", "不在本区")


def test_approving_many_decides_each_by_itself(officer, cohort, cast, applied):
    own = make_enrolment(cohort, cast.administrator.person, "applied")
    gone = make_enrolment(cohort, cast.other_trainee.person, "withdrawn")
    more = make_enrolment(cohort, make_user().person, "applied")
    chosen = [applied.pk, own.pk, gone.pk, more.pk, "x", 9**30]
    answer = officer.post(reverse("applications:approve_many", args=[cohort.pk]), {"chosen": chosen})
    assert answer.url == desk(cohort)
    states = dict(Enrolment.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in (applied, own, gone, more)] == [
        "enrolled",
        "applied",
        "withdrawn",
        "enrolled",
    ]


def test_a_tick_for_another_cohort_decides_nothing(officer, tree, cohort, cast):
    foreign = make_enrolment(make_cohort(tree["other_district"]), cast.outside_trainee.person, "applied")
    officer.post(reverse("applications:approve_many", args=[cohort.pk]), {"chosen": [foreign.pk]})
    foreign.refresh_from_db()
    assert foreign.state == "applied"


def test_taking_a_place_back(officer, cohort, cast):
    enrolled = make_enrolment(cohort, cast.trainee.person)
    assert officer.post(act("withdraw", enrolled), {"reason": "长期未学"}).url == desk(cohort)
    enrolled.refresh_from_db()
    assert enrolled.state == "withdrawn"


@pytest.mark.parametrize(("days", "said"), [(1, False), (-1, True)])
def test_before_somebody_is_taken_out_late_the_page_says_what_that_means(officer, cohort, cast, days, said):
    enrolled = make_enrolment(cohort, cast.trainee.person)
    Cohort.objects.update(withdraw_until=timezone.localdate() + timedelta(days=days))
    assert ("中途退学" in officer.get(act("withdraw", enrolled)).content.decode()) == said
    officer.post(act("withdraw", enrolled), {"reason": "长期未学"})
    enrolled.refresh_from_db()
    assert enrolled.withdrawn_late == said


@pytest.mark.parametrize("part", ["auditor", "instructor"])
def test_readers_read_and_decide_nothing(client, cast, cohort, applied, part):
    client.force_login(getattr(cast, part))
    shown = client.get(desk(cohort))
    assert shown.status_code == 200
    assert "formaction" not in shown.content.decode()
    for name in ("approve", "refuse", "withdraw"):
        assert client.post(act(name, applied), {"reason": "x"}).status_code == 404
    assert client.post(reverse("applications:approve_many", args=[cohort.pk])).status_code == 404
    assert client.get(reverse("applications:versions", args=[cohort.pk])).status_code == 404


@pytest.mark.parametrize("part", ["outsider", "finance", "trainee"])
def test_others_find_nothing(client, cast, cohort, applied, part):
    client.force_login(getattr(cast, part))
    for address in (desk(cohort), act("refuse", applied), reverse("applications:versions", args=[cohort.pk])):
        assert client.get(address).status_code in (302, 403, 404)
    client.post(act("approve", applied))
    applied.refresh_from_db()
    assert applied.state == "applied"


def test_a_trainee_does_not_withdraw_through_the_admin(client, cast, cohort, applied):
    client.force_login(cast.trainee)
    client.post(act("withdraw", applied), {"reason": "x"})
    applied.refresh_from_db()
    assert applied.state == "applied"


def test_the_change_of_version_shows_first_what_it_changes(officer, cohort, cast):
    enrolled = make_enrolment(cohort, cast.trainee.person)
    newer = make_version(lessons=2, quizzes=1, course=cohort.version.course)
    shown = officer.get(reverse("applications:versions", args=[cohort.pk]))
    change = shown.context["changes"][0]
    assert (change.version, len(change.added), len(change.removed), change.people) == (newer, 1, 0, 1)
    address = reverse("applications:move", args=[cohort.pk, newer.pk])
    assert officer.get(address).status_code == 405
    assert officer.post(address).url == desk(cohort)
    enrolled.refresh_from_db()
    assert enrolled.version == newer
    assert officer.post(reverse("applications:move", args=[cohort.pk, make_version().pk])).status_code == 404


def test_those_ticked_can_be_approved_only_where_somebody_can_be_ticked(officer, cohort, cast):
    make_enrolment(cohort, cast.other_trainee.person)
    assert "通过已勾选的申请" not in officer.get(desk(cohort)).content.decode()
    row = make_enrolment(cohort, cast.trainee.person, "applied")
    assert "通过已勾选的申请" in officer.get(desk(cohort)).content.decode()
    page = officer.get(act("refuse", row)).content.decode()
    assert "：林小荷" in page and ": 林小荷" not in page
