import datetime
import io
import uuid

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone, translation

from core.models import AuditEntry
from lms.models import CohortSurvey, SurveyDesign, SurveyInvitation
from lms.surveys.queries import results_of
from lms.surveys.queries.questions import shown
from tests.factories import (
    ask,
    make_cohort,
    make_design,
    make_enrolment,
    make_invitation,
    make_response,
    make_survey,
    make_user,
    make_version,
)


@pytest.fixture
def cohort(tree):
    today = timezone.localdate()
    return make_cohort(
        tree["district"], capacity=100, starts_on=today, ends_on=today + datetime.timedelta(days=30)
    )


@pytest.fixture
def officer(client, cast):
    client.force_login(cast.administrator)
    return client


def answer_all(survey, count, **answers):
    """So many people of the cohort answer this."""
    for number in range(count):
        enrolment = make_enrolment(survey.cohort, make_user(f"学员{number}").person)
        make_response(
            make_invitation(survey, enrolment),
            **answers or {"scale": 1 + number % 5, "text": f"意见{number}"},
        )


def sheets(response):
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def at(name, survey):
    return reverse(f"cohort-surveys:{name}", args=[survey.pk])


def stream(*blocks):
    """The fields in which Wagtail sends a stream."""
    data = {"body-count": str(len(blocks))}
    for number, (kind, values) in enumerate(blocks):
        data |= {
            f"body-{number}-deleted": "",
            f"body-{number}-order": str(number),
            f"body-{number}-type": kind,
        }
        data[f"body-{number}-id"] = ""
        data |= {f"body-{number}-value-{name}": value for name, value in values.items()}
    return data


def test_an_officer_writes_a_survey(officer, tree):
    page = officer.get(reverse("survey-designs:add"))
    assert page.status_code == 200
    choices = {
        "choices-count": "2",
        **{f"choices-{n}-deleted": "" for n in (0, 1)},
        **{f"choices-{n}-order": str(n) for n in (0, 1)},
        **{f"choices-{n}-type": "item" for n in (0, 1)},
        **{f"choices-{n}-id": "" for n in (0, 1)},
        "choices-0-value-text": "甲",
        "choices-1-value-text": "乙",
        "choices-1-value-correct": "on",
    }
    sent = {
        "organisation": tree["district"].pk,
        "title": "学前学后",
        "level": "learning",
        "is_active": "on",
        **stream(
            ("scale", {"prompt": "我有把握", "low": "没有", "high": "很有", "is_required": "on"}),
            ("one", {"prompt": "接案先做什么？", "is_required": "on", **choices}),
        ),
    }
    answer = officer.post(reverse("survey-designs:add"), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    design = SurveyDesign.objects.get()
    assert [block.block_type for block in design.body] == ["scale", "one"]
    assert officer.get(reverse("survey-designs:edit", args=[design.pk])).status_code == 200


def test_a_survey_that_asks_nothing_is_refused(officer, tree):
    sent = {
        "organisation": tree["district"].pk,
        "title": "空",
        "level": "reaction",
        "is_active": "on",
        **stream(),
    }
    assert officer.post(reverse("survey-designs:add"), sent).status_code == 200
    assert not SurveyDesign.objects.exists()


def test_a_district_uses_the_survey_of_its_city_but_does_not_edit_it(officer, tree, cohort):
    shared, foreign = make_design(tree["city"]), make_design(tree["other_district"])
    assert officer.get(reverse("survey-designs:edit", args=[shared.pk])).status_code == 404
    shown = officer.get(reverse("cohort-surveys:choose", args=[cohort.pk])).context["page"].object_list
    assert list(shown) == [shared]
    assert officer.get(reverse("cohort-surveys:assign", args=[cohort.pk, foreign.pk])).status_code == 404


@pytest.mark.parametrize("level", ["reaction", "learning", "behaviour", "results"])
def test_a_survey_of_each_level_is_put_to_a_cohort(officer, tree, cohort, level):
    design = make_design(tree["district"], level)
    address = reverse("cohort-surveys:assign", args=[cohort.pk, design.pk])
    form = officer.get(address).context["form"]
    sent = {name: field.initial for name, field in form.fields.items() if field.initial not in (None, "")}
    sent["opens_from"] = form.fields["opens_from"].choices[0][0]
    assert officer.post(address, sent).url == reverse("cohort-surveys:cohort", args=[cohort.pk])
    assert CohortSurvey.objects.count() == (2 if level == "learning" else 1)
    assert officer.get(reverse("cohort-surveys:cohort", args=[cohort.pk])).status_code == 200
    again = officer.post(address, sent)
    assert again.status_code == 200 and again.context["form"].non_field_errors()


def test_four_anonymous_answers_are_hidden_and_five_are_shown(officer, cohort):
    survey = make_survey(cohort, is_anonymous=True)
    answer_all(survey, 4)
    hidden = officer.get(at("results", survey))
    assert not hidden.context["results"].is_shown and "意见" not in hidden.content.decode()
    assert officer.get(at("download", survey)).status_code == 302
    answer_all(survey, 1)
    shown = officer.get(at("results", survey)).content.decode()
    assert "意见0" in shown and "学员0" not in shown
    taken = sheets(officer.get(at("download", survey)))
    assert AuditEntry.objects.get(action="lms.export_survey").data["after"] == {"answers": 5}
    assert len(taken) == 2 and not any(f"学员{number}" in str(taken) for number in range(5))
    assert len(next(rows for title, rows in taken.items() if "意见0" in str(rows))) == 6


def test_of_an_anonymous_survey_nobody_sees_who_has_answered(officer, cohort):
    survey = make_survey(cohort, is_anonymous=True)
    answer_all(survey, 6)
    assert "学员0" not in officer.get(at("raters", survey)).content.decode()
    named = make_survey(cohort)
    answer_all(named, 1)
    assert "学员0" in officer.get(at("raters", named)).content.decode()
    assert any("学员0" in str(rows) for rows in sheets(officer.get(at("download", named))).values())


def test_before_and_after_are_compared_for_those_who_have_both(officer, cohort, cast):
    questions = [ask("scale"), ask("one", correct=["one-a"])]
    before = make_survey(cohort, "learning", questions)
    after = make_survey(cohort, "learning", version=before.version, before=before, opens_from="end")
    for number, (first, second) in enumerate([(2, 4), (3, 5), (1, None)]):
        enrolment, pair = make_enrolment(cohort, make_user(f"学员{number}").person), uuid.uuid4()
        make_response(make_invitation(before, enrolment, pair=pair), scale=first, one="one-b")
        if second:
            make_response(make_invitation(after, enrolment, pair=pair), scale=second, one="one-a")
    found = results_of(after, cast.administrator)
    assert (found.questions[0].change.n, found.questions[0].change.by) == (2, 2)
    assert (found.questions[1].change.before, found.questions[1].change.after) == (0, 100)
    assert [(person.name, person.ratings) for person in found.people] == [
        ("学员0", (2, 4)),
        ("学员1", (3, 5)),
    ]
    assert officer.get(at("results", after)).status_code == 200


def test_supervisors_stand_beside_the_trainees_themselves(officer, cohort, cast):
    survey = make_survey(cohort, "behaviour", asks_self=True)
    enrolment = make_enrolment(cohort, cast.trainee.person, "completed")
    make_response(make_invitation(survey, enrolment), scale=5)
    make_response(make_invitation(survey, enrolment, respondent=cast.supervisor, rater="supervisor"), scale=3)
    scale = results_of(survey, cast.administrator).questions[0]
    assert [group.tally.average for group in scale.groups] == [3, 5]
    assert "督导 · 1 份" in officer.get(at("results", survey)).content.decode()


def test_shares_of_answers_are_rounded(cohort, cast):
    survey = make_survey(cohort)
    answer_all(survey, 1, scale=2)
    answer_all(survey, 2, scale=5)
    scale = results_of(survey, cast.administrator).questions[0]
    assert sorted(note for _label, count, note in scale.bars if count) == ["33%", "67%"]


def test_earlier_cohorts_of_the_course_are_compared(officer, cohort, cast):
    early = make_cohort(
        cohort.organisation, cohort.version, starts_on=timezone.localdate() - datetime.timedelta(days=200)
    )
    survey = make_survey(cohort)
    former = make_survey(early, version=survey.version)
    hidden = make_survey(early, version=survey.version, is_anonymous=True, after_days=1)
    answer_all(survey, 2, scale=5)
    answer_all(former, 3, scale=2)
    answer_all(hidden, 4, scale=1)
    scale = results_of(survey, cast.administrator).questions[0]
    assert [(each.n, each.average) for each in scale.former] == [(3, 2)]


def test_results_cost_the_same_for_two_answers_and_for_many(cohort, cast, django_assert_num_queries):
    survey = make_survey(cohort)
    answer_all(survey, 2)
    cast.administrator._scope = None
    with django_assert_num_queries(4):
        results_of(survey, cast.administrator)
    answer_all(survey, 40)
    cast.administrator._scope = None
    with django_assert_num_queries(4):
        assert results_of(survey, cast.administrator).answered == 42


def test_somebody_in_scope_is_named_where_nobody_can_be_asked(officer, cohort, cast):
    survey = make_survey(cohort, "behaviour")
    row = make_enrolment(cohort, cast.trainee.person, "completed")
    lost = make_invitation(survey, row, respondent=None, rater="supervisor", told_on=None)
    assert officer.get(at("raters", survey)).status_code == 200
    address = reverse("cohort-surveys:name-rater", args=[lost.pk])
    offered = set(officer.get(address).context["form"].fields["respondent"].queryset)
    assert cast.supervisor in offered and not offered & {cast.outsider, cast.city_administrator, cast.trainee}
    assert officer.post(address, {"respondent": cast.outsider.pk}).status_code == 200
    assert officer.post(address, {"respondent": cast.supervisor.pk}).status_code == 302
    assert SurveyInvitation.objects.get().respondent == cast.supervisor
    assert officer.post(address, {"respondent": cast.instructor.pk}).status_code == 404


def test_the_pages_of_a_survey_name_it_in_the_readers_language(officer, cohort):
    cohort.title_en = "Autumn cohort"
    cohort.save()
    survey = make_survey(cohort)
    for page in (at("results", survey), at("stop", survey)):
        shown = officer.get(page, headers={"accept-language": "en"}).content.decode()
        assert "Autumn cohort" in shown
    assert (
        "Feedback" in officer.get(at("results", survey), headers={"accept-language": "en"}).content.decode()
    )


def test_a_survey_is_stopped_with_a_reason(officer, cohort):
    survey = make_survey(cohort)
    assert officer.post(at("stop", survey), {"reason": ""}).status_code == 200
    assert officer.post(at("stop", survey), {"reason": "题目有误"}).status_code == 302
    survey.refresh_from_db()
    assert survey.stopped_at is not None
    assert officer.get(at("results", survey)).status_code == 200


@pytest.mark.parametrize("name", ["results", "download", "stop", "raters"])
def test_the_surveys_of_another_district_are_not_there(client, cast, cohort, name):
    survey = make_survey(cohort)
    client.force_login(cast.outsider)
    assert client.get(at(name, survey)).status_code == 404
    assert client.get(reverse("cohort-surveys:cohort", args=[cohort.pk])).status_code == 404


def test_an_auditor_reads_and_changes_nothing(client, cast, cohort):
    survey = make_survey(cohort)
    answer_all(survey, 1)
    client.force_login(cast.auditor)
    assert client.get(at("results", survey)).status_code == 200
    assert client.post(at("stop", survey), {"reason": "x"}).status_code == 404
    assert client.get(reverse("cohort-surveys:choose", args=[cohort.pk])).status_code == 404


@pytest.mark.parametrize("asks", [True, False])
def test_where_the_course_asks_for_no_surveys_the_form_says_so_instead_of_offering_it(officer, tree, asks):
    version = make_version(rule={"lessons": True, "surveys": asks})
    cohort = make_cohort(tree["district"], version, starts_on=timezone.localdate())
    address = reverse("cohort-surveys:assign", args=[cohort.pk, make_design(tree["district"]).pk])
    page = officer.get(address)
    assert ("is_required" in page.context["form"].fields) is asks
    assert ("结业条件不要求问卷" in page.text) is not asks


def test_every_average_has_one_decimal_and_a_share_its_per_cent(officer, cohort):
    questions = [ask("scale"), ask("one", correct=["one-a"])]
    before = make_survey(cohort, "learning", questions)
    after = make_survey(cohort, "learning", version=before.version, before=before, opens_from="end")
    for first, second, right in [(1, 5, "one-a"), (1, 5, "one-b"), (2, 4, "one-b")]:
        enrolment, pair = make_enrolment(cohort, make_user().person), uuid.uuid4()
        make_response(make_invitation(before, enrolment, pair=pair), scale=first, one=right)
        make_response(make_invitation(after, enrolment, pair=pair), scale=second, one="one-a")
    page = officer.get(at("results", after)).content.decode()
    assert "平均 4.7" in page and "平均 100.0%" in page
    assert "+66.7个百分点" in page and "+3.3" in page
    assert ">1.3<" in page and ">4.7<" in page and ">33.3%<" in page and ">100.0%<" in page
    assert "4.67" not in page and "33.33%" not in page


def test_a_survey_that_nobody_is_asked_yet_says_when_the_first_answers_fall_due(officer, cohort, cast):
    survey = make_survey(cohort, "behaviour", opens_from="completion", after_days=100, lasts_days=40)
    page = officer.get(at("results", survey)).content.decode()
    assert "结业后第100天至第139天" in page
    assert "结业100天后开始填写" in page and "0 / 0" not in page and "还没有人填写" not in page
    done = timezone.now() - datetime.timedelta(days=30)
    make_enrolment(cohort, cast.trainee.person, "completed", completed_at=done)
    due = timezone.localtime(done).date() + datetime.timedelta(days=100)
    assert results_of(survey, cast.administrator).due == due
    assert f"{due.month}月{due.day}日开始填写" in officer.get(at("results", survey)).content.decode()


def test_a_scale_says_what_its_ends_mean_in_the_readers_language(cohort):
    (question,) = shown(make_survey(cohort, questions=[ask("scale")]).version.asked, {})
    with translation.override("en"):
        assert question.ends == ("strongly disagree", "strongly agree")
    assert question.ends == ("完全不同意", "完全同意")
