import pytest
from django.urls import reverse

from core.models import AuditEntry
from core.states import Refused
from supervision.conflicts.actions import declare_conflict, end_conflict
from supervision.models import Conflict, Pairing
from supervision.pairings.actions import create_pairing
from supervision.pairings.queries import suggestions_for
from supervision.requests.actions import accept_request, ask_supervisor
from supervision.requests.queries import choices_of
from tests.factories import make_conflict, make_pairing, make_request, make_supervisor, make_user

SECRET = "他是我前夫"


@pytest.fixture
def supervisor(tree, cast):
    return make_supervisor(cast.supervisor, tree["agency"], code="SV001")


def declare(supervisor, person, actor, **more):
    said = {"kind": "relative", "reason": SECRET} | more
    return declare_conflict(supervisor=supervisor, mentee=person, actor=actor, **said)


def test_no_way_of_pairing_gets_past_it_and_no_word_says_why(supervisor, cast):
    mentee = cast.trainee.person
    waiting = make_request(supervisor, mentee)
    declare(supervisor, mentee, cast.trainee)
    with pytest.raises(Refused) as refused:
        create_pairing(supervisor=supervisor, mentee=mentee, actor=cast.administrator)
    assert "冲突" not in str(refused.value)
    with pytest.raises(Refused):
        accept_request(request=waiting, actor=cast.supervisor)
    (choice,) = choices_of(mentee, [supervisor])
    assert not choice.answer.is_possible
    assert "冲突" not in choice.why
    other = make_user("新来", mentee.employer).person
    declare(supervisor, other, cast.administrator)
    with pytest.raises(Refused):
        ask_supervisor(supervisor=supervisor, mentee=other, actor=other.user, goal="个案")
    assert suggestions_for(mentee, cast.administrator) == []
    assert not Pairing.objects.exists()


def test_ended_it_bars_nobody_any_more(supervisor, cast):
    row = declare(supervisor, cast.trainee.person, cast.trainee)
    with pytest.raises(Refused):
        declare(supervisor, cast.trainee.person, cast.trainee)
    end_conflict(conflict=row, actor=cast.trainee)
    with pytest.raises(Refused):
        end_conflict(conflict=row, actor=cast.trainee)
    create_pairing(supervisor=supervisor, mentee=cast.trainee.person, actor=cast.administrator)
    assert declare(supervisor, cast.trainee.person, cast.trainee).pk != row.pk


def test_neither_the_other_one_nor_an_auditor_ends_it(supervisor, cast):
    row = declare(supervisor, cast.trainee.person, cast.trainee)
    for actor in (cast.supervisor, cast.auditor, cast.other_trainee):
        with pytest.raises(Refused, match="声明"):
            end_conflict(conflict=row, actor=actor)
    end_conflict(conflict=row, actor=cast.administrator)


def test_what_is_declared_twice_by_two_holds_until_both_have_ended_it(supervisor, cast):
    mine = declare(supervisor, cast.trainee.person, cast.trainee)
    declare(supervisor, cast.trainee.person, cast.supervisor)
    end_conflict(conflict=mine, actor=cast.trainee)
    with pytest.raises(Refused):
        create_pairing(supervisor=supervisor, mentee=cast.trainee.person, actor=cast.administrator)


@pytest.mark.parametrize("reason", ["", "   "])
def test_it_needs_a_reason_and_an_employer(supervisor, cast, reason):
    with pytest.raises(Refused):
        declare(supervisor, cast.trainee.person, cast.trainee, reason=reason)
    with pytest.raises(Refused):
        declare(supervisor, make_user("无单位").person, cast.administrator)
    with pytest.raises(Refused):
        declare(supervisor, supervisor.person, cast.administrator)


def test_neither_the_audit_nor_the_other_one_learns_who_or_why(client, supervisor, cast):
    row = declare(supervisor, cast.trainee.person, cast.trainee)
    raw = Conflict.objects.extra(select={"raw": "reason"}).values_list("raw", flat=True)
    assert all(SECRET not in each for each in raw)
    entry = AuditEntry.objects.get(action="supervision.declare_conflict")
    assert SECRET not in str(entry.__dict__)
    assert "林小荷" not in entry.label
    client.force_login(cast.supervisor)
    page = client.get(reverse("supervision:conflict-list")).content.decode()
    assert SECRET not in page
    assert "林小荷" not in page
    assert client.post(reverse("supervision:conflict-end", args=[row.pk])).status_code == 404
    end_conflict(conflict=row, actor=cast.trainee)
    entries = AuditEntry.objects.filter(action__endswith="_conflict")
    assert entries.count() == 2
    for entry in entries:  # who, when and about which; neither of which kind nor from which side
        assert (entry.data, entry.label, entry.user) == ({}, f"№ {row.pk}", cast.trainee)


def test_a_trainee_declares_and_ends_on_the_site(client, supervisor, cast):
    client.force_login(cast.trainee)
    url = reverse("supervision:conflict-list")
    for wrong in ({"supervisor": "XX9"}, {"supervisor": "\0"}, {"supervisor": ""}, {"kind": "zzz"}):
        data = {"supervisor": "sv001", "kind": "complaint", "reason": SECRET} | wrong
        assert client.post(url, data).status_code == 200
    assert not Conflict.objects.exists()
    client.post(url, {"supervisor": "sv001", "kind": "complaint", "reason": SECRET})
    row = Conflict.objects.get()
    assert (row.side, row.mentee) == ("mentee", cast.trainee.person)
    assert SECRET in client.get(url).content.decode()
    client.post(reverse("supervision:conflict-end", args=[row.pk]))
    row.refresh_from_db()
    assert not row.is_in_force


def test_a_supervisor_names_only_somebody_whom_they_have_met_here(client, supervisor, cast):
    client.force_login(cast.supervisor)
    url = reverse("supervision:conflict-list")
    data = {"mentee": cast.trainee.email, "kind": "line", "reason": SECRET}
    assert "没有用这个邮箱" in client.post(url, data).content.decode()
    make_pairing(supervisor, cast.trainee.person, "ended")
    client.post(url, data)
    assert Conflict.objects.get().side == "supervisor"


def test_the_desk_reads_it_and_an_auditor_not_the_reason(client, supervisor, cast):
    row = make_conflict(supervisor, cast.trainee.person, cast.trainee, reason=SECRET)
    url = reverse("conflicts:inspect", args=[row.pk])
    client.force_login(cast.administrator)
    assert SECRET in client.get(url).content.decode()
    assert "林小荷" in client.get(reverse("conflicts:index")).content.decode()
    client.force_login(cast.auditor)
    page = client.get(url)
    assert page.status_code == 200
    assert SECRET not in page.content.decode()
    assert client.post(url).status_code == 404
    for user in (cast.outsider, cast.finance, cast.instructor, cast.trainee):
        client.force_login(user)
        assert client.get(url).status_code in (302, 403, 404)
    client.force_login(cast.administrator)
    client.post(url)
    row.refresh_from_db()
    assert not row.is_in_force


def test_a_pair_of_today_is_not_ended_but_the_officer_is_told(client, supervisor, cast):
    pairing = make_pairing(supervisor, cast.trainee.person)
    row = make_conflict(supervisor, cast.trainee.person, cast.trainee)
    client.force_login(cast.administrator)
    page = client.get(reverse("conflicts:inspect", args=[row.pk])).content.decode()
    assert reverse("pairings:detail", args=[pairing.pk]) in page
    pairing.refresh_from_db()
    assert pairing.is_open


def test_an_officer_declares_for_two_others(client, supervisor, cast):
    client.force_login(cast.administrator)
    url = reverse("conflicts:declare")
    assert client.get(url).status_code == 200
    data = {"mentee": cast.trainee.person.pk, "supervisor": supervisor.pk, "kind": "line", "reason": SECRET}
    assert client.post(url, data | {"mentee": cast.outside_trainee.person.pk}).status_code == 200
    assert not Conflict.objects.exists()
    client.post(url, data)
    assert Conflict.objects.get().side == "officer"


@pytest.mark.parametrize("many", [1, 9])
def test_the_list_costs_the_same_for_one_and_for_many(
    client, supervisor, cast, django_assert_max_num_queries, many
):
    for _ in range(many):
        make_conflict(supervisor, make_user("林", cast.trainee.person.employer).person, cast.administrator)
    client.force_login(cast.administrator)
    client.get(reverse("conflicts:index"))
    with django_assert_max_num_queries(60) as captured:
        client.get(reverse("conflicts:index"))
    assert sum('FROM "supervision_' in query["sql"] for query in captured) == 2


def test_nobody_reads_a_reason_by_being_a_superuser_alone(client, supervisor, cast):
    row = declare(supervisor, cast.trainee.person, cast.trainee)
    address = reverse("conflicts:inspect", args=[row.pk])
    for user, seen in ((cast.outsider, False), (cast.administrator, True)):
        user.is_superuser = True
        user.save()
        client.force_login(user)
        response = client.get(address)
        assert response.status_code == 200
        assert (SECRET in response.content.decode()) == seen
