from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import ServiceField
from supervision.models import Designation, PairingRequest
from tests.factories import make_organisation, make_pairing, make_request, make_supervisor, make_user

LIST = "supervision:supervisor-list"


def text(response):
    return response.content.decode()


@pytest.fixture
def supervisor(tree, cast):
    return make_supervisor(cast.supervisor, tree["agency"], code="SV001", capacity=2, profile="擅长个案")


def values(**more):
    return {"goal": "独立完成一个个案", "starts_on": f"{timezone.localdate():%Y-%m-%d}"} | more


def test_a_trainee_finds_the_supervisors_of_the_province_and_those_elsewhere_only_by_name(
    client, tree, cast, supervisor
):
    far = make_organisation("邻省民政厅", tier="province", kind="bureau")
    make_supervisor(make_user("远山", far), far)
    client.force_login(cast.trainee)
    found = text(client.get(reverse(LIST)))
    assert "欧阳若水" in found
    assert "擅长个案" in found
    assert "远山" not in found
    named = text(client.get(reverse(LIST), {"name": "远山"}))
    assert "远山" in named
    assert "欧阳若水" not in named
    assert "服务区域不包括你工作的地方" in named


def test_a_supervisor_who_names_regions_serves_those_and_no_other(client, tree, cast, supervisor):
    far = make_organisation("邻省民政厅", tier="province", kind="bureau")
    stranger = make_supervisor(make_user("远山", far), far)
    stranger.regions.add(tree["district"])
    supervisor.regions.add(tree["other_district"])
    client.force_login(cast.trainee)
    found = text(client.get(reverse(LIST)))
    assert "远山" in found
    assert "欧阳若水" not in found


def test_the_list_is_narrowed_by_field_and_district(client, tree, cast, supervisor):
    field = ServiceField.objects.create(code="elderly-x", name="老年人服务甲", name_en="Elderly")
    supervisor.fields.add(field)
    make_supervisor(make_user("河东人", tree["other_station"]))
    client.force_login(cast.trainee)
    for wish, other in (
        ({"field": "elderly-x"}, "河东人"),
        ({"district": tree["district"].path}, "河东人"),
        ({"district": tree["other_district"].path}, "欧阳若水"),
    ):
        found = text(client.get(reverse(LIST), wish))
        assert other not in found
        assert ("欧阳若水" in found) != (other == "欧阳若水")


def test_the_list_is_narrowed_by_what_supervisors_offer(client, tree, cast, supervisor):
    field = ServiceField.objects.create(code="grief-x", name="哀伤服务甲", name_en="Grief")
    signing = make_supervisor(
        make_user("手语人", tree["other_station"]),
        languages="手语、普通话",
        populations="残疾人",
        forms=["group"],
        monthly_minutes=0,
    )
    signing.specialities.create(field=field, name="哀伤辅导")
    full = make_supervisor(make_user("满员人", tree["other_station"]), languages="粤语", capacity=1)
    make_pairing(full, cast.other_trainee.person)
    me = cast.trainee.person
    me.languages = "手语、粤语"
    me.save()
    client.force_login(cast.trainee)
    every = {"欧阳若水", "手语人", "满员人"}
    for wish, wanted in (
        ({"language": "手语"}, {"手语人"}),
        ({"language": "mine"}, {"手语人", "满员人"}),
        ({"population": "残疾人"}, {"手语人"}),
        ({"speciality": "哀伤辅导"}, {"手语人"}),
        ({"form": "group"}, {"手语人"}),
        ({"room": "now"}, {"欧阳若水", "手语人"}),
        ({"room": "month"}, {"欧阳若水"}),
        ({"language": "普通"}, every),  # no word of anybody: as if it had not been asked
        ({"form": "x", "room": "y"}, every),
    ):
        page = client.get(reverse(LIST), wish)
        found = {choice.supervisor.person.name for choice in page.context["choices"]}
        assert found == wanted, wish
        current = [chip.label for chip in page.context["form"].chips if chip.is_on]
        assert bool(current) == (found != every)
    shown = text(client.get(reverse(LIST), {"language": "手语"}))
    assert "哀伤辅导" in shown
    assert "手语" in shown


def test_a_chip_that_is_on_takes_its_wish_away_and_keeps_the_others(client, cast, supervisor):
    client.force_login(cast.trainee)
    page = client.get(reverse(LIST), {"room": "now", "form": "group", "name": "欧阳"})
    chips = {chip.label: chip for chip in page.context["form"].chips}
    on = [chip for chip in chips.values() if chip.is_on]
    assert len(on) == 2
    for chip in on:
        again = client.get(reverse(LIST) + chip.url)
        assert len([each for each in again.context["form"].chips if each.is_on]) == 1
        assert again.context["form"].said["name"] == "欧阳"


def test_who_looks_sees_verified_qualifications_and_no_others(client, cast, tree, supervisor):
    from tests.factories import make_period

    make_period(supervisor.person, state="declared")
    client.force_login(cast.trainee)
    url = reverse("supervision:supervisor-ask", args=[supervisor.pk])
    level = supervisor.person.registration_periods.get().level.name
    assert level not in text(client.get(url))
    supervisor.person.registration_periods.update(state="verified", verified_by=cast.administrator)
    assert level in text(client.get(url))


@pytest.mark.parametrize(
    "wish",
    [
        {"name": "\0"},
        {"field": "x" * 9999},
        {"district": "'"},
        {"page": "9" * 40},
        {"name": "x" * 900},
        {"language": "\0", "population": "9" * 99, "speciality": "%", "form": "[]", "room": "1"},
    ],
)
def test_a_wish_that_makes_no_sense_is_no_error(client, cast, supervisor, wish):
    client.force_login(cast.trainee)
    assert client.get(reverse(LIST), wish).status_code == 200


def test_without_an_employer_the_page_says_what_to_do(client, supervisor):
    client.force_login(make_user("无单位"))
    assert "欧阳若水" not in text(client.get(reverse(LIST)))
    assert "填写" in text(client.get(reverse("supervision:supervisor-ask", args=[supervisor.pk])))


def test_ask_accept_and_be_paired(client, cast, supervisor):
    client.force_login(cast.trainee)
    client.post(reverse("supervision:supervisor-ask", args=[supervisor.pk]), values())
    row = PairingRequest.objects.get()
    assert client.post(reverse("supervision:request-accept", args=[row.pk])).status_code == 404
    assert row.get_absolute_url() in text(client.get(reverse("supervision:home")))
    asked = text(client.get(reverse("supervision:supervisor-ask", args=[supervisor.pk])))
    assert row.get_absolute_url() in asked
    assert "已申请" in asked
    client.force_login(cast.supervisor)
    assert row.get_absolute_url() in text(client.get(reverse("supervision:home")))
    client.post(reverse("supervision:request-accept", args=[row.pk]))
    row.refresh_from_db()
    assert row.state == "accepted"
    again = client.post(reverse("supervision:request-accept", args=[row.pk]), follow=True)
    assert again.status_code == 200
    assert row.pairing.get_absolute_url() in text(again)


@pytest.mark.parametrize(
    "wrong",
    [
        {"goal": ""},
        {"goal": "\0"},
        {"goal": "x" * 1001},
        {"starts_on": "9999-99-99"},
        {"starts_on": "9999-12-31"},
        {"starts_on": f"{timezone.localdate() - timedelta(days=2):%Y-%m-%d}"},
    ],
)
def test_what_cannot_be_asked_comes_back_with_the_form(client, cast, supervisor, wrong):
    client.force_login(cast.trainee)
    url = reverse("supervision:supervisor-ask", args=[supervisor.pk])
    assert client.post(url, values(**wrong)).status_code == 200
    assert not PairingRequest.objects.exists()


def test_declined_the_trainee_reads_why_and_the_desk_does_not(client, cast, supervisor):
    row = make_request(supervisor, cast.trainee.person)
    url = reverse("supervision:request-decline", args=[row.pk])
    client.force_login(cast.supervisor)
    assert client.post(url).status_code == 200
    client.post(url, {"reason": "先找熟悉禁毒的督导"})
    client.force_login(cast.trainee)
    assert "熟悉禁毒" in text(client.get(row.get_absolute_url()))
    client.force_login(cast.administrator)
    assert "熟悉禁毒" not in text(client.get(row.get_absolute_url()))


def test_a_full_supervisor_offers_the_waiting_list_with_its_order(client, tree, cast, supervisor):
    for name in ("何一", "何二"):
        make_pairing(supervisor, make_user(name, tree["station"]).person)
    make_request(supervisor, cast.other_trainee.person, "waiting")
    client.force_login(cast.trainee)
    url = reverse("supervision:supervisor-ask", args=[supervisor.pk])
    assert "加入候补名单" in text(client.get(url))
    assert "第 2 位" in text(client.post(url, values(), follow=True))
    row = PairingRequest.objects.get(mentee=cast.trainee.person)
    assert client.post(reverse("supervision:request-withdraw", args=[row.pk]), follow=True).status_code == 200
    row.refresh_from_db()
    assert row.state == "withdrawn"


@pytest.mark.parametrize("part", ["other_trainee", "outsider", "instructor", "finance", "outside_trainee"])
def test_nobody_else_sees_a_request(client, cast, supervisor, part):
    row = make_request(supervisor, cast.trainee.person)
    client.force_login(getattr(cast, part))
    assert client.get(row.get_absolute_url()).status_code == 404
    for verb in ("accept", "decline", "withdraw"):
        assert client.post(reverse(f"supervision:request-{verb}", args=[row.pk])).status_code == 404


def queries(client, url, capture):
    client.get(url)
    with capture(60) as captured:
        assert client.get(url).status_code == 200
    return sum("supervision_" in query["sql"] for query in captured)


@pytest.mark.parametrize("number", [1, 12])
def test_the_list_costs_the_same_for_one_and_for_many(
    client, tree, cast, django_assert_max_num_queries, number
):
    for place in range(number):
        row = make_supervisor(organisation=tree["agency"])
        Designation.objects.create(
            supervisor=row, tier="junior", issuer="协会", starts_on=timezone.localdate()
        )
        if place < 3:
            make_request(row, cast.trainee.person)
    client.force_login(cast.trainee)
    assert queries(client, reverse(LIST), django_assert_max_num_queries) == 13


@pytest.mark.parametrize("number", ["0", "9" * 40])
def test_a_number_that_is_nobody_s_is_not_there(client, cast, supervisor, number):
    client.force_login(cast.trainee)
    own = reverse("supervision:supervisor-ask", args=[supervisor.pk])
    assert client.get(own.replace(str(supervisor.pk), number)).status_code == 404
    assert client.get(f"/supervision/requests/{number}/").status_code == 404
    assert client.post(f"/supervision/requests/{number}/accept/").status_code == 404


@pytest.mark.parametrize("name", ["supervision:supervisor-list", "supervision:supervisor-ask"])
def test_whoever_is_not_signed_in_is_asked_to(client, supervisor, name):
    found = client.get(reverse(name, args=[supervisor.pk] if name.endswith("ask") else []))
    assert found.status_code == 302
    assert "login" in found.url
