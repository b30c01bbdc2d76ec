"""An award round in the browser: a colleague nominates, the nominee accepts, the panel judges with one of it in conflict, the
winner stands in a public notice and then on the honour roll."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.public import set_up_site
from credentials.awards.actions import add_member
from credentials.models import AwardRound, AwardVote, Commendation, PublicNotice
from credentials.public_notices.actions import close_due_notices
from tests.factories import make_award_round, make_nomination, make_user
from tests.journeys.conftest import PHONE
from tests.journeys.steps import sign_in

DEEDS = "扎根社区六年，为四十多户独居老人建立探访台账。"


@pytest.fixture
def award(tree: dict[str, Any], cast: SimpleNamespace) -> AwardRound:
    set_up_site()
    return make_award_round(tree["city"], cast.city_administrator, winners=1, title="最美社工")


def test_from_a_nomination_to_the_honour_roll(
    award: AwardRound,
    desktop: Page,
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    cast: SimpleNamespace,
    tree: dict[str, Any],
) -> None:
    expert, colleague = make_user("尉迟明", tree["agency"]), make_user("公冶长", tree["station"])
    phone = open_browser(**PHONE)
    sign_in(phone, cast.trainee, live_server.url)
    phone.goto(reverse("credentials:award-list"))
    check_page(phone)
    phone.get_by_role("link", name="最美社工").first.click()
    check_page(phone)
    phone.get_by_role("link", name="推荐", exact=True).click()
    phone.get_by_label("同事推荐").check()
    phone.select_option("select[name=person]", str(cast.other_trainee.person.pk))
    phone.fill("[name=deeds]", DEEDS)
    check_page(phone)
    phone.get_by_role("button", name="推荐", exact=True).click()
    expect(phone.get_by_text("已推荐，待本人接受后生效")).to_be_visible()

    theirs = open_browser(**PHONE)
    sign_in(theirs, cast.other_trainee, live_server.url)
    theirs.goto(reverse("credentials:award-list"))
    theirs.get_by_role("link", name="你被推荐参加").click()
    check_page(theirs)
    theirs.get_by_role("button", name="接受推荐").click()
    expect(theirs.get_by_text("你已参加评选")).to_be_visible()

    page = desktop
    sign_in(page, cast.city_administrator, live_server.url)
    desk = reverse("award-rounds:inspect", args=[award.pk])
    page.goto(desk)
    page.get_by_role("button", name="结束推荐").click()
    page.locator("input[name=chosen]").check()
    check_page(page)
    page.get_by_role("button", name="保存入围名单").click()
    for user in (expert, colleague):
        add_member(round=award, user=user, actor=cast.city_administrator)
    page.get_by_role("button", name="开始评分").click()

    for user in (expert, colleague):
        judge = open_browser(**PHONE)
        sign_in(judge, user, live_server.url)
        judge.goto(reverse("credentials:award-panel", args=[award.pk]))
        expect(judge.get_by_text(DEEDS)).to_have_count(0)
        check_page(judge)
        judge.get_by_role("button", name="提交声明并继续").click()
        if user == colleague:
            expect(judge.get_by_role("link", name="周一鸣")).to_have_count(0)
            expect(judge.get_by_text("利益冲突", exact=True).first).to_be_visible()
            continue
        judge.get_by_role("link", name="周一鸣").click()
        expect(judge.get_by_text(DEEDS)).to_be_visible()
        check_page(judge)
        for field in judge.locator("input[type=number]").all():
            field.fill("92")
        judge.get_by_role("button", name="保存评分").click()
        expect(judge.get_by_text("你已完成全部评分")).to_be_visible()

    page.goto(desk)
    page.get_by_role("button", name="确定结果并发布公示").click()
    check_page(page)
    visitor = open_browser(**PHONE)
    visitor.goto("/")
    visitor.locator("footer").get_by_role("link", name="公示", exact=True).click()
    check_page(visitor)
    visitor.get_by_role("link", name="拟表彰名单公示").click()
    expect(visitor.get_by_text("周一鸣").first).to_be_visible()
    check_page(visitor)
    visitor.goto("/rongyubang/")
    expect(visitor.get_by_text("暂无获表彰人员")).to_be_visible()

    last = timezone.localdate() - timedelta(days=1)
    PublicNotice.objects.update(starts_on=last - timedelta(days=9), ends_on=last)
    assert close_due_notices() == 1
    assert Commendation.objects.get().person == cast.other_trainee.person
    visitor.reload()
    expect(visitor.get_by_text("周一鸣")).to_be_visible()
    check_page(visitor)


def test_a_trainee_votes_on_a_phone_once(
    award: AwardRound,
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    cast: SimpleNamespace,
) -> None:
    today = timezone.localdate()
    days = {"nominate_until": today - timedelta(days=4), "vote_from": today - timedelta(days=1)}
    AwardRound.objects.filter(pk=award.pk).update(
        **days, nominate_from=today - timedelta(days=9), vote_until=today, vote_share=30, state="voting"
    )
    first, second = (
        make_nomination(award, user.person, state="shortlisted")
        for user in (cast.outside_trainee, cast.other_trainee)
    )
    voter = cast.trainee.person
    voter.set_id_number("resident_id", "421002199003070012")  # one vote each: a person's, not an account's
    voter.save()
    phone = open_browser(**PHONE)
    sign_in(phone, cast.trainee, live_server.url)
    phone.goto(reverse("credentials:award-list"))
    check_page(phone)
    phone.locator("#waiting").get_by_role("link", name="最美社工").click()
    check_page(phone)
    phone.get_by_role("link", name=f"投票 · {second.person.name}").click()
    asks = phone.locator(f"#vote-{second.pk}")
    expect(asks).to_contain_text(f"投给{second.person.name}吗？")
    assert not AwardVote.objects.exists()
    check_page(phone)
    asks.get_by_role("button", name="投票").click()
    expect(phone.get_by_text("你已投票")).to_be_visible()
    expect(phone.get_by_role("button", name="投票")).to_have_count(0)
    check_page(phone)
    vote = AwardVote.objects.get()
    assert (vote.voter, vote.nomination) == (cast.trainee, second)
    phone.goto(reverse("credentials:award-list"))
    expect(phone.locator("#waiting")).to_have_count(0)
    assert first.votes.count() == 0
