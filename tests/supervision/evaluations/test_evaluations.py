"""Both of a pair are asked once at mid-term and once at the end; an answer stays theirs, and only averages are published."""

import json
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice, User
from core.states import Refused
from supervision.evaluations import actions
from supervision.evaluations.actions import Said
from supervision.evaluations.policy import last_closed
from supervision.evaluations.queries import evaluation_data_of, minimum_for, own_growth, rules_in_force
from supervision.models import (
    CountedAnswer,
    Evaluation,
    EvaluationAnswer,
    EvaluationResult,
    EvaluationTemplate,
    EvaluationWords,
)
from supervision.pairings.actions import NotPossible, end_pairing
from tests.factories import (
    make_agreement,
    make_evaluation,
    make_evaluation_template,
    make_pairing,
    make_session,
    make_supervisor,
    make_user,
)

MARKER = "金丝雀评语canary7719"


@pytest.fixture
def templates(tree):
    return {about: make_evaluation_template(tree["district"], about) for about in ("supervisor", "mentee")}


@pytest.fixture
def asked(pair, templates):
    """The pair has met, and their agreed review is today: both are asked."""
    make_session(pair.pairing, "confirmed")
    make_agreement(pair.pairing, "accepted", review_on=timezone.localdate())
    assert actions.open_evaluations() == 3
    return {row.direction: row for row in Evaluation.objects.all()}


def said(row, score=4, **more):
    return Said(scores=dict.fromkeys(row.template.questions, score), **more)


def test_both_are_asked_once_and_told_once(pair, asked, cast):
    assert set(asked) == {"supervisor", "mentee", "self"}
    assert {row.occasion for row in asked.values()} == {"mid"}
    assert (asked["self"].closes_on - asked["self"].opens_on).days == 13
    assert actions.open_evaluations() == 0
    told = Notice.objects.filter(kind="supervision.evaluation")
    assert sorted(told.values_list("user", flat=True)) == sorted([cast.trainee.pk, cast.supervisor.pk])


def test_a_pair_that_never_met_is_not_asked(pair, templates):
    make_agreement(pair.pairing, "accepted", review_on=timezone.localdate())
    assert actions.open_evaluations() == 0


def test_without_a_template_nobody_is_asked(pair):
    make_session(pair.pairing, "confirmed")
    make_agreement(pair.pairing, "accepted", review_on=timezone.localdate())
    assert actions.open_evaluations() == 0


def test_the_end_of_a_pairing_opens_the_last_one(pair, templates, cast):
    make_session(pair.pairing, "confirmed")
    end_pairing(pairing=pair.pairing, actor=cast.administrator, reason="目标达成")
    assert set(Evaluation.objects.values_list("occasion", "direction")) == {
        ("end", "supervisor"),
        ("end", "mentee"),
        ("end", "self"),
    }


def test_whoever_is_asked_at_the_end_is_not_asked_for_the_middle_as_well(pair, asked, cast):
    actions.answer_evaluation(evaluation=asked["mentee"], actor=cast.supervisor, said=said(asked["mentee"]))
    end_pairing(pairing=pair.pairing, actor=cast.administrator, reason="目标达成")
    states = Evaluation.objects.values_list("occasion", "direction", "state")
    assert {row for row in states if row[0] == "mid"} == {
        ("mid", "supervisor", "missed"),
        ("mid", "self", "missed"),
        ("mid", "mentee", "answered"),  # what was answered is kept
    }
    assert {row[2] for row in states if row[0] == "end"} == {"open"}


def test_an_answer_is_one_row_and_can_be_changed_until_the_last_day(asked, cast):
    row = asked["supervisor"]
    first = actions.answer_evaluation(evaluation=row, actor=cast.trainee, said=said(row, text=MARKER))
    again = actions.answer_evaluation(evaluation=row, actor=cast.trainee, said=said(row, 2))
    assert first.pk == again.pk and EvaluationAnswer.objects.get().scores["督导准时"] == 2
    assert AuditEntry.objects.filter(action="supervision.answer_evaluation").count() == 1
    noon = timezone.make_aware(datetime.combine(row.closes_on, time(23, 59)))
    with time_machine.travel(noon, tick=False):
        actions.answer_evaluation(evaluation=row, actor=cast.trainee, said=said(row, 3))
    with time_machine.travel(noon + timedelta(minutes=2), tick=False), pytest.raises(NotPossible):
        actions.answer_evaluation(evaluation=row, actor=cast.trainee, said=said(row, 5))


def test_after_the_window_the_database_locks_it(asked, cast):
    row = asked["self"]
    answer = actions.answer_evaluation(evaluation=row, actor=cast.trainee, said=said(row))
    late = timezone.make_aware(datetime.combine(row.closes_on + timedelta(days=1), time(0, 1)))
    with pytest.raises(DatabaseError), transaction.atomic():  # even before the clock has closed it
        EvaluationAnswer.objects.filter(pk=answer.pk).update(changed_at=late)
    with time_machine.travel(late, tick=False):
        assert actions.close_evaluations() == 3
    row.refresh_from_db()
    assert row.state == "locked"
    assert set(Evaluation.objects.exclude(pk=row.pk).values_list("state", flat=True)) == {"missed"}
    for act in (
        lambda: EvaluationAnswer.objects.filter(pk=answer.pk).update(scores={"督导准时": 1}),
        lambda: EvaluationAnswer.objects.filter(pk=answer.pk).delete(),
        lambda: Evaluation.objects.filter(pk=row.pk).update(state="open"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_only_who_is_asked_answers_and_every_question(asked, cast):
    row = asked["mentee"]
    with pytest.raises(NotPossible):
        actions.answer_evaluation(evaluation=row, actor=cast.trainee, said=said(row))
    for bad in (Said(scores={}), Said(scores=dict.fromkeys(row.template.questions, 6))):
        with pytest.raises(NotPossible):
            actions.answer_evaluation(evaluation=row, actor=cast.supervisor, said=bad)
    assert not EvaluationAnswer.objects.exists()


def test_whoever_is_late_is_reminded_once(asked, cast):
    row = asked["supervisor"]
    actions.answer_evaluation(evaluation=asked["mentee"], actor=cast.supervisor, said=said(asked["mentee"]))
    with time_machine.travel(timezone.now() + timedelta(days=11)):
        assert actions.remind_evaluations() == 1  # the mentee, once for both forms
        assert actions.remind_evaluations() == 0
    assert Notice.objects.filter(user=cast.trainee, title__contains="still missing").count() == 1
    assert row.closes_on


def test_the_assessment_is_told_to_the_mentee_and_drawn(asked, cast, service_fields):
    row = asked["mentee"]
    code = service_fields[0].code
    actions.answer_evaluation(
        evaluation=row, actor=cast.supervisor, said=said(row, fields={code: 3}, text="稳")
    )
    actions.answer_evaluation(
        evaluation=asked["self"], actor=cast.trainee, said=said(asked["self"], fields={code: 2})
    )
    assert Notice.objects.filter(user=cast.trainee, title__contains="assessed").count() == 1
    (line,) = own_growth(cast.trainee.person)
    assert (line.skill, line.latest, line.by_self[0][1]) == (service_fields[0].name, 3, 2)


@pytest.fixture
def service_fields(db):
    from core.models import ServiceField

    rows = list(ServiceField.objects.order_by("position")[:2])
    return rows or [ServiceField.objects.create(code="aged", name="老年人服务", name_en="Older people")]


def answered(supervisor, place, number, score=4, **more):
    """So many mentees who answered in the half-year that is over, and whose answers are closed."""
    _first, last = last_closed(timezone.localdate())
    template = make_evaluation_template(place)
    days = {"opens_on": last - timedelta(days=20), "closes_on": last - timedelta(days=7)}
    rows = []
    for _ in range(number):
        pairing = make_pairing(supervisor, make_user("林一", place).person)
        scores = dict.fromkeys(template.questions, score)
        rows.append(
            make_evaluation(pairing, "supervisor", "locked", template, **days | {"scores": scores} | more)
        )
    return rows


def test_four_people_are_too_few_and_five_are_published_once(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=20)
    answered(supervisor, tree["station"], 4)
    assert actions.publish_evaluations() == 0
    answered(supervisor, tree["station"], 1)
    assert actions.publish_evaluations() == 1
    assert actions.publish_evaluations() == 0
    result = EvaluationResult.objects.get()
    assert (result.people, [row[2] for row in result.rows]) == (5, ["≥4.0", "≥4.0"])
    assert CountedAnswer.objects.filter(result=result).count() == 5
    assert Notice.objects.filter(user=cast.supervisor, kind="supervision.evaluation").count() == 1


def test_what_is_published_is_never_published_again_nor_changed(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=40)
    answered(supervisor, tree["station"], 5)
    actions.publish_evaluations()
    answered(supervisor, tree["station"], 6)  # too late for this period: they count with the next
    assert actions.publish_evaluations() == 0
    with time_machine.travel(timezone.now() + timedelta(days=190)):
        assert actions.publish_evaluations() == 1
    counts = sorted(EvaluationResult.objects.values_list("people", flat=True))
    assert counts == [5, 6] and CountedAnswer.objects.count() == 11
    with pytest.raises(DatabaseError), transaction.atomic():
        EvaluationResult.objects.update(people=7)


def test_answers_of_the_running_half_year_wait(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=20)
    rows = [make_pairing(supervisor, make_user("林一", tree["station"]).person) for _ in range(6)]
    for pairing in rows:
        make_evaluation(pairing, "supervisor", "locked")
    assert actions.publish_evaluations() == 0


def test_a_local_rule_asks_for_more_and_the_nearest_one_holds(tree, cast):
    today = timezone.localdate()
    actions.set_publication_rule(
        organisation=tree["city"], minimum=9, starts_on=today, source="市", actor=cast.city_administrator
    )
    actions.set_publication_rule(
        organisation=tree["district"], minimum=6, starts_on=today, source="区", actor=cast.administrator
    )
    rules = rules_in_force(today)
    assert minimum_for(rules, tree["agency"].path) == 6
    assert minimum_for(rules, tree["other_station"].path) == 9
    with pytest.raises(Refused):
        actions.set_publication_rule(
            organisation=tree["city"], minimum=9, starts_on=today, source="市", actor=cast.city_administrator
        )
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=20)
    answered(supervisor, tree["station"], 5)
    assert actions.publish_evaluations() == 0


def test_words_are_passed_on_only_when_enough_agreed(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=20)
    answered(supervisor, tree["station"], 5, text=MARKER, may_share=True)
    answered(supervisor, tree["station"], 1, text="不给看")
    actions.publish_evaluations()
    words = EvaluationWords.objects.get()
    assert words.each == [MARKER] * 5
    assert set(EvaluationWords.objects.visible_to(cast.supervisor)) == {words}
    for user in (cast.administrator, cast.city_administrator, cast.auditor, cast.trainee):
        assert not EvaluationWords.objects.visible_to(user).exists()


def test_four_who_agree_are_too_few_for_words(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=20)
    answered(supervisor, tree["station"], 4, text=MARKER, may_share=True)
    answered(supervisor, tree["station"], 2, text="不给看")
    assert actions.publish_evaluations() == 1
    assert not EvaluationWords.objects.exists()


def test_a_template_that_was_used_stays_and_its_edit_is_the_next_version(cast, asked, templates):
    old = templates["supervisor"]
    edited = actions.save_evaluation_template(
        actor=cast.administrator,
        organisation=old.organisation,
        about=old.about,
        title="新",
        questions=["一个问题"],
        starts_on=old.starts_on,
        template=old,
    )
    old.refresh_from_db()
    assert (edited.version, edited.replaces, old.questions) == (2, old, ["督导准时", "督导有帮助"])
    with pytest.raises(Refused):
        actions.save_evaluation_template(
            actor=cast.administrator,
            organisation=old.organisation,
            about=old.about,
            title="又",
            questions=["一"],
            starts_on=old.starts_on,
            template=old,
        )


def test_ones_own_data_holds_what_one_wrote_and_what_was_said_about_one_as_mentee(asked, cast):
    for direction, author in (
        ("supervisor", cast.trainee),
        ("mentee", cast.supervisor),
        ("self", cast.trainee),
    ):
        row = asked[direction]
        actions.answer_evaluation(evaluation=row, actor=author, said=said(row, text=f"{MARKER}-{direction}"))
    texts = {row["text"] for row in evaluation_data_of(cast.trainee.person)}
    assert texts == {f"{MARKER}-{direction}" for direction in asked}
    assert [row["text"] for row in evaluation_data_of(cast.supervisor.person)] == [f"{MARKER}-mentee"]
    assert evaluation_data_of(cast.other_trainee.person) == []


# --- Pages ------------------------------------------------------------------------------------------------


def url(row):
    return reverse("supervision:evaluation-detail", args=[row.pk])


def filled(row, score=4, **more):
    return {f"q{number}": score for number, _words in enumerate(row.template.questions, 1)} | more


def test_the_mentee_answers_on_the_page_and_the_supervisor_never_reads_it(client, asked, cast):
    row = asked["supervisor"]
    client.force_login(cast.trainee)
    page = client.get(url(row))
    assert "管理员" in page.text
    assert client.post(url(row), filled(row, text=MARKER)).status_code == 302
    assert MARKER in client.get(url(row)).text
    client.force_login(cast.supervisor)
    assert client.get(url(row)).status_code == 404
    for address in ("evaluation-list", "home", "growth-own"):
        assert MARKER not in client.get(reverse(f"supervision:{address}")).text
    pairing = row.pairing
    assert url(row) not in client.get(pairing.get_absolute_url()).text


def test_nobody_else_finds_any_of_it_not_even_a_superuser(client, asked, cast):
    for direction, author in (
        ("supervisor", cast.trainee),
        ("mentee", cast.supervisor),
        ("self", cast.trainee),
    ):
        row = asked[direction]
        actions.answer_evaluation(evaluation=row, actor=author, said=said(row, text=MARKER))
    operator = User.objects.create_superuser("operator@example.com")
    for user in (cast.administrator, cast.city_administrator, cast.auditor, cast.other_trainee, operator):
        assert not EvaluationAnswer.objects.visible_to(user).exists()
        client.force_login(user)
        assert {client.get(url(row)).status_code for row in asked.values()} == {404}
        growth = reverse("supervision:growth-pairing", args=[asked["self"].pairing_id])
        assert client.get(growth).status_code == 404
    assert MARKER not in json.dumps(list(AuditEntry.objects.values("data", "label")), ensure_ascii=False)
    assert MARKER not in json.dumps(
        list(Notice.objects.values("title", "body", "values")), ensure_ascii=False
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM supervision_evaluationanswer")
        assert all(MARKER not in str(text) for (text,) in cursor.fetchall())


def test_the_assessment_is_read_by_the_mentee_and_the_self_assessment_by_the_supervisor(client, asked, cast):
    for direction, author, reader in (
        ("mentee", cast.supervisor, cast.trainee),
        ("self", cast.trainee, cast.supervisor),
    ):
        row = asked[direction]
        client.force_login(reader)
        assert client.get(url(row)).status_code == 404  # not before it is answered
        actions.answer_evaluation(evaluation=row, actor=author, said=said(row, text="写得清楚"))
        assert "写得清楚" in client.get(url(row)).text
        assert client.post(url(row), filled(row)).status_code == 404


@pytest.mark.parametrize("bad", [{}, {"q1": "9"}, {"q1": "\0"}, {"q1": "4", "text": "\0"}, {"q1": "4" * 500}])
def test_bad_input_is_told_at_the_field_and_keeps_what_was_chosen(client, asked, cast, bad):
    row = asked["supervisor"]
    client.force_login(cast.trainee)
    answer = client.post(url(row), filled(row) | {"q1": ""} | bad | {"q2": "5"})
    assert answer.status_code == 200
    assert not EvaluationAnswer.objects.exists()
    assert 'value="5"' in answer.text and "checked" in answer.text


def test_after_the_last_day_the_page_shows_what_was_answered(client, asked, cast):
    row = asked["self"]
    actions.answer_evaluation(evaluation=row, actor=cast.trainee, said=said(row, text="原话"))
    client.force_login(cast.trainee)
    Evaluation.objects.filter(pk=row.pk).update(closes_on=row.opens_on, state="locked")
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        client.force_login(cast.trainee)
        assert "原话" in client.get(url(row)).text
        assert client.post(url(row), filled(row, 1)).status_code == 200
    assert EvaluationAnswer.objects.get().scores["主动反思"] == 4


@pytest.mark.parametrize("number", [1, 12])
def test_the_list_costs_the_same_for_one_and_for_many(client, pair, tree, cast, number):
    template = make_evaluation_template(tree["district"], "mentee")
    type(pair.supervisor).objects.filter(pk=pair.supervisor.pk).update(capacity=30)
    for _ in range(number):
        pairing = make_pairing(pair.supervisor, make_user("林一", tree["station"]).person)
        make_evaluation(pairing, "mentee", "open", template)
        make_evaluation(pairing, "self", "answered", template)
    client.force_login(cast.supervisor)
    client.get(reverse("supervision:evaluation-list"))
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(reverse("supervision:evaluation-list")).status_code == 200
    assert len(seen) == 10, [each["sql"][:120] for each in seen]


def test_the_growth_page_draws_both_voices_with_the_table_behind(client, pair, cast, service_fields):
    code = service_fields[0].code
    for occasion, level in (("mid", 2), ("end", 4)):
        make_evaluation(pair.pairing, "mentee", "locked", occasion=occasion, fields={code: level})
    make_evaluation(pair.pairing, "self", "locked", fields={code: 3})
    for user, address in (
        (cast.trainee, reverse("supervision:growth-own")),
        (cast.supervisor, reverse("supervision:growth-pairing", args=[pair.pairing.pk])),
    ):
        client.force_login(user)
        page = client.get(address).text
        assert service_fields[0].name in page and "trace--second" in page and "<table>" in page


# --- The desk ---------------------------------------------------------------------------------------------


def template_data(tree, **more):
    return {
        "organisation": tree["district"].pk,
        "about": "mentee",
        "title": "评估表",
        "starts_on": "2026-01-01",
        "days_open": "14",
        "asked": "主动反思\n按约行动\n",
        "asks_fields": "on",
    } | more


def test_an_administrator_keeps_a_template(client, tree, cast):
    client.force_login(cast.administrator)
    assert client.post(reverse("evaluation_templates:add"), template_data(tree)).status_code == 302
    row = EvaluationTemplate.objects.get()
    assert (row.questions, row.asks_fields) == (["主动反思", "按约行动"], True)
    assert client.get(reverse("evaluation_templates:index")).status_code == 200
    edit = reverse("evaluation_templates:edit", args=[row.pk])
    assert client.get(edit).status_code == 200
    assert client.post(edit, template_data(tree, title="改")).status_code == 302
    row.refresh_from_db()
    assert row.title == "改"


@pytest.mark.parametrize(
    "bad", [{"asked": ""}, {"asked": "问\n" * 30 + "x" * 300}, {"days_open": "9" * 30}, {"title": "\0"}]
)
def test_a_template_with_faults_is_told_why(client, tree, cast, bad):
    client.force_login(cast.administrator)
    assert client.post(reverse("evaluation_templates:add"), template_data(tree, **bad)).status_code == 200
    assert not EvaluationTemplate.objects.exists()


def test_the_rule_of_publication_is_set_at_the_desk(client, tree, cast):
    client.force_login(cast.administrator)
    address = reverse("evaluation_templates:published")
    rule = {"organisation": tree["district"].pk, "minimum": "4", "starts_on": "2026-01-01", "source": "通知"}
    assert "5" in client.post(address, rule).text
    assert client.post(address, rule | {"minimum": "7"}).status_code == 302
    client.force_login(cast.auditor)
    assert client.get(address).status_code == 200
    assert client.post(address, rule).status_code == 404
    client.force_login(cast.trainee)
    assert client.get(address).status_code in (302, 403, 404)
