"""The pages of an award round: a member's, the desk's and the panel's."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from credentials.awards.actions import nominate
from credentials.models import AwardRound, Nomination
from tests.credentials.awards.acts import DEEDS, facts
from tests.factories import (
    give_role,
    make_award_round,
    make_conduct,
    make_nomination,
    make_qualification,
    make_user,
)


def test_a_member_nominates_and_the_nominee_accepts_with_a_paper(client, tree, cast, officer):
    row = make_award_round(tree["city"], officer)
    client.force_login(cast.trainee)
    assert str(row) in client.get(reverse("credentials:award-list")).content.decode()
    page = client.get(row.get_absolute_url()).content.decode()
    assert "服务成效 60%" in page and "推荐" in page
    address = reverse("credentials:award-nominate", args=[row.pk])
    wrong = client.post(address, {"way": "peer", "deeds": DEEDS}).content.decode()
    assert DEEDS in wrong and not Nomination.objects.exists()
    client.post(address, {"way": "peer", "person": cast.other_trainee.person.pk, "deeds": DEEDS})
    made = Nomination.objects.get()
    assert (
        client.post(reverse("credentials:nomination-decide", args=[made.pk]), {"go": "accept"}).status_code
        == 404
    )
    client.force_login(cast.other_trainee)
    assert "你被推荐参加" in client.get(reverse("credentials:award-list")).content.decode()
    paper = SimpleUploadedFile("事迹.pdf", b"%PDF-1.4\nproof", content_type="application/pdf")
    client.post(made.get_absolute_url(), {"paper": paper})
    kept = made.papers.get()
    assert client.get(reverse("credentials:nomination-paper", args=[made.pk, kept.pk])).status_code == 200
    client.post(reverse("credentials:nomination-decide", args=[made.pk]), {"go": "accept"})
    made.refresh_from_db()
    assert made.state == "accepted" and made.accepted_at
    for stranger in (cast.supervisor, cast.outsider):
        client.force_login(stranger)
        assert client.get(made.get_absolute_url()).status_code == 404


def test_an_officer_runs_a_round_at_the_desk_and_the_panel_judges_on_the_site(
    client, tree, cast, officer, judges
):
    client.force_login(officer)
    today = timezone.localdate()
    said = {
        "organisation": tree["city"].pk, "title": "最美社工", "rank": "city", "year": today.year, "eligibility": "一线社工",
        "nominate_from": today, "nominate_until": today, "by_self": "on", "quota": 0, "shortlist_size": 5, "winners": 1,
        "vote_share": 0, "notice_days": 5, "notice_counts": "working", "vacant": "next", "contact": "0395-3123456",
    }  # fmt: skip
    for last in ("职业操守", f"职业操守 {'9' * 5000}"):
        page = client.post(reverse("award-rounds:add"), said | {"indicators": f"服务成效 60\n{last}"})
        assert "职业操守" in page.content.decode() and not AwardRound.objects.exists()
    client.post(reverse("award-rounds:add"), said | {"indicators": "服务成效 60\n职业操守 40%"})
    row = AwardRound.objects.get()

    def step(name):
        client.post(reverse("award-rounds:step", args=[row.pk, name]))
        row.refresh_from_db()
        return row.state

    assert step("open") == "nominating"
    for user in (cast.trainee, cast.outside_trainee):
        nominate(round=row, person=user.person, facts=facts("self"), actor=user)
    assert step("end-nominations") == "shortlisting"
    chosen = list(row.nominations.values_list("pk", flat=True))
    client.post(reverse("award-rounds:shortlist", args=[row.pk]), {"chosen": chosen})
    client.post(reverse("award-rounds:add-member", args=[row.pk]), {"user": judges[0].pk})
    client.post(reverse("award-rounds:add-member", args=[row.pk]), {"user": cast.trainee.pk})
    assert row.members.count() == 1 and step("judge") == "scoring"
    assert (
        "评委"
        in client.get(reverse("award-rounds:inspect", args=[row.pk]), {"tab": "panel"}).content.decode()
    )
    client.force_login(judges[0])
    panel = reverse("credentials:award-panel", args=[row.pk])
    sheet = reverse("credentials:award-score", args=[row.pk, chosen[0]])
    assert DEEDS not in client.get(panel).content.decode() and client.get(sheet).status_code == 404
    client.post(panel, {})
    for number, nominee in enumerate(chosen):
        address = reverse("credentials:award-score", args=[row.pk, nominee])
        assert DEEDS in client.get(address).content.decode()
        client.post(address, {f"score-{one.pk}": 80 + number for one in row.indicators.all()})
    client.force_login(cast.supervisor)
    assert client.get(panel).status_code == 404
    client.force_login(officer)
    for tab in ("nominees", "panel", "scores"):
        assert client.get(reverse("award-rounds:inspect", args=[row.pk]), {"tab": tab}).status_code == 200
    assert step("end-judging") == "notice"
    page = client.get(reverse("award-rounds:inspect", args=[row.pk]), {"tab": "result"}).content.decode()
    assert "华清" in page
    client.force_login(cast.outsider)
    assert client.get(reverse("award-rounds:inspect", args=[row.pk])).status_code == 404


def test_whoever_cannot_accept_reads_why_and_where_their_qualifications_are(client, tree, cast, officer):
    row = make_award_round(tree["city"], officer, qualified_months=24)
    asked = nominate(round=row, person=cast.other_trainee.person, facts=facts("peer"), actor=cast.trainee)
    client.force_login(cast.other_trainee)
    page = client.get(asked.get_absolute_url()).content.decode()
    assert "满 24 个月" in page and f'href="{reverse("credentials:qualification-list")}"' in page
    assert 'value="accept"' not in page and 'value="decline"' in page

    make_qualification(cast.other_trainee.person, days_ago=800)
    page = client.get(asked.get_absolute_url()).content.decode()
    assert 'value="accept"' in page and "满 24 个月" not in page


def test_a_colleague_reads_the_same_of_whoever_could_not_accept_and_of_whoever_could(
    client, tree, cast, officer
):
    """Nominating asks nothing about somebody that a colleague may not know: they read of it, and decide, themselves."""
    row = make_award_round(tree["city"], officer, qualified_months=0, clean_months=24)
    good, bare = make_user("闻人好", tree["station"]), make_user("闻人坏", tree["station"])
    for user in (good, cast.other_trainee, cast.trainee):
        make_qualification(user.person, days_ago=800)
    make_conduct(cast.other_trainee.person, officer, days_ago=100)
    client.force_login(cast.trainee)
    address, seen = reverse("credentials:award-nominate", args=[row.pk]), []

    for user in (good, bare, cast.other_trainee):
        said = {"way": "peer", "person": user.person.pk, "deeds": DEEDS}
        page = client.post(address, said, follow=True)
        made = row.nominations.get(person=user.person)
        seen.append((page.redirect_chain[-1][0] == made.get_absolute_url(), made.state))
        assert not any(words in page.content.decode() for words in ("不符合", "不良记录", "职业资格"))

    assert set(seen) == {(True, "offered")}
    client.force_login(cast.other_trainee)
    page = client.get(row.nominations.get(person=cast.other_trainee.person).get_absolute_url())
    assert "不良记录" in page.content.decode()


def test_an_administrator_who_nominates_reads_that_somebody_could_not_accept_but_not_why(
    client, tree, cast, officer
):
    row = make_award_round(tree["city"], officer, clean_months=24, quota=3)
    make_conduct(cast.other_trainee.person, officer, days_ago=100)
    client.force_login(cast.administrator)
    address = reverse("credentials:award-nominate", args=[row.pk])
    said = {"way": "organisation", "person": cast.other_trainee.person.pk, "deeds": DEEDS}

    page = client.post(address, said)

    told = " ".join(page.context["form"].errors["person"])
    assert f"{cast.other_trainee.person.name}目前不符合本次评选的条件" in told and tree["city"].name in told
    assert not any(words in page.content.decode() for words in ("惩戒", "处理记录", "违法", "违纪"))
    assert not Nomination.objects.exists() and "仍然推荐" in page.content.decode()
    client.post(address, said | {"anyway": str(cast.trainee.person.pk)})  # read of somebody else
    assert not Nomination.objects.exists()
    client.post(address, said | {"anyway": said["person"]})
    assert Nomination.objects.get().state == "offered"


def test_the_list_to_choose_from_says_who_is_nominated_already_or_works_elsewhere(
    client, tree, cast, officer
):
    row = make_award_round(tree["district"], cast.administrator, quota=3)
    make_nomination(row, cast.other_trainee.person)
    give_role(cast.trainee, "administrator", tree["city"])
    client.force_login(type(cast.trainee).objects.get(pk=cast.trainee.pk))

    address = reverse("credentials:award-nominate", args=[row.pk])
    page = client.get(address).content.decode()

    assert f"{cast.other_trainee.person.name} · {cast.other_trainee.person.employer} · 已被推荐" in page
    for user, words in ((cast.other_trainee, "已经被推荐"), (cast.city_administrator, "辖区内")):
        said = {"way": "organisation", "person": user.person.pk, "deeds": DEEDS}
        assert words in str(client.post(address, said).context["form"].errors["person"])


def test_who_cannot_nominate_themselves_reads_why_before_sending(client, tree, cast, officer):
    row = make_award_round(tree["city"], officer, qualified_months=0)
    client.force_login(cast.trainee)
    page = client.get(reverse("credentials:award-nominate", args=[row.pk])).content.decode()
    assert "不能自荐" in page and "没有" in page


def test_a_member_of_the_panel_reads_why_they_do_not_judge_somebody(client, scoring, judges):
    client.force_login(judges[2])  # of the station of two nominees
    address = reverse("credentials:award-panel", args=[scoring.pk])
    page = client.get(address).content.decode()
    assert page.count("系统认定：同一单位") == 2 and "AUTOMATIC" not in page.upper().replace(
        "AUTOMATICALLY", ""
    )
    client.post(address, {"conflicts": [scoring.nominations.get(person__name="华清").pk]})
    page = client.get(address).content.decode()
    assert page.count("系统认定：同一单位") == 2 and page.count("评委本人声明") == 1
