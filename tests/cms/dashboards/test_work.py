"""What waits for somebody at a desk, in one list with its number."""

from django.urls import reverse

from supervision.models import Appeal
from tests.cms.dashboards.steps import desk, officer_at, part, waiting_in_all_apps
from tests.factories import (
    make_application,
    make_circle,
    make_circle_review,
    make_cohort,
    make_gathering,
    make_late,
    make_late_gathering,
    make_pairing,
    make_question,
    make_review,
    make_round,
    make_session,
    make_supervisor,
    make_training,
    make_wish,
)


def test_everything_that_waits_for_an_administrator_stands_in_one_list_with_its_number(
    client, home, cast, tree
):
    cohort, other = waiting_in_all_apps(cast, tree)
    page = desk(client, cast.administrator)
    for words, url in {
        "Applications to decide on 1": reverse("approvals:index"),
        "Employers to confirm 1": reverse("people:declared"),
        "Wishes to change the cohort 冬季班 1": reverse("transfers:cohort", args=[other.pk]),
        "Leave and make-up classes 秋季班 1": reverse("attendance:cohort", args=[cohort.pk]),
        "Manual hours to check 1": f"{reverse('manual-entries:index')}?waiting=on&amp;state=requested",
        "Manual hours to confirm as the second person 1": "?waiting=on&amp;state=proposed",
        "Registration periods to verify 1": f"{reverse('periods:index')}?waiting=on",
    }.items():
        assert words in part(page, "work")
        assert url in page
        assert client.get(url.replace("&amp;", "&") if url.startswith("/") else "/").status_code == 200
    assert "To mark" not in part(page, "work")
    assert page.index("desk-work") < page.index("desk-administrator")
    admin = client.get(reverse("wagtailadmin_home"), headers={"accept-language": "en"}).content.decode()
    assert "Wishes to change the cohort" in admin


def test_an_instructor_sees_what_is_to_be_marked_answered_and_agreed(client, home, cast, tree):
    cohort, _other = waiting_in_all_apps(cast, tree)
    page = desk(client, cast.instructor)
    for words in ("To mark 1", "Questions to answer 秋季班 1", "Leave and make-up classes 秋季班 1"):
        assert words in part(page, "work")
    assert f"{reverse('teaching:marking')}?mine=1" in page
    assert reverse("talk:questions", args=[cohort.pk]) in page
    for words in ("Applications to decide on", "Employers to confirm", "Manual hours"):
        assert words not in part(page, "work")


def test_what_waits_elsewhere_is_not_in_the_list(client, home, cast, tree):
    waiting_in_all_apps(cast, tree)
    stranger = officer_at(tree["other_district"])
    assert "Nothing waits for you at present." in part(desk(client, stranger), "work")


def test_what_waits_in_several_cohorts_is_named_for_each(client, home, cast, tree):
    cohorts = [make_cohort(tree["district"], title=f"班次{number}") for number in range(7)]
    for cohort in cohorts:
        make_question(cohort, cast.trainee)
    page = part(desk(client, cast.instructor), "work")
    assert "Questions to answer" in page
    assert "班次0 1" in page
    assert "班次6" not in page
    assert "and in 2 further cohorts" in page


def test_what_supervision_waits_for_is_counted_for_who_may_decide_it(client, home, cast, tree):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    pairing = make_pairing(supervisor, cast.trainee.person)
    make_wish(pairing)
    make_wish(pairing, supervisor.person, "declined")
    make_late(make_session(pairing))
    make_review(pairing, reviewer=cast.auditor)
    make_application(cast.other_trainee.person, tree["district"])
    round = make_round(tree["district"], "published")
    Appeal.objects.create(round=round, person=cast.trainee.person, text="请再看一次")
    circle = make_circle(supervisor, cast.trainee.person, organisation=tree["district"])
    make_late_gathering(make_gathering(circle, days_ago=30))
    make_circle_review(circle, reviewer=cast.auditor)
    make_training(cast.supervisor.person)
    page = part(desk(client, cast.administrator), "work")
    for words, address in {
        "Wishes of pairs for a change 1": "pair_wishes:index",
        "Appeals against matching rounds 1": "rounds:index",
        "Applications as supervisor 1": "appointments:index",
        "Sessions that were recorded late 1": "late_records:index",
        "Reviews of sessions to grant 1": "session_reviews:index",
        "Own training to check 1": "own_trainings:index",
        "Gatherings that were recorded late 1": "late_gatherings:index",
        "Reviews of circles to grant 1": "circle_reviews:index",
    }.items():
        assert words in page
        answer = client.get(reverse(address), {"state": "open", "appeals": "on", "waiting": "on"})
        assert answer.status_code == 200
    assert "Wishes of pairs" not in part(desk(client, officer_at(tree["other_district"])), "work")


def test_nobody_is_told_to_decide_about_their_own_pair(client, home, cast, tree):
    pairing = make_pairing(make_supervisor(organisation=tree["agency"]), cast.administrator.person)
    make_wish(pairing)
    assert "Wishes of pairs" not in part(desk(client, cast.administrator), "work")
