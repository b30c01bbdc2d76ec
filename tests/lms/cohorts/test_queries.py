from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.utils import timezone, translation

from lms.cohorts.policy import OfferKind
from lms.public import cohorts_for, offers_for
from tests.factories import make_cohort, make_enrolment, make_plan, make_version

NOBODY = AnonymousUser()


def kinds(course_id, user):
    return [offer.kind for offer in offers_for([course_id], user)[course_id]]


def test_a_visitor_is_offered_to_sign_in_and_a_trainee_to_apply(tree, cast):
    cohort = make_cohort(tree["district"])
    assert kinds(cohort.course_id, NOBODY) == [OfferKind.SIGN_IN]
    assert kinds(cohort.course_id, cast.trainee) == [OfferKind.APPLY]


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("applied", OfferKind.UNDER_REVIEW),
        ("waiting", OfferKind.ON_WAITING_LIST),
        ("enrolled", OfferKind.CONTINUE),
        ("completed", OfferKind.COMPLETED),
        ("refused", OfferKind.APPLY),
        ("withdrawn", OfferKind.APPLY),
        ("offered", OfferKind.ACCEPT),
        ("lapsed", OfferKind.APPLY),
        ("cancelled", OfferKind.APPLY),
    ],
)
def test_the_offer_follows_my_enrolment(tree, cast, state, kind):
    cohort = make_cohort(tree["district"])
    make_enrolment(cohort, cast.trainee.person, state)
    assert kinds(cohort.course_id, cast.trainee) == [kind]
    others = OfferKind.JOIN_WAITING_LIST if state == "waiting" else OfferKind.APPLY
    assert kinds(cohort.course_id, cast.other_trainee) == [others]


def test_an_offer_that_has_run_out_is_none_before_anybody_writes_that_down(tree, cast):
    cohort = make_cohort(tree["district"])
    past = timezone.now() - timedelta(seconds=1)
    make_enrolment(cohort, cast.trainee.person, "offered", offer_expires_at=past)
    offer = offers_for([cohort.course_id], cast.trainee)[cohort.course_id][0]
    assert (offer.kind, "apply" in offer.url) == (OfferKind.APPLY, True)


def test_the_button_says_until_when_a_place_is_held(tree, cast):
    cohort = make_cohort(tree["district"])
    until = timezone.now() + timedelta(hours=5)
    make_enrolment(cohort, cast.trainee.person, "offered", offer_expires_at=until)
    offer = offers_for([cohort.course_id], cast.trainee)[cohort.course_id][0]
    assert timezone.localtime(until).strftime("%H:%M") in offer.label
    assert offer.is_primary


def test_what_is_over_hidden_or_cancelled_shows_only_to_those_in_it(tree, cast):
    version = make_version()
    today = timezone.localdate()
    over = {"starts_on": today - timedelta(days=9), "ends_on": today - timedelta(days=1)}
    for fields in (over, {"is_public": False}, {"cancelled_at": timezone.now()}):
        make_enrolment(make_cohort(tree["district"], version, **fields), cast.trainee.person, "completed")
    assert kinds(version.course_id, cast.other_trainee) == []
    assert kinds(version.course_id, cast.trainee) == [OfferKind.COMPLETED] * 3


def test_what_can_be_acted_on_comes_first(tree, cast):
    version = make_version()
    make_cohort(tree["district"], version, opens_at=timezone.now() + timedelta(days=1))
    make_cohort(tree["district"], version, capacity=1, seats_taken=1)
    make_cohort(tree["district"], version)
    wanted = [OfferKind.APPLY, OfferKind.JOIN_WAITING_LIST, OfferKind.OPENS_ON]
    assert kinds(version.course_id, cast.trainee) == wanted


@pytest.mark.parametrize("count", [1, 8])
def test_offers_of_one_cohort_and_of_many_cost_the_same(tree, cast, count, django_assert_num_queries):
    courses = []
    for _ in range(count):
        cohort = make_cohort(tree["district"], capacity=1)
        make_enrolment(cohort, cast.other_trainee.person)
        make_enrolment(cohort, cast.trainee.person, "waiting")
        courses.append(cohort.course_id)
    with django_assert_num_queries(2):
        found = offers_for(courses, cast.trainee)
    assert [len(found[course]) for course in courses] == [1] * count
    with django_assert_num_queries(1):
        offers_for(courses, NOBODY)


def test_a_course_without_cohorts_has_an_empty_list(tree):
    assert offers_for([1, 2], NOBODY) == {1: [], 2: []}


def test_an_english_reader_reads_english_titles(tree):
    cohort = make_cohort(tree["district"], title_en="Spring")
    with translation.override("en"):
        assert offers_for([cohort.course_id], NOBODY)[cohort.course_id][0].title == "Spring"
    assert offers_for([cohort.course_id], NOBODY)[cohort.course_id][0].title == "春季班"


def test_the_component_has_one_button_for_each_offer(tree, cast):
    version = make_version()
    make_cohort(tree["district"], version)
    make_cohort(tree["district"], version, opens_at=timezone.now() + timedelta(days=1))
    offers = offers_for([version.course_id], cast.trainee)[version.course_id]
    html = render_to_string("lms/cohorts/offers.html", {"offers": offers})
    assert html.count('class="button') == 1
    assert render_to_string("lms/cohorts/offers.html", {"offers": []}).count("<article") == 0
    assert 'class="button' in render_to_string("lms/cohorts/offers_action.html", {"offers": offers})


def test_a_phone_offers_the_choice_where_several_cohorts_can_be_joined(tree, cast):
    version = make_version()
    for _ in range(2):
        make_cohort(tree["district"], version)
    html = action(version, cast.trainee)
    assert "2 cohorts" in html
    assert 'href="#offers-title"' in html
    make_enrolment(make_cohort(tree["district"], version), cast.trainee.person)
    assert "#offers-title" not in action(version, cast.trainee)


def action(version, user):
    offers = offers_for([version.course_id], user)[version.course_id]
    with translation.override("en"):
        return render_to_string("lms/cohorts/offers_action.html", {"offers": offers})


@pytest.mark.parametrize("count", [1, 6])
def test_the_officers_list_costs_one_query(tree, cast, count, django_assert_num_queries):
    for _ in range(count):
        make_enrolment(make_cohort(tree["station"]), cast.trainee.person, "applied")
    cohorts_for(cast.administrator)
    with django_assert_num_queries(1):
        found = cohorts_for(cast.administrator)
    assert [row.applications for row in found] == [1] * count
    assert cohorts_for(cast.outsider) == []


def test_the_dashboard_of_an_officer_shows_what_runs_then_what_is_open_and_nothing_that_is_over(tree, cast):
    today, version = timezone.localdate(), make_version()

    def days(first, last):
        return {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}

    closed, later = timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=3)
    for title, fields in {
        "已取消班": days(40, 90) | {"cancelled_at": timezone.now()},
        "早已结束班": days(-200, -60),
        "刚结束班": days(-90, -5),
        "将开放班": days(60, 90) | {"opens_at": later, "closes_at": later + timedelta(days=9)},
        "开放班": days(30, 90),
        "在办班": days(-30, 60) | {"closes_at": closed},
        "在办可加入班": days(-9, 60),
    }.items():
        make_cohort(tree["station"], version, title=title, **fields)
    waits = make_cohort(tree["station"], version, title="有申请班", **days(20, 90))
    make_enrolment(waits, cast.trainee.person, "applied")
    assert [row.title for row in cohorts_for(cast.administrator)] == [
        "在办可加入班",
        "在办班",
        "有申请班",
        "开放班",
        "将开放班",
        "刚结束班",
    ]


def test_everybody_reads_before_signing_in_what_a_cohort_asks_and_who_decides(client, tree):
    plan = make_plan(
        tree["city"],
        stages=("employer", "county", "organiser"),
        conditions=(("years", 2), ("employer_kind", ["agency"])),
    )
    version = make_version()
    for title, given in (("骨干班", plan), ("普通班", None)):
        make_cohort(tree["district"], version, title=title, plan=given)
    html = shown_to_all(version)
    assert "需从业满 2 年" in html and "社工机构" in html
    assert "审批：用人单位" in html and "→ 主办单位" in html
    assert f"审批：{tree['district'].name}" in html


@pytest.mark.parametrize("count", [1, 6])
def test_what_cohorts_ask_costs_the_same_for_one_and_for_many(tree, count, django_assert_num_queries):
    version = make_version()
    conditions = (
        ("years", 2),
        ("level", ["senior"]),
        ("field", ["elderly"]),
        ("prior_course", ["basics"]),
        ("employer_kind", ["agency"]),
        ("region", {"organisation": str(tree["district"].pk), "code": ""}),
        ("region", {"organisation": "", "code": "120101"}),
    )
    for _ in range(count):
        plan = make_plan(tree["city"], stages=("county",), conditions=conditions)
        make_cohort(tree["district"], version, plan=plan)
    with django_assert_num_queries(5):  # the offers with their plans, and four kinds of names
        shown_to_all(version)


def shown_to_all(version):
    offers = offers_for([version.course_id], NOBODY)[version.course_id]
    return render_to_string("lms/cohorts/offers.html", {"offers": offers})
