"""Manual entries on the person's pages and at the desk."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from credentials.models import HoursEntry, ManualEntry
from tests.factories import give_role, make_manual, make_proof, make_user

LIST, REQUEST = reverse("credentials:manual-list"), reverse("credentials:manual-request")
DESK = reverse("manual-entries:index")


def typed(**more):
    day = timezone.localdate() - timedelta(days=3)
    values = {
        "training": "training",
        "title": "危机干预工作坊",
        "organiser": "示例培训中心",
        "day": day.isoformat(),
        "start": "09:00",
        "end": "10:30",
        "proof": make_proof(),
    }
    return {name: value for name, value in (values | more).items() if value is not None}


def at(name, entry):
    return reverse(f"credentials:manual-{name}", args=[entry.pk])


def inspect(entry):
    return reverse("manual-entries:inspect", args=[entry.pk])


def test_a_trainee_asks_and_sees_what_it_waits_for(client, cast):
    client.force_login(cast.trainee)
    assert 'class="empty"' in client.get(LIST).content.decode()
    page = client.post(REQUEST, typed(), follow=True)
    entry = ManualEntry.objects.get()
    assert (entry.minutes, entry.state, entry.asked_by) == (90, "requested", cast.trainee)
    assert page.redirect_chain[-1][0] == at("detail", entry)
    assert entry.title in client.get(LIST).content.decode()
    assert b"%PDF-" in b"".join(client.get(at("proof", entry)).streaming_content)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"proof": None}, "proof"),
        ({"start": None}, "minutes"),
        ({"end": "08:00"}, "end"),
        ({"start": None, "minutes": "60"}, "start"),
        ({"minutes": "91"}, "minutes"),
        ({"minutes": "x"}, "minutes"),
        ({"minutes": "99999999999"}, "minutes"),
        ({"day": "9999-12-31"}, "day"),
        ({"day": "0001-01-01"}, "day"),
        ({"day": "2026-02-30"}, "day"),
        ({"training": "dancing"}, "training"),
        ({"title": "x" * 300}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"title": "  "}, "title"),
        ({"start": "25:00"}, "start"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, cast, more, field):
    client.force_login(cast.trainee)
    answer = client.post(REQUEST, typed(**more))
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not ManualEntry.objects.exists()


def test_the_same_proof_again_is_answered_at_the_proof(client, cast):
    client.force_login(cast.trainee)
    client.post(REQUEST, typed(proof=make_proof("同一份")))
    answer = client.post(REQUEST, typed(proof=make_proof("同一份"), title="别的", start="14:00", end="15:00"))
    assert list(answer.context["form"].errors) == ["proof"]


@pytest.mark.parametrize("part", ["other_trainee", "outsider", "instructor", "finance", "supervisor"])
def test_others_find_no_such_entry(client, cast, part):
    entry = make_manual(cast.trainee.person)
    client.force_login(getattr(cast, part))
    for name in ("detail", "proof"):
        assert client.get(at(name, entry)).status_code == 404
    assert client.post(at("withdraw", entry)).status_code == 404


def test_an_open_entry_is_withdrawn_once(client, cast):
    entry = make_manual(cast.trainee.person)
    client.force_login(cast.trainee)
    assert client.get(at("withdraw", entry)).status_code == 405
    for _ in range(2):
        assert client.post(at("withdraw", entry), follow=True).status_code == 200
    assert AuditEntry.objects.filter(action="credentials.withdraw_manual").count() == 1
    client.force_login(cast.administrator)
    assert client.post(at("withdraw", entry)).status_code == 404


def test_two_officers_at_the_desk_and_each_step_once(client, cast, second):
    entry = make_manual(cast.trainee.person)
    client.force_login(cast.administrator)
    assert client.post(inspect(entry), {"confirm": "1"}, follow=True).status_code == 200
    assert not HoursEntry.objects.exists()
    assert client.post(inspect(entry), {"accept": "1", "minutes": "x"}).context["accepting"].errors
    assert "minutes" not in client.get(inspect(entry)).context["accepting"].initial  # read it from the proof
    refused = client.post(inspect(entry), {"accept": "1", "minutes": "80"})
    assert "请先打开证明" in refused.content.decode()
    assert refused.context["accepting"]["minutes"].value() == "80"
    client.head(at("proof", entry))
    assert "请先打开证明" in client.post(inspect(entry), {"accept": "1", "minutes": "80"}).content.decode()
    client.get(at("proof", entry))
    for _ in range(2):
        client.post(inspect(entry), {"accept": "1", "minutes": "80"})
    assert client.post(inspect(entry), {"confirm": "1"}).status_code == 404
    client.force_login(second)
    assert entry.title in client.get(DESK + "?waiting=on").content.decode()
    client.post(inspect(entry), {"confirm": "1"})
    assert not HoursEntry.objects.exists()  # the second officer has not opened the proof
    shown = client.get(inspect(entry)).content.decode()
    assert "申请 90 → 录入 80" in shown and "请先打开证明" in shown
    client.get(at("proof", entry))
    for _ in range(2):
        client.post(inspect(entry), {"confirm": "1"})
    assert HoursEntry.objects.get().minutes == 80
    row = HoursEntry.objects.get()
    client.force_login(cast.trainee)
    page = client.get(reverse("credentials:hours-evidence", args=[row.pk])).content.decode()
    assert all(words in page for words in ("单于明", "司空远", "示例培训中心", at("detail", entry)))


def test_who_depends_on_the_first_officer_reads_why_and_has_no_button(client, tree, cast):
    puppet = make_user("新来的", tree["district"])
    give_role(puppet, "administrator", tree["district"], granted_by=cast.administrator)
    entry = make_manual(cast.trainee.person, cast.administrator)
    client.force_login(puppet)
    page = client.get(inspect(entry))
    assert not page.context["may_confirm"]
    assert 'name="confirm"' not in page.content.decode()
    assert "无此关联" in page.content.decode()
    assert client.post(inspect(entry), {"confirm": "1"}).status_code == 404


def test_returned_with_a_reason_the_trainee_reads_it(client, cast):
    entry = make_manual(cast.trainee.person)
    client.force_login(cast.administrator)
    assert client.post(inspect(entry), {"return": "1", "reason": " "}).context["returning"].errors
    client.post(inspect(entry), {"return": "1", "reason": "看不清日期"})
    client.force_login(cast.trainee)
    assert "看不清日期" in client.get(at("detail", entry)).content.decode()


def test_the_second_officer_is_warned_of_the_same_proof(client, cast, second):
    make_manual(cast.other_trainee.person, cast.administrator, proof=make_proof("名单"))
    entry = make_manual(cast.trainee.person, cast.administrator, proof=make_proof("名单"))
    client.force_login(second)
    assert "周一鸣" in client.get(inspect(entry)).content.decode()


@pytest.mark.parametrize("part", ["auditor", "outsider", "trainee", "instructor", "finance"])
def test_nobody_else_decides(client, cast, part):
    entry = make_manual(cast.trainee.person)
    client.force_login(getattr(cast, part))
    for verb in ("accept", "confirm", "return", "nonsense"):
        values = {verb: "1", "minutes": "80", "reason": "x"}
        assert client.post(inspect(entry), values).status_code in (403, 404)
    assert ManualEntry.objects.get().state == "requested"


def test_an_officer_enters_hours_for_people_of_the_tree_only(client, cast):
    address = reverse("manual-entries:enter", args=[cast.trainee.person.pk])
    for part in ("outsider", "auditor"):
        client.force_login(getattr(cast, part))
        assert client.post(address, typed()).status_code == 404
    client.force_login(cast.administrator)
    assert client.get(address).status_code == 200
    assert "day" in client.post(address, typed(day="x")).context["form"].errors
    assert client.post(address, typed(day="2999-01-01")).context["form"].errors["day"]
    client.post(address, typed())
    assert ManualEntry.objects.get().entered_by == cast.administrator
    own = reverse("manual-entries:enter", args=[cast.administrator.person.pk])
    assert client.get(own).status_code == 404


@pytest.mark.parametrize("number", [1, 4])
def test_lists_take_the_same_statements_for_one_and_for_many(
    client, cast, number, django_assert_max_num_queries
):
    for each in range(number):
        make_manual(cast.trainee.person, cast.administrator, days_ago=3 + each, title=f"课{each}")
    counts = []
    for part, address in (("trainee", LIST), ("auditor", DESK)):
        client.force_login(getattr(cast, part))
        client.get(address)
        with django_assert_max_num_queries(60) as captured:
            assert client.get(address).status_code == 200
        counts.append(len([one for one in captured.captured_queries if "credentials_manual" in one["sql"]]))
    assert counts == [2, 2]


# --- Nothing typed or handed in is lost -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["trainee", "administrator"])
def test_the_proof_is_kept_when_something_else_is_wrong(client, cast, who):
    actor = getattr(cast, who)
    client.force_login(actor)
    address = REQUEST if who == "trainee" else reverse("manual-entries:enter", args=[cast.trainee.person.pk])
    values = typed() | {"title": ""}
    page = client.post(address, values | {"proof": make_proof("同一份", "结业证.pdf")})
    assert "已收到：结业证.pdf" in page.content.decode()
    held = page.context["form"].fields["held-proof"].initial
    client.post(address, typed(proof=None) | {"held-proof": held})
    entry = ManualEntry.objects.get()
    assert (entry.proof.name, entry.proof_sha256) == ("结业证.pdf", entry.proof.sha256)
    client.force_login(cast.other_trainee)  # what somebody else handed in is no proof of mine
    assert client.post(REQUEST, typed(proof=None) | {"held-proof": held}).context["form"].errors["proof"]


def test_the_list_opens_without_a_filter_that_nobody_set(client, cast):
    make_manual(cast.trainee.person)
    client.force_login(cast.administrator)
    page = client.get(DESK).content.decode()
    assert "待我办理：False" not in page and "w-pill" not in page
    assert "w-pill" in client.get(DESK + "?waiting=on").content.decode()


def test_the_page_of_an_entry_asks_for_little(client, cast, second):
    entry = make_manual(cast.trainee.person, cast.administrator)
    client.force_login(second)
    client.get(inspect(entry))
    with CaptureQueriesContext(connection) as captured:
        client.get(inspect(entry))
    assert len(captured) == 15
