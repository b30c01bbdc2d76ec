"""The Wagtail admin: the registry, pairings, and sessions without what was said."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from supervision.models import Designation, Pairing, Supervisor
from tests.factories import ServiceFieldFactory, make_pairing, make_session, make_supervisor, make_user

LISTS = ["supervisors:index", "pairings:index", "sessions:index"]
READERS = ["administrator", "city_administrator", "auditor"]
NOT_READERS = ["finance", "instructor"]


def text_of(answer):
    return answer.content.decode()


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("part", READERS)
def test_the_desk_has_the_lists_of_its_tree(client, pair, cast, name, part):
    make_session(pair.pairing)
    client.force_login(getattr(cast, part))
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert cast.supervisor.person.name in text_of(answer)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("part", NOT_READERS)
def test_others_of_the_desk_have_no_such_lists(client, pair, cast, name, part):
    client.force_login(getattr(cast, part))
    assert client.get(reverse(name)).status_code in (302, 403, 404)
    home = text_of(client.get(reverse("wagtailadmin_home")))
    assert reverse(name) not in home


@pytest.mark.parametrize("name", LISTS)
def test_another_district_has_an_empty_list(client, pair, cast, name):
    make_session(pair.pairing)
    client.force_login(cast.outsider)
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert cast.supervisor.person.name not in text_of(answer)


@pytest.mark.parametrize("part", ["outsider", "instructor", "finance"])
def test_another_districts_rows_are_not_found(client, pair, cast, part):
    client.force_login(getattr(cast, part))
    designation = Designation.objects.create(
        supervisor=pair.supervisor, tier="junior", issuer="协会", starts_on=date(2024, 1, 1)
    )
    own = pair.pairing.pk
    for name, args in (
        ("supervisors:edit", [pair.supervisor.pk]),
        ("supervisors:designations", [pair.supervisor.pk]),
        ("supervisors:end_designation", [pair.supervisor.pk, designation.pk]),
        ("pairings:detail", [own]),
        ("pairings:end", [own]),
        ("pairings:pause", [own]),
    ):
        answer = client.post(reverse(name, args=args), {"reason": "x", "ends_on": "2026-01-01"})
        assert answer.status_code in (302, 403, 404, 405), name
        assert answer.status_code != 302 or reverse("wagtailadmin_home") == answer.url, name
    pair.pairing.refresh_from_db()
    assert (pair.pairing.state, Designation.objects.get().ends_on) == ("active", None)


def test_an_auditor_reads_and_changes_nothing(client, pair, cast):
    client.force_login(cast.auditor)
    detail = client.get(reverse("pairings:detail", args=[pair.pairing.pk]))
    assert reverse("pairings:end", args=[pair.pairing.pk]) not in text_of(detail)
    for name, pk in (("pairings:end", pair.pairing.pk), ("pairings:pause", pair.pairing.pk)):
        assert client.post(reverse(name, args=[pk]), {"reason": "x"}).status_code == 404
    page = client.get(reverse("supervisors:designations", args=[pair.supervisor.pk]))
    assert page.status_code == 200
    assert '<form method="post"' not in text_of(page)
    edit = client.get(reverse("supervisors:edit", args=[pair.supervisor.pk]))
    assert edit.status_code in (302, 404)
    assert client.post(reverse("pairings:add"), {}).status_code in (302, 403)


def test_the_list_says_how_full_each_supervisor_is(client, pair, cast, tree):
    make_supervisor(make_user("满员", tree["agency"]), tree["agency"], capacity=1, load=1, code="SV099")
    client.force_login(cast.administrator)
    page = text_of(client.get(reverse("supervisors:index")))
    assert "已带 1 / 5 人，余 4 个名额" in page
    assert "已带 1 / 1 人，已满" in page
    free = text_of(client.get(reverse("supervisors:index") + "?free=true"))
    assert "SV001" in free
    assert "SV099" not in free


def test_supervisors_are_found_by_name_pinyin_number_tier_and_field(client, pair, cast):
    field = ServiceFieldFactory()
    pair.supervisor.fields.add(field)
    Designation.objects.create(
        supervisor=pair.supervisor, tier="senior", issuer="协会", starts_on=date(2024, 1, 1)
    )
    client.force_login(cast.administrator)
    for query, found in (
        ("q=若水", True),
        ("q=sv001", True),
        ("q=ouyang", True),
        ("q=查无此人", False),
        ("tier=senior", True),
        ("tier=junior", False),
        (f"fields={field.pk}", True),
        ("is_active=false", False),
    ):
        page = text_of(client.get(reverse("supervisors:index") + f"?{query}"))
        assert ("SV001 " in page) == found, query


def test_somebody_of_the_tree_is_entered_into_the_registry(client, cast, tree):
    client.force_login(cast.administrator)
    user = make_user("尉迟一", tree["agency"])
    values = {
        "person": user.person.pk,
        "code": "sv010",
        "organisation": tree["agency"].pk,
        "capacity": 6,
        "profile": "十年一线经验",
        "is_active": "on",
    }
    assert client.get(reverse("supervisors:add")).status_code == 200
    answer = client.post(reverse("supervisors:add"), values)
    supervisor = Supervisor.objects.get()
    assert (answer.status_code, answer.url) == (
        302,
        reverse("supervisors:designations", args=[supervisor.pk]),
    )
    assert (supervisor.code, supervisor.capacity) == ("SV010", 6)
    again = client.post(reverse("supervisors:add"), values)
    assert again.status_code == 200
    assert again.context["form"].errors.keys() >= {"person"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "1号"}, "code"),
        ({"capacity": "-1"}, "capacity"),
        ({"capacity": "101"}, "capacity"),
        ({"capacity": "9" * 30}, "capacity"),
        ({"person": "999999"}, "person"),
        ({"person": "x"}, "person"),
        ({"organisation": "other_station"}, "organisation"),
        ({"person": "outside"}, "person"),
        ({"person": "self"}, "person"),
    ],
)
def test_a_wrong_entry_is_answered_at_its_field(client, cast, tree, wrong, field):
    client.force_login(cast.administrator)
    named = {
        "other_station": tree["other_station"].pk,
        "outside": cast.outside_trainee.person.pk,
        "self": cast.administrator.person.pk,
    }
    values = {
        "person": make_user("尉迟一", tree["agency"]).person.pk,
        "code": "SV010",
        "organisation": tree["agency"].pk,
        "capacity": 6,
    } | {name: named.get(value, value) for name, value in wrong.items()}
    answer = client.post(reverse("supervisors:add"), values)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert cast.outside_trainee.person.name not in text_of(answer)
    assert not Supervisor.objects.exists()


def test_places_cannot_fall_below_the_mentees_of_today(client, pair, cast):
    client.force_login(cast.administrator)
    address = reverse("supervisors:edit", args=[pair.supervisor.pk])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"capacity": 0, "profile": "", "is_active": "on"})
    assert list(answer.context["form"].errors) == ["capacity"]
    client.post(address, {"capacity": 2, "profile": "新的介绍"})
    pair.supervisor.refresh_from_db()
    assert (pair.supervisor.capacity, pair.supervisor.is_active) == (2, False)


def test_a_designation_is_recorded_and_ended(client, pair, cast):
    client.force_login(cast.administrator)
    address = reverse("supervisors:designations", args=[pair.supervisor.pk])
    values = {"tier": "senior", "issuer": "市社工协会（示例）", "starts_on": "2024-01-01"}
    assert client.post(address, values).status_code == 302
    assert client.post(address, values).status_code == 200  # recorded before: a sentence, no second row
    assert client.post(address, values | {"ends_on": "2023-01-01"}).context["form"].errors["ends_on"]
    designation = Designation.objects.get()
    ending = reverse("supervisors:end_designation", args=[pair.supervisor.pk, designation.pk])
    assert re.search(r'method="post"[^>]*novalidate', client.get(ending).text)  # our own sentences are shown
    assert "请填写日期。" in client.post(ending, {"ends_on": ""}).text
    assert "请填写日期。" in client.post(address, values | {"starts_on": ""}).text
    assert client.post(ending, {"ends_on": "2023-06-01"}).status_code == 200
    assert client.post(ending, {"ends_on": "2025-06-01"}).status_code == 302
    designation.refresh_from_db()
    assert designation.ends_on == date(2025, 6, 1)


def test_two_people_are_paired_paused_and_parted(client, cast, tree):
    supervisor = make_supervisor(organisation=tree["other_station"])
    client.force_login(cast.administrator)
    assert client.get(reverse("pairings:add")).status_code == 200
    values = {
        "mentee": cast.trainee.person.pk,
        "supervisor": supervisor.pk,
        "goal": "独立完成一个个案",
        "starts_on": f"{timezone.localdate():%Y-%m-%d}",
    }
    client.post(reverse("pairings:add"), values)
    pairing = Pairing.objects.get()
    assert (pairing.organisation, pairing.goal) == (tree["station"], "独立完成一个个案")
    again = client.post(reverse("pairings:add"), values)
    assert list(again.context["form"].errors) == ["supervisor"]
    for verb, state in (("pause", "paused"), ("pause", "paused"), ("resume", "active")):
        client.post(reverse(f"pairings:{verb}", args=[pairing.pk]), {"reason": "休产假"})
        pairing.refresh_from_db()
        assert pairing.state == state
    ending = reverse("pairings:end", args=[pairing.pk])
    assert client.get(ending).status_code == 200
    assert client.post(ending, {"reason": " "}).context["form"].errors["reason"]
    for _ in range(2):
        assert client.post(ending, {"reason": "目标达成"}).status_code == 302
    pairing.refresh_from_db()
    supervisor.refresh_from_db()
    assert (pairing.state, supervisor.load) == ("ended", 0)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"mentee": "outside"}, "mentee"),
        ({"mentee": "self"}, "mentee"),
        ({"supervisor": "abroad"}, "supervisor"),
        ({"supervisor": "full"}, "supervisor"),
        ({"supervisor": ""}, "supervisor"),
        ({"starts_on": "2026-02-30"}, "starts_on"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"ends_on": "2026-01-06"}, "ends_on"),  # a term that is wholly over
    ],
)
def test_a_wrong_pairing_is_answered_at_its_field(client, pair, cast, tree, wrong, field):
    from tests.factories import make_organisation

    abroad = make_organisation("外省民政厅", tier="province", kind="bureau")
    named = {
        "outside": cast.outside_trainee.person.pk,
        "self": cast.administrator.person.pk,
        "abroad": make_supervisor(organisation=abroad).pk,
        "full": make_supervisor(organisation=tree["agency"], capacity=1, load=1).pk,
    }
    values = {
        "mentee": cast.other_trainee.person.pk,
        "supervisor": pair.supervisor.pk,
        "starts_on": "2026-01-05",
    }
    client.force_login(cast.administrator)
    answer = client.post(
        reverse("pairings:add"), values | {name: named.get(value, value) for name, value in wrong.items()}
    )
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert wrong != {"supervisor": ""} or "请选择督导。" in answer.text
    assert Pairing.objects.count() == 1


def test_the_windows_show_only_whom_one_may_choose(client, pair, cast, tree):
    elsewhere = make_supervisor(make_user("柳青", tree["other_station"]), tree["other_station"])
    client.force_login(cast.administrator)
    people = text_of(client.get(reverse("supervision_people:choose_results")))
    assert cast.trainee.person.name in people
    assert cast.outside_trainee.person.name not in people
    supervisors = text_of(client.get(reverse("supervision_supervisors:choose_results")))
    assert {cast.supervisor.person.name, "柳青"} <= set(re.findall(r"欧阳若水|柳青", supervisors))
    found = text_of(client.get(reverse("supervision_supervisors:choose_results") + "?q=liuqing"))
    assert "柳青" in found
    assert cast.supervisor.person.name not in found
    chosen = reverse("supervision_supervisors:chosen", args=[elsewhere.pk])
    assert (
        "柳青" in text_of(client.get(chosen)).encode().decode("unicode_escape", "ignore")
        or client.get(chosen).json()
    )
    for pk in (cast.outside_trainee.person.pk, "x", 10**30):
        assert client.get(reverse("supervision_people:chosen", args=[pk])).status_code == 404
    assert client.get(reverse("supervision_people:choose")).status_code == 200
    many = client.get(
        reverse("supervision_people:chosen_multiple") + f"?id={cast.outside_trainee.person.pk}&id=x"
    )
    assert many.json()["result"] == []


@pytest.mark.parametrize("part", ["auditor", "finance", "instructor", "trainee", "supervisor"])
def test_the_windows_open_for_administrators_only(client, cast, part):
    client.force_login(getattr(cast, part))
    for name in ("supervision_people", "supervision_supervisors"):
        for view in ("choose", "choose_results", "chosen_multiple"):
            assert client.get(reverse(f"{name}:{view}")).status_code in (302, 403, 404)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("number", [1, 8])
def test_lists_take_the_same_queries_for_one_and_for_many(
    client, cast, tree, name, number, django_assert_max_num_queries
):
    field = ServiceFieldFactory()
    for place in range(number):
        supervisor = make_supervisor(organisation=tree["agency"])
        supervisor.fields.add(field)
        Designation.objects.create(
            supervisor=supervisor, tier="junior", issuer="协会", starts_on=date(2024, 1, 1)
        )
        make_session(make_pairing(supervisor, make_user("周一", tree["station"]).person), days_ago=1 + place)
    client.force_login(cast.administrator)
    client.get(reverse(name))
    with django_assert_max_num_queries(40) as captured:
        client.get(reverse(name))
    asked = [one for one in captured.captured_queries if "supervision_" in one["sql"]]
    assert len(asked) == {"supervisors:index": 4, "pairings:index": 2, "sessions:index": 2}[name]
