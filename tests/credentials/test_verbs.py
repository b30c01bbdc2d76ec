"""Each verb of payments, and each around a claim, asks its rule: without the rule nobody does it, whatever their roles and whatever its page says."""

from contextlib import contextmanager

import pytest
import rules
from django.utils import timezone

from core.attachments.actions import keep_file
from core.states import Refused, move
from credentials.claims.actions import (
    Earlier,
    answer_appeal,
    close_lost_account,
    correct_earlier_payment,
    declare_claim_conflict,
    enter_earlier_payment,
    give_in_kind,
    mark_of,
    open_claim_paper,
    post_claims,
    review_claim,
)
from credentials.claims.states import MOVES
from credentials.payments import actions
from credentials.payments.policy import Result
from credentials.public_notices.actions import answer_objection, erase_objector
from tests.factories import make_notice, make_objection, make_proof
from tests.factories.subsidies import (
    make_approved,
    make_claim,
    make_claim_with_all,
    make_payer,
    make_reviewer,
    make_subsidies,
    money_back,
)


@contextmanager
def table_without(perm):
    """The permission table with nobody in this line of it."""
    kept = rules.permissions.permissions[perm]
    rules.set_perm(perm, rules.always_deny)
    try:
        yield
    finally:
        rules.set_perm(perm, kept)


def asks(verb, *acts, why=None):
    for act in acts:
        with table_without(f"credentials.{verb}"), pytest.raises(Refused, match=why):
            act()


def test_the_verbs_of_payments_ask_the_permission_table(cast, tree):
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0)
    builder, second = (make_payer(tree["city"], name) for name in ("制表人", "审核人"))
    people = (cast.trainee, cast.other_trainee, cast.outside_trainee)
    approver = make_reviewer(tree["city"])
    one, two, three = (make_approved(user.person, version, approver) for user in people)
    about, today = {"policy": version.subsidy, "actor": builder}, timezone.localdate()

    asks("build_paymentbatch", lambda: actions.build_batch(claims=[one], **about))
    asks(
        "set_paymentbudget",
        lambda: actions.set_budget(year=today.year, amount=1, words="示例财〔2026〕1号", **about),
    )
    batch = actions.build_batch(claims=[one, two], **about).batch
    work = {"batch": batch, "actor": builder}
    asks(
        "work_on_paymentbatch",
        lambda: actions.add_claim(claim=three, **work),
        lambda: actions.drop_line(line=batch.lines.first(), actor=builder),
        lambda: actions.cancel_batch(reason="重做", **work),
    )
    asks("lock_paymentbatch", lambda: actions.lock_batch(**work))
    batch = actions.lock_batch(**work)
    release = {"batch": batch, "actor": second}
    asks("return_paymentbatch", lambda: actions.return_batch(reason="少一人", **release))
    asks("take_out_paymentbatch", lambda: actions.take_out_batch(paper="roster", **release))
    asks("release_paymentbatch", lambda: actions.release_batch(total=batch.total, **release))
    actions.release_batch(total=batch.total, **release)
    line = batch.lines.first()
    heard = {"on": today, "actor": builder}
    asks(
        "work_on_paymentbatch",
        lambda: actions.import_results(batch=batch, results=[Result(line.pk, True)], **heard),
        lambda: actions.record_result(line=line, paid=True, **heard),
    )
    asks(
        "settle_paymentline",
        lambda: actions.import_results(batch=batch, results=[Result(line.pk, True)], **heard),
        lambda: actions.record_result(line=line, paid=True, **heard),
    )
    actions.record_result(line=line, paid=True, **heard)
    returned = batch.lines.exclude(pk=line.pk).get()
    actions.record_result(line=returned, paid=False, reason="账户异常", **heard)
    late = {"line": returned, "reference": "回单9号", **heard}
    asks("settle_paymentline", lambda: actions.record_late_payment(**late))
    assert actions.record_late_payment(**late).state == "paid"
    asks("work_on_paymentbatch", lambda: actions.close_batch(**work))
    line.refresh_from_db()
    asks("record_reversal", lambda: actions.record_reversal(line=line, back=money_back(), actor=builder))
    reversal = actions.record_reversal(line=line, back=money_back(), actor=builder)
    asks(
        "confirm_paymentreversal",
        lambda: actions.confirm_reversal(reversal=reversal, actor=second),
        lambda: actions.refuse_reversal(reversal=reversal, answer="无退汇", actor=second),
    )
    actions.confirm_reversal(reversal=reversal, actor=second)


def test_the_verbs_around_a_claim_ask_the_permission_table(cast, tree):
    officer = cast.city_administrator
    version = make_subsidies(tree["city"], officer)
    claim = make_claim_with_all(cast.trainee.person, version, make_reviewer(tree["city"], "前审核员"))
    asks(
        "answer_claimappeal",
        lambda: answer_appeal(appeal=claim.appeals.get(), upheld=False, answer="维持", actor=officer),
    )
    asks("take_claimpaper", lambda: open_claim_paper(claim=claim, slot="form", actor=officer, way="file"))
    notice = {"title": "公示", "contact": "社工处", "seen": mark_of([])}
    asks("post_claims", lambda: post_claims(subsidy=version.subsidy, actor=officer, **notice), why="主管部门")
    objection = make_objection(make_notice(tree["city"]))
    type(objection).objects.filter(pk=objection.pk).update(
        state="dismissed", answer="不成立", answered_by=officer, answered_at=timezone.now()
    )
    asks("erase_objector", lambda: erase_objector(objection=objection, actor=officer))
    assert erase_objector(objection=objection, actor=officer).erased_at
    with pytest.raises(Refused):
        erase_objector(objection=objection, actor=cast.auditor)


def test_what_is_decided_given_voted_or_entered_asks_the_permission_table(cast, tree):
    officer, today = cast.city_administrator, timezone.localdate()
    version = make_subsidies(tree["city"], officer)
    claim = make_claim(cast.trainee.person, version, state="review")
    review = {"claim": claim, "stage": claim.stage, "verdict": "pass", "actor": cast.administrator}
    asks("review_claim", lambda: review_claim(**review))
    conflict = {"claim": claim, "words": "同学", "actor": cast.administrator}
    asks("declare_claimconflict", lambda: declare_claim_conflict(**conflict))
    with pytest.raises(Refused):
        declare_claim_conflict(**conflict | {"actor": cast.trainee})
    move(claim, "returned", MOVES, reason="更正")
    proof = keep_file(upload=make_proof(), actor=officer)
    close = {"claim": claim, "reason": "无法登录", "proof": proof, "actor": officer}
    asks("close_claim", lambda: close_lost_account(**close))
    said = {"authority": tree["city"], "policy": version.subsidy.code, "proof": proof, "on": today}
    said |= {"benefit": "certificate", "key": "assistant", "amount": 500, "words": "名册"}
    earlier = {"person": cast.trainee.person, "earlier": Earlier(**said)}
    asks("enter_claim", lambda: enter_earlier_payment(**earlier, actor=officer))
    with pytest.raises(Refused, match="管理员"):
        enter_earlier_payment(**earlier, actor=make_payer(tree["city"]))
    entry = enter_earlier_payment(**earlier, actor=officer)
    right = {"entry": entry, "earlier": Earlier(**said | {"amount": 300})}
    right |= {"reason": "金额录入错误", "actor": officer}
    asks("enter_claim", lambda: correct_earlier_payment(**right))
    asks("correct_paymententry", lambda: correct_earlier_payment(**right))
    assert correct_earlier_payment(**right).amount == 300
    in_kind = make_approved(
        cast.other_trainee.person,
        make_subsidies(tree["city"], officer, code="in-kind", channel="none"),
        make_reviewer(tree["city"], "审批人"),
    )
    given = {
        "claim": in_kind,
        "on": today,
        "words": "听课证12号",
        "actor": make_payer(tree["city"], "发放人"),
    }
    asks("give_claim", lambda: give_in_kind(**given))
    objection = make_objection(make_notice(tree["city"]))
    asks(
        "answer_objection",
        lambda: answer_objection(objection=objection, upheld=False, answer="不成立", actor=officer),
    )
