from datetime import date

import pytest
from django.urls import reverse

from core.models import Notice
from lms.models import Pathway, PathwayEnrolment
from lms.pathways.queries import desk_pathways
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_on_pathway,
    make_user,
)


def page(client, name, *args, **query):
    response = client.get(reverse(name, args=args), query, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def officer(client, cast):
    client.force_login(cast.administrator)
    return client


def form(versions, *lines, **changes):
    """What the form sends: a line for each course as (place, group, days)."""
    data = {"title": "全科社工", "at_least_a": 1, "at_least_b": 1, "at_least_c": 1}
    data |= {"course-TOTAL_FORMS": len(lines) + 1, "course-INITIAL_FORMS": 0}
    for number, ((place, group, days), version) in enumerate(zip(lines, versions, strict=False)):
        line = {"course": version.course_id, "position": place, "group": group, "days": days}
        data |= {f"course-{number}-{name}": value for name, value in line.items()}
    return data | changes


def test_an_officer_makes_a_pathway_and_changes_its_order(officer, tree, versions):
    data = form(versions, (2, "", 30), (1, "", ""), organisation=tree["district"].pk)
    assert officer.post(reverse("pathways:add"), data).status_code == 302
    made = Pathway.objects.get()
    assert [row.course_id for row in made.courses.all()] == [versions[1].course_id, versions[0].course_id]
    assert officer.get(reverse("pathways:change", args=[made.pk])).status_code == 200
    officer.post(
        reverse("pathways:change", args=[made.pk]), form(versions, (1, "a", ""), (2, "a", ""), (3, "", ""))
    )
    assert [row.group for row in made.courses.all()] == ["a", "a", ""]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"valid_months": 0},
        {"valid_months": 10**6},
        {"at_least_a": -1},
        {"course-0-course": 10**30},
        {"course-0-group": "x"},
        {"course-0-days": "²"},
        {"course-0-position": 10**30},
        {"course-TOTAL_FORMS": "x"},
        {"course-TOTAL_FORMS": 10**6},
        {"organisation": 1},
        {"title": "王\x00明"},
    ],
)
def test_nonsense_comes_back_with_what_was_typed(officer, tree, versions, changes):
    data = form(versions, (1, "", 30), organisation=tree["district"].pk) | changes
    if changes == {"organisation": 1}:
        data["organisation"] = tree["other_district"].pk
    assert officer.post(reverse("pathways:add"), data).status_code == 200
    assert not Pathway.objects.exists()


def test_a_pathway_without_courses_is_refused_in_words(officer, tree, versions):
    response = officer.post(reverse("pathways:add"), form(versions, organisation=tree["district"].pk))
    assert response.context["form"].non_field_errors()


def test_the_desk_sees_who_stands_where(officer, pathway, cast, tree, versions):
    make_on_pathway(pathway, cast.trainee.person)
    make_on_pathway(pathway, cast.other_trainee.person, state="left")
    make_enrolment(make_cohort(tree["district"], versions[0]), cast.trainee.person, "completed")
    address = reverse("pathways:people", args=[pathway.pk])
    response = officer.get(address)
    found = {row.person: (progress.done, progress.total) for row, progress in response.context["rows"]}
    assert found == {cast.trainee.person: (1, 2), cast.other_trainee.person: (0, 2)}
    assert len(officer.get(address, {"state": "left"}).context["rows"]) == 1
    assert len(officer.get(address, {"state": "x", "page": "²"}).context["rows"]) == 2


def test_an_officer_puts_somebody_on_it_who_is_told(officer, pathway, cast):
    officer.post(reverse("pathways:put_on", args=[pathway.pk]), {"name": "linxiaohe"})
    assert PathwayEnrolment.objects.get().person == cast.trainee.person
    assert Notice.objects.get(user=cast.trainee).kind == "lms.pathway_joined"


def test_of_several_people_one_is_chosen_and_nobody_outside(officer, pathway, cast, tree):
    people = [make_user("林小荷", tree["station"]).person for _ in range(2)]
    address = reverse("pathways:put_on", args=[pathway.pk])
    assert set(people) <= set(officer.post(address, {"name": "林小荷"}).context["found"])
    officer.post(address, {"person": people[0].pk})
    for nonsense in (
        {"person": cast.outside_trainee.person.pk},
        {"name": "华清"},
        {"name": ""},
        {"person": "²"},
    ):
        officer.post(address, nonsense)
    assert PathwayEnrolment.objects.get().person == people[0]


@pytest.mark.parametrize("part", ["instructor", "auditor", "outsider", "finance", "trainee"])
def test_only_administrators_of_the_organisation_change_it(client, pathway, cast, part):
    client.force_login(getattr(cast, part))
    looks = part in ("instructor", "auditor")
    assert (client.get(reverse("pathways:people", args=[pathway.pk])).status_code == 200) is looks
    assert client.get(reverse("pathways:change", args=[pathway.pk])).status_code in (403, 404)
    for name in ("close", "put_on"):
        assert client.post(reverse(f"pathways:{name}", args=[pathway.pk])).status_code in (403, 404)


def test_a_course_of_a_pathway_is_not_deleted(pathway, versions):
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        versions[0].course.delete()


def test_closing_takes_no_more_joiners(officer, pathway):
    for _ in range(2):
        assert officer.post(reverse("pathways:close", args=[pathway.pk])).status_code == 302
    pathway.refresh_from_db()
    assert pathway.closed_at is not None


def test_the_list_counts_who_has_completed_it(officer, pathway):
    shown = officer.get(reverse("pathways:index")).content.decode()
    assert "已完成" in shown and "完成时间" not in shown


def test_the_list_and_the_page_of_a_pathway_count_alike(officer, pathway, cast):
    make_on_pathway(pathway, cast.trainee.person, state="expired", completed_on=date(2025, 1, 1))
    make_on_pathway(pathway, cast.other_trainee.person, state="completed", completed_on=date(2026, 1, 1))
    (row,) = desk_pathways(cast.administrator)
    chips = officer.get(reverse("pathways:people", args=[pathway.pk])).context["chips"]
    counted = {"running": row.on_it, "completed": row.completed, "expired": row.expired, "left": 0}
    assert {value: number for value, _label, number in chips} == counted
    assert (row.completed, row.expired) == (1, 1)
