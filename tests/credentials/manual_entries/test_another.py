"""A day that has something else already: without times nobody can tell two trainings apart, so somebody says why."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from credentials.hours.actions import correct_hours, credit
from credentials.manual_entries.actions import ManualRefused, return_manual, withdraw_manual
from credentials.models import HoursEntry, ManualEntry
from credentials.public import manual_entries_of
from tests.credentials.manual_entries.steps import a_degree, confirm, fresh
from tests.factories import make_manual, make_proof
from tests.lms.enrolments.test_concurrency import at_once

NEAR = "危机干预培训班"  # of the 危机干预工作坊 that the factory makes
WHY = "上午是工作坊，下午是另一家机构的培训班"


def lump(person, officer=None, **facts):
    return make_manual(person, officer, **{"start": None, "minutes": 360} | facts)


def credited(person, kind="class", *, days_ago=3, title="接案与预估", hour=None):
    """Minutes that stand in the ledger, without times unless an hour is given."""
    day = timezone.localdate() - timedelta(days=days_ago)
    starts_at = datetime.combine(day, time(hour), timezone.get_current_timezone()) if hour else None
    return credit(
        person_id=person.pk,
        organisation_id=person.employer_id,
        kind=kind,
        minutes=90,
        occurred_on=day,
        title=title,
        source=f"test:{kind}:{days_ago}:{hour}",
        evidence={},
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90) if starts_at else None,
    )


def refused(person, **facts):
    with pytest.raises(ManualRefused) as refusal:
        lump(person, **facts)
    assert refusal.value.field == "why_another"
    return str(refusal.value)


def test_the_same_hours_under_two_names_want_a_sentence(cast):
    lump(cast.trainee.person)
    words = refused(cast.trainee.person, title=NEAR)
    for part in ("危机干预工作坊", "360", "补录学时", "示例培训中心"):
        assert part in words
    refused(cast.trainee.person, title=NEAR, start=9, minutes=90)  # one side without times is enough
    assert lump(cast.trainee.person, title=NEAR, why_another=WHY).why_another == WHY
    assert ManualEntry.objects.count() == 2


@pytest.mark.parametrize("kind", ["class", "course", "supervision"])
@pytest.mark.parametrize("hour", [None, 14])
def test_whatever_was_credited_that_day_wants_a_sentence_where_one_side_has_no_times(cast, kind, hour):
    row = credited(cast.trainee.person, kind, hour=hour)
    words = refused(cast.trainee.person)
    for part in (row.title, "90", row.get_kind_display(), row.organisation.name):
        assert part in words
    lump(cast.trainee.person, why_another=WHY)


def test_with_times_on_both_sides_the_clock_tells(cast):
    credited(cast.trainee.person, hour=14)
    make_manual(cast.trainee.person, start=8, minutes=60)
    make_manual(cast.trainee.person, start=10, title=NEAR)
    assert ManualEntry.objects.filter(why_another="").count() == 2


def test_another_day_another_person_or_another_title_that_only_waits_wants_none(cast):
    lump(cast.trainee.person)
    lump(cast.trainee.person, title=NEAR, days_ago=4)
    lump(cast.other_trainee.person, title=NEAR)
    lump(cast.trainee.person, title="老年照护")


def test_what_was_returned_withdrawn_or_taken_back_wants_none(cast, second):
    return_manual(entry=lump(cast.trainee.person), reason="看不清日期", actor=cast.administrator)
    withdraw_manual(entry=lump(cast.trainee.person, title=NEAR), actor=cast.trainee)
    confirm(entry=lump(cast.trainee.person, cast.administrator), actor=second)
    refused(cast.trainee.person, title=NEAR)
    correct_hours(entry=HoursEntry.objects.get(), reason="证明有误", actor=second)
    lump(cast.trainee.person, title=NEAR)


def test_a_degree_is_no_work_of_a_day(cast, second):
    credited(cast.trainee.person)
    confirm(entry=a_degree(cast.trainee.person, cast.administrator, title="社会工作硕士"), actor=second)
    assert "社会工作硕士" not in refused(cast.trainee.person)
    assert "社会工作硕士" in refused(cast.trainee.person, title="社会工作硕士学位")


def test_the_sentence_is_kept_audited_and_shown_to_both_officers_and_in_the_evidence(client, cast, second):
    lump(cast.trainee.person)
    entry = lump(cast.trainee.person, cast.administrator, title=NEAR, why_another=WHY)
    kept = AuditEntry.objects.filter(action="credentials.enter_manual").latest("pk").data["after"]
    first = ManualEntry.objects.earliest("pk")
    assert (kept["why_another"], kept["another_than"]) == (WHY, [f"credentials.manual:{first.pk}"])
    for officer in (cast.administrator, second):
        client.force_login(officer)
        assert WHY in client.get(reverse("manual-entries:inspect", args=[entry.pk])).text
    confirm(entry=fresh(entry), actor=second)
    row = HoursEntry.objects.get()
    assert row.evidence["why_another"] == WHY
    client.force_login(cast.trainee)
    assert WHY in client.get(reverse("credentials:hours-evidence", args=[row.pk])).text
    assert WHY in client.get(reverse("credentials:manual-detail", args=[entry.pk])).text
    assert [fact.why_another for fact in manual_entries_of(cast.trainee.person)] == [WHY, ""]


@pytest.mark.parametrize("who", ["trainee", "administrator"])
def test_the_form_asks_only_when_there_is_something_and_loses_nothing(client, cast, who):
    person = cast.trainee.person
    client.force_login(getattr(cast, who))
    name, args = {
        "trainee": ("credentials:manual-request", []),
        "administrator": ("manual-entries:enter", [person.pk]),
    }[who]
    address = reverse(name, args=args)
    said = {"training": "training", "organiser": "示例培训中心", "minutes": "360", "title": NEAR}
    typed = said | {"day": f"{timezone.localdate() - timedelta(days=3):%Y-%m-%d}"}
    assert 'type="hidden" name="why_another"' in client.get(address).text
    lump(person)
    form = client.post(address, typed | {"proof": make_proof()}).context["form"]
    assert list(form.errors) == ["why_another"]
    assert "危机干预工作坊" in form.errors["why_another"][0]
    assert "<textarea" in str(form["why_another"])
    again = typed | {"held-proof": form.fields["held-proof"].initial}
    assert "why_another" in client.post(address, again | {"why_another": " "}).context["form"].errors
    wrong = client.post(address, again | {"why_another": WHY, "title": ""})
    assert WHY in str(wrong.context["form"]["why_another"])
    too_long = client.post(address, again | {"why_another": "因" * 501}).context["form"]
    assert list(too_long.errors) == ["why_another"] and "<textarea" in str(too_long["why_another"])
    client.post(address, again | {"why_another": WHY})
    assert ManualEntry.objects.latest("pk").why_another == WHY


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_eight_names_of_one_training_at_once_are_one_entry(cast):
    def hand_in(number):
        try:
            lump(cast.trainee.person, minutes=60, title=f"危机干预工作坊第{number}期")
        except ManualRefused as refusal:
            return refusal.field
        return "handed in"

    assert sorted(at_once(hand_in, range(8))) == ["handed in", *["why_another"] * 7]
    assert ManualEntry.objects.count() == 1
