"""The desk offers the next step of a round only when it can be done, and says otherwise what is missing."""

from __future__ import annotations

import re

from django.urls import reverse

from tests.credentials.awards.acts import MARKS, judge

STEP = "确定结果并发布公示"


def test_the_result_is_not_offered_before_the_panel_has_finished_and_the_page_says_who_is_missing(
    client, scoring, officer
):
    client.force_login(officer)
    address = reverse("award-rounds:inspect", args=[scoring.pk])

    before = client.get(address).content.decode()

    assert STEP not in before and re.search(r"还有 3 位评委", before)
    refused = client.post(reverse("award-rounds:step", args=[scoring.pk, "end-judging"]), follow=True)
    assert "还有 3 位评委" in refused.content.decode()
    judge(scoring, MARKS)
    after = client.get(address).content.decode()
    assert STEP in after and "还有" not in after
