"""A pair sets learning goals by competency and says how far they are; nobody else reads them."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from core.models import AuditEntry, Notice
from core.states import IllegalMove
from supervision.goals import actions
from supervision.models import Competency, GoalNote, LearningGoal
from supervision.pairings.actions import NotPossible, end_pairing
from tests.factories import make_goal

MARKER = "金丝雀学习canary5523"


@pytest.fixture
def competency(db):
    return Competency.objects.create(name="危机介入")


def test_either_side_sets_a_goal_and_the_other_is_told(pair, cast, competency):
    actions.set_goal(pairing=pair.pairing, actor=cast.trainee, competency=competency, text=MARKER)
    actions.set_goal(pairing=pair.pairing, actor=cast.supervisor, competency=competency, text="写计划")
    for _second_click in range(2):
        actions.set_goal(pairing=pair.pairing, actor=cast.supervisor, competency=competency, text="写计划 ")
    assert pair.pairing.goals.count() == 2
    assert list(Notice.objects.order_by("pk").values_list("user", flat=True)) == [
        cast.supervisor.pk,
        cast.trainee.pk,
    ]
    with pytest.raises(NotPossible):
        actions.set_goal(pairing=pair.pairing, actor=cast.administrator, competency=competency, text="x")


def test_progress_is_noted_with_a_sentence_by_either_side(pair, cast):
    goal = make_goal(pair.pairing)
    for _second_click in range(2):
        actions.note_progress(goal=goal, actor=cast.trainee, state="under_way", text="试了两次")
    assert (goal.notes.count(), Notice.objects.count()) == (1, 1)
    with pytest.raises(NotPossible):  # nothing new
        actions.note_progress(goal=goal, actor=cast.supervisor, state="under_way")
    actions.note_progress(goal=goal, actor=cast.supervisor, state="reached")
    with pytest.raises(IllegalMove):
        actions.note_progress(goal=goal, actor=cast.supervisor, state="not_begun")
    assert list(goal.notes.values_list("state", flat=True)) == ["reached", "under_way"]


def test_the_goals_of_an_ended_pairing_stay_as_they_are(pair, cast):
    goal = make_goal(pair.pairing)
    end_pairing(pairing=pair.pairing, actor=cast.administrator, reason="换岗")
    with pytest.raises(NotPossible):
        actions.note_progress(goal=goal, actor=cast.trainee, state="reached")


def test_the_pages_go_the_whole_way(client, pair, cast, competency):
    client.force_login(cast.trainee)
    add = reverse("supervision:goal-set", args=[pair.pairing.pk])
    assert client.get(add).status_code == 200
    assert client.post(add, {"competency": "9" * 40, "text": "x\x00"}).status_code == 200
    client.post(add, {"competency": competency.pk, "text": MARKER})
    goal = LearningGoal.objects.get()
    page = reverse("supervision:goal-detail", args=[goal.pk])
    assert client.post(page, {"state": "nonsense"}).status_code == 200
    client.post(page, {"state": "reached", "text": "独立做完"})
    assert "独立做完" in client.get(page).content.decode()
    shown = client.get(pair.pairing.get_absolute_url()).content.decode()
    assert MARKER in shown and re.search(r"1 / 1\D", shown)
    for other in (cast.administrator, cast.outside_trainee):
        client.force_login(other)
        assert client.get(page).status_code == 404
        assert client.get(add).status_code == 404


def test_the_page_of_a_pair_asks_the_same_number_of_questions(
    client, pair, cast, django_assert_max_num_queries
):
    client.force_login(cast.supervisor)
    make_goal(pair.pairing)
    client.get(pair.pairing.get_absolute_url())
    counts = []
    for more in (0, 5):
        for _each in range(more):
            make_goal(pair.pairing)
        with django_assert_max_num_queries(30) as asked:
            client.get(pair.pairing.get_absolute_url())
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_a_goal_says_is_nowhere_but_with_the_pair(client, pair, cast, competency):
    goal = actions.set_goal(pairing=pair.pairing, actor=cast.trainee, competency=competency, text=MARKER)
    actions.note_progress(goal=goal, actor=cast.trainee, state="under_way", text=MARKER)
    for reader in ("administrator", "city_administrator", "auditor"):
        client.force_login(getattr(cast, reader))
        for address in (
            pair.pairing.get_absolute_url(),
            reverse("pairings:detail", args=[pair.pairing.pk]),
            reverse("pairings:index"),
            reverse("audit:index"),
        ):
            assert MARKER not in client.get(address).content.decode(), address
    told = [
        *AuditEntry.objects.values_list("data", flat=True),
        *Notice.objects.values_list("values", flat=True),
    ]
    assert MARKER not in str(told)
    with connection.cursor() as cursor:  # sealed at rest
        for table in (LearningGoal._meta.db_table, GoalNote._meta.db_table):
            cursor.execute(f"SELECT * FROM {table}")
            assert MARKER not in str(cursor.fetchall())


def test_who_leads_a_tree_keeps_the_list(client, cast):
    client.force_login(cast.administrator)
    assert client.get(reverse("competencies:index")).status_code in (302, 403, 404)
