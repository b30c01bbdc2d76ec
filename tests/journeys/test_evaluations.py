"""Mid-term, on a phone and on a desktop: both evaluate, growth is drawn, the desk prints the month."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.public import set_up_site
from core.models import ServiceField
from supervision.evaluations.actions import open_evaluations
from supervision.models import Evaluation, SupervisionReport
from tests.factories import (
    make_agreement,
    make_evaluation_template,
    make_pairing,
    make_session,
    make_supervisor,
)
from tests.journeys.steps import hand_in, sign_in

WORDS = "金丝雀评语canary3391"


@pytest.fixture
def asked(live_server: Any, cast: SimpleNamespace, tree: dict[str, Any]) -> dict[str, Evaluation]:
    set_up_site()
    ServiceField.objects.get_or_create(
        code="laonianren", defaults={"name": "老年人服务", "name_en": "Services for older people"}
    )
    for about in ("supervisor", "mentee"):
        make_evaluation_template(tree["district"], about)
    pairing = make_pairing(make_supervisor(cast.supervisor, tree["agency"]), cast.trainee.person)
    make_session(pairing, "confirmed", days_ago=(timezone.localdate() - last_month()).days, minutes=90)
    make_agreement(pairing, "accepted", review_on=timezone.localdate())
    open_evaluations()
    return {row.direction: row for row in Evaluation.objects.all()}


def last_month() -> datetime.date:
    return (timezone.localdate().replace(day=1) - datetime.timedelta(days=1)).replace(day=1)


def test_both_evaluate_growth_is_drawn_and_the_desk_prints_the_month(
    open_browser: Callable[..., Page],
    size: dict[str, Any],
    check_page: Callable[..., None],
    live_server: Any,
    asked: dict[str, Evaluation],
    cast: SimpleNamespace,
) -> None:
    mentee, supervisor, desk = open_browser(**size), open_browser(**size), open_browser(**size)
    for page, user in (
        (mentee, cast.trainee),
        (supervisor, cast.supervisor),
        (desk, cast.administrator),
    ):
        sign_in(page, user, live_server.url)
    answer(mentee, check_page, asked["supervisor"])
    answer(mentee, check_page, asked["self"])
    answer(supervisor, check_page, asked["mentee"])
    supervisor.goto(reverse("supervision:evaluation-list"))
    expect(supervisor.locator("main")).not_to_contain_text(WORDS)
    check_page(supervisor)
    for page, address in (
        (mentee, reverse("supervision:growth-own")),
        (supervisor, reverse("supervision:growth-pairing", args=[asked["self"].pairing_id])),
    ):
        page.goto(address)
        expect(page.locator("main svg.line-chart").first).to_be_attached()
        check_page(page)
    supervisor.goto(reverse("supervision:portfolio"))
    check_page(supervisor)
    print_month(desk)


def answer(page: Page, check_page: Callable[..., None], row: Evaluation) -> None:
    page.goto(reverse("supervision:home"))
    check_page(page)
    page.locator(f"main a[href='{row.get_absolute_url()}']").first.click()
    check_page(page)
    for number, _words in enumerate(row.template.questions, start=1):
        page.locator(f"[name=q{number}][value='4']").check()
    for select in page.locator("main select").all():
        select.select_option("3")
    page.fill("[name=text]", WORDS)
    hand_in(page.locator("main form").last)
    page.wait_for_url("**/supervision/evaluations/")
    row.refresh_from_db()
    assert row.state == "answered"


def print_month(page: Page) -> None:
    page.goto(reverse("supervision_reports:look"))
    page.select_option("select[name=organisation]", index=1)
    page.fill("[name=first_on]", f"{last_month():%Y-%m}")
    with page.expect_navigation():
        page.locator("form[method=get] button[type=submit]").last.click()
    page.fill("[name=reviewed_by]", "解安")
    with page.expect_navigation():
        page.locator("form[method=post][action$='/look/'] button[type=submit]").click()
    report = SupervisionReport.objects.get()
    assert report.facts["total"]["minutes"] == 90
    with page.expect_download() as download:
        page.locator(f"a[href='{reverse('supervision_reports:pdf', args=[report.pk])}']").click()
    assert download.value.suggested_filename.endswith(".pdf")
