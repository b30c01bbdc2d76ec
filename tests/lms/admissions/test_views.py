from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.attachments.actions import erase_unused
from core.models import Attachment, Person
from lms.admissions.actions import make_code, set_quota
from lms.models import Cohort, Enrolment
from tests.factories import make_cohort, make_plan

ASKED = (
    {"kind": "short", "label": "现任岗位", "label_en": "Post"},
    {"kind": "long", "label": "服务经历", "required": False},
    {"kind": "number", "label": "服务户数"},
    {"kind": "date", "label": "入职日期"},
    {"kind": "one", "label": "学历", "choices": "本科\n硕士"},
    {"kind": "several", "label": "擅长领域", "choices": "个案\n小组\n社区"},
    {"kind": "yes_no", "label": "能否全程参加"},
    {"kind": "document", "label": "单位推荐表"},
)


@pytest.fixture
def cohort(tree):
    return make_cohort(tree["district"], plan=make_plan(tree["city"], questions=ASKED))


@pytest.fixture
def trainee(client, cast):
    cache.clear()
    client.force_login(cast.trainee)
    return client


def apply_url(cohort):
    return reverse("lms:enrolment-apply", args=[cohort.pk])


def pdf(name="推荐表.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4 recommended", content_type="application/pdf")


def sent(cohort, **changes):
    keys = [f"q-{child.id}" for child in cohort.plan.questions]
    values = ["一线社工", "", "12", "2024-03-01", "硕士", ["个案", "社区"], "yes", pdf()]
    form = dict(zip(keys, values, strict=True)) | {"statement": "想学个案", "confirmed": "on"}
    return {
        name: value
        for name, value in (form | {keys[int(at)]: value for at, value in changes.items()}).items()
        if value is not None
    }


def test_the_plan_asks_and_the_answers_are_frozen_and_shown(trainee, cohort):
    assert "multipart/form-data" in trainee.get(apply_url(cohort)).content.decode()
    answer = trainee.post(apply_url(cohort), sent(cohort))
    enrolment = Enrolment.objects.get()
    values = [row["value"] for row in enrolment.record.answers]
    assert values == ["一线社工", None, "12", "2024-03-01", "硕士", ["个案", "社区"], True, "推荐表.pdf"]
    shown = trainee.get(answer.url).content.decode()
    for text in ("现任岗位", "一线社工", "个案", "推荐表.pdf", "2024年3月1日"):
        assert text in shown
    file = enrolment.record.files.get()
    address = reverse("lms:application-document", args=[enrolment.pk, file.pk])
    assert address in shown
    assert b"".join(trainee.get(address).streaming_content).startswith(b"%PDF")


def test_a_fault_stands_at_its_field_and_nothing_is_lost_not_even_the_file(trainee, cohort):
    shown = trainee.post(apply_url(cohort), sent(cohort, **{"0": "", "2": "many"}))
    form = shown.context["form"]
    keys = [f"q-{child.id}" for child in cohort.plan.questions]
    assert set(form.errors) == {keys[0], keys[2]}
    page = shown.content.decode()
    assert "推荐表.pdf" in page and "硕士" in page
    held = f"held-{keys[7]}"
    token = form.fields[held].initial
    again = sent(cohort, **{"7": None}) | {held: token}
    assert trainee.post(apply_url(cohort), again).status_code == 302
    assert Enrolment.objects.get().record.files.get().attachment.name == "推荐表.pdf"


def test_a_held_file_is_its_owners_only(trainee, client, cast, cohort):
    keys = [f"q-{child.id}" for child in cohort.plan.questions]
    shown = trainee.post(apply_url(cohort), sent(cohort, **{"0": ""}))
    token = shown.context["form"].fields[f"held-{keys[7]}"].initial
    client.force_login(cast.other_trainee)
    for foreign in (token, "nonsense", "\0"):
        answer = client.post(apply_url(cohort), sent(cohort, **{"7": None}) | {f"held-{keys[7]}": foreign})
        assert answer.status_code == 200
        assert keys[7] in answer.context["form"].errors
    assert not Enrolment.objects.exists()
    assert Attachment.objects.count() == 1


def test_a_held_file_answers_no_question_that_asks_for_words(trainee, cohort):
    keys = [f"q-{child.id}" for child in cohort.plan.questions]
    shown = trainee.post(apply_url(cohort), sent(cohort, **{"0": ""}))
    token = shown.context["form"].fields[f"held-{keys[7]}"].initial
    answer = trainee.post(apply_url(cohort), sent(cohort, **{"0": ""}) | {f"held-{keys[0]}": token})
    assert keys[0] in answer.context["form"].errors


def test_an_application_that_is_refused_leaves_its_files_to_be_erased(trainee, cohort):
    Cohort.objects.update(opens_at=timezone.now() + timedelta(days=1))
    shown = trainee.post(apply_url(cohort), sent(cohort))
    assert shown.status_code == 200 and not Enrolment.objects.exists()
    assert Attachment.objects.count() == 1  # held for the next try, once
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        erase_unused()
    assert not Attachment.objects.exists()


def test_what_is_not_among_the_answers_is_refused(trainee, cohort):
    shown = trainee.post(apply_url(cohort), sent(cohort, **{"4": "博士", "5": ["绘画"], "6": "perhaps"}))
    assert len(shown.context["form"].errors) == 3


def test_conditions_that_fail_stand_in_place_of_the_form_all_of_them(trainee, cast, tree):
    plan = make_plan(tree["city"], conditions=(("years", 2), ("employer_kind", ["agency"])))
    cohort = make_cohort(tree["district"], plan=plan)
    shown = trainee.get(apply_url(cohort))
    page = shown.content.decode()
    assert 'id="apply"' not in page
    assert [row["verdict"] for row in shown.context["findings"]] == ["fail", "fail"]
    assert trainee.post(apply_url(cohort), {"confirmed": "on"}).status_code == 200
    assert not Enrolment.objects.exists()


def test_a_level_that_nobody_knows_is_declared_with_its_certificate(trainee, tree):
    plan = make_plan(tree["city"], conditions=(("level", ["social_worker", "senior"]),))
    cohort = make_cohort(tree["district"], plan=plan)
    assert set(trainee.post(apply_url(cohort), {"confirmed": "on"}).context["form"].errors) == {
        "level",
        "level_proof",
    }
    form = {"confirmed": "on", "level": "senior", "level_proof": pdf("证书.pdf")}
    assert trainee.post(apply_url(cohort), form).status_code == 302
    record = Enrolment.objects.get().record
    assert (record.level, record.files.get().attachment.name) == ("senior", "证书.pdf")


def test_the_applicant_reads_for_whom_places_are_kept(trainee, tree):
    cohort = make_cohort(tree["city"], capacity=1)
    set_quota(cohort=cohort, organisation=tree["other_district"], places=1, actor=None)
    shown = trainee.get(apply_url(cohort))
    assert tree["other_district"].name in shown.content.decode()
    assert not shown.context["takes_seat"]


# --- By invitation ------------------------------------------------------------------------------------------


@pytest.fixture
def invited(tree):
    return make_cohort(tree["district"], by_invitation=True)


@pytest.fixture
def code(invited, cast):
    return make_code(cohort=invited, actor=cast.administrator)


def enter_url(cohort):
    return reverse("lms:invitation-enter", args=[cohort.pk])


def test_without_a_code_one_is_asked_for_it(trainee, invited):
    assert trainee.get(apply_url(invited)).url == enter_url(invited)
    assert trainee.get(enter_url(invited)).status_code == 200


@pytest.mark.parametrize("way", ["link to the door", "link to the application", "typed"])
def test_a_code_opens_by_link_and_by_hand(trainee, invited, code, way):
    if way == "typed":
        answer = trainee.post(enter_url(invited), {"code": code.shown.lower()}, follow=True)
    else:
        address = enter_url(invited) if way == "link to the door" else apply_url(invited)
        answer = trainee.get(address, {"code": code.code}, follow=True)
    assert 'id="apply"' in answer.content.decode()
    assert trainee.post(apply_url(invited), {"confirmed": "on"}).status_code == 302
    code.refresh_from_db()
    assert code.uses == 1


def test_every_wrong_code_is_told_the_same_way(trainee, invited, code, tree, cast):
    used = make_code(cohort=invited, actor=cast.administrator)
    type(used).objects.filter(pk=used.pk).update(uses=1)
    other = make_code(cohort=make_cohort(tree["district"], invited.version), actor=cast.administrator)
    told = set()
    for typed in ("AAAAAAAAAA", used.code, other.code, "x", "\0", "字" * 40):
        shown = trainee.get(enter_url(invited), {"code": typed})
        assert shown.status_code == 200
        told.add(str(shown.context["form"].errors.get("code"))) if "\0" not in typed else None
    assert len(told) == 1


def test_a_cohort_that_is_not_announced_is_there_for_who_has_a_code(trainee, invited, code):
    Cohort.objects.update(is_public=False)
    assert trainee.get(enter_url(invited)).status_code == 404
    assert trainee.get(enter_url(invited), {"code": "AAAAAAAAAA"}).status_code == 404
    assert trainee.get(enter_url(invited), {"code": code.code}, follow=True).status_code == 200


def test_codes_are_not_to_be_guessed(trainee, invited, one_minute):
    answers = [trainee.post(enter_url(invited), {"code": "AAAAAAAAAA"}).status_code for _ in range(40)]
    assert set(answers) == {200, 429}


def test_a_cohort_open_to_all_has_no_such_door(trainee, cohort):
    assert trainee.get(enter_url(cohort)).status_code == 404


def test_what_others_wrote_into_a_form_is_text_and_runs_nothing(trainee, tree):
    """htmx obeys attributes of any element: a policy for scripts alone would not stop it."""
    evil = '<b hx-post="/profile/id/remove/" hx-trigger="load">提示</b>'
    asked = ({"kind": "document", "label": evil, "help": evil},)
    cohort = make_cohort(tree["district"], plan=make_plan(tree["city"], questions=asked))
    key = f"q-{cohort.plan.questions[0].id}"
    shown = trainee.get(apply_url(cohort)).text
    assert "&lt;b hx-post" in shown and "<b hx-post" not in shown
    again = trainee.post(apply_url(cohort), {key: pdf("<b hx-get='x'>.pdf"), "statement": ""}).text
    assert "<b hx-" not in again


def test_whoever_waits_for_an_employer_is_told_so_and_sent_nowhere(trainee, cast, tree):
    Person.objects.filter(pk=cast.trainee.person.pk).update(
        employer=None, declared_employer=tree["station"], declared_at=timezone.now()
    )
    plan = make_plan(tree["city"], stages=("employer", "county"))
    shown = trainee.get(apply_url(make_cohort(tree["district"], plan=plan)))
    [row] = shown.context["findings"]
    assert row["verdict"] == "waits" and tree["station"].name in row["text"]
    page = shown.content.decode()
    assert "查看个人资料" not in page and "不符合" not in page


@pytest.mark.parametrize(("days", "said"), [(1000, "起报名"), (9, "可关注以后的班次")])
def test_years_that_are_full_only_after_the_window_are_said_so(trainee, cast, tree, days, said):
    started = timezone.localdate() - timedelta(days=300)
    Person.objects.filter(pk=cast.trainee.person.pk).update(practice_started_on=started)
    plan = make_plan(tree["city"], conditions=(("years", 1),))
    cohort = make_cohort(tree["district"], plan=plan, closes_at=timezone.now() + timedelta(days=days))
    assert said in trainee.get(apply_url(cohort)).context["findings"][0]["cure"]


def test_whom_places_are_kept_for_reads_that_their_employer_belongs_there(trainee, cast, tree):
    cohort = make_cohort(tree["city"], capacity=5)
    set_quota(cohort=cohort, organisation=tree["district"], places=2, actor=None)
    kept = trainee.get(apply_url(cohort)).context["admission"].kept
    assert f"你的单位属于{tree['district'].name}" in kept
