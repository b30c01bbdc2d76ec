"""Sample award rounds: Luohe’s with 173 nominated and 16 on the shortlist, one in its public notice with an objection, one
in its public vote, one that takes nominations, and one of last year that stands in the honour register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from config.demo.teaching import days_ago
from core.models import Organisation, Person, User
from credentials.awards import actions
from credentials.awards.queries import judged_by, shortlisted
from credentials.models import AwardRound, PanelMember
from credentials.public_notices.actions import close_due_notices, file_objection

INDICATORS = (("服务成效", 40), ("专业能力", 30), ("职业操守", 20), ("社会影响", 10))
DEEDS = (
    "扎根社区六年，为四十多户独居老人建立探访台账，组织邻里互助小组，夜间求助有人应。",
    "在乡镇社工站从零开始，联系学校和村委，为困境儿童开展个案服务，至今没有一人失联。",
    "组织志愿者参与应急安置，白天登记需求，晚上陪伴受灾家庭，事后跟进三个月。",
    "为残障青年链接就业岗位，陪同适应工作，两年里有十一人稳定就业。",
)


def hold_awards(
    named: dict[str, Organisation], accounts: dict[str, User], people: dict[str, list[Person]]
) -> None:
    """All sample rounds. What is there is not touched."""
    if AwardRound.objects.exists():
        return
    province, city = accounts["province@example.com"], accounts["city@example.com"]
    experts = [person.user for person in people["zhengzhou"][-3:]]
    _finished(named["luohe"], province, people["luohe"][:12], experts)
    _scoring(named["luohe"], province, people["luohe"], experts)
    _in_notice(named["tianjin"], city, people["tianjin"][30:40], accounts["instructor@example.com"])
    _voting(named["tianjin"], city, people["tianjin"][40:50], accounts["instructor@example.com"])
    _nominating(named["tianjin"], city, accounts)


def _round(place: Organisation, officer: User, title: str, days: int, **said: object) -> AwardRound:
    """A round that was announced today, with so many days for nominations."""
    today = timezone.localdate()
    facts = {
        "organisation": place, "title": title, "rank": "city", "year": today.year, "nominate_from": today,
        "nominate_until": today + timedelta(days=days), "contact": "办公室 0395-3100000（示例）", "notice_days": 5,
        "eligibility": "在本市从事一线社会工作服务，遵守职业道德，服务成效受到服务对象认可。", "winners": 3, "shortlist_size": 6,
    }  # fmt: skip
    row = actions.save_round(round=AwardRound(**facts | said), indicators=INDICATORS, actor=officer)
    actions.open_round(round=row, actor=officer)
    row.refresh_from_db()
    return row


def _nominate(row: AwardRound, people: Sequence[Person]) -> None:
    for number, person in enumerate(people):
        facts = actions.NominationFacts("self", DEEDS[number % len(DEEDS)])
        actions.nominate(round=row, person=person, facts=facts, actor=person.user)


def _shortlist(row: AwardRound, officer: User, number: int, experts: Sequence[User]) -> None:
    """The first so many on the shortlist, and the panel has begun."""
    actions.end_nominations(round=row, actor=officer)
    chosen = list(row.nominations.order_by("pk").values_list("pk", flat=True)[:number])
    actions.shortlist_nominees(round=row, nomination_ids=chosen, actor=officer)
    for expert in experts:
        actions.add_member(round=row, user=expert, actor=officer)
    actions.start_judging(round=row, actor=officer)
    row.refresh_from_db()


def _judge(member: PanelMember, most: int | None = None) -> None:
    """A member declares no further conflict and judges all, or so many."""
    actions.declare_conflicts(member=member, nomination_ids=[], actor=member.user)
    member.refresh_from_db()
    indicators = list(member.round.indicators.values_list("pk", flat=True))
    for number, one in enumerate(judged_by(member)[:most]):
        values = {key: 70 + (one.pk * 7 + member.pk * 3 + number + key) % 29 for key in indicators}
        actions.give_scores(member=member, nomination=one, values=values, actor=member.user)


def _finished(place: Organisation, officer: User, people: Sequence[Person], experts: Sequence[User]) -> None:
    with days_ago(60):
        row = _round(place, officer, "社工之星（示例）", 15)
        _nominate(row, people)
    with days_ago(40):
        _shortlist(row, officer, 6, experts[:2])
    with days_ago(25):
        for member in row.members.all():
            _judge(member)
        actions.end_judging(round=row, actor=officer)
    close_due_notices()


def _scoring(place: Organisation, officer: User, people: Sequence[Person], experts: Sequence[User]) -> None:
    """寻找最美社工: all of Luohe’s 173 are nominated, 16 are on the shortlist, and two of three judges have begun."""
    with days_ago(20):
        row = _round(place, officer, "最美社工（示例）", 10, shortlist_size=16, winners=5)
        _nominate(row, people)
    with days_ago(8):
        _shortlist(row, officer, 16, experts)
    first, second, *_rest = row.members.order_by("pk")
    with days_ago(2):
        _judge(first)
        _judge(second, most=9)


def _in_notice(place: Organisation, officer: User, people: Sequence[Person], expert: User) -> None:
    with days_ago(30):
        row = _round(place, officer, "最美社工（示例）", 10, winners=4, contact="办公室 022-24000000（示例）")
        _nominate(row, people)
    with days_ago(15):
        _shortlist(row, officer, 6, [expert])
    with days_ago(1):
        _judge(row.members.get())
        actions.end_judging(round=row, actor=officer)
    row.refresh_from_db()
    assert row.notice is not None
    file_objection(
        notice=row.notice, line=row.notice.lines.order_by("position")[1], actor=None, name="路人甲（示例）",
        said="公示的单位与他现在工作的社工站不一致，请核实。", contact="passer-by@example.com",
    )  # fmt: skip


def _voting(place: Organisation, officer: User, people: Sequence[Person], expert: User) -> None:
    """Anybody in Tianjin can vote; a few have."""
    today = timezone.localdate()
    with days_ago(30):
        row = _round(
            place, officer, "群众满意社工（示例）", 10, contact="办公室 022-24000000（示例）", vote_share=30,
            vote_from=today - timedelta(days=2), vote_until=today + timedelta(days=21),
        )  # fmt: skip
        _nominate(row, people)
    with days_ago(12):
        _shortlist(row, officer, 6, [expert])
    with days_ago(3):
        _judge(row.members.get())
        actions.start_vote(round=row, actor=officer)
    row.refresh_from_db()
    listed = list(shortlisted(row))
    for number, person in enumerate(people[6:]):  # those who are not on the shortlist
        actions.cast_vote(round=row, nomination=listed[number % 3], actor=person.user)


def _nominating(place: Organisation, officer: User, accounts: dict[str, User]) -> None:
    with days_ago(3):
        row = _round(
            place, officer, "社工之星（示例）", 20, qualified_months=None, clean_months=24, contact="办公室 022-24000000（示例）",
        )  # fmt: skip
    trainee, district = accounts["trainee@example.com"], accounts["district@example.com"]
    facts = actions.NominationFacts("organisation", DEEDS[0])
    actions.nominate(round=row, person=trainee.person, facts=facts, actor=district)
