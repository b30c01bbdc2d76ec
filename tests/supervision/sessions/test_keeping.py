import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from core.states import StaleState
from supervision.models import FollowUp, Session, SessionReflection
from supervision.pairings.actions import NotPossible
from supervision.sessions import actions
from supervision.sessions.policy import Agreed, Case, Written
from tests.factories import make_goal, make_pairing, make_session, make_user
from tests.supervision.conftest import facts

pytestmark = pytest.mark.django_db


def said(*agreed, **more):
    return Written(topics="接案预估", agreed=tuple(agreed), **more)


def log(pair, cast, written, days_ago=2, **more):
    return actions.log_session(
        pairing=pair.pairing,
        actor=cast.supervisor,
        facts=facts(days_ago),
        written=written,
        key=uuid.uuid4(),
        **more,
    )


def form(**more):
    day = (timezone.localdate() - timezone.timedelta(days=1)).isoformat()
    return {
        "key": str(uuid.uuid4()),
        "day": day,
        "start": "14:00",
        "end": "15:30",
        "topics": "接案",
        "functions": ["educational", "supportive"],
        "setting": "on_site",
        "mode": "private",
    } | more


def test_what_was_agreed_is_ticked_off_with_the_next_session(client, pair, cast):
    day = timezone.localdate()
    first = log(pair, cast, said(Agreed("mentee", "写预估报告", day), Agreed("both", "约下次时间")))
    done, still = first.follow_ups.all()
    client.force_login(cast.supervisor)
    address = reverse("supervision:session-log", args=[pair.pairing.pk])
    assert "写预估报告" in client.get(address).content.decode()
    answer = client.post(address, form(done=[done.pk, 999, "x"]))
    assert answer.status_code == 302, answer.context["form"].errors
    done.refresh_from_db()
    still.refresh_from_db()
    assert (done.is_done, still.is_done) == (True, False)
    page = client.get(address).content.decode()
    assert "约下次时间" in page and "写预估报告" not in page


def test_actions_of_another_pair_are_not_ticked(pair, cast, tree):
    other = make_session(make_pairing(pair.supervisor, make_user("周一", tree["station"]).person), days_ago=4)
    row = FollowUp.objects.create(session=other, who="mentee", what="别人的事")
    log(pair, cast, said(), done=[row.pk])
    row.refresh_from_db()
    assert not row.is_done


def test_a_correction_closes_what_the_record_no_longer_says(pair, cast):
    session = log(pair, cast, said(Agreed("mentee", "写预估报告"), Agreed("both", "约下次时间")))
    actions.amend_session(
        session=session, actor=cast.supervisor, facts=facts(2), written=said(Agreed("both", "约下次时间"))
    )
    rows = {row.what: row.closed_at is None for row in session.follow_ups.all()}
    assert rows == {"写预估报告": False, "约下次时间": True}
    for is_done in (True, False):  # nor does a tick from an old page bring it back
        gone = session.follow_ups.exclude(closed_at=None).get()
        with pytest.raises(NotPossible):
            actions.tick_follow_up(follow_up=gone, actor=cast.trainee, is_done=is_done)


def test_either_ticks_and_takes_the_tick_back_and_nobody_else(client, pair, cast):
    row = log(pair, cast, said(Agreed("mentee", "写预估报告"))).follow_ups.get()
    address = reverse("supervision:follow-up-tick", args=[row.pk])
    for user, done in ((cast.trainee, "1"), (cast.supervisor, "0")):
        client.force_login(user)
        assert client.post(address, {"done": done, "next": "//evil.example"}).url.startswith("/supervision/")
        row.refresh_from_db()
        assert row.is_done == (done == "1")
    client.force_login(cast.administrator)
    assert client.post(address, {"done": "1"}).status_code == 404


def test_all_fields_are_kept_and_shown_to_both(client, pair, cast):
    goal = make_goal(pair.pairing)
    client.force_login(cast.supervisor)
    data = form(
        case_1="A2026-014",
        risk_1="high",
        goals=[goal.pk],
        observations="看见紧张",
        decision="转介",
        decided_by="督导与社工",
        rationale="风险上升",
        what_1="写转介单",
        who_1="mentee",
        due_1=timezone.localdate().isoformat(),
        share_educational="60",
    )
    answer = client.post(reverse("supervision:session-log", args=[pair.pairing.pk]), data)
    assert answer.status_code == 302, answer.context["form"].errors
    session = Session.objects.get()
    assert session.shares == {"educational": 60, "supportive": 30}
    written = session.contents.get().written
    assert written.cases == (Case("A2026-014", "high"),)
    assert written.goals == (goal.pk,)
    client.force_login(cast.trainee)
    page = client.get(session.get_absolute_url()).content.decode()
    for words in ("A2026-014", "看见紧张", "转介", "督导与社工", "风险上升", "写转介单"):
        assert words in page
    client.force_login(cast.supervisor)
    amend = client.get(reverse("supervision:session-amend", args=[session.pk])).content.decode()
    assert "写转介单" in amend and "A2026-014" in amend


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"topics": "案主手机 138 0013 8000"}, "topics"),
        ({"advice": "联系 0371-65512345"}, "advice"),
        ({"what_1": "寄到 3号楼2单元501室"}, "what_1"),
        ({"observations": "姓名：张小明"}, "observations"),
        ({"note": "邮箱 a.b@example.com"}, "note"),
        ({"case_1": "张三"}, "case_1"),
        ({"case_1": "13800138000"}, "case_1"),
        ({"due_1": "2026-03-01"}, "what_1"),
        ({"due_1": "nonsense", "what_1": "x"}, "due_1"),
        ({"share_educational": "80", "share_supportive": "20"}, "functions"),
        ({"share_administrative": "10"}, "functions"),
        ({"share_educational": "90"}, "functions"),
        ({"share_educational": "999999999999"}, "share_educational"),
        ({"goals": ["1"]}, "goals"),
        ({"risk_1": "odd"}, "risk_1"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(client, pair, cast, more, field):
    client.force_login(cast.supervisor)
    answer = client.post(reverse("supervision:session-log", args=[pair.pairing.pk]), form(**more))
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert form(**more)["topics"] in answer.content.decode()
    assert not Session.objects.exists()


def test_the_form_begins_with_what_its_address_says(client, pair, cast):
    client.force_login(cast.supervisor)
    address = reverse("supervision:session-log", args=[pair.pairing.pk])
    asked = {"day": "2026-03-14", "start": "09:30", "end": "10:15", "setting": "online", "place": "腾讯会议"}
    page = client.get(address, asked)
    held = page.context["form"]
    assert {name: held[name].value() for name in asked} == asked
    odd = {"day": "\0", "start": "x" * 500, "setting": "nowhere", "mode": ""}
    assert client.get(address, odd).status_code == 200


def test_the_mentee_reflects_and_both_read_it(client, pair, cast):
    session = make_session(pair.pairing)
    address = reverse("supervision:session-reflect", args=[session.pk])
    client.force_login(cast.trainee)
    assert client.post(address, {"text": ""}).status_code == 422
    assert client.post(address, {"text": "电话13800138000"}).status_code == 422
    for text in ("学会了等待", "学会了等待和复述"):
        assert client.post(address, {"text": text}).status_code == 302
    assert SessionReflection.objects.get().text == "学会了等待和复述"
    client.force_login(cast.supervisor)
    assert "学会了等待和复述" in client.get(session.get_absolute_url()).content.decode()
    assert client.post(address, {"text": "代写"}).status_code == 404
    assert AuditEntry.objects.filter(action="supervision.reflect").count() == 2


def test_a_file_is_for_the_two_and_opening_it_is_audited(client, pair, cast):
    session = make_session(pair.pairing)
    address = reverse("supervision:session-attach", args=[session.pk])
    client.force_login(cast.supervisor)
    assert client.post(address, {}).status_code == 422
    client.post(address, {"upload": SimpleUploadedFile("记录.pdf", b"%PDF-1.4 x")})
    kept = session.files.get()
    session.refresh_from_db()
    assert session.revision == 2
    opened = reverse("supervision:session-file", args=[session.pk, kept.pk])
    for user, status in ((cast.trainee, 200), (cast.administrator, 404), (cast.other_trainee, 404)):
        client.force_login(user)
        assert client.get(opened).status_code == status
    assert AuditEntry.objects.filter(action="supervision.open_file").count() == 1
    with pytest.raises(StaleState):
        actions.confirm_session(session=session, actor=cast.trainee, revision=1)
    actions.confirm_session(session=session, actor=cast.trainee, revision=2)
    with pytest.raises(NotPossible):
        actions.add_file(
            session=session, actor=cast.supervisor, upload=SimpleUploadedFile("b.pdf", b"%PDF-1.4 y")
        )


def test_the_record_is_printed_for_the_two_and_for_nobody_else(client, pair, cast):
    session = log(
        pair, cast, said(Agreed("mentee", "写预估报告"), advice="先听" * 900, cases=(Case("A-1", "low"),))
    )
    address = reverse("supervision:session-pdf", args=[session.pk])
    for user in (cast.supervisor, cast.trainee):
        client.force_login(user)
        answer = client.get(address)
        assert answer.content.startswith(b"%PDF-")
        assert answer.content == client.get(address).content
    for user in (cast.administrator, cast.auditor, cast.other_trainee):
        client.force_login(user)
        assert client.get(address).status_code == 404
