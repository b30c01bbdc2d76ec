"""Two who decide are two people: whom somebody has let in decides nothing about what that somebody did about a claim."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import Notice, RoleAssignment
from credentials.claims import actions
from credentials.claims.actions.noticing import claims_to_post, lines_of, mark_of, post_claims
from credentials.claims.models import Claim
from credentials.claims.queries.stages import who_decides, why_not, why_not_give
from credentials.claims.queries.waiting import appeals_for, waiting_for
from credentials.claims.states import ClaimState
from credentials.public_notices.actions import NoticeRefused, answer_objection, file_objection, why_not_answer
from tests.factories import give_role, make_user
from tests.factories.subsidies import make_claim, make_payer, make_reviewer, make_subsidies, pass_claim

pytestmark = pytest.mark.django_db


def fresh(user):
    return type(user).objects.get(pk=user.pk)


def let_in(giver, place, name="新人", role="administrator"):
    user = make_user(name, place)
    give_role(user, role, place, granted_by=giver)
    return fresh(user)


def require_agreement(*users):
    """The list of what waits says of every claim and appeal what the verb says."""
    for user in map(fresh, users):
        may = {one.pk for one in Claim.objects.filter(state=ClaimState.REVIEW) if not why_not(one, user)}
        assert set(waiting_for(user).values_list("pk", flat=True)) == may, user


def test_whom_the_enterer_let_in_does_not_review_what_they_entered(tree, cast):
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0, stages="city")
    enterer = make_reviewer(tree["city"], "市二")
    claim = make_claim(cast.trainee.person, version, state="review", entered_by=enterer)
    hand = let_in(enterer, tree["city"])

    assert why_not(claim, hand) == "tied" and why_not(claim, fresh(enterer)) == "entered"
    require_agreement(hand, enterer, cast.city_administrator)
    with pytest.raises(actions.ClaimRefused, match="账号或角色"):
        pass_claim(claim, hand)
    assert pass_claim(claim, cast.city_administrator).state == ClaimState.APPROVED


def test_whom_an_earlier_reviewer_let_in_does_not_pass_the_next_stage(tree, cast):
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0, stages="county, city")
    first = make_reviewer(tree["city"], "市二")  # covers the county
    hand = let_in(first, tree["city"])
    claim = make_claim(cast.trainee.person, version, state="review")
    assert why_not(claim, hand) == ""
    pass_claim(claim, first)

    assert why_not(claim, hand) == "tied"
    require_agreement(hand, first, cast.city_administrator, cast.administrator)
    assert pass_claim(claim, cast.city_administrator).state == ClaimState.APPROVED


def test_nor_does_who_let_in_the_colleague_who_passed_an_earlier_stage(client, tree, cast):
    """The same two in the other order: the tier above decides where an office has only these."""
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0, stages="county, city")
    RoleAssignment.objects.filter(user=cast.city_administrator).delete()
    chief = make_reviewer(tree["city"], "市二")
    hand = let_in(chief, tree["city"])
    claim = make_claim(cast.trainee.person, version, state="review")
    pass_claim(claim, hand)

    assert why_not(claim, fresh(chief)) == "giver"
    require_agreement(hand, chief)
    with pytest.raises(actions.ClaimRefused, match="由你授予角色的同事"):
        pass_claim(claim, fresh(chief))
    client.force_login(fresh(chief))
    address = reverse("claims:inspect", args=[claim.pk])
    assert "本级和上级均无可以审核的人员" in client.get(address).content.decode()
    above = make_reviewer(tree["province"], "省管")
    assert who_decides(claim) == [above]
    assert "可以审核的人员：省管" in client.get(address).content.decode()
    colleague = make_reviewer(tree["city"], "市三")
    assert who_decides(claim) == [colleague] and why_not(claim, fresh(above)) == ""
    require_agreement(above, colleague)
    assert pass_claim(claim, colleague).state == ClaimState.APPROVED


def test_nor_does_who_let_in_the_colleague_who_entered_it(tree, cast):
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0, stages="city")
    chief = make_reviewer(tree["city"], "市二")
    clerk = let_in(chief, tree["city"])
    second = let_in(clerk, tree["city"], "再新人")
    claim = make_claim(cast.trainee.person, version, state="review", entered_by=second)

    assert [why_not(claim, fresh(one)) for one in (chief, clerk, second)] == ["giver", "giver", "entered"]
    require_agreement(chief, clerk, second, cast.city_administrator)
    assert pass_claim(claim, cast.city_administrator).state == ClaimState.APPROVED


def test_a_city_that_appointed_its_counties_still_passes_what_they_passed(tree, cast):
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0)
    county = let_in(cast.city_administrator, tree["district"], "区管")
    station = let_in(county, tree["station"], "站长")
    claim = make_claim(cast.trainee.person, version, state="review")

    pass_claim(claim, station)
    require_agreement(station, county, cast.city_administrator)
    assert pass_claim(claim, county, cast.city_administrator).state == ClaimState.APPROVED


def test_who_decided_an_appeal_does_not_review_the_claim_again_nor_whom_they_let_in(tree, cast):
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0, stages="city")
    claim = make_claim(cast.trainee.person, version, state="review")
    refuser, judge, third = (make_reviewer(tree["city"], name) for name in ("市一", "市二", "市三"))
    of_refuser, of_judge = let_in(refuser, tree["city"], "甲"), let_in(judge, tree["city"], "乙")
    actions.review_claim(claim=claim, stage="city", verdict="refuse", reason="不在岗", actor=refuser)
    appeal = actions.appeal(claim=Claim.objects.get(pk=claim.pk), words="在岗", actor=cast.trainee)

    assert appeal not in appeals_for(of_refuser) and appeal in appeals_for(judge)
    with pytest.raises(actions.ClaimRefused):
        actions.answer_appeal(appeal=appeal, upheld=True, answer="属实", actor=of_refuser)
    actions.answer_appeal(appeal=appeal, upheld=True, answer="属实", actor=judge)

    claim.refresh_from_db()
    assert (why_not(claim, judge), why_not(claim, of_judge)) == ("appeal", "tied")
    require_agreement(refuser, judge, third, of_refuser, of_judge)
    with pytest.raises(actions.ClaimRefused, match="处理过这件申领的申诉"):
        pass_claim(claim, judge)
    assert pass_claim(claim, third).state == ClaimState.APPROVED


def test_an_appeal_is_not_heard_by_whom_the_enterer_let_in(tree, cast):
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0, stages="city")
    enterer = make_reviewer(tree["city"], "市二")
    claim = make_claim(cast.trainee.person, version, state="review", entered_by=enterer)
    actions.review_claim(
        claim=claim, stage="city", verdict="refuse", reason="不在岗", actor=cast.city_administrator
    )
    appeal = actions.appeal(claim=Claim.objects.get(pk=claim.pk), words="在岗", actor=cast.trainee)
    hand, other = let_in(enterer, tree["city"]), make_reviewer(tree["city"], "市三")

    assert appeal not in appeals_for(hand) and appeal in appeals_for(other)
    with pytest.raises(actions.ClaimRefused):
        actions.answer_appeal(appeal=appeal, upheld=True, answer="属实", actor=hand)


def test_what_is_given_in_kind_is_not_handed_over_by_whom_its_approver_enterer_or_holder_let_in(tree, cast):
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0, stages="city", channel="none")
    approver, enterer, holder = (make_reviewer(tree["city"], name) for name in ("市一", "市二", "市三"))
    claim = make_claim(fresh(holder).person, version, state="review", entered_by=enterer)
    pass_claim(claim, approver)
    tied = [let_in(one, tree["city"], role="finance") for one in (approver, enterer, holder)]

    assert [why_not_give(claim, one) for one in tied] == ["tied", "tied", "bound"]
    for one in tied:
        with pytest.raises(actions.ClaimRefused):
            actions.give_in_kind(claim=claim, on=timezone.localdate(), words="课程券", actor=one)
    giver = make_reviewer(tree["city"], "市五")  # who let in, as a colleague, who entered it
    RoleAssignment.objects.filter(user=enterer).update(granted_by=giver)
    assert why_not_give(claim, fresh(giver)) == "giver"
    payer = make_payer(tree["city"])
    assert actions.give_in_kind(claim=claim, on=timezone.localdate(), words="课程券", actor=payer)


def test_an_objection_to_a_noticed_claim_is_answered_by_somebody_without_a_part_in_it(tree, cast):
    version = make_subsidies(tree["city"], cast.city_administrator, stages="county, city")
    names = ("市一", "市二", "市四", "市五", "市六", "市七")
    approver, enterer, free, judge, friend, refuser = (make_reviewer(tree["city"], name) for name in names)
    holder = make_user("市三", tree["station"])
    give_role(holder, "administrator", tree["city"])
    claim = make_claim(fresh(holder).person, version, state="review", entered_by=enterer)
    refusal = {"stage": "county", "verdict": "refuse", "reason": "不在岗", "by": refuser}
    about = {"against": claim.reviews.create(holder=claim.holder, **refusal), "holder": claim.holder}
    heard = {"state": "upheld", "decided_by": judge, "decided_at": timezone.now(), "answer": "属实"}
    claim.appeals.create(**about, refused_by=refuser, words="在岗", **heard)
    claim.conflicts.create(officer=friend, words="同学")
    pass_claim(claim, cast.city_administrator, approver)
    seen = mark_of(lines_of(claims_to_post(version.subsidy)))
    notice = post_claims(
        subsidy=version.subsidy, title="公示", contact="电话见网站", seen=seen, actor=approver
    )
    said = {"notice": notice, "said": "没有在岗", "name": "某", "contact": "信箱", "actor": None}
    one, whole = (file_objection(line=line, **said) for line in (notice.lines.get(), None))
    hands = [let_in(giver, tree["city"]) for giver in (approver, enterer, holder, judge)]
    giver = make_reviewer(tree["city"], "市八")  # who let in, as a colleague, who reviewed it
    RoleAssignment.objects.filter(user=refuser).update(granted_by=giver)

    for objection in (one, whole):
        for officer in (approver, enterer, cast.city_administrator, judge, friend, refuser, giver, *hands):
            assert "参与过这件申领" in why_not_answer(objection, fresh(officer)), officer
    with pytest.raises(NoticeRefused):
        answer_objection(objection=one, upheld=False, answer="查无此事", actor=approver)
    assert answer_objection(objection=one, upheld=True, answer="属实", actor=free).answered_by == free


def test_where_nobody_of_the_authority_may_answer_an_objection_those_above_are_told(tree, cast, client):
    version = make_subsidies(tree["city"], cast.city_administrator, stages="city")
    claim = make_claim(cast.trainee.person, version, state="review")
    above = make_user("省管")
    give_role(above, "administrator", tree["province"])
    pass_claim(claim, cast.city_administrator)
    seen = mark_of(lines_of(claims_to_post(version.subsidy)))
    notice = post_claims(
        subsidy=version.subsidy, title="公示", contact="电话见网站", seen=seen, actor=cast.city_administrator
    )
    file_objection(
        notice=notice, line=notice.lines.get(), said="没有在岗", name="某", contact="信箱", actor=None
    )

    told = Notice.objects.filter(kind="credentials.public_notice").values_list("user", flat=True)
    assert list(told) == [above.pk]

    page = reverse("public-notices:objection", args=[notice.pk, notice.objections.get().pk])
    can = f"可以答复的人员：省管（{tree['province'].name}，管理员）。"
    client.force_login(cast.city_administrator)
    assert f"请由其他管理员处理。 {can}" in client.get(page).content.decode()
    give_role(auditor := make_user("审计"), "auditor", tree["city"])
    client.force_login(auditor)
    assert can in client.get(page).content.decode()
    client.force_login(above)
    assert "可以答复的人员" not in client.get(page).content.decode()
    RoleAssignment.objects.filter(user=above).delete()
    client.force_login(auditor)
    assert "请联系平台运维增设管理员" in client.get(page).content.decode()
