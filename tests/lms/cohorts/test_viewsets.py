from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lms.admissions.actions import set_quota
from lms.models import Cohort, CoursePage, Enrolment
from tests.factories import make_cohort, make_enrolment, make_plan, make_user, make_version

DESK = ["administrator", "city_administrator", "auditor", "instructor"]
INDEX = reverse("cohorts:index")


@pytest.fixture
def cohort(tree):
    return make_cohort(tree["district"], capacity=5)


@pytest.fixture
def officer(client, cast):
    client.force_login(cast.administrator)
    return client


def form(version=None, organisation=None, **fields):
    today = timezone.localdate()
    usual = {
        "title": "秋季班",
        "capacity": "30",
        "opens_at": f"{today} 09:00",
        "closes_at": f"{today + timedelta(days=9)} 18:00",
        "starts_on": str(today + timedelta(days=20)),
        "ends_on": str(today + timedelta(days=60)),
        "has_waiting_list": "on",
        "is_public": "on",
        "offer_hours": "48",
        "alarm_days": "7",
    }
    if version:
        usual |= {"course": version.course_id, "organisation": organisation.pk}
    return usual | fields


def rows(response):
    return list(response.context["object_list"])


@pytest.mark.parametrize("part", DESK)
def test_the_desk_sees_the_cohorts_of_its_tree(client, cast, tree, cohort, part):
    make_cohort(tree["other_district"], cohort.version)
    client.force_login(getattr(cast, part))
    shown = client.get(INDEX)
    assert shown.status_code == 200
    assert len(rows(shown)) == (2 if part == "city_administrator" else 1)


def test_finance_sees_none(client, cast, cohort):
    client.force_login(cast.finance)
    assert client.get(INDEX).status_code in (302, 403)


def test_the_list_costs_the_same_for_one_and_for_many(officer, tree):
    counts = []
    for number in range(1, 7):
        make_cohort(tree["district"])
        if number in (1, 6):
            officer.get(INDEX)
            with CaptureQueriesContext(connection) as statements:
                officer.get(INDEX)
            counts.append(len(statements))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("run", "found"),
    [
        ("open", 1),
        ("opens_on", 1),
        ("full_waiting_list", 1),
        ("to_be_scheduled", 0),
        ("ended", 1),
        ("cancelled", 1),
        ("running", 0),
        ("waiting", 1),
        ("below", 1),
    ],
)
def test_the_list_is_filtered_by_where_a_cohort_stands(officer, tree, cast, run, found):
    version, now, today = make_version(), timezone.now(), timezone.localdate()
    short = make_cohort(tree["district"], version, min_members=1)  # an applicant is nobody yet
    make_enrolment(short, cast.trainee.person, "applied")
    make_cohort(tree["district"], version, opens_at=now + timedelta(days=1), min_members=5)
    make_cohort(
        tree["district"], version, starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1)
    )
    make_cohort(tree["district"], version, cancelled_at=now)
    make_enrolment(make_cohort(tree["district"], version, capacity=1), cast.other_trainee.person)
    assert len(rows(officer.get(INDEX, {"run": run}))) == found


def test_the_list_is_searched_by_title(officer, tree):
    make_cohort(tree["district"], title="冬季班")
    assert len(rows(officer.get(INDEX, {"q": "冬季"}))) == 1
    assert len(rows(officer.get(INDEX, {"q": "夏季"}))) == 0


def test_a_new_cohort_follows_the_newest_version(officer, tree):
    version = make_version()
    newest = make_version(course=version.course)
    assert officer.get(reverse("cohorts:add")).status_code == 200
    answer = officer.post(reverse("cohorts:add"), form(version, tree["district"]))
    assert answer.status_code == 302
    assert Cohort.objects.get().version == newest


def test_nobody_makes_a_cohort_for_another_organisation(officer, tree):
    for place in ("other_district", "city"):
        answer = officer.post(reverse("cohorts:add"), form(make_version(), tree[place]))
        assert answer.status_code == 200
    assert not Cohort.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"capacity": "0"},
        {"capacity": "-3"},
        {"capacity": "1"},
        {"starts_on": "2026-02-30"},
        {"ends_on": "2001-01-01"},
        {"closes_at": "2001-01-01 09:00"},
        {"title": ""},
        {"min_members": "31"},
        {"offer_hours": "1"},
        {"offer_hours": "999"},
    ],
)
def test_an_impossible_cohort_gets_a_sentence_and_changes_nothing(officer, cohort, cast, wrong):
    for part in (cast.trainee, cast.other_trainee):
        make_enrolment(cohort, part.person)
    address = reverse("cohorts:edit", args=[cohort.pk])
    shown = officer.post(address, form(**wrong))
    assert shown.status_code == 200
    assert shown.context["form"].errors
    assert Cohort.objects.get().title == "春季班"


def test_changing_a_cohort(officer, cohort):
    assert officer.get(reverse("cohorts:edit", args=[cohort.pk])).status_code == 200
    answer = officer.post(reverse("cohorts:edit", args=[cohort.pk]), form())
    assert answer.url == reverse("applications:cohort", args=[cohort.pk])
    cohort.refresh_from_db()
    assert (cohort.title, cohort.capacity) == ("秋季班", 30)


@pytest.mark.parametrize("part", ["outsider", "auditor", "instructor", "finance", "trainee"])
def test_only_who_runs_a_cohort_changes_it(client, cast, cohort, part):
    client.force_login(getattr(cast, part))
    addresses = [("cohorts:edit", form()), ("cohorts:cancel", {"reason": "x"})]
    for name, data in addresses:
        address = reverse(name, args=[cohort.pk])
        assert client.get(address).status_code in (302, 403, 404)
        assert client.post(address, data).status_code in (302, 403, 404)
    cohort.refresh_from_db()
    assert (cohort.title, cohort.cancelled_at) == ("春季班", None)


def test_cancelling_asks_for_a_reason(officer, cohort, cast):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    address = reverse("cohorts:cancel", args=[cohort.pk])
    assert officer.get(address).status_code == 200
    assert officer.post(address, {"reason": ""}).status_code == 200
    for _ in range(2):
        assert officer.post(address, {"reason": "场地维修"}).status_code == 302
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.reason) == ("cancelled", "场地维修")


def test_cohorts_are_not_deleted(officer, cohort):
    assert officer.post(f"{INDEX}delete/{cohort.pk}/").status_code == 404
    assert Enrolment.objects.count() == 0


def test_a_plan_of_another_branch_is_neither_offered_nor_taken(client, cast, tree, cohort):
    foreign, own = make_plan(tree["other_district"]), make_plan(tree["city"])
    client.force_login(cast.city_administrator)
    address = reverse("cohorts:edit", args=[cohort.pk])
    assert set(client.get(address).context["form"].fields["plan"].queryset) == {own}
    assert "plan" in client.post(address, form(plan=str(foreign.pk))).context["form"].errors
    made = client.post(reverse("cohorts:add"), form(make_version(), tree["district"], plan=str(foreign.pk)))
    assert tree["other_district"].name in str(made.context["form"].errors)
    assert Cohort.objects.get().plan is None
    assert client.post(address, form(plan=str(own.pk))).status_code == 302
    assert Cohort.objects.get().plan == own


def test_all_that_is_wrong_with_a_cohort_is_marked_at_its_fields_in_one_round(officer, cohort, tree):
    set_quota(cohort=cohort, organisation=tree["street"], places=5, actor=None)
    wrong = {"capacity": "4", "min_members": "9", "ends_on": "2001-01-01", "closes_at": "2001-01-01 09:00"}
    shown = officer.post(reverse("cohorts:edit", args=[cohort.pk]), form(**wrong, offer_hours="1"))
    found = set(shown.context["form"].errors)
    assert found == {"min_members", "ends_on", "closes_at", "offer_hours"}
    shown = officer.post(reverse("cohorts:edit", args=[cohort.pk]), form(capacity="4", min_members="9"))
    assert set(shown.context["form"].errors) == {"capacity", "min_members"}
    shown = officer.post(reverse("cohorts:add"), form(make_version(), tree["district"], **wrong))
    assert set(shown.context["form"].errors) == {"min_members", "ends_on", "closes_at"}


@pytest.mark.parametrize("name", ["capacity", "min_members", "alarm_days"])
def test_a_number_below_nought_is_refused_in_plain_words(officer, cohort, name):
    shown = officer.post(reverse("cohorts:edit", args=[cohort.pk]), form(**{name: "-1"}))
    assert "确保" not in str(shown.context["form"].errors[name])


def test_raising_the_capacity_says_how_many_were_offered_a_place(officer, tree, cast):
    cohort = make_cohort(tree["district"], capacity=1)
    make_enrolment(cohort, make_user().person)
    for _ in range(3):
        make_enrolment(cohort, make_user().person, "waiting")
    answer = officer.post(reverse("cohorts:edit", args=[cohort.pk]), form(capacity="3"), follow=True)
    assert "候补名单上 2 人已得到名额" in answer.content.decode()


def test_a_new_cohort_by_invitation_leads_to_its_codes(officer, tree):
    version = make_version()
    sent = form(version, tree["district"], by_invitation="on")
    answer = officer.post(reverse("cohorts:add"), sent, follow=True)
    codes = reverse("admissions:cohort", args=[Cohort.objects.get().pk])
    assert codes in answer.content.decode()


def test_a_new_cohort_starts_with_the_plan_of_its_course_and_says_so(officer, tree):
    version, plan, other = make_version(), make_plan(tree["city"]), make_plan(tree["district"])
    CoursePage.objects.filter(pk=version.course_id).update(plan=plan)
    answer = officer.post(reverse("cohorts:add"), form(version, tree["district"]), follow=True)
    assert Cohort.objects.get().plan == plan
    assert f"报名按“{plan}”办理" in answer.content.decode()
    officer.post(reverse("cohorts:add"), form(version, tree["district"], title="冬季班", plan=str(other.pk)))
    assert Cohort.objects.get(title="冬季班").plan == other


@pytest.mark.parametrize(("owner", "fields"), [("other_district", {}), ("city", {"is_active": False})])
def test_the_plan_of_a_course_that_is_not_for_the_organiser_is_left_out(officer, tree, owner, fields):
    version = make_version()
    CoursePage.objects.filter(pk=version.course_id).update(plan=make_plan(tree[owner], **fields))
    officer.post(reverse("cohorts:add"), form(version, tree["district"]))
    assert Cohort.objects.get().plan is None


def test_the_desk_of_a_reader_of_english_says_english_titles(client, cast, tree):
    version = make_version(title_en="Casework")
    CoursePage.objects.filter(pk=version.course_id).update(title_en="Casework")
    cohort = make_cohort(tree["district"], version, title="春季班", title_en="Spring run")
    row = make_enrolment(cohort, cast.trainee.person, "applied")
    client.force_login(cast.administrator)
    pages = {
        reverse("cohorts:index"): "Casework",
        reverse("applications:cohort", args=[cohort.pk]): "Casework",
        reverse("applications:versions", args=[cohort.pk]): "Spring run",
        reverse("applications:refuse", args=[row.pk]): "Spring run",
        reverse("approvals:index"): "Casework",
        reverse("approvals:detail", args=[row.pk]): "Casework",
        reverse("transfers:cohort", args=[cohort.pk]): "Spring run",
        reverse("admissions:cohort", args=[cohort.pk]): "Spring run",
        reverse("cohort-surveys:cohort", args=[cohort.pk]): "Spring run",
        reverse("cohort-surveys:choose", args=[cohort.pk]): "Spring run",
        reverse("talk:questions", args=[cohort.pk]): "Spring run",
        reverse("assignments:cohort", args=[cohort.pk]): "Spring run",
        reverse("issuing:cohort", args=[cohort.pk]): "Spring run",
    }
    for address, title in pages.items():
        shown = client.get(address, headers={"accept-language": "en"}).content.decode()
        assert title in shown and "春季班" not in shown, address
