"""The pages of the pair: answering, reading what is for one, growth drawn."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice, User
from supervision.evaluations import actions
from supervision.models import (
    Evaluation,
    EvaluationAnswer,
)
from tests.factories import (
    make_evaluation,
    make_evaluation_template,
    make_pairing,
    make_user,
)
from tests.supervision.evaluations.said import MARKER, said


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
        texts = cursor.fetchall()
    assert texts and all(MARKER not in str(text) for (text,) in texts)


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
