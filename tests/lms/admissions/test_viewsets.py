from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.admissions.actions import make_code, set_quota
from lms.models import AdmissionPlan, Cohort, CohortQuota, InvitationCode
from tests.factories import make_cohort, make_plan
from tests.lms.cohorts.test_viewsets import form as cohort_form

INDEX = reverse("application-plans:index")
ADD = reverse("application-plans:add")


@pytest.fixture
def cohort(tree):
    return make_cohort(tree["district"], capacity=5, by_invitation=True)


@pytest.fixture
def officer(client, cast):
    client.force_login(cast.administrator)
    return client


def page(cohort):
    return reverse("admissions:cohort", args=[cohort.pk])


def typed(organisation, **fields):
    """A plan as the editor sends it: one question, one condition, two stages."""
    asked = {
        "questions-count": 1,
        "questions-0-deleted": "",
        "questions-0-order": 0,
        "questions-0-type": "short",
        "questions-0-id": "",
        "questions-0-value-label": "现任岗位",
        "questions-0-value-label_en": "",
        "questions-0-value-help": "",
        "questions-0-value-required": "on",
        "conditions-count": 1,
        "conditions-0-deleted": "",
        "conditions-0-order": 0,
        "conditions-0-type": "years",
        "conditions-0-id": "",
        "conditions-0-value": 2,
        "stages-count": 2,
    }
    for number, stage in enumerate(fields.pop("stages", ["employer", "county"])):
        asked |= {
            f"stages-{number}-deleted": "",
            f"stages-{number}-order": number,
            f"stages-{number}-type": "stage",
            f"stages-{number}-id": "",
            f"stages-{number}-value": stage,
        }
    return (
        {"organisation": organisation.pk, "name": "骨干报名方案", "name_en": "", "is_active": "on"}
        | asked
        | fields
    )


def test_a_plan_is_written_and_changed(officer, tree):
    assert officer.get(ADD).status_code == 200
    answer = officer.post(ADD, typed(tree["district"]))
    assert answer.status_code == 302, answer.context["form"].errors
    plan = AdmissionPlan.objects.get()
    assert [child.value for child in plan.stages] == ["employer", "county"]
    assert plan.questions[0].value["label"] == "现任岗位"
    edit = reverse("application-plans:edit", args=[plan.pk])
    assert officer.get(edit).status_code == 200
    assert officer.post(edit, typed(tree["district"], name="新名")).status_code == 302
    plan.refresh_from_db()
    assert plan.name == "新名"
    assert "新名" in officer.get(INDEX).content.decode()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"stages": ["county", "county"]}, "stages"),
        ({"conditions-0-value": 0}, "conditions"),
        ({"questions-0-value-label": ""}, "questions"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_with_a_plan_stands_at_its_field(officer, tree, fields, wrong):
    answer = officer.post(ADD, typed(tree["district"], **fields))
    assert answer.status_code == 200
    assert wrong in answer.context["form"].errors
    assert not AdmissionPlan.objects.exists()


@pytest.mark.parametrize(
    ("stages", "marked"),
    [
        (["organiser", "city", "county", "employer"], [1, 2, 3]),
        (["employer", "city", "county"], [2]),
        (["employer", "county", "employer"], [2]),
    ],
)
def test_stages_go_upwards_each_once_and_the_wrong_one_is_marked(officer, tree, stages, marked):
    fields = {"stages": stages, "stages-count": len(stages)}
    answer = officer.post(ADD, typed(tree["district"], **fields))
    [error] = answer.context["form"].errors.as_data()["stages"]
    assert sorted(error.block_errors) == marked
    assert not AdmissionPlan.objects.exists()


def test_an_answer_that_stands_there_twice_is_named(officer, tree):
    fields = {"questions-0-type": "one", "questions-0-value-choices": "本科\n硕士\n 本科\n"}
    answer = officer.post(ADD, typed(tree["district"], **fields))
    [error] = answer.context["form"].errors.as_data()["questions"]
    assert "重复：本科" in str(error.block_errors[0].block_errors["choices"])
    assert not AdmissionPlan.objects.exists()


@pytest.mark.parametrize("broken", ["questions-count", "conditions-0-type", "stages-1-order"])
def test_blocks_that_did_not_arrive_whole_change_nothing(officer, tree, broken):
    for value in (None, "x", "\0", "9" * 30):
        sent = typed(tree["district"]) | {broken: value}
        answer = officer.post(ADD, {name: each for name, each in sent.items() if each is not None})
        assert answer.status_code in (200, 302)
        if value is None:
            assert broken.partition("-")[0] in answer.context["form"].errors
            assert not AdmissionPlan.objects.exists()


def test_two_plans_of_one_name_are_refused_kindly(officer, tree):
    make_plan(tree["district"], name="骨干报名方案")
    assert officer.post(ADD, typed(tree["district"])).status_code == 200
    assert AdmissionPlan.objects.count() == 1


def test_a_plan_for_another_tree_cannot_be_made(officer, tree):
    assert officer.post(ADD, typed(tree["other_district"])).status_code == 200
    assert not AdmissionPlan.objects.exists()


@pytest.mark.parametrize(("part", "found"), [("administrator", 2), ("city_administrator", 3), ("auditor", 2)])
def test_plans_are_listed_by_tree(client, cast, tree, part, found):
    for name in ("district", "other_district", "city"):
        make_plan(tree[name])
    client.force_login(getattr(cast, part))
    assert len(client.get(INDEX).context["object_list"]) == found


def test_a_cohort_takes_plans_of_ones_tree_and_of_those_above(officer, tree, cohort):
    mine, above, other = (
        make_plan(tree["district"]),
        make_plan(tree["city"]),
        make_plan(tree["other_district"]),
    )
    closed = make_plan(tree["district"], is_active=False)
    edit = reverse("cohorts:edit", args=[cohort.pk])
    choices = set(officer.get(edit).context["form"].fields["plan"].queryset)
    assert choices == {mine, above} and not {other, closed} & choices
    answer = officer.post(edit, cohort_form(plan=above.pk))
    assert answer.status_code == 302
    cohort.refresh_from_db()
    assert cohort.plan == above
    assert officer.post(edit, cohort_form(plan=other.pk)).status_code == 200


# --- Places and codes ---------------------------------------------------------------------------------------


def test_places_are_kept_and_opened_again(officer, tree, cohort):
    assert officer.get(page(cohort)).status_code == 200
    sent = {"quota-organisation": tree["street"].pk, "quota-places": 3}
    address = reverse("admissions:set_quota", args=[cohort.pk])
    assert officer.post(address, sent).url == page(cohort)
    assert officer.post(address, sent | {"quota-places": 9}).status_code == 200
    assert officer.post(address, sent | {"quota-organisation": tree["other_street"].pk}).status_code == 200
    quota = CohortQuota.objects.get()
    assert tree["street"].name in officer.get(page(cohort)).content.decode()
    assert officer.post(reverse("admissions:remove_quota", args=[quota.pk])).url == page(cohort)
    assert not CohortQuota.objects.exists()


def test_a_code_is_made_printed_and_taken_back(officer, cohort):
    made = officer.post(
        reverse("admissions:make_code", args=[cohort.pk]), {"code-uses_allowed": 5, "code-note": "骨干"}
    )
    code = InvitationCode.objects.get()
    shown = officer.get(made.url).content.decode()
    assert code.shown in shown and "<svg" in shown and f"?code={code.code}" in shown
    assert " style=" not in shown.partition("<svg")[2].partition("</svg>")[0]
    assert officer.post(reverse("admissions:revoke_code", args=[code.pk])).url == page(cohort)
    code.refresh_from_db()
    assert code.revoked_at and not code.is_open


def test_a_number_that_is_none_is_refused(officer, cohort):
    address = reverse("admissions:make_code", args=[cohort.pk])
    for nonsense in ("", "0", "-1", "x", "9" * 30):
        assert officer.post(address, {"code-uses_allowed": nonsense}).status_code == 200
    assert not InvitationCode.objects.exists()


def test_the_sheet_of_a_code_has_neither_the_admins_frame_nor_the_note(officer, cast, cohort):
    code = make_code(cohort=cohort, actor=cast.administrator, note="仅供街道内部")
    page = officer.get(reverse("admissions:code", args=[code.pk])).content.decode()
    sheet = reverse("admissions:print_code", args=[code.pk])
    assert "仅供街道内部" in page and sheet in page
    text = officer.get(sheet).content.decode()
    assert code.shown in text and "<svg" in text and "data-print" in text
    for absent in ("仅供街道内部", "wagtail", "sidebar", "tabbar__"):
        assert absent not in text
    label = officer.get(reverse("admissions:cohort", args=[cohort.pk])).content.decode()
    assert "备注（仅主办单位可见）" in label and "适合谁学" not in label


@pytest.mark.parametrize("part", ["auditor", "instructor", "outsider", "finance", "trainee"])
def test_nobody_else_keeps_places_or_sees_codes(client, cast, tree, cohort, part):
    quota = set_quota(cohort=cohort, organisation=tree["street"], places=1, actor=None)
    code = make_code(cohort=cohort, actor=cast.administrator)
    client.force_login(getattr(cast, part))
    assert code.shown not in client.get(page(cohort)).content.decode()
    for name in ("code", "print_code"):
        assert client.get(reverse(f"admissions:{name}", args=[code.pk])).status_code in (302, 403, 404)
    for name, pk in (
        ("remove_quota", quota.pk),
        ("revoke_code", code.pk),
        ("make_code", cohort.pk),
        ("set_quota", cohort.pk),
    ):
        assert client.post(reverse(f"admissions:{name}", args=[pk])).status_code in (302, 403, 404)
    assert CohortQuota.objects.exists()
    code.refresh_from_db()
    assert code.revoked_at is None


def test_a_quota_that_has_run_out_is_refused_at_its_field(officer, tree, cohort):
    sent = {"quota-organisation": tree["street"].pk, "quota-places": 3}
    address = reverse("admissions:set_quota", args=[cohort.pk])
    shown = officer.post(address, sent | {"quota-until": "2020-01-01 09:00"})
    assert list(shown.context["quota_form"].errors) == ["until"]
    Cohort.objects.filter(pk=cohort.pk).update(
        opens_at=timezone.now() - timedelta(days=2), closes_at=timezone.now() - timedelta(days=1)
    )
    shown = officer.post(address, sent)  # it would end when applications have closed already
    assert list(shown.context["quota_form"].errors) == ["until"]
    assert not CohortQuota.objects.exists()


def test_a_code_that_has_run_out_is_refused_at_its_field(officer, cohort):
    sent = {"code-uses_allowed": 1, "code-expires_at": "2020-01-01 09:00"}
    shown = officer.post(reverse("admissions:make_code", args=[cohort.pk]), sent)
    assert list(shown.context["code_form"].errors) == ["expires_at"]
    assert not InvitationCode.objects.exists()


def test_a_quota_that_has_run_out_is_named_so(officer, tree, cohort):
    row = set_quota(cohort=cohort, organisation=tree["street"], places=3, actor=None)
    words = "已到期，名额面向所有人"
    assert words not in officer.get(page(cohort)).content.decode()
    CohortQuota.objects.filter(pk=row.pk).update(until=timezone.now() - timedelta(hours=1))
    assert words in officer.get(page(cohort)).content.decode()


def test_a_plan_made_above_is_read_where_it_may_be_chosen_and_not_changed(officer, tree):
    above = make_plan(tree["city"], stages=("county",), conditions=(("years", 2),))
    closed = make_plan(tree["city"], is_active=False)
    foreign = make_plan(tree["other_district"])
    read = reverse("application-plans:read", args=[above.pk])
    listed = officer.get(INDEX).content.decode()
    assert read in listed and reverse("application-plans:edit", args=[above.pk]) not in listed
    assert "需从业满 2 年" in officer.get(read).content.decode()
    assert officer.get(reverse("application-plans:edit", args=[above.pk])).status_code == 404
    for plan in (closed, foreign):
        assert officer.get(reverse("application-plans:read", args=[plan.pk])).status_code == 404
