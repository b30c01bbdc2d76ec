"""What the registry says of a supervisor, who keeps which part of it, and the pages for it."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, ServiceField
from supervision.models import Designation, Supervisor
from supervision.pairings.actions import NotPossible
from supervision.requests.actions import ask_supervisor
from supervision.supervisors import actions
from supervision.supervisors.actions import Offer, SupervisorRefused
from supervision.supervisors.queries import has_run_out
from tests.factories import ServiceFieldFactory, make_pairing, make_supervisor, make_user

OFFER = Offer(populations="老年人、儿童", languages="普通话", forms=("group",), monthly_minutes=240)


def test_the_supervisor_goes_up_to_the_limit_and_no_further(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=3, limit=6)
    make_pairing(supervisor, cast.trainee.person)
    for capacity in (0, 7):
        with pytest.raises(SupervisorRefused):
            actions.keep_own_entry(
                supervisor=supervisor, actor=cast.supervisor, offer=OFFER, is_active=True, capacity=capacity
            )
    actions.keep_own_entry(
        supervisor=supervisor, actor=cast.supervisor, offer=OFFER, is_active=False, capacity=6
    )
    supervisor.refresh_from_db()
    assert (supervisor.capacity, supervisor.is_active, supervisor.forms) == (6, False, ["group"])
    assert AuditEntry.objects.filter(action="supervision.keep_own_entry").count() == 1


def test_without_a_limit_the_places_stay_and_nobody_else_keeps_the_entry(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=3)
    actions.keep_own_entry(
        supervisor=supervisor, actor=cast.supervisor, offer=OFFER, is_active=True, capacity=9
    )
    supervisor.refresh_from_db()
    assert supervisor.capacity == 3
    with pytest.raises(SupervisorRefused):
        actions.keep_own_entry(supervisor=supervisor, actor=cast.administrator, offer=OFFER, is_active=True)


def test_the_database_keeps_the_places_within_the_limit(tree, cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_supervisor(cast.supervisor, tree["agency"], capacity=7, limit=6)


def test_who_serves_a_region_elsewhere_is_in_its_reach(tree, cast):
    far = make_supervisor(organisation=tree["other_station"])
    far.organisation = tree["other_station"]
    before = Supervisor.objects.in_reach_of(cast.outsider).count()
    from core.models import Organisation

    root = Organisation.add_root(name="另一省", tier="province", kind="bureau")
    stranger = make_supervisor(make_user("尉迟远", root), root)
    assert Supervisor.objects.in_reach_of(cast.administrator).filter(pk=stranger.pk).count() == 0
    stranger.regions.add(tree["district"])
    assert Supervisor.objects.in_reach_of(cast.administrator).filter(pk=stranger.pk).count() == 1
    assert before >= 1


def test_run_out_is_not_the_same_as_never_designated(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    today = timezone.localdate()
    assert not has_run_out(supervisor)
    assert Supervisor.objects.undesignated(today).count() == 1
    held = Designation.objects.create(
        supervisor=supervisor, tier="junior", issuer="协会", starts_on=date(2024, 1, 1), ends_on=today
    )
    assert not has_run_out(supervisor)
    assert not Supervisor.objects.undesignated(today).exists()
    held.ends_on = today - timedelta(days=1)
    held.save()
    assert has_run_out(supervisor)


def test_a_supervisor_keeps_the_own_entry_on_the_site(client, tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=3, limit=6)
    client.force_login(cast.supervisor)
    url = reverse("supervision:own-entry")
    assert client.get(url).status_code == 200
    typed = {"capacity": "5", "is_active": "on", "populations": "老年人,儿童", "forms": ["group", "peer"]}
    assert client.post(url, typed).status_code == 302
    supervisor.refresh_from_db()
    assert (supervisor.capacity, supervisor.populations, supervisor.forms) == (
        5,
        "老年人、儿童",
        ["group", "peer"],
    )
    for wrong in (
        {"capacity": "7"},
        {"capacity": "x"},
        {"forms": "none"},
        {"populations": "\0"},
        {"languages": "长" * 30},
        {"monthly_minutes": "99999"},
    ):
        answer = client.post(url, typed | wrong)
        assert answer.status_code == 200
    client.force_login(cast.trainee)
    assert client.get(url).status_code == 404


def test_what_an_officer_has_closed_only_an_officer_opens(client, tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    own = {"supervisor": supervisor, "actor": cast.supervisor, "offer": OFFER}
    officer = {"supervisor": supervisor, "actor": cast.administrator, "offer": OFFER, "fields": []}

    def stands():
        supervisor.refresh_from_db()
        return supervisor.is_active, supervisor.is_closed

    # Closed by themself it is theirs to open, also after an officer has changed something else.
    actions.keep_own_entry(**own, is_active=False)
    actions.change_supervisor(**officer, capacity=4, is_active=False)
    assert stands() == (False, False)
    actions.keep_own_entry(**own, is_active=True)
    assert stands() == (True, False)

    actions.change_supervisor(**officer, capacity=4, is_active=False)
    with pytest.raises(SupervisorRefused) as refused:
        actions.keep_own_entry(**own, is_active=True)
    client.force_login(cast.supervisor)
    url = reverse("supervision:own-entry")
    page = client.get(url)
    assert "is_active" not in page.context["form"].fields
    assert str(refused.value) in page.content.decode()
    assert str(supervisor.organisation) in str(refused.value)
    assert client.post(url, {"is_active": "on", "populations": "青少年"}).status_code == 302
    assert stands() == (False, True)
    assert supervisor.populations == "青少年"
    with pytest.raises(IntegrityError), transaction.atomic():
        Supervisor.objects.filter(pk=supervisor.pk).update(is_active=True)
    with pytest.raises(NotPossible):
        ask_supervisor(supervisor=supervisor, mentee=cast.trainee.person, actor=cast.trainee, goal="接案")

    actions.change_supervisor(**officer, capacity=4, is_active=False)
    assert stands() == (False, True)  # it stays closed when an officer changes something else
    actions.change_supervisor(**officer, capacity=4, is_active=True)
    assert stands() == (True, False)
    assert "is_active" in client.get(url).context["form"].fields


def test_the_document_of_a_designation_is_kept_opened_and_noted(client, tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    client.force_login(cast.administrator)
    page = reverse("supervisors:designations", args=[supervisor.pk])
    typed = {"tier": "junior", "issuer": "协会", "starts_on": "2026-01-01", "basis": "中级社会工作师"}
    file = SimpleUploadedFile("聘书.pdf", b"%PDF-1.7 letter")
    assert client.post(page, typed | {"document": file}).status_code == 302
    held = Designation.objects.get()
    assert held.basis == "中级社会工作师"
    assert held.document.name == "聘书.pdf"
    url = reverse("supervisors:document", args=[supervisor.pk, held.pk])
    assert client.get(url).status_code == 200
    assert AuditEntry.objects.filter(action="supervision.open_document").count() == 1
    assert "聘书.pdf" in client.get(page).content.decode()
    client.force_login(cast.outsider)
    assert client.get(url).status_code == 404
    client.force_login(cast.supervisor)
    own = reverse("supervision:own-document", args=[held.pk])
    assert client.get(own).status_code == 200
    assert AuditEntry.objects.filter(action="supervision.open_document").count() == 1


def test_the_officer_finds_by_population_and_by_missing_designation(client, tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], populations="老年人")
    client.force_login(cast.administrator)
    for query, there in (
        ("words=老年", True),
        ("words=儿童", False),
        ("undesignated=true", True),
        ("undesignated=false", False),
    ):
        answer = client.get(f"{reverse('supervisors:index')}?{query}")
        assert (supervisor.person.name in answer.content.decode()) == there, query


def test_the_officer_changes_the_whole_entry(client, tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=3)
    client.force_login(cast.administrator)
    url = reverse("supervisors:edit", args=[supervisor.pk])
    typed = {
        "capacity": "3",
        "limit": "8",
        "is_active": "on",
        "regions": [tree["other_district"].pk],
        "forms": ["peer"],
    }
    answer = client.post(url, typed)
    assert answer.status_code == 302, answer.context["form"].errors
    supervisor.refresh_from_db()
    assert (supervisor.limit, supervisor.forms) == (8, ["peer"])
    assert list(supervisor.regions.all()) == [tree["other_district"]]
    assert client.post(url, typed | {"capacity": "9"}).status_code == 200


def test_nobody_changes_their_own_entry_at_the_desk_nor_is_given_a_tier_by_an_officer_they_let_in(cast, tree):
    row = make_supervisor(cast.administrator, tree["agency"])
    assert not cast.administrator.has_perm("supervision.change_supervisor", row)
    with pytest.raises(SupervisorRefused):
        actions.designate(
            supervisor=row,
            tier="senior",
            issuer="市社协",
            starts_on=timezone.localdate(),
            actor=cast.administrator,
        )
    assert not row.designations.exists()


def test_specialities_stand_under_one_s_own_fields_each_once_and_are_kept_by_oneself(client, cast, tree):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    own = ServiceFieldFactory()
    other = ServiceField.objects.create(code="drug-x", name="禁毒戒毒甲", name_en="Drugs")
    supervisor.fields.add(own)
    url, page = reverse("supervision:speciality-name"), reverse("supervision:own-entry")
    client.force_login(cast.supervisor)
    for wrong in (
        {"field": other.pk, "name": "哀伤辅导"},
        {"field": "x", "name": "哀伤辅导"},
        {"field": own.pk, "name": "\0"},
        {"field": own.pk, "name": " "},
    ):
        assert client.post(url, wrong).status_code == 200
    assert client.post(url, {"field": own.pk, "name": "哀伤辅导"}).status_code == 302
    again = client.post(url, {"field": own.pk, "name": "哀伤辅导"})
    assert again.context["speciality_form"].errors
    assert "哀伤辅导" in client.get(page).content.decode()
    row = supervisor.specialities.get()
    drop = reverse("supervision:speciality-drop", args=[row.pk])
    for user in (cast.trainee, cast.administrator):
        client.force_login(user)
        assert client.post(drop).status_code == 404
        assert client.post(url, {"field": own.pk, "name": "越权"}).status_code == 404
    client.force_login(cast.administrator)
    assert (
        "哀伤辅导" in client.get(reverse("supervisors:designations", args=[supervisor.pk])).content.decode()
    )
    client.force_login(cast.supervisor)
    assert client.post(drop).status_code == 302
    assert client.post(drop).status_code == 404
    acts = AuditEntry.objects.filter(
        action__in=["supervision.name_speciality", "supervision.drop_speciality"]
    )
    assert acts.count() == 2


def test_twelve_specialities_are_the_most(cast, tree):
    supervisor, field = make_supervisor(cast.supervisor, tree["agency"]), ServiceFieldFactory()
    supervisor.fields.add(field)
    for number in range(12):
        actions.name_speciality(
            supervisor=supervisor, field=field, name=f"专长{number}", actor=cast.supervisor
        )
    with pytest.raises(SupervisorRefused):
        actions.name_speciality(supervisor=supervisor, field=field, name="再一个", actor=cast.supervisor)


def test_the_own_entry_says_who_sees_what(client, cast, tree):
    make_supervisor(cast.supervisor, tree["agency"])
    client.force_login(cast.supervisor)
    assert "Who sees what" not in client.get(reverse("supervision:own-entry")).content.decode()
    assert "谁能看到什么" in client.get(reverse("supervision:own-entry")).content.decode()


def test_what_others_are_shown_of_load_and_month_is_what_the_own_entry_names(client, cast, tree):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], monthly_minutes=600)
    client.force_login(cast.trainee)
    shown = client.get(reverse("supervision:supervisor-ask", args=[supervisor.pk])).content.decode()
    assert "本月已用 0/600 分钟" in shown
    client.force_login(cast.supervisor)
    said = client.get(reverse("supervision:own-entry")).content.decode()
    assert "名额及已用名额、候补人数、本月已用分钟数" in said
