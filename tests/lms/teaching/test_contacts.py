"""Getting in touch with those who are behind."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import AuditEntry, Notice
from lms.models import Contact
from lms.teaching import actions
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_user,
)
from tests.lms.teaching.steps import at, enrol, make_running, page

pytestmark = pytest.mark.usefixtures("sources_kept")


def reach(client, enrolment, seen=0, way="notice", note="需要帮忙吗？"):
    return client.post(
        at("contact", enrolment.cohort_id),
        {"to": f"{enrolment.pk}:{seen}", "way": way, "message": note, "note": note},
        follow=True,
    )


def test_a_message_reaches_the_trainee_and_is_noted(teacher, cast, corner):
    shown = teacher.get(at("contact", corner.cohort.pk, to=f"{corner.idle.pk}:0")).content.decode()
    assert "林小荷" in shown and "第一课在等你" in shown
    reach(teacher, corner.idle)
    contact = Contact.objects.get()
    assert (contact.by, contact.way, contact.risks) == (cast.instructor, "notice", ["not_started"])
    notice = Notice.objects.get(user=cast.trainee)
    assert notice.values["text"] == "需要帮忙吗？"
    assert AuditEntry.objects.filter(action="lms.contact_trainee").count() == 1
    assert "曾可" in page(teacher, "risk", corner.cohort.pk)
    assert "林小荷" not in page(teacher, "risk", corner.cohort.pk, untouched=1)


def test_a_talk_is_noted_and_sends_nothing(teacher, cast, corner):
    reach(teacher, corner.idle, way="phone", note="本周请假照顾家人")
    assert Contact.objects.get().note == "本周请假照顾家人"
    assert not Notice.objects.filter(user=cast.trainee).exists()


def test_a_talk_is_never_noted_with_the_message_that_was_prepared(teacher, corner):
    enrolment = corner.people["silent"] if isinstance(getattr(corner, "people", None), dict) else None
    enrolment = enrolment or corner.cohort.enrolments.filter(state="enrolled").first()
    data = {"to": f"{enrolment.pk}:0", "way": "phone", "message": "你好，最近好吗？", "note": ""}
    answer = teacher.post(at("contact", corner.cohort.pk), data)
    assert answer.context["form"].errors.keys() == {"note"}
    assert not Contact.objects.exists()


def test_everybody_on_the_list_is_ticked_at_once(teacher, corner):
    assert "checked" not in page(teacher, "risk", corner.cohort.pk)
    assert page(teacher, "risk", corner.cohort.pk, tick="all").count("checked") == 1


def test_the_desk_begins_with_what_runs_and_ends_with_what_is_over(teacher, tree, corner):
    today = timezone.localdate()
    over = make_running(tree, title="结束了", ends_on=today - timedelta(days=2))
    enrol(over, make_user())
    make_running(tree, title="没有人")
    make_running(tree, title="将开班", starts_on=today + timedelta(days=9))
    enrol(corner.cohort.__class__.objects.get(title="将开班"), make_user())
    titles = [row.title for row in teacher.get(at("index")).context["cohorts"]]
    assert titles == [corner.cohort.title, "将开班", "没有人", "结束了"]


def test_of_two_teachers_the_second_hears_of_the_first(client, cast, corner):
    client.force_login(cast.instructor)
    reach(client, corner.idle)
    client.force_login(cast.administrator)
    answer = reach(client, corner.idle)
    assert "曾可" in answer.content.decode()
    assert Contact.objects.count() == 1
    reach(client, corner.idle, seen=1)
    assert list(Contact.objects.order_by("pk").values_list("number", flat=True)) == [1, 2]


def test_nonsense_contacts_nobody(teacher, corner, tree):
    other = make_enrolment(make_cohort(tree["other_district"]), make_user().person)
    for value in ("", "x", "1:", ":0", f"{other.pk}:0", "9" * 30 + ":0", f"{corner.idle.pk}:{'9' * 12}"):
        answer = teacher.post(
            at("contact", corner.cohort.pk), {"to": value, "way": "notice", "message": "好"}
        )
        assert answer.status_code == 302
    assert not Contact.objects.exists()


def test_an_empty_note_is_asked_for_again(teacher, corner):
    assert reach(teacher, corner.idle, note=" ").status_code == 200
    assert not Contact.objects.exists()
    with pytest.raises(actions.NotPossible):
        actions.contact_trainee(
            enrolment=corner.idle, actor=corner.idle.person.user, way="notice", note="  ", seen=0
        )


def test_whoever_has_left_is_not_contacted(corner, cast):
    corner.idle.state = "withdrawn"
    corner.idle.save()
    with pytest.raises(actions.NotPossible):
        actions.contact_trainee(enrolment=corner.idle, actor=cast.instructor, way="phone", note="x", seen=0)
