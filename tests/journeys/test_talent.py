"""The talent pool is searched and taken out, a plan cascades and rolls up, and a trainee looks at their own record."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page, expect

from cms.public import set_up_site
from core.models import AuditEntry
from credentials.hours.actions import credit_course
from credentials.models import TalentPlan, TalentProfile
from credentials.talent.actions import reconcile
from lms.public import completion_told
from tests.factories import make_certificate, make_listed, make_period, make_plan_of
from tests.journeys.steps import sign_in


def prove(cast: SimpleNamespace, tree: dict[str, Any]) -> None:
    """The trainee has a certificate, hours and a level."""
    set_up_site()
    held = make_certificate(cast.trainee.person, tree["district"])
    credit_course(event=completion_told(held.enrolment_id))
    make_period(cast.trainee.person, "social_worker")
    reconcile()


def test_found_in_chinese_and_by_pinyin_narrowed_and_taken_out_for_a_purpose(
    desktop: Page,
    check_page: Callable[..., None],
    live_server: Any,
    cast: SimpleNamespace,
    tree: dict[str, Any],
) -> None:
    prove(cast, tree)
    make_listed(cast.trainee.person, cast.other_trainee.person, cast.outside_trainee.person)
    page = desktop
    sign_in(page, cast.city_administrator, live_server.url)
    page.goto(reverse("talent:index"))
    expect(page.locator(".talent__found tbody tr")).to_have_count(4)  # and the one of the very employer
    check_page(page)
    for words in ("小荷", "linxiaohe"):
        page.locator("form.talent__search [name=q]").fill(words)
        page.locator("form.talent__search button[type=submit]").click()
        page.wait_for_url("**q=**")
        expect(page.locator(".talent__found tbody tr")).to_have_count(1)
        expect(page.locator(".talent__found tbody")).to_contain_text("林小荷")
    page.goto(reverse("talent:index"))
    level = TalentProfile.objects.get(person=cast.trainee.person).level
    assert level is not None
    page.locator(f".talent__facets a[href*='level={level.pk}']").click()
    expect(page.locator(".talent__found tbody tr")).to_have_count(1)
    check_page(page)
    page.fill("[name=purpose]", "推荐参加市级示范项目评审")
    with page.expect_download() as waiting:
        page.locator("form[action$='take-out/'] button").click()
    assert waiting.value.suggested_filename.endswith(".xlsx")
    assert AuditEntry.objects.get(action="credentials.take_out_pool").data["after"]["rows"] == 1
    page.locator(".talent__found tbody a").first.click()
    expect(page.locator(".timeline__item")).to_have_count(3)
    check_page(page)


def test_on_a_phone_the_people_come_first_and_the_facets_open_by_a_link(
    phone: Page,
    check_page: Callable[..., None],
    live_server: Any,
    cast: SimpleNamespace,
    tree: dict[str, Any],
) -> None:
    prove(cast, tree)
    make_listed(cast.trainee.person)
    page = phone
    sign_in(page, cast.city_administrator, live_server.url)
    page.goto(reverse("talent:index"))
    expect(page.locator(".talent__facets")).to_be_hidden()
    page.locator(".talent__narrow a").click()
    expect(page.locator(".talent__facets")).to_be_visible()
    check_page(page)
    page.locator(".talent__facets a[href*='part=']").first.click()
    expect(page.locator(".talent__facets")).to_be_hidden()
    expect(page.locator(".talent__chosen a")).to_have_count(1)
    check_page(page)
    page.goto(reverse("talent:person", args=[cast.trainee.person.pk]))
    expect(page.locator(".talent__facts")).to_contain_text("新街社工站")
    check_page(page)


def test_a_plan_is_passed_on_and_rolls_up(
    desktop: Page,
    check_page: Callable[..., None],
    live_server: Any,
    cast: SimpleNamespace,
    tree: dict[str, Any],
) -> None:
    prove(cast, tree)
    plan = make_plan_of(tree["city"], cast.city_administrator, trained=5, qualified=2)
    page = desktop
    sign_in(page, cast.city_administrator, live_server.url)
    page.goto(reverse("plans:inspect", args=[plan.pk]))
    check_page(page)
    page.locator(f"a[href='{reverse('plans:divide', args=[plan.targets.get(kind='trained').pk])}']").click()
    page.fill(f"[name=to_{tree['district'].pk}]", "4")
    page.fill(f"[name=to_{tree['other_district'].pk}]", "2")
    page.locator("main form button[type=submit], .content form button[type=submit]").last.click()
    expect(page.get_by_text("超出目标 1").first).to_be_visible()
    check_page(page)
    page.goto(reverse("plans:inspect", args=[plan.pk]))
    page.locator("button[name=start]").click()
    expect(page.locator(".bars").first).to_be_visible()
    page.goto(reverse("plans:index"))
    expect(page.locator("table.listing tbody tr")).to_have_count(3)
    expect(page.locator("table.listing tbody tr").first).to_contain_text("1 / 5")
    check_page(page)
    assert TalentPlan.objects.get(pk=plan.pk).state == "in_force"


def test_a_trainee_looks_at_the_own_record_agrees_and_takes_the_cv(
    phone: Page,
    check_page: Callable[..., None],
    live_server: Any,
    cast: SimpleNamespace,
    tree: dict[str, Any],
) -> None:
    prove(cast, tree)
    page = phone
    sign_in(page, cast.trainee, live_server.url)
    page.goto(reverse("credentials:record"))
    expect(page.locator(".timeline__item")).to_have_count(3)
    check_page(page)
    page.locator("#listing button[name=agree], button[name=agree]").first.click()
    expect(page.locator("button[name=leave]")).to_be_visible()
    assert TalentProfile.objects.get(person=cast.trainee.person).is_listed
    answer = page.request.get(reverse("credentials:record-cv"))
    assert answer.body().startswith(b"%PDF")
    page.locator("button[name=leave]").click()
    expect(page.locator("button[name=agree]")).to_be_visible()
