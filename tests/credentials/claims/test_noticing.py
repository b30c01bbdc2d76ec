"""Claims in public notice: shown together once, approved or sent back by what came of it."""

import pytest
from django.test import Client
from django.urls import reverse

from core.access.predicates import by_rule
from core.models import AuditEntry
from credentials.claims import actions
from credentials.claims.states import ClaimState
from credentials.models import Claim, PublicNotice
from credentials.public_notices.actions import (
    NoticeRefused,
    answer_objection,
    close_due_notices,
    withdraw_notice,
)
from credentials.signals import notice_ended
from tests.cast import CAST
from tests.factories import make_notice, make_objection, make_organisation, make_user
from tests.factories.subsidies import make_claim, make_reviewer, pass_claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def cleared(tree, cast, version):
    station = make_reviewer(tree["station"], "站长")
    made = [
        make_claim(make_user(name, tree["station"]).person, version, state="review")
        for name in ("林小", "周一")
    ]
    return [pass_claim(one, station, cast.administrator, cast.city_administrator) for one in made]


def post(version, actor, **said):
    lines = actions.lines_of(actions.claims_to_post(version.subsidy))
    words = {"title": "拟发放名单公示", "contact": "社会工作科", "seen": actions.mark_of(lines)}
    return actions.post_claims(subsidy=version.subsidy, actor=actor, **words | said)


def ended(notice):
    from django.utils import timezone

    day = timezone.localdate() - timezone.timedelta(days=1)
    PublicNotice.objects.filter(pk=notice.pk).update(starts_on=day - timezone.timedelta(days=7), ends_on=day)
    return close_due_notices()


def states(claims):
    return [Claim.objects.get(pk=one.pk).state for one in claims]


def test_the_confirmation_shows_what_everybody_reads_and_two_clicks_open_one_notice(
    tree, cast, version, cleared
):
    client = Client()
    client.force_login(cast.city_administrator)
    address = reverse("claims:post", args=[version.subsidy_id])
    assert str(version.subsidy_id) in client.get(reverse("claims:to-post")).content.decode()
    page = client.get(address)
    assert "林小" in page.content.decode() and "¥1,000.00" in page.content.decode()
    said = {"title": "拟发放名单公示", "contact": "社会工作科", "seen": page.context["seen"]}
    unread = client.post(address, said | {"seen": "x"})
    assert unread.status_code == 200 and not PublicNotice.objects.exists()
    assert client.post(address, said).status_code == 302
    assert client.post(address, said).status_code == 200
    notice = PublicNotice.objects.get()
    assert (notice.source, notice.days) == (f"claims:{version.subsidy_id}:1", 5)
    assert [(line.name, line.amount) for line in notice.lines.all()] == [("林小", 500), ("周一", 500)]
    assert states(cleared) == [ClaimState.NOTICE] * 2
    with pytest.raises(actions.ClaimRefused):
        post(version, cast.administrator)


def test_what_nobody_objects_to_is_approved_and_an_upheld_objection_goes_back_to_the_last_stage(
    tree, cast, version, cleared
):
    notice = post(version, cast.city_administrator)
    second = make_reviewer(tree["city"], "复核员")
    objection = make_objection(notice, 2)
    ended(notice)
    assert states(cleared) == [ClaimState.APPROVED, ClaimState.NOTICE]
    answer_objection(objection=objection, upheld=True, answer="劳动合同已终止", actor=second)

    back = Claim.objects.get(pk=cleared[1].pk)
    assert (back.state, back.stage, back.round, back.reason) == ("review", "city", 2, "劳动合同已终止")
    pass_claim(back, second)
    assert back.state == ClaimState.CLEARED
    assert post(version, cast.city_administrator).source == f"claims:{version.subsidy_id}:2"


def test_a_withdrawn_notice_puts_its_claims_back(cast, version, cleared):
    notice = post(version, cast.city_administrator)
    withdraw_notice(notice=notice, reason="金额有误", actor=cast.city_administrator)
    assert states(cleared) == [ClaimState.CLEARED] * 2
    assert post(version, cast.city_administrator).pk != notice.pk


def test_a_name_that_hides_a_number_opens_no_notice(cast, version, cleared):
    person = cleared[0].person
    person.name = "林小13800138000"
    person.save()
    with pytest.raises(NoticeRefused):
        post(version, cast.city_administrator)
    assert states(cleared) == [ClaimState.CLEARED] * 2


def test_what_a_failed_receiver_left_behind_is_repaired(cast, version, cleared):
    notice = post(version, cast.city_administrator)

    def fail(sender, event, **_):
        raise RuntimeError

    notice_ended.connect(fail)
    try:
        assert ended(notice) == 0 and states(cleared) == [ClaimState.NOTICE] * 2
    finally:
        notice_ended.disconnect(fail)
    assert close_due_notices() == 1 and states(cleared) == [ClaimState.APPROVED] * 2
    Claim.objects.filter(pk=cleared[0].pk).update(state=ClaimState.NOTICE)
    assert actions.reconcile_noticed() and not actions.reconcile_noticed()
    assert states(cleared) == [ClaimState.APPROVED] * 2


def test_each_claim_knows_in_its_trail_that_it_was_shown(cast, version, cleared):
    notice = post(version, cast.city_administrator)

    for claim in cleared:
        entry = AuditEntry.objects.trail_of(claim).get(action="credentials.post_claim")
        assert entry.data["after"] == {"state": ClaimState.NOTICE.value, "notice": notice.pk}


def test_a_district_finds_the_notices_of_the_city_that_show_its_people_and_does_nothing_there(
    tree, cast, version, cleared
):
    beside = make_organisation("邻区民政局", tree["city"], tier="county")
    other = make_user("王异", make_organisation("邻区社工站", beside)).person
    reviewer = make_reviewer(beside, "邻一")
    pass_claim(make_claim(other, version, state="review"), reviewer, cast.city_administrator)
    notice = post(version, cast.city_administrator)
    objection = make_objection(notice)
    elsewhere = make_reviewer(make_organisation("远区民政局", tree["city"], tier="county"), "远一")
    page, listed = (
        reverse(f"public-notices:{name}", args=args)
        for name, args in (("inspect", [notice.pk]), ("index", []))
    )
    client = Client()
    client.force_login(cast.administrator)

    assert notice.title in client.get(listed, {"elsewhere": "true"}).content.decode()
    assert notice.title not in client.get(listed, {"elsewhere": "false"}).content.decode()
    assert (
        notice.title not in client.get(listed, {"waiting": "true"}).content.decode()
    )  # not for them to answer
    text = client.get(page).content.decode()
    assert all(claim.person.name in text for claim in cleared) and "王异" not in text
    assert objection.said not in text and "撤回" not in text
    assert client.post(page, {"reason": "不公示"}).status_code == 404
    assert client.get(reverse("public-notices:objection", args=[notice.pk, objection.pk])).status_code == 404

    make_notice(tree["other_district"])
    for user in (*(getattr(cast, part) for part in CAST), reviewer, elsewhere):  # all of it goes by the rule
        client.force_login(user)
        for row in PublicNotice.objects.all():
            answer = client.get(reverse("public-notices:inspect", args=[row.pk]))
            is_whole = answer.status_code == 200 and "objections" in answer.context
            assert is_whole == by_rule(user, "credentials.view_publicnotice", row), user

    client.force_login(elsewhere)
    assert notice.title not in client.get(listed).content.decode()
    assert client.get(page).status_code == 404
    client.force_login(cast.city_administrator)
    assert "王异" in client.get(page).content.decode()
    assert notice.title in client.get(listed, {"waiting": "true"}).content.decode()


def test_a_public_notice_is_offered_to_whoever_has_claims_to_show_in_one(tree, cast, version, cleared):
    way, client = f'href="{reverse("claims:to-post")}"', Client()

    client.force_login(cast.administrator)  # of the district, which shows nothing: the city pays
    assert way not in client.get(reverse("claims:index")).content.decode()
    client.force_login(cast.city_administrator)
    assert way in client.get(reverse("claims:index")).content.decode()
    post(version, cast.city_administrator)
    assert way not in client.get(reverse("claims:index")).content.decode()
