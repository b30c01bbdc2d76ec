"""Hours entered by hand are decided on by two officers: never the person, and never two who are one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.audit.actions import record
from core.models import AuditEntry, Notice
from core.states import IllegalMove
from credentials.hours.actions import correct_hours, credit_attendance
from credentials.manual_entries.actions import (
    ManualRefused,
    open_proof,
    return_manual,
)
from credentials.manual_entries.queries import beside, to_decide, twins_of
from credentials.models import HoursEntry
from tests.credentials.manual_entries.steps import accept, confirm, fresh
from tests.factories import (
    give_role,
    make_cohort,
    make_enrolment,
    make_manual,
    make_proof,
    make_settled,
    make_user,
)
from tests.lms.enrolments.test_concurrency import at_once


def test_asked_for_entered_and_confirmed_it_is_in_the_ledger(cast, second):
    entry = make_manual(cast.trainee.person)
    assert Notice.objects.filter(
        user=cast.administrator, source__startswith=f"credentials.manual:{entry.pk}:"
    ).exists()
    accept(entry=entry, actor=cast.administrator, minutes=80)
    confirm(entry=fresh(entry), actor=second)
    row = HoursEntry.objects.get()
    assert (row.source, row.kind, row.minutes) == (f"credentials.manual:{entry.pk}", "manual", 80)
    assert (row.evidence["entered_by"], row.evidence["confirmed_by"]) == ("单于明", "司空远")
    assert fresh(entry).entry == row
    assert Notice.objects.filter(user=cast.trainee).count() == 2
    assert not Notice.objects.filter(user__in=[cast.administrator, second], read_at=None).exists()


def test_what_officers_above_were_asked_is_done_with_it_too(cast):
    """The only administrator of the district asks, so the city is asked; the person's own notices are left as they are."""
    entry = make_manual(cast.administrator.person)
    asked = Notice.objects.filter(
        user=cast.city_administrator, source=f"credentials.manual:{entry.pk}:requested"
    )
    assert asked.unread().exists()
    accept(entry=entry, actor=cast.city_administrator)
    assert asked.exists() and not asked.unread().exists()
    return_manual(entry=fresh(entry), reason="看不清日期", actor=cast.city_administrator)
    mine = Notice.objects.filter(user=cast.administrator)
    assert [mine.count(), mine.unread().count()] == [2, 2]


def test_who_holds_the_role_no_more_is_asked_no_more(tree, cast, second):
    entry = make_manual(cast.trainee.person)
    second.roles.update(ends_on=timezone.localdate() - timedelta(days=1))
    accept(entry=entry, actor=cast.administrator)
    assert not Notice.objects.filter(user=second).unread().exists()


def test_the_one_who_entered_it_never_confirms_it(cast, second):
    entry = make_manual(cast.trainee.person, cast.administrator)
    with pytest.raises(ManualRefused):
        confirm(entry=entry, actor=cast.administrator)
    assert not HoursEntry.objects.exists()
    assert not to_decide(cast.administrator).exists()
    assert list(to_decide(second)) == [entry]


def test_nobody_decides_about_their_own(cast, second):
    entry = make_manual(cast.administrator.person)
    with pytest.raises(ManualRefused):
        accept(entry=entry, actor=cast.administrator)
    accept(entry=fresh(entry), actor=second)
    for act in (confirm, lambda **each: return_manual(reason="x", **each)):
        with pytest.raises(ManualRefused):
            act(entry=fresh(entry), actor=cast.administrator)
    assert not to_decide(cast.administrator).exists()


def test_the_same_proof_of_two_people_is_a_warning_for_the_second_officer(cast, second):
    make_manual(cast.other_trainee.person, cast.administrator, proof=make_proof("名单"))
    entry = make_manual(cast.trainee.person, cast.administrator, proof=make_proof("名单"))
    assert [twin.name for twin in twins_of(entry, second)] == ["周一鸣"]
    assert not any(twin.visible for twin in twins_of(entry, cast.outsider))
    confirm(entry=entry, actor=second)


def test_time_that_was_credited_meanwhile_is_not_confirmed(cast, second):
    entry = make_manual(cast.trainee.person, cast.administrator)
    other = make_manual(cast.other_trainee.person, cast.administrator)
    confirm(entry=fresh(other), actor=second)
    row = HoursEntry.objects.get()
    fields = {
        name: getattr(row, name)
        for name in ("organisation", "kind", "minutes", "occurred_on", "starts_at", "ends_at", "rule")
    }
    taken = HoursEntry.objects.create(person=cast.trainee.person, title="课堂", source="test:1", **fields)
    with pytest.raises(ManualRefused):
        confirm(entry=fresh(entry), actor=second)
    assert fresh(entry).state == "proposed"
    correct_hours(entry=taken, reason="误签", actor=second)
    confirm(entry=fresh(entry), actor=second)
    assert HoursEntry.objects.standing().filter(person=cast.trainee.person).count() == 1


def test_a_proof_that_others_open_is_audited(cast):
    entry = make_manual(cast.trainee.person)
    open_proof(entry=entry, actor=cast.trainee)
    assert not AuditEntry.objects.filter(action="credentials.open_proof").exists()
    open_proof(entry=entry, actor=cast.auditor)
    assert AuditEntry.objects.get(action="credentials.open_proof").user == cast.auditor


def test_the_second_officer_sees_what_else_there_is_of_that_day_or_nearly_of_that_title(tree, cast, second):
    make_manual(cast.trainee.person, start=8, minutes=60, title="早读")
    make_manual(cast.trainee.person, days_ago=20, title="危机干预工作坊（二）")
    make_manual(cast.trainee.person, days_ago=30, title="老年照护")
    make_manual(cast.other_trainee.person)
    settled = make_settled(make_enrolment(make_cohort(tree["other_district"]), cast.trainee.person))
    row = credit_attendance(event=settled)
    entry = make_manual(
        cast.trainee.person, cast.administrator, days_ago=3, title="危机干预 工作坊", start=14
    )
    HoursEntry.objects.create(
        **{
            name: getattr(row, name)
            for name in ("person", "organisation", "kind", "minutes", "title", "rule", "evidence")
        },
        source="test:1",
        occurred_on=entry.occurred_on,
    )
    found = beside(entry, second)
    titles = {each.title: each for each in found}
    assert {"早读", "危机干预工作坊（二）", row.title} == set(titles)
    assert titles["早读"].address and not titles[row.title].address  # another district's: seen, not opened


@pytest.mark.parametrize("way", ["imported", "code", "role"])
def test_an_officer_that_the_first_one_has_made_is_no_second(tree, cast, way):
    puppet = make_user("新来的", tree["district"])
    if way != "role":
        give_role(puppet, "administrator", tree["district"])
        action = {"imported": "core.create_people", "code": "core.draw_codes"}[way]
        record(action=action, target=puppet.person, actor=cast.administrator, organisation=tree["district"])
    else:
        give_role(puppet, "administrator", tree["district"], granted_by=cast.administrator)
    entry = make_manual(cast.trainee.person, cast.administrator)
    with pytest.raises(ManualRefused):
        confirm(entry=entry, actor=puppet)
    assert not HoursEntry.objects.exists()
    assert not puppet.has_perm("credentials.confirm_manualentry", entry)
    assert puppet.has_perm("credentials.return_manualentry", entry)


def test_nor_is_whoever_made_the_first_one(tree, cast, second):
    record(
        action="core.draw_codes",
        target=second.person,
        actor=cast.administrator,
        organisation=tree["district"],
    )
    entry = make_manual(cast.trainee.person, second)
    with pytest.raises(ManualRefused):
        confirm(entry=entry, actor=cast.administrator)
    assert not cast.administrator.has_perm("credentials.confirm_manualentry", entry)


def test_a_role_that_somebody_else_gave_too_makes_an_officer_independent(tree, cast, second):
    give_role(second, "administrator", tree["street"], granted_by=cast.administrator)
    entry = make_manual(cast.trainee.person, cast.administrator)
    assert second.has_perm("credentials.confirm_manualentry", entry)
    confirm(entry=entry, actor=second)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_confirmed_by_eight_clicks_at_once_it_is_credited_once(cast, second):
    entry = make_manual(cast.trainee.person, cast.administrator)

    def click(_):
        try:
            confirm(entry=fresh(entry), actor=second)
        except IllegalMove:
            return 0
        return 1

    assert sum(at_once(click, range(8))) == HoursEntry.objects.count() == 1


def test_two_officers_whom_one_colleague_let_in_are_not_two(tree, cast, second):
    """The colleague could otherwise be both."""
    puppets = [make_user(name, tree["district"]) for name in ("傀儡甲", "傀儡乙")]
    for user in puppets:
        give_role(user, "administrator", tree["district"], granted_by=cast.administrator)
    entry = make_manual(cast.trainee.person, puppets[0])
    with pytest.raises(ManualRefused):
        confirm(entry=fresh(entry), actor=puppets[1])
    confirm(entry=fresh(entry), actor=second)
    assert HoursEntry.objects.exists()


def test_whoever_can_confirm_is_asked_and_not_those_who_lean(tree, cast):
    """A street whose administrators were all let in by one of them needs the district for its second officer."""
    chief, first = make_user("街道主任", tree["street"]), make_user("经办", tree["street"])
    give_role(chief, "administrator", tree["street"], granted_by=cast.administrator)
    give_role(first, "administrator", tree["street"], granted_by=chief)
    person = make_user("社工", tree["street"]).person
    entry = make_manual(person, first)
    asked = Notice.objects.filter(source__startswith=f"credentials.manual:{entry.pk}:").exclude(
        user=person.user
    )
    assert {notice.user for notice in asked} == {cast.administrator}
    confirm(entry=fresh(entry), actor=cast.administrator)
    assert not asked.filter(read_at=None).exists()


def test_who_was_let_in_by_the_person_is_no_first_officer_either(tree, cast, second):
    """What they accepted nobody could ever confirm."""
    puppet = make_user("傀儡", tree["district"])
    give_role(puppet, "administrator", tree["district"], granted_by=cast.administrator)
    entry = make_manual(cast.administrator.person)
    assert not puppet.has_perm("credentials.accept_manualentry", entry)
    assert not Notice.objects.filter(user=puppet, kind="hours").exists()
    with pytest.raises(ManualRefused):
        accept(entry=entry, actor=puppet)
    with pytest.raises(ManualRefused):
        make_manual(cast.administrator.person, puppet, proof=make_proof("别的"))
    accept(entry=fresh(entry), actor=second)
