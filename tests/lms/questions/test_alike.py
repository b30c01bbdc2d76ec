"""Questions that are alike are shown side by side; whoever keeps the bank says once whether both stay."""

import time
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.jobs.actions import run_job
from core.models import AuditEntry, Job
from lms.models import AlikePair, BankQuestion
from lms.questions import actions
from lms.questions.policy import Likeness, alike
from lms.questions.queries import open_pairs
from tests.factories import make_bank, make_bank_question
from tests.lms.questions.making import a_single

LONG = "社区社会工作者在入户走访时发现一位独居老人最近情绪低落，社会工作者首先应当做什么？"


@pytest.fixture
def bank(tree):
    return make_bank(tree["district"])


@pytest.fixture
def pair(bank, cast):
    """Two questions that are nearly the same, a third that is not, and the pair that a search finds."""
    make_bank_question(bank, prompt=LONG)
    make_bank_question(bank, prompt=LONG.replace("最近", "近来"))
    make_bank_question(bank, prompt="小组工作的成熟阶段有什么特征？")
    assert actions.find_alike(bank=bank, actor=cast.instructor) is None
    return AlikePair.objects.get()


def test_a_search_finds_what_is_nearly_the_same_and_finds_it_once(pair, bank, cast):
    assert pair.likeness == Likeness.NEAR and 80 <= pair.share < 100
    actions.find_alike(bank=bank, actor=cast.instructor)
    assert AlikePair.objects.get() == pair
    bank.refresh_from_db()
    assert bank.alike_at is not None


def test_what_somebody_keeps_is_not_shown_again_unless_it_becomes_alike_in_another_way(pair, bank, cast):
    assert actions.keep_both_questions(pair=pair, actor=cast.instructor)
    assert not actions.keep_both_questions(pair=pair, actor=cast.instructor)
    actions.find_alike(bank=bank, actor=cast.instructor)
    assert not open_pairs(bank).exists()
    assert AuditEntry.objects.filter(action="lms.keep_both_questions").count() == 1
    said = replace(a_single(LONG, "B"), choices=a_single().choices[:2])
    actions.correct_question(row=pair.second, question=said, actor=cast.instructor, reason="更正")
    actions.find_alike(bank=bank, actor=cast.instructor)
    assert open_pairs(bank).get().likeness == Likeness.OTHER_ANSWER


def test_a_retired_question_is_no_duplicate_and_what_differs_now_is_forgotten(pair, bank, cast):
    actions.retire_question(row=pair.second, actor=cast.instructor)
    assert not open_pairs(bank).exists()
    actions.find_alike(bank=bank, actor=cast.instructor)
    assert not AlikePair.objects.exists()


def test_the_desk_shows_both_sides_and_retires_one_or_keeps_both(client, cast, pair, bank):
    client.force_login(cast.instructor)
    page = client.get(reverse("questions:alike", args=[bank.pk]))
    html = page.content.decode()
    assert html.count('class="question-pair__one"') == 2 and "近来" in html
    address = reverse("questions:alike", args=[bank.pk])
    assert address in client.get(reverse("questions:bank", args=[bank.pk])).content.decode()
    answer = client.post(reverse("questions:retire", args=[pair.second_id]), {"back": "alike"})
    assert answer.url == address and BankQuestion.objects.get(pk=pair.second_id).state == "retired"
    assert "question-pair__one" not in client.get(address).content.decode()


def test_the_desk_keeps_both_and_searches_again(client, cast, pair, bank):
    client.force_login(cast.auditor)
    assert client.post(reverse("questions:keep-both", args=[pair.pk])).status_code == 404
    assert client.post(reverse("questions:find-alike", args=[bank.pk])).status_code == 404
    client.force_login(cast.instructor)
    client.post(reverse("questions:keep-both", args=[pair.pk]))
    client.post(reverse("questions:find-alike", args=[bank.pk]))
    pair.refresh_from_db()
    assert pair.kept_by == cast.instructor and not open_pairs(bank).exists()


def test_many_pairs_cost_no_statement_more(client, cast, pair, bank):
    client.force_login(cast.instructor)
    address = reverse("questions:alike", args=[bank.pk])
    client.get(address)

    def statements():
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    few = statements()
    for n in range(4):
        make_bank_question(bank, prompt=f"{LONG}({n})")
    actions.find_alike(bank=bank, actor=cast.instructor)
    assert open_pairs(bank).count() > 3 and statements() == few


def test_a_large_bank_is_searched_by_a_job_and_two_clicks_make_one(bank, cast, monkeypatch):
    monkeypatch.setattr(actions.duplicates, "AT_ONCE", 1)
    for prompt in (LONG, LONG.replace("最近", "近来")):
        make_bank_question(bank, prompt=prompt)
    job = actions.find_alike(bank=bank, actor=cast.instructor)
    assert actions.find_alike(bank=bank, actor=cast.instructor) == job
    assert not AlikePair.objects.exists()
    run_job(job.pk)
    assert Job.objects.get(pk=job.pk).state == "done" and AlikePair.objects.count() == 1


def test_ten_thousand_questions_of_one_pattern_are_compared_in_bounded_time():
    many = [a_single(f"第{n}题：{LONG}编号{n * 7919 % 10007}") for n in range(10_000)]
    begun = time.process_time()
    found = alike(many)
    assert time.process_time() - begun < 30 and len(found) > 1_000
