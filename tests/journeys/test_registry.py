"""Becoming a supervisor in words of two, and finding one: an applicant on a phone is appointed at the desk and stands in
the registry; a trainee on a phone finds, asks and agrees, a supervisor answers at a desk."""

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
from supervision.models import (
    Agreement,
    AgreementTemplate,
    OwnTraining,
    Pairing,
    PairingRequest,
    Supervisor,
    SupervisorApplication,
)
from supervision.supervisors.actions import register_supervisor
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import hand_in, sign_in

PROOF = {"name": "结业证.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 proof"}


@pytest.fixture
def place(live_server: Any, cast: SimpleNamespace, tree: dict[str, Any]) -> Any:
    set_up_site()
    ServiceField.objects.create(code="grief", name="哀伤服务", name_en="Grief")
    cast.supervisor.roles.all().delete()  # not one yet
    return tree


def test_who_applies_on_a_phone_is_appointed_and_stands_in_the_registry(
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    place: Any,
    cast: SimpleNamespace,
) -> None:
    phone, desk = open_browser(**PHONE), open_browser(**DESKTOP)
    sign_in(phone, cast.supervisor, live_server.url)
    sign_in(desk, cast.administrator, live_server.url)
    train(phone, check_page)
    desk.goto(reverse("own_trainings:inspect", args=[OwnTraining.objects.get().pk]))
    with desk.expect_navigation():
        desk.locator("button[name=check]").click()
    apply(phone, check_page)
    appoint(desk)
    phone.goto(reverse("supervision:own-entry"))
    expect(phone.locator("main")).to_contain_text("市社会工作协会")
    check_page(phone)
    desk.goto(reverse("supervisors:index"))
    expect(desk.locator("main")).to_contain_text("欧阳若水")
    desk.goto(reverse("supervisors:load"))
    expect(desk.locator("main")).to_contain_text("欧阳若水")
    sign_in(phone, cast.trainee, live_server.url)
    phone.goto(reverse("supervision:supervisor-list"))
    expect(phone.locator("main .card", has_text="欧阳若水")).to_contain_text("粤语")
    check_page(phone)


def train(page: Page, check_page: Callable[..., None]) -> None:
    page.goto(reverse("supervision:application-own"))
    check_page(page)
    page.locator(f"main a[href='{reverse('supervision:training-list')}']").first.click()
    check_page(page)
    page.locator(f"main a[href='{reverse('supervision:training-add')}']").click()
    form = page.locator("main form.form")
    form.locator("[name=title]").fill("督导基础培训")
    form.locator("[name=provider]").fill("市社会工作协会")
    form.locator("[name=hours]").fill("16")
    form.locator("[name=evidence]").set_input_files(PROOF)
    check_page(page)
    hand_in(form)
    expect(page.locator("main")).to_contain_text("待核实")
    check_page(page)


def apply(page: Page, check_page: Callable[..., None]) -> None:
    page.goto(reverse("supervision:application-apply"))
    expect(page.locator("#beside")).to_contain_text("16")
    check_page(page)
    form = page.locator("main form.form")
    form.locator("[name=tier][value=junior]").check()
    form.locator("[name=basis]").fill("社会工作师，个案工作六年")
    form.locator("[name=statement]").fill("愿意带新入职的社工。")
    form.locator("[name=languages]").fill("普通话,粤语")
    form.locator("[name=fields_known]").first.check()
    form.locator("[name=document_1]").set_input_files(PROOF)
    hand_in(form)
    expect(page.locator("#applications")).to_contain_text("初级督导")
    check_page(page)


def appoint(page: Page) -> None:
    application = SupervisorApplication.objects.get()
    page.goto(reverse("appointments:index"))
    page.locator(f"a[href='{reverse('appointments:inspect', args=[application.pk])}']").first.click()
    expect(page.locator("main")).to_contain_text("督导基础培训")
    page.fill("[name=issuer]", "市社会工作协会")
    with page.expect_navigation():
        page.locator("button[name=appoint]").click()
    assert Supervisor.objects.get().designations.count() == 1


def test_a_trainee_finds_and_asks_on_a_phone_and_both_agree(
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    place: Any,
    cast: SimpleNamespace,
) -> None:
    supervisor = register_supervisor(
        person=cast.supervisor.person, code="TJ001", organisation=place["agency"], actor=None
    )
    Supervisor.objects.filter(pk=supervisor.pk).update(languages="普通话、手语", populations="残疾人")
    AgreementTemplate.objects.create(
        organisation=place["district"],
        title="督导协议",
        starts_on=timezone.localdate() - datetime.timedelta(days=9),
        sections={"purpose": "支持被督导者成长。"},
    )
    person = cast.trainee.person
    person.languages = "手语"
    person.save()
    phone, desk = open_browser(**PHONE), open_browser(**DESKTOP)
    sign_in(phone, cast.trainee, live_server.url)
    sign_in(desk, cast.supervisor, live_server.url)
    ask(phone, check_page)
    request = PairingRequest.objects.get()
    desk.goto(request.get_absolute_url())
    expect(desk.locator("main")).to_contain_text("手语")
    check_page(desk)
    hand_in(desk.locator("form[action$='/accept/']"))
    pairing = Pairing.objects.get()
    agree(phone, desk, check_page, pairing)


def ask(page: Page, check_page: Callable[..., None]) -> None:
    page.goto(reverse("supervision:supervisor-list"))
    page.locator(".chips a", has_text="我的语言").click()
    expect(page.locator(".chips a[aria-current]")).to_have_count(1)
    page.locator("details.session-fold > summary").click()
    page.locator("details.session-fold > summary").click()
    check_page(page)
    page.locator("main .card a", has_text="欧阳若水").click()
    expect(page.locator("main")).to_contain_text("残疾人")
    page.fill("[name=goal]", "独立完成一个个案。")
    check_page(page)
    hand_in(page.locator("#ask form"))
    check_page(page)


def agree(phone: Page, desk: Page, check_page: Callable[..., None], pairing: Any) -> None:
    desk.goto(reverse("supervision:agreement-draft", args=[pairing.pk]))
    desk.fill("[name=goals]", "三个月内独立完成预估。")
    check_page(desk)
    hand_in(desk.locator("main form.form").first)
    agreement = Agreement.objects.get()
    desk.goto(agreement.get_absolute_url())
    hand_in(desk.locator("form[action$='/propose/']"))
    phone.goto(pairing.get_absolute_url())
    phone.locator(f"main a[href='{agreement.get_absolute_url()}']").first.click()
    check_page(phone)
    hand_in(phone.locator("form[action$='/accept/']"))
    check_page(phone)
    agreement.refresh_from_db()
    assert agreement.state == "accepted"
