"""The sample records in depth: every field, a correction, one that came late, and one corrected long after its day."""

from __future__ import annotations

import datetime
import uuid

from django.utils import timezone

from config.demo.teaching import as_of
from core.models import User
from supervision.pairings.models import Pairing
from supervision.sessions.actions import (
    accept_amendment,
    ask_review,
    confirm_session,
    log_session,
    propose_amendment,
    reflect,
    set_logging_rule,
)
from supervision.sessions.models import LoggingRule
from supervision.sessions.policy import Agreed, Case, SessionFacts, Written
from supervision.supervisors.models import Supervisor


def record_in_depth(supervisor: Supervisor, accounts: dict[str, User]) -> None:
    """The demo supervisor's first pair: a local rule, a session in all its fields with a reflection and a correction, one
    that was recorded late, and a review that was asked for. Idempotent."""
    pairing = supervisor.pairings.open().order_by("pk").first()
    if pairing is None or LoggingRule.objects.exists():
        return
    today, actor = timezone.localdate(), supervisor.person.user
    set_logging_rule(
        organisation=pairing.organisation.get_root(),
        days=14,
        starts_on=datetime.date(today.year, 1, 1),
        source="督导工作规范（示例）",
        actor=None,
    )
    held = today - datetime.timedelta(days=9)
    goal = pairing.goals.first()
    written = Written(
        place="社工站会谈室",
        topics="困境儿童个案的预估：家庭里谁在照料，孩子自己怎么说。",
        observations="谈到孩子父亲时语速变快，自己也察觉到了。",
        advice="先把家庭结构画出来，再决定找谁谈。",
        decision="下周先入户，再联系学校。",
        decided_by="双方商定",
        rationale="孩子在校情况还不清楚，直接联系学校容易贴标签。",
        follow_up="看入户记录，练习怎样开场。",
        cases=(Case("A2026-014", "medium"),),
        agreed=(
            Agreed("mentee", "画出家庭结构图", today + datetime.timedelta(days=3)),
            Agreed("supervisor", "带一份入户提纲", today + datetime.timedelta(days=5)),
        ),
        goals=(goal.pk,) if goal else (),
    )
    facts = _an_hour(at(held, 19))
    with as_of(at(held, 21)):
        session = log_session(pairing=pairing, actor=actor, facts=facts, written=written, key=_key("depth"))
    with as_of(at(held + datetime.timedelta(days=1), 9)):
        reflect(session=session, actor=pairing.mentee.user, text="原来我一直在替孩子说话。下次先问他自己。")
        session = confirm_session(session=session, actor=pairing.mentee.user)
    with as_of(at(held + datetime.timedelta(days=2), 9)):
        longer = SessionFacts(
            facts.starts_at,
            facts.ends_at + datetime.timedelta(minutes=15),
            functions=facts.functions,
        )
        amendment = propose_amendment(
            session=session, actor=actor, facts=longer, written=written, reason="结束时间少记了一刻钟。"
        )
        accept_amendment(amendment=amendment, actor=pairing.mentee.user)
    log_session(
        pairing=pairing,
        actor=actor,
        facts=_an_hour(at(today - datetime.timedelta(days=19), 19)),
        written=Written(topics="社区走访时遇到拒访怎么办。"),
        key=_key("late"),
        late_reason="当周在外地培训，没有带记录本（示例）。",
    )
    correct_long_after(pairing, today - datetime.timedelta(days=34))
    ask_review(
        pairing=pairing, reviewer=accounts["auditor@example.com"], reason="抽查督导记录的规范性（示例）。"
    )


def correct_long_after(pairing: Pairing, day: datetime.date) -> None:
    """A confirmed session of that day, and a correction of it that only comes now: it waits for an administrator."""
    if pairing.starts_on >= day:
        return
    facts, written = _an_hour(at(day, 21)), Written(topics="节日探访之后怎样收尾。")
    actor, after = pairing.supervisor.person.user, day + datetime.timedelta(days=1)
    with as_of(at(after, 9)):
        session = log_session(pairing=pairing, actor=actor, facts=facts, written=written, key=_key("long"))
        session = confirm_session(session=session, actor=pairing.mentee.user)
    ends_at = facts.ends_at + datetime.timedelta(minutes=20)
    propose_amendment(
        session=session,
        actor=actor,
        facts=SessionFacts(facts.starts_at, ends_at, functions=facts.functions),
        written=written,
        reason="对照门禁记录，实际晚二十分钟结束。",
        late_reason="整理季度档案时才核对门禁记录（示例）。",
    )


def _an_hour(starts: datetime.datetime) -> SessionFacts:
    functions = ("educational", "supportive")
    ends, shares = starts + datetime.timedelta(hours=1), (("educational", 40), ("supportive", 20))
    return SessionFacts(starts, ends, functions=functions, shares=shares)


def _key(name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"demo-{name}")


def at(day: datetime.date, hour: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))
