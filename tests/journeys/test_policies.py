"""A policy is written at the desk from a file with mistakes, mended, published and seen to lapse; and an administrator sees what
another amount and a longer window would cost, with nothing changed by looking."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.jobs.actions import run_job
from core.models import Organisation
from credentials.forecasts.policy import knobs_of
from credentials.models import Claim, Forecast, PaymentEntry, PolicyVersion, SubsidyPolicy
from credentials.policies.files import bundled, text_of
from tests.factories import ServiceFieldFactory, make_qualification
from tests.factories.policies import make_policy_of
from tests.factories.subsidies import give_region
from tests.journeys.steps import hand_in, sign_in
from tests.journeys.test_learn import WAGTAIL

JINGZHOU = bundled()["jingzhou-2022"]
ON = datetime.date(2025, 3, 1)


@pytest.fixture
def desk(desktop: Page, live_server: Any, cast: SimpleNamespace, tree: dict[str, Organisation]) -> Page:
    give_region(tree["city"], "421000")
    sign_in(desktop, cast.city_administrator, live_server.url)
    return desktop


def test_from_a_file_with_mistakes_to_a_version_and_to_its_end(
    desk: Page, check_page: Callable[..., None], tree: dict[str, Organisation], tmp_path: Path
) -> None:
    good = text_of(JINGZHOU)
    desk.goto(reverse("policies:index"))
    desk.locator(f"a[href='{reverse('policies:add')}']").first.click()
    desk.get_by_role("link", name="jingzhou-2022").click()  # the example brings its cases along
    desk.get_by_text("政策文件怎么写").click()
    expect(desk.get_by_text("近若干年内没有这几类不良记录")).to_be_visible()
    desk.select_option("[name=organisation]", f"{tree['city'].pk}")
    send(desk, tmp_path, good.replace("from: 2022-09-14", "from: soon").replace("days: 5", "days: five"))
    told = desk.locator("main")
    for words in ("第 14 行，字段“in_force.from”", "字段“notice.days”"):
        expect(told).to_contain_text(words)
    check_page(desk, exclude=WAGTAIL)
    assert "from: soon" in desk.locator("[name=text]").input_value()  # to be mended there
    assert not SubsidyPolicy.objects.exists()

    send(desk, tmp_path, good)
    expect(desk.locator("main")).to_contain_text("103 个用例")
    expect(desk.locator("main")).to_contain_text("尚未发布")
    check_page(desk, exclude=WAGTAIL)
    publish(desk)
    expect(desk.locator(".w-status--primary").first).to_have_text("已期满，是否延续待确认")

    row = SubsidyPolicy.objects.get()
    desk.locator(f"a[href='{reverse('policies:edit', args=[row.pk])}']").first.click()
    send(desk, tmp_path, good.replace("confirmed: no", "confirmed: yes"))
    expect(desk.locator(".w-status--primary").first).to_have_text(
        "已期满，是否延续待确认"
    )  # a draft decides nothing
    publish(desk)
    expect(desk.locator(".w-status--primary").first).to_have_text("已期满")
    first, second = PolicyVersion.objects.order_by("number")
    assert (first.text, second.number) == (good, 2)
    desk.goto(reverse("policies:version", args=[row.pk, 1]))
    check_page(desk, exclude=WAGTAIL)
    expect(desk.locator("main")).to_contain_text("激励五")


def test_what_another_amount_and_a_longer_window_would_cost(
    desk: Page, check_page: Callable[..., None], cast: SimpleNamespace, tree: dict[str, Organisation]
) -> None:
    row = make_policy_of(tree["city"], cast.city_administrator, text_of(JINGZHOU))
    field = ServiceFieldFactory()  # 社区建设
    held = ((cast.trainee, "assistant", "2025-02-05"), (cast.outside_trainee, "social_worker", "2024-01-22"))
    for user, level, issued in held:
        make_qualification(user.person, level, issued_on=datetime.date.fromisoformat(issued))
        user.person.fields.add(field)
    before = kept()

    desk.goto(reverse("policies:inspect", args=[row.pk]))
    desk.locator(f"a[href='{reverse('forecasts:ask', args=[row.pk])}']").click()
    check_page(desk, exclude=WAGTAIL)
    names = {knob.path: f"knob-{number}" for number, knob in enumerate(knobs_of(row.draft))}
    turns = {"benefits/certificate/amounts/assistant": "八百", "conditions/claimed_in_time/years": "2"}
    expect(desk.locator("[name=on]")).to_have_value(f"{timezone.localdate()}")
    desk.fill("[name=on]", f"{ON}")
    desk.select_option("[name=switch-stacking]", "one")
    for path, value in turns.items():
        desk.fill(f"[name={names[path]}]", value)
    hand_in(desk.locator("main form[method=post]"))
    expect(desk.locator("main")).to_contain_text("最多两位小数")
    expect(desk.locator(f"[name={names['conditions/claimed_in_time/years']}]")).to_have_value("2")
    desk.fill(f"[name={names['benefits/certificate/amounts/assistant']}]", "800")
    hand_in(desk.locator("main form[method=post]"))

    forecast = Forecast.objects.select_related("job").get()
    if not forecast.job.finished_at:
        run_job(forecast.job_id or 0)
    desk.goto(reverse("forecasts:inspect", args=[forecast.pk]))
    check_page(desk, exclude=WAGTAIL)
    tables = [table.inner_text() for table in desk.locator("main table.listing").all()]
    assert "同一年内能否领取两项以上激励" in tables[0] and "一年只发一项" in tables[0]
    assert "“考取”以哪一天为准" not in tables[0]  # what was left as it is, is not told as changed
    assert [tables[1].count(words) for words in ("¥500.00", "¥1,800.00", "¥1,300.00")] == [1, 1, 1]
    by_district = next(one for one in tables if "和平区指导中心" in one)
    assert "河东区指导中心" in by_district and "¥1,000.00" in by_district
    by_level = tables[-1]
    assert "助理社会工作师" in by_level and "社会工作师" in by_level and "¥800.00" in by_level
    assert kept() == before and SubsidyPolicy.objects.get().is_published()


def kept() -> list[Any]:
    """What looking must not change: the policy, its versions, claims and the ledger."""
    rows = SubsidyPolicy.objects.values_list("draft", "answers", "changed_at")
    return [list(rows), *(model.objects.count() for model in (PolicyVersion, Claim, PaymentEntry))]


def send(page: Page, folder: Path, text: str) -> None:
    file = folder / "政策.yaml"
    file.write_text(text, encoding="utf-8")
    page.set_input_files("[name=text_file]", file)
    hand_in(page.locator("main form[enctype]"))


def publish(page: Page) -> None:
    hand_in(page.locator("main form[action$='/publish/']"))
