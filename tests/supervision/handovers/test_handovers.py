import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from core.models import Notice
from core.states import IllegalMove
from supervision.handovers.actions import keep_handover, release_handover, write_handover
from supervision.models import Handover
from supervision.pairings.actions import NotPossible, change_pair
from tests.factories import make_goal, make_handover, make_pairing, make_supervisor, make_user

CANARY = "金丝雀在交接单里唱歌"


def text(response):
    return response.content.decode()


@pytest.fixture
def old(cast, tree):
    return make_pairing(make_supervisor(cast.supervisor, tree["agency"]), cast.trainee.person, "ended")


@pytest.fixture
def new(old, tree):
    return make_pairing(make_supervisor(make_user("后来人", tree["agency"]), tree["agency"]), old.mentee)


def look(client, user, address):
    client.force_login(user)
    return client.get(address)


def test_the_mentee_reads_first_and_the_next_supervisor_only_what_was_passed_on(client, cast, old, new):
    row = write_handover(pairing=old, actor=cast.supervisor, text=CANARY)
    next_one = new.supervisor.person.user
    assert CANARY in text(look(client, cast.trainee, row.get_absolute_url()))
    home = reverse("supervision:home")
    assert row.get_absolute_url() in text(look(client, cast.trainee, home))
    assert row.get_absolute_url() not in text(look(client, cast.supervisor, home))
    assert look(client, next_one, row.get_absolute_url()).status_code == 404
    release_handover(handover=row, actor=cast.trainee, to=new, with_goals=False)
    assert CANARY in text(look(client, next_one, row.get_absolute_url()))
    assert row.get_absolute_url() not in text(look(client, cast.trainee, home))
    assert CANARY not in str(list(Notice.objects.values()))
    assert look(client, cast.administrator, row.get_absolute_url()).status_code == 404


def test_goals_go_with_it_only_if_the_mentee_wants_that(client, cast, old, new, tree):
    goal = make_goal(old)
    row = make_handover(old)
    release_handover(handover=row, actor=cast.trainee, to=new, with_goals=True)
    later = make_goal(old, text="交接之后才定的目标")
    page = text(look(client, new.supervisor.person.user, row.get_absolute_url()))
    assert goal.text in page and later.text not in page
    other = make_pairing(make_supervisor(make_user("更早的人", tree["agency"])), old.mentee, "ended")
    goal, row = make_goal(other), make_handover(other)
    release_handover(handover=row, actor=cast.trainee, to=new, with_goals=False)
    page = text(look(client, new.supervisor.person.user, row.get_absolute_url()))
    assert row.text in page and goal.text not in page


def test_the_database_keeps_what_was_passed_on(old, new):
    row = make_handover(old, new)
    rows = Handover.objects.filter(pk=row.pk)
    for act in (lambda: rows.update(with_goals=True), lambda: rows.update(text="改写"), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_what_is_kept_back_can_still_be_passed_on_and_what_is_passed_on_stays(cast, old, new):
    row = make_handover(old)
    keep_handover(handover=row, actor=cast.trainee)
    row = write_handover(pairing=old, actor=cast.supervisor, text="重写")
    release_handover(handover=row, actor=cast.trainee, to=new, with_goals=False)
    for act in (
        lambda: keep_handover(handover=row, actor=cast.trainee),
        lambda: write_handover(pairing=old, actor=cast.supervisor, text="再改"),
    ):
        with pytest.raises(IllegalMove):
            act()
    row.refresh_from_db()
    assert (row.state, row.text) == ("released", "重写")


def test_it_goes_to_one_s_own_present_supervisors_and_to_nobody_else(cast, old, new, tree):
    row = make_handover(old)
    stranger = make_pairing(make_supervisor(organisation=tree["agency"]), cast.other_trainee.person)
    for to in (stranger, old):
        with pytest.raises(NotPossible):
            release_handover(handover=row, actor=cast.trainee, to=to, with_goals=False)
    with pytest.raises(NotPossible):
        release_handover(handover=row, actor=cast.supervisor, to=new, with_goals=False)
    with pytest.raises(NotPossible):
        write_handover(pairing=old, actor=cast.trainee, text="我来写")


def test_the_supervisor_writes_it_on_the_site_and_the_mentee_passes_it_on(client, cast, old, new):
    client.force_login(cast.supervisor)
    write = reverse("supervision:handover-write", args=[old.pk])
    assert write in text(client.get(old.get_absolute_url()))
    assert "写明下一位督导" in text(client.post(write, {"text": " "}))
    client.post(write, {"text": "已完成接案"})
    row = Handover.objects.get()
    client.force_login(cast.trainee)
    assert row.get_absolute_url() in text(client.get(old.get_absolute_url()))
    release = reverse("supervision:handover-release", args=[row.pk])
    for bad in ({}, {"to": "x"}, {"to": "9" * 40}, {"to": old.pk}):
        assert "选择一位现任督导" in text(client.post(release, bad))
    write_handover(pairing=old, actor=cast.supervisor, text="已完成接案，另有一事")
    client.post(release, {"to": new.pk, "seen": row.version})
    client.post(release, {"to": new.pk})
    row.refresh_from_db()
    assert not row.is_released  # what was written anew is not passed on before the mentee has read it
    seen = client.get(row.get_absolute_url()).context["form"]["seen"].value()
    client.post(release, {"to": new.pk, "seen": seen})
    row.refresh_from_db()
    assert row.released_to == new
    assert row.get_absolute_url() in text(look(client, new.supervisor.person.user, new.get_absolute_url()))


def test_an_officer_changes_the_supervisor_in_one_act(client, cast, old, new, tree):
    after = make_supervisor(make_user("第三位", tree["agency"]), tree["agency"], capacity=1)
    client.force_login(cast.administrator)
    address = reverse("pairings:change", args=[new.pk])
    assert client.get(address).status_code == 200
    client.post(address, {"to": after.pk, "reason": "调岗"})
    new.refresh_from_db()
    assert (new.state, new.reason) == ("ended", "调岗")
    assert after.pairings.get().mentee == new.mentee


def test_without_a_free_place_neither_ends_nor_begins(cast, new, tree):
    full = make_supervisor(make_user("满员", tree["agency"]), tree["agency"], capacity=0)
    with pytest.raises(NotPossible):
        change_pair(pairing=new, to=full, actor=cast.administrator, reason="调岗")
    new.refresh_from_db()
    assert new.state == "active"
    with pytest.raises(NotPossible, match="现任督导"):
        change_pair(pairing=new, to=new.supervisor, actor=cast.administrator, reason="调岗")
