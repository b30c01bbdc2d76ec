"""An internship across four people: the bureau plans it, the student hands in the school's paper on a phone, the supervisor
signs, and a year of employment is proved in two papers."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.public import set_up_site
from core.models import Organisation, Region
from credentials.internships.policy import last_day
from credentials.models import EmploymentProof, Internship
from tests.factories import make_proof
from tests.journeys.conftest import DESKTOP
from tests.journeys.steps import hand_in, sign_in
from tests.journeys.test_learn import WAGTAIL

DAY = datetime.timedelta(days=1)


def test_planned_placed_signed_and_a_year_of_employment(
    phone: Page,
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    cast: SimpleNamespace,
    tree: dict[str, Organisation],
    tmp_path: Path,
) -> None:
    set_up_site()
    for code, name, level in (("421000", "荆州市", "city"), ("421002", "沙市区", "county")):
        Region.objects.get_or_create(code=code, defaults={"name": name, "level": level})
    Organisation.objects.filter(pk=tree["city"].pk).update(region_id="421000")
    paper = tmp_path / "证明.pdf"
    paper.write_bytes(make_proof().read())
    officer, supervisor = open_browser(**DESKTOP), open_browser(**DESKTOP)
    for page, user in (
        *((phone, cast.trainee), (officer, cast.city_administrator)),
        (supervisor, cast.supervisor),
    ):
        sign_in(page, user, live_server.url)
    row = plan(officer, cast, tree["city"])
    check_page(officer, exclude=WAGTAIL)
    mine = reverse("credentials:internship-list")
    phone.goto(mine)
    check_page(phone)
    phone.locator(f"main a[href='{reverse('credentials:internship-confirm', args=[row.pk])}']").click()
    phone.set_input_files("main [name=paper]", paper)
    check_page(phone)
    hand_in(phone.locator("main form.form"))
    decide(officer, row, "place", reverse("credentials:internship-paper", args=[row.pk]))
    supervisor.goto(reverse("dashboard"))
    supervisor.locator(f"main a[href='{reverse('credentials:internship-supervised')}']").first.click()
    check_page(supervisor)
    supervisor.locator("#due a").first.click()
    supervisor.fill("main [name=hours]", "320")
    supervisor.fill("main [name=words]", "按时到岗，能独立走访。")
    check_page(supervisor)
    hand_in(supervisor.locator("main form.form"))
    decide(officer, row, "end")
    first = row.ends_on + DAY
    prove(phone, row, first, last_day(first, 10), paper, check_page)
    verify(officer, 1, check_page)
    phone.goto(mine)
    expect(phone.locator("main")).to_contain_text("还差 2 个月")
    check_page(phone)
    prove(phone, row, first, last_day(first, 12), paper, check_page)
    verify(officer, 2, check_page)
    phone.goto(mine)
    expect(phone.locator("main")).to_contain_text("已证明就业满 12 个月")
    check_page(phone)


def plan(page: Page, cast: SimpleNamespace, bureau: Organisation) -> Internship:
    today = timezone.localdate()
    page.goto(reverse("people:detail", args=[cast.trainee.person.pk]))
    page.locator(f"a[href='{reverse('internships:add', args=[cast.trainee.person.pk])}']").click()
    for name, value in {
        "school": "示例师范学院",
        "major": "社会工作",
        "year_of_study": "4",
        "starts_on": str(today - 520 * DAY),
        "ends_on": str(today - 430 * DAY),
    }.items():
        page.fill(f"[name={name}]", value)
    for name in ("is_social_work", "is_full_time"):
        page.locator(f"[name={name}][value=yes]").check()
    for name, value in {
        "authority": bureau.pk,
        "station": cast.trainee.person.employer_id,
        "supervisor": cast.supervisor.person.pk,
    }.items():
        page.select_option(f"select[name={name}]", str(value))
    hand_in(page.locator("form:has([name=school])"))
    page.wait_for_url("**/internships/*/")
    return Internship.objects.get()


def decide(page: Page, row: Internship, verb: str, paper: str = "") -> None:
    page.goto(reverse("internships:index") + "?waiting=on")
    address = reverse("internships:inspect", args=[row.pk])
    page.locator(f"a[href='{address}']").first.click()
    if paper:
        page.request.get(paper)
        page.reload()
    page.locator(f"button[name={verb}]").click()
    page.wait_for_load_state()
    expect(page.locator(f"button[name={verb}]")).to_have_count(0)


def prove(
    page: Page,
    row: Internship,
    first: datetime.date,
    until: datetime.date,
    paper: Path,
    check_page: Callable[..., None],
) -> None:
    page.goto(reverse("credentials:internship-list"))
    page.locator(f"main a[href='{reverse('credentials:internship-employment', args=[row.pk])}']").click()
    page.fill("main [name=employer_name]", "示例社工服务中心")
    page.select_option("main select[name=region]", "421002")
    page.locator("main [name=is_in_field][value=yes]").check()
    page.fill("main [name=starts_on]", str(first))
    page.fill("main [name=until]", str(until))
    page.set_input_files("main [name=contract]", paper)
    check_page(page)
    hand_in(page.locator("main form.form"))


def verify(page: Page, number: int, check_page: Callable[..., None]) -> None:
    proof = EmploymentProof.objects.latest("pk")
    page.goto(reverse("internships:proof", args=[proof.pk]))
    page.request.get(reverse("credentials:employment-paper", args=[proof.pk, "contract"]))
    page.reload()
    check_page(page, exclude=WAGTAIL)
    page.locator("button[name=verify]").click()
    page.wait_for_url(f"**{reverse('internships:inspect', args=[proof.internship_id])}")
    check_page(page, exclude=WAGTAIL)
    assert EmploymentProof.objects.verified().count() == number
