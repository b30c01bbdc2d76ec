"""Searching the pool: who is found, who is only counted, what the facets say, and that rows repair themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Person, ServiceField
from core.organisations.actions import change_organisation
from core.people.actions import save_profile
from core.signals import OrganisationChanged, organisation_changed
from credentials.commendations.actions import strike_commendation
from credentials.hours.actions import credit_course
from credentials.models import TalentProfile
from credentials.posts.actions import give_post, record_route
from credentials.qualifications.actions import open_scan, verify_qualification
from credentials.talent import actions
from credentials.talent.policy import Wanted
from credentials.talent.queries import out_of_place, rows_for, search, timeline_of
from credentials.talent.states import Part
from lms.public import completion_told
from tests.factories import (
    make_cohort,
    make_commendation,
    make_enrolment,
    make_listed,
    make_pairing,
    make_period,
    make_qualification,
    make_staff_post,
    make_supervisor,
    make_user,
)


@pytest.fixture
def pool(cast, tree):
    """Of the trainee everything that one can be found by; the others agree to be listed, but for one."""
    actions.reconcile()
    person = cast.trainee.person
    field = ServiceField.objects.create(code="elderly", name="老年人服务", name_en="Elderly")
    person.practice_started_on = timezone.localdate() - timedelta(days=4 * 366)
    save_profile(person=person, actor=cast.trainee, fields=[field])
    level = make_period(person, "social_worker").level
    done = make_enrolment(make_cohort(tree["district"]), person, "completed")
    credit_course(event=completion_told(done.pk))
    make_pairing(make_supervisor(cast.supervisor), person)
    post = make_staff_post(tree["station"], "health", "医务社工")
    give_post(post=post, person=person, starts_on=timezone.localdate(), actor=cast.administrator)
    record_route(person=person, route="recruited", since=timezone.localdate(), actor=cast.administrator)
    make_listed(person, cast.supervisor.person, cast.outside_trainee.person)
    actions.reconcile()
    return {"level": level, "field": field, "sector": post.sector, "person": person}


def names(user, **wanted):
    return {row.name for row in rows_for(user, Wanted(**wanted))}


def test_who_agrees_is_listed_and_who_does_not_is_counted(cast, tree, pool):
    found = search(cast.city_administrator, Wanted())
    assert {row.name for row in found.rows} == {
        "林小荷",
        "欧阳若水",
        "华清",
        "解安",
    }  # 解安: of the very employer
    assert found.total == 4
    assert (
        found.unlisted
        == TalentProfile.objects.filter(is_listed=False).exclude(path=tree["city"].path).count()
    )
    assert names(cast.administrator) == {"林小荷", "欧阳若水", "曾可", "单于明", "仇敏", "查理明"}
    assert names(cast.outsider) == {"华清", "任远"}
    assert not search(cast.trainee, Wanted()).total
    assert search(cast.outsider, Wanted()).unlisted == 0
    # One who has not agreed is not given away by words either.
    assert search(cast.city_administrator, Wanted(words=("周一鸣",))).unlisted == 0
    actions.leave_list(person=pool["person"], actor=cast.trainee)
    assert "林小荷" not in names(cast.city_administrator)
    # Nor by a facet: at a place with one who is not listed it would tell everything of them.
    assert search(cast.city_administrator, Wanted(place=tree["station"].path)).unlisted is None
    for chosen in ({"level": pool["level"].pk}, {"route": "recruited"}, {"awarded": "some"}):
        assert (
            search(cast.city_administrator, Wanted(place=tree["station"].path, chosen=chosen)).unlisted == 0
        )


@pytest.mark.parametrize(
    "words", ["林小荷", "小荷", "linxiaohe", "lxh", "xiaohe", "lin xiao", "新街社工站", "医务"]
)
def test_found_in_chinese_by_pinyin_initials_employer_and_post(cast, pool, words):
    assert "林小荷" in names(cast.city_administrator, words=tuple(words.split()))


def test_each_facet_finds_and_counts_the_same(cast, tree, pool):
    chosen = {
        "level": pool["level"].pk,
        "sector": pool["sector"].pk,
        "route": "recruited",
        "part": Part.SUPERVISED,
        "years": 2,
        "span": TalentProfile.objects.get(pk=pool["person"].pk).span,
        "awarded": "none",
        "field": pool["field"].pk,
    }
    for name, value in chosen.items():
        found = search(cast.city_administrator, Wanted(chosen={name: value}))
        assert found.total == found.rows.count() == found.facets[name][value]
        assert "林小荷" in {row.name for row in found.rows}
    found = search(cast.city_administrator, Wanted(chosen=chosen, place=tree["district"].path))
    assert [row.name for row in found.rows] == ["林小荷"]
    assert found.places == {tree["street"].path: 1}
    assert not search(cast.city_administrator, Wanted(chosen=chosen | {"route": "trained"})).total
    assert Part.SUPERVISOR in search(cast.city_administrator, Wanted(chosen={"part": "both"})).facets["part"]


def test_a_chosen_field_leaves_the_other_fields_as_they_are_found(cast, pool):
    other = ServiceField.objects.create(code="youth", name="青少年服务", name_en="Youth")
    save_profile(person=cast.supervisor.person, actor=cast.supervisor, fields=[other])
    save_profile(
        person=cast.outside_trainee.person, actor=cast.outside_trainee, fields=[other, pool["field"]]
    )
    actions.reconcile()
    for chosen in (
        {},
        {"field": pool["field"].pk},
        {"field": other.pk},
        {"field": other.pk, "awarded": "none"},
    ):
        found = search(cast.city_administrator, Wanted(chosen=chosen))
        for each in (pool["field"].pk, other.pk):
            listed = search(cast.city_administrator, Wanted(chosen=chosen | {"field": each})).rows.count()
            assert found.facets["field"][each] == listed == 2
        assert found.total == found.rows.count() == sum(found.facets["part"].values())


def test_rows_follow_what_happens_and_the_reconciler_repairs_the_rest(
    cast, tree, pool, django_capture_on_commit_callbacks
):
    assert actions.reconcile() == []
    asked = []
    actions.refresh_wanted.connect(
        lambda person_ids, **_: asked.extend(person_ids), weak=False, dispatch_uid="test"
    )
    with django_capture_on_commit_callbacks(execute=True):
        done = make_enrolment(make_cohort(tree["district"]), cast.other_trainee.person, "completed")
        credit_course(event=completion_told(done.pk))
    actions.refresh_wanted.disconnect(dispatch_uid="test")
    assert actions.refresh_profiles(person_ids=asked) == 1
    assert TalentProfile.objects.get(person=cast.other_trainee.person).minutes > 0
    TalentProfile.objects.filter(pk=pool["person"].pk).update(minutes=7, path="")
    TalentProfile.objects.filter(pk=cast.supervisor.person.pk).delete()
    assert actions.reconcile() == ["talent pool: 2 rows worked out anew"]
    assert actions.reconcile() == []


def test_whoever_leaves_a_tree_is_found_in_it_no_longer(cast, tree, pool):
    person = Person.objects.get(pk=pool["person"].pk)
    person.employer = tree["other_station"]
    save_profile(person=person, actor=cast.city_administrator, fields=[])
    assert "林小荷" not in names(cast.administrator)
    assert "林小荷" in names(cast.outsider)


def test_commendations_and_qualifications_that_stand_are_found(cast, pool):
    row = make_commendation(pool["person"], cast.city_administrator)
    held = make_qualification(pool["person"], state="declared")
    open_scan(qualification=held, actor=cast.city_administrator)
    verify_qualification(qualification=held, actor=cast.city_administrator)
    actions.reconcile()
    assert names(cast.city_administrator, chosen={"awarded": "some"}) == {"林小荷"}
    assert any(held.number in proof.note for proof in timeline_of(pool["person"]))
    strike_commendation(commendation=row, reason="登记有误", actor=cast.city_administrator)
    actions.reconcile()
    assert not names(cast.city_administrator, chosen={"awarded": "some"})


def test_a_search_costs_the_same_whatever_it_finds(cast, tree, pool, django_assert_num_queries):
    make_listed(*(make_user(f"社工{number}", tree["station"]).person for number in range(12)))
    user = cast.city_administrator
    search(user, Wanted())
    for wanted in (Wanted(), Wanted(words=("shegong",), chosen={"level": pool["level"].pk})):
        with django_assert_num_queries(2):
            list(search(user, wanted).rows[:30])


def test_the_operator_searches_everybody_and_who_has_no_tree_nobody(cast, pool):
    cast.administrator.is_superuser = True
    cast.administrator.__dict__.pop("_scope", None)
    found = search(cast.administrator, Wanted())
    assert found.total == TalentProfile.objects.count() == found.rows.count()
    assert found.unlisted == 0
    nobody = search(cast.trainee, Wanted(chosen={"part": Part.NEITHER}))
    assert (nobody.total, nobody.places, nobody.unlisted) == (0, {}, 0)


def test_whoever_does_not_say_since_when_stands_last_by_practice(cast, pool):
    for wanted in (Wanted(order="practice"), Wanted(order="practice", chosen={"awarded": "none"})):
        rows = list(search(cast.city_administrator, wanted).rows)
        assert rows[0].name == "林小荷"
        assert all(row.practice_started_on is None for row in rows[1:])


def test_a_renamed_or_moved_organisation_is_found_by_what_it_is_now(
    cast, tree, pool, django_capture_on_commit_callbacks
):
    station, asked = tree["station"], []
    actions.refresh_wanted.connect(
        lambda person_ids, **_: asked.append(person_ids), weak=False, dispatch_uid="test"
    )
    with django_capture_on_commit_callbacks(execute=True):
        station.name = "滨河社工站"
        assert change_organisation(organisation=station, actor=cast.city_administrator) == ["name"]
        assert change_organisation(organisation=station, actor=cast.city_administrator) == []
    tree["street"].move(tree["other_district"], "last-child")
    with django_capture_on_commit_callbacks(execute=True):
        event = OrganisationChanged(tree["street"].pk, ("path",))
        organisation_changed.send(None, event=event)
    actions.refresh_wanted.disconnect(dispatch_uid="test")
    renamed, moved = asked
    assert set(renamed) == set(moved) == set(tree["station"].people.values_list("pk", flat=True))
    assert actions.refresh_profiles(person_ids=renamed) == len(renamed)
    assert actions.refresh_profiles(person_ids=moved) == 0  # told twice, nothing is left to do
    assert names(cast.outsider, words=("滨河",)) == {"林小荷"}
    assert "林小荷" not in names(cast.outsider, words=("新街社工站",))
    assert "林小荷" not in names(cast.administrator)
    assert out_of_place(0) == []
