"""What waits for somebody at a desk, in one list with its number."""

from django.urls import reverse

from tests.cms.dashboards.steps import desk, officer_at, part, waiting_in_all_apps
from tests.factories import (
    make_cohort,
    make_question,
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
