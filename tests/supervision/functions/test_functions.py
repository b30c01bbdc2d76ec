"""Three functions are always there; a place adds its own for a time, and a record keeps the name it was made under."""

import json
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from supervision.functions.actions import FunctionRefused, add_function, end_function
from supervision.functions.queries import choices_with, not_in_force
from supervision.models import Gathering, LocalFunction, Session, SessionAmendment
from supervision.pairings.actions import NotPossible
from supervision.sessions import actions
from supervision.sessions.policy import SessionFacts
from tests.factories import make_function, make_session
from tests.supervision.circles.conftest import group as group
from tests.supervision.circles.test_views import log_values
from tests.supervision.conftest import moment, written
from tests.supervision.sessions.test_views import log_url, url, values

TODAY = "supervision_functions:index"


def of(*functions, days_ago=1, start=9):
    return SessionFacts(moment(days_ago, start), moment(days_ago, start + 1), functions=functions)


def log(pair, cast, facts, key):
    return actions.log_session(
        pairing=pair.pairing, actor=cast.supervisor, facts=facts, written=written(), key=key
    )


def test_a_form_offers_the_three_and_those_in_force_at_the_supervisors_place(pair, tree, cast, client):
    make_function(tree["city"], "疏导")
    make_function(tree["agency"], "项目规划")
    make_function(tree["other_district"], "别处的")
    client.force_login(cast.supervisor)
    page = client.get(log_url(pair)).text
    assert "疏导" in page and "项目规划" in page and "别处的" not in page
    assert 'name="share_疏导"' in page
    shell = client.get(reverse("supervision:offline-shell")).text
    assert "疏导" not in shell and 'data-offer="functions"' in shell  # of nobody: the device adds its own
    known = json.loads(client.get(log_url(pair)).context["known"])
    assert known["functions"] == [["疏导", "疏导"], ["项目规划", "项目规划"]]


def test_it_is_recorded_with_its_minutes_amended_and_shown(pair, tree, cast, client):
    make_function(tree["city"], "疏导")
    client.force_login(cast.supervisor)
    sent = values(functions=["educational", "疏导"], share_educational="20", share_疏导="40")
    answer = client.post(log_url(pair), sent)
    session = Session.objects.get()
    assert answer.url == session.get_absolute_url()
    assert session.shares == {"educational": 20, "疏导": 40}
    assert session.share_labels == [("教育", 20), ("疏导", 40)]
    assert "疏导 40" in client.get(session.get_absolute_url()).text.replace("\n", " ").replace("  ", " ")
    page = client.get(url("amend", session)).text
    assert 'value="疏导"' in page and 'value="40"' in page
    client.post(
        url("amend", session), sent | {"share_educational": "10", "share_疏导": "50", "revision": "1"}
    )
    session.refresh_from_db()
    assert session.shares == {"educational": 10, "疏导": 50}
    client.force_login(cast.administrator)
    assert "疏导" in client.get(reverse("sessions:index")).text


def test_one_that_is_not_in_force_on_that_day_is_refused_at_the_field_and_nothing_is_lost(
    pair, tree, cast, client
):
    make_function(tree["city"], "疏导", starts_on=timezone.localdate())
    client.force_login(cast.supervisor)
    answer = client.post(log_url(pair), values(functions=["educational", "疏导"]))
    assert answer.status_code == 200 and not Session.objects.exists()
    assert "疏导" in str(answer.context["form"].errors["functions"])
    assert answer.context["form"]["functions"].value() == ["educational", "疏导"]
    key = values()["key"]
    with pytest.raises(NotPossible):
        log(pair, cast, of("educational", "疏导"), key)
    with pytest.raises(NotPossible):
        log(pair, cast, of("没有的"), key)


def test_what_has_ended_is_offered_for_a_while_and_kept_by_its_records_for_good(pair, tree, cast, client):
    today = timezone.localdate()
    row = make_function(tree["city"], "调解", starts_on=today - timedelta(days=90))
    session = make_session(pair.pairing, days_ago=2, functions=["调解"])
    end_function(function=row, ends_on=today, actor=cast.city_administrator)
    LocalFunction.objects.filter(pk=row.pk).update(ends_on=today - timedelta(days=1))
    offered = dict(choices_with(tree["agency"], today, today))
    assert "调解" in offered and offered["调解"] != "调解"  # until when is said
    assert not_in_force(["调解"], tree["agency"], today) == ["调解"]
    assert not_in_force(["调解", "educational"], tree["agency"], today - timedelta(days=2)) == []
    LocalFunction.objects.filter(pk=row.pk).update(ends_on=today - timedelta(days=60))
    assert "调解" not in dict(choices_with(tree["agency"], today, today))
    assert "调解" in dict(choices_with(tree["agency"], today, today, kept=["调解"]))
    session.refresh_from_db()
    assert session.function_labels == ["调解"]


def test_a_gathering_has_them_too(group, tree, cast, client):
    make_function(tree["city"], "资源链接")
    client.force_login(cast.supervisor)
    address = reverse("supervision:gathering-record", args=[group.circle.pk])
    assert "资源链接" in client.get(address).text
    client.post(address, log_values(group, functions=["资源链接"]))
    assert Gathering.objects.get().functions == ["资源链接"]
    LocalFunction.objects.update(ends_on=timezone.localdate() - timedelta(days=20))
    again = log_values(group, functions=["资源链接"], start="11:00", end="12:00")
    assert "functions" in client.post(address, again).context["form"].errors


def test_a_device_may_send_one_that_is_in_force_and_is_told_otherwise(pair, tree, cast, client):
    make_function(tree["city"], "疏导")
    client.force_login(cast.supervisor)
    address = reverse("supervision:session-sync", args=[pair.pairing.pk])
    assert client.post(address, values(functions=["疏导"], base="")).json()["state"] == "done"
    other = values(functions=["没有的"], base="", start="14:00", end="15:00")
    assert client.post(address, other).json()["state"] == "refused"


# --- What the database knows ------------------------------------------------------------------------------


def test_nothing_of_it_but_its_last_day_changes_and_no_record_has_an_unknown_one(pair, tree):
    row = make_function(tree["city"], "疏导")
    session = make_session(pair.pairing, functions=["疏导"])
    amendment = {"session": session, "number": 2, "starts_at": session.starts_at, "ends_at": session.ends_at}
    for act in (
        lambda: LocalFunction.objects.filter(pk=row.pk).update(name="引导"),
        lambda: LocalFunction.objects.filter(pk=row.pk).update(starts_on=date(2020, 1, 1)),
        lambda: LocalFunction.objects.filter(pk=row.pk).update(ends_on=date(2020, 1, 1)),
        lambda: LocalFunction.objects.filter(pk=row.pk).update(source=""),
        row.delete,
        lambda: make_function(tree["city"], "行政"),
        lambda: make_function(tree["city"], "educational"),
        lambda: make_function(tree["city"], "疏导", starts_on=timezone.localdate()),
        lambda: make_function(tree["city"], "疏导", starts_on=date(2020, 1, 1), ends_on=timezone.localdate()),
        lambda: make_session(pair.pairing, days_ago=3, functions=["没有的"]),
        lambda: Session.objects.filter(pk=session.pk).update(functions=["educational", "没有的"]),
        lambda: SessionAmendment.objects.create(minutes=60, functions=["没有的"], **amendment),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_function(tree["city"], "疏导", starts_on=row.starts_on)
    LocalFunction.objects.filter(pk=row.pk).update(ends_on=timezone.localdate())
    make_function(tree["city"], "疏导", starts_on=timezone.localdate() + timedelta(days=1))


# --- The desk ---------------------------------------------------------------------------------------------


def asked(place, **more):
    return {
        "organisation": place.pk,
        "name": "疏导",
        "starts_on": f"{timezone.localdate()}",
        "ends_on": "",
        "source": "津社函〔2026〕1号",
    } | more


def test_an_administrator_adds_one_and_ends_it(client, tree, cast):
    client.force_login(cast.administrator)
    add = reverse("supervision_functions:add")
    assert "行政 · 教育 · 支持" in client.get(add).text
    assert client.post(add, asked(tree["district"])).status_code == 302
    row = LocalFunction.objects.get()
    assert "疏导" in client.get(reverse("supervision_functions:index")).text
    detail = reverse("supervision_functions:detail", args=[row.pk])
    early = f"{timezone.localdate() - timedelta(days=1)}"
    assert client.post(detail, {"ends_on": early}).status_code == 200
    later = timezone.localdate() + timedelta(days=30)
    assert client.post(detail, {"ends_on": f"{later}"}).status_code == 302
    row.refresh_from_db()
    assert row.ends_on == later
    told = AuditEntry.objects.filter(action__in=["supervision.add_function", "supervision.end_function"])
    assert told.count() == 2


def test_who_reads_and_who_sets(client, tree, cast):
    row = make_function(tree["district"], "疏导")
    detail = reverse("supervision_functions:detail", args=[row.pk])
    client.force_login(cast.auditor)
    assert client.get(detail).status_code == 200
    assert client.post(detail, {"ends_on": f"{timezone.localdate()}"}).status_code == 404
    assert client.get(reverse("supervision_functions:add")).status_code == 404
    client.force_login(cast.outsider)  # an administrator of another district
    assert client.get(detail).status_code == 404
    add = client.post(reverse("supervision_functions:add"), asked(tree["district"]))
    assert add.status_code == 200 and "organisation" in add.context["form"].errors
    above = make_function(tree["city"], "调解")
    detail = reverse("supervision_functions:detail", args=[above.pk])
    assert client.get(detail).status_code == 200  # it holds in their district too
    assert client.post(detail, {"ends_on": f"{timezone.localdate()}"}).status_code == 404
    for part in ("trainee", "supervisor", "finance", "instructor"):
        client.force_login(getattr(cast, part))
        for address in (detail, reverse("supervision_functions:add"), reverse("supervision_functions:index")):
            assert client.get(address).status_code in (302, 403, 404), part
    assert LocalFunction.objects.filter(ends_on=None).count() == 2


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "行政"},
        {"name": "Educational"},
        {"name": "两 个词"},
        {"name": "\0"},
        {"name": "x" * 30},
        {"name": "🦄"},
        {"name": ""},
        {"starts_on": "9" * 40},
        {"ends_on": "2020-01-01"},
        {"source": ""},
        {"organisation": "9" * 30},
    ],
)
def test_bad_input_is_told(client, tree, cast, bad):
    client.force_login(cast.administrator)
    answer = client.post(reverse("supervision_functions:add"), asked(tree["district"]) | bad)
    assert answer.status_code == 200 and answer.context["form"].errors
    assert not LocalFunction.objects.exists()


def test_the_same_one_twice_is_told(tree, cast):
    asks = {"organisation": tree["city"], "name": "疏导", "source": "通知", "actor": cast.city_administrator}
    add_function(starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30), **asks)
    add_function(starts_on=date(2026, 7, 1), **asks)
    with pytest.raises(FunctionRefused):
        add_function(starts_on=date(2026, 6, 30), ends_on=date(2026, 6, 30), **asks)
    with pytest.raises(FunctionRefused):
        add_function(starts_on=date(2030, 1, 1), **asks)
    assert LocalFunction.objects.count() == 2


@pytest.mark.parametrize("number", [1, 12])
def test_the_list_costs_the_same_for_one_and_for_many(client, tree, cast, number):
    for each in range(number):
        make_function(tree["district"], f"功能{each}")
    client.force_login(cast.administrator)
    client.get(reverse("supervision_functions:index"))
    with CaptureQueriesContext(connection) as seen:
        assert client.get(reverse("supervision_functions:index")).status_code == 200
    assert len(seen) == 9
