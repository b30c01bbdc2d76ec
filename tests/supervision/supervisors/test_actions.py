from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.models import AuditEntry, RoleAssignment
from core.organisations.actions import NotAllowed
from supervision.models import Designation, Supervisor
from supervision.supervisors import actions
from supervision.supervisors.actions import SupervisorRefused
from supervision.supervisors.queries import next_code, registry, tiers_of
from tests.factories import ServiceFieldFactory, make_pairing, make_supervisor, make_user


def register(person, organisation, actor, code="SV001", **more):
    return actions.register_supervisor(
        person=person, code=code, organisation=organisation, actor=actor, **more
    )


def test_who_is_registered_holds_the_role_and_the_act_is_recorded(tree, cast):
    user, field = make_user("尉迟一", tree["agency"]), ServiceFieldFactory()
    supervisor = register(user.person, tree["agency"], cast.administrator, code=" sv007 ", fields=[field])
    assert (supervisor.code, supervisor.pk, list(supervisor.fields.all())) == (
        "SV007",
        user.person.pk,
        [field],
    )
    assert RoleAssignment.objects.filter(user=user, role="supervisor", organisation=tree["agency"]).exists()
    assert AuditEntry.objects.filter(action="supervision.register_supervisor").count() == 1


def test_a_person_and_a_number_are_registered_once(tree, cast):
    first, second = make_user("尉迟一", tree["agency"]).person, make_user("尉迟二", tree["agency"]).person
    register(first, tree["agency"], cast.administrator)
    with pytest.raises(SupervisorRefused):
        register(first, tree["agency"], cast.administrator, code="SV002")
    with pytest.raises(SupervisorRefused):
        register(second, tree["agency"], cast.administrator)
    assert Supervisor.objects.count() == 1


def test_nobody_enters_themselves_or_somewhere_above_their_tree(tree, cast):
    with pytest.raises(NotAllowed):
        register(cast.administrator.person, tree["district"], cast.administrator)
    with pytest.raises(NotAllowed):
        register(cast.trainee.person, tree["city"], cast.administrator)
    assert not Supervisor.objects.exists()


def test_there_is_a_place_for_every_mentee_of_today(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    make_pairing(supervisor, cast.trainee.person)
    values = {"offer": actions.Offer(), "is_active": True, "fields": []}
    with pytest.raises(SupervisorRefused):
        actions.change_supervisor(supervisor=supervisor, actor=cast.administrator, capacity=0, **values)
    actions.change_supervisor(supervisor=supervisor, actor=cast.administrator, capacity=1, **values)
    supervisor.refresh_from_db()
    assert (supervisor.capacity, supervisor.places_free) == (1, 0)


def test_several_designations_of_several_issuers_are_held_at_once(tree, cast):
    supervisor, today = make_supervisor(cast.supervisor, tree["agency"]), timezone.localdate()
    for tier, issuer, ends_on in (
        ("junior", "区社工协会（示例）", None),
        ("senior", "市社工协会（示例）", None),
        ("trainee", "区社工协会（示例）", today - timedelta(days=1)),
    ):
        actions.designate(
            supervisor=supervisor,
            tier=tier,
            issuer=issuer,
            starts_on=date(2024, 1, 1),
            ends_on=ends_on,
            actor=cast.administrator,
        )
    assert tiers_of(supervisor) == ["高级督导", "初级督导"]
    with pytest.raises(SupervisorRefused):
        actions.designate(
            supervisor=supervisor,
            tier="junior",
            issuer="区社工协会（示例）",
            starts_on=date(2024, 1, 1),
            actor=cast.administrator,
        )
    with pytest.raises(SupervisorRefused):
        actions.designate(
            supervisor=supervisor,
            tier="junior",
            issuer="省",
            starts_on=today,
            ends_on=today - timedelta(days=1),
            actor=None,
        )


def test_a_designation_ends_and_its_row_stays(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    designation = Designation.objects.create(
        supervisor=supervisor, tier="junior", issuer="区社工协会（示例）", starts_on=date(2024, 1, 1)
    )
    with pytest.raises(SupervisorRefused):
        actions.end_designation(designation=designation, on=date(2023, 12, 31), actor=cast.administrator)
    actions.end_designation(designation=designation, on=date(2024, 12, 31), actor=cast.administrator)
    assert tiers_of(Supervisor.objects.get()) == []
    assert Designation.objects.get().is_in_force(date(2024, 12, 31))


def test_the_next_number_goes_on_in_the_series_of_the_place(tree, cast):
    here, elsewhere = tree["district"].path, tree["other_district"].path
    assert next_code(here) == "SV001"
    make_supervisor(cast.supervisor, tree["agency"], code="TJ007")
    make_supervisor(organisation=tree["other_district"], code="SV134")
    assert (next_code(here), next_code(elsewhere)) == ("TJ008", "SV135")
    assert next_code("9999") == "SV135"  # where nobody is yet, the usual one


@pytest.mark.parametrize("number", [1, 12])
def test_the_registry_takes_three_queries_for_any_number(tree, cast, django_assert_num_queries, number):
    field = ServiceFieldFactory()
    for _ in range(number):
        supervisor = make_supervisor(organisation=tree["agency"])
        supervisor.fields.add(field)
        Designation.objects.create(
            supervisor=supervisor, tier="junior", issuer="协会", starts_on=date(2024, 1, 1)
        )
    cast.administrator.has_perm("wagtailadmin.access_admin")  # the scope is read once per request
    with django_assert_num_queries(3):
        for row in registry(cast.administrator):
            str(row), tiers_of(row), row.organisation.name, list(row.fields.all())


@pytest.mark.parametrize(
    ("part", "reach"), [("administrator", 2), ("city_administrator", 2), ("outsider", 2), ("trainee", 0)]
)
def test_supervisors_serve_the_whole_province_and_no_other(tree, cast, part, reach):
    from tests.factories import make_organisation

    make_supervisor(organisation=tree["agency"])
    make_supervisor(organisation=tree["other_station"])
    make_supervisor(organisation=make_organisation("外省民政厅", tier="province", kind="bureau"))
    assert Supervisor.objects.in_reach_of(getattr(cast, part)).count() == reach
