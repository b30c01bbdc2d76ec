"""Random histories of payment: at every step ledger, lines, control totals and claims agree to the cent, whatever is tried."""

from collections import Counter
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.states import IllegalMove, Refused
from credentials.claims.actions import correct_account
from credentials.claims.models import Claim, PaymentEntry
from credentials.payments import actions
from credentials.payments.models import PaymentBatch, PaymentLine, PaymentReversal
from credentials.payments.policy import Result
from credentials.payments.queries.balance import balance_of
from credentials.payments.queries.budgets import budget_rows
from credentials.payments.queries.desk import desk_rows, total_row
from credentials.payments.states import ReversalEnd
from tests.factories import make_user
from tests.factories.subsidies import make_approved, make_payer, money_back

pytestmark = pytest.mark.django_db
LEVELS = ("assistant", "social_worker", "senior")
NUMBER, FLAG = st.integers(0, 11), st.booleans()
NONSENSE = {
    "result",
    "drop",
    "confirm",
    "lock_batch",
    "release_batch",
    "return_batch",
    "cancel_batch",
    "close_batch",
}
FROZEN = ("position", "amount", "account_sealed", "state", "reason", "paid_on", "turn")


class Payments(RuleBasedStateMachine):
    """Two finance officers do what they like with six claims. What is refused must have changed nothing."""

    desk, done = None, Counter()

    def __init__(self):
        super().__init__()
        self.ended, self.atomic = {}, transaction.atomic()
        self.atomic.__enter__()
        self.look()

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def look(self):
        self.claims = list(Claim.objects.order_by("pk").select_related("version__subsidy", "holder"))
        self.lines = list(PaymentLine.objects.order_by("pk").select_related("batch__policy__organisation"))
        self.batches = list(PaymentBatch.objects.order_by("pk").select_related("policy__organisation"))
        self.reversals = list(PaymentReversal.objects.order_by("pk"))
        self.entries = list(PaymentEntry.objects.all())

    def attempt(self, name, act):
        try:
            with transaction.atomic():
                act()
            self.done[name] += 1
        except (Refused, IllegalMove):
            self.done[f"{name} refused"] += 1
        self.look()

    def officer(self, second):
        return self.desk.releaser if second else self.desk.builder

    def in_state(self, rows, *states):
        return [row for row in rows if row.state in states]

    def at_bank(self, state="waiting"):
        return [line for line in self.in_state(self.lines, state) if line.batch.state == "released"]

    def build(self, which):
        due = self.in_state(self.claims, "approved")
        chosen = [claim for number, claim in enumerate(due) if number in which] or due
        said = {"policy": self.desk.policy, "claims": chosen, "actor": self.desk.builder}
        self.attempt("build", lambda: actions.build_batch(**said))

    def step(self, name, number, states, second, **more):
        rows = self.in_state(self.batches, *states) or self.batches
        if not rows:
            return
        batch = rows[number % len(rows)]
        more |= {"total": batch.total} if name == "release_batch" else {}
        act = getattr(actions, name)
        self.attempt(name, lambda: act(batch=batch, actor=self.officer(second), **more))

    @initialize(which=st.sets(NUMBER, min_size=2, max_size=6), far=st.integers(0, 3))
    def begin(self, which, far):
        """A history begins with a batch that is built, or released, or paid but for one line, or of which a line came back."""
        self.build(which)
        if far:
            self.step("lock_batch", 0, ("draft",), False)
            self.step("release_batch", 0, ("locked",), True)
        if far > 1:
            self.hear(0, False, False, True)
        if far > 2:
            self.take_back(0, ReversalEnd.AGAIN, False)

    @precondition(lambda self: self.in_state(self.claims, "approved"))
    @rule(which=st.sets(NUMBER, max_size=6))
    def take_some(self, which):
        self.build(which)

    @precondition(lambda self: self.in_state(self.batches, "draft", "locked"))
    @rule(number=NUMBER, second=st.sampled_from([True, True, False]))
    def go_on(self, number, second):
        self.step("lock_batch", number, ("draft",), second)
        self.step("release_batch", number, ("locked",), second)

    @precondition(lambda self: self.in_state(self.batches, "draft", "locked"))
    @rule(name=st.sampled_from(["return_batch", "cancel_batch"]), number=NUMBER, second=FLAG)
    def step_back(self, name, number, second):
        states = ("locked",) if name == "return_batch" else ("draft", "locked")
        self.step(name, number, states, second, reason="重做")

    @precondition(lambda self: self.in_state(self.batches, "released"))
    @rule(number=NUMBER, second=FLAG)
    def end(self, number, second):
        self.step("close_batch", number, ("released",), second)

    @precondition(
        lambda self: any(line.batch.state == "draft" for line in self.in_state(self.lines, "waiting"))
    )
    @rule(number=NUMBER)
    def drop(self, number):
        rows = [line for line in self.in_state(self.lines, "waiting") if line.batch.state == "draft"]
        line = rows[number % len(rows)]
        self.attempt("drop", lambda: actions.drop_line(line=line, actor=self.desk.builder))

    @precondition(lambda self: self.at_bank())
    @rule(number=NUMBER, paid=st.sampled_from([True, True, False]), second=FLAG, table=FLAG)
    def hear(self, number, paid, second, table):
        rows = self.at_bank()
        line, said = rows[number % len(rows)], {"on": timezone.localdate(), "actor": self.officer(second)}
        name, why = "paid" if paid else "failed", "" if paid else "销户"
        if table:
            rest = [one for one in rows if one.batch_id == line.batch_id]
            results = [Result(one.pk, one != line or paid, why if one == line else "") for one in rest]
            self.attempt(name, lambda: actions.import_results(batch=line.batch, results=results, **said))
        else:
            self.attempt(name, lambda: actions.record_result(line=line, paid=paid, reason=why, **said))

    @precondition(lambda self: any(row.reason for row in self.in_state(self.claims, "approved")))
    @rule(number=NUMBER)
    def correct(self, number):
        rows = [row for row in self.in_state(self.claims, "approved") if row.reason]
        claim, said = rows[number % len(rows)], {"bank": "示例银行", "consent_version": "1"}
        account = f"62220202{self.done.total():08}"
        self.attempt(
            "correct", lambda: correct_account(claim=claim, account=account, actor=claim.holder, **said)
        )

    @precondition(lambda self: self.in_state(self.lines, "paid"))
    @rule(number=NUMBER, end=st.sampled_from(ReversalEnd), second=FLAG)
    def take_back(self, number, end, second):
        if rows := self.in_state(self.lines, "paid"):
            line, back = rows[number % len(rows)], money_back(end=end)
            said = {"line": line, "back": back, "actor": self.officer(second)}
            self.attempt("record", lambda: actions.record_reversal(**said))

    @precondition(lambda self: self.in_state(self.reversals, "recorded"))
    @rule(number=NUMBER, second=FLAG, confirmed=st.sampled_from([True, True, False]))
    def decide(self, number, second, confirmed):
        rows = self.in_state(self.reversals, "recorded")
        officer = self.desk.releaser if second else self.desk.third  # whoever has built it may not
        said = {"reversal": rows[number % len(rows)], "actor": officer}
        if confirmed:
            self.attempt("confirm", lambda: actions.confirm_reversal(**said))
        else:
            self.attempt("refuse", lambda: actions.refuse_reversal(**said, answer="无退汇"))

    @precondition(lambda self: self.lines)
    @rule(name=st.sampled_from(sorted(NONSENSE)), number=NUMBER, paid=FLAG)
    def try_whatever_comes(self, name, number, paid):
        """An act on a batch, line or reversal in whatever state it is."""
        line = self.lines[number % len(self.lines)]
        if name == "result":
            said = {"line": line, "paid": paid, "reason": "再来", "on": timezone.localdate()}
            self.attempt("again", lambda: actions.record_result(**said, actor=self.desk.builder))
        elif name == "drop":
            self.attempt("drop", lambda: actions.drop_line(line=line, actor=self.desk.builder))
        elif name == "confirm" and self.reversals:
            said = {"reversal": self.reversals[number % len(self.reversals)], "actor": self.officer(paid)}
            self.attempt("confirm", lambda: actions.confirm_reversal(**said))
        elif name.endswith("_batch"):
            more = {"reason": "重做"} if name in ("return_batch", "cancel_batch") else {}
            self.step(name, number, (), paid, **more)

    @invariant()
    def claims_lines_and_ledger_agree(self):
        back = Counter(row.claim_id for row in self.in_state(self.reversals, "confirmed"))
        for claim in self.claims:
            mine = [one for one in self.entries if one.claim_id == claim.pk]
            kinds = Counter(one.kind for one in mine)
            assert sum(one.amount for one in mine) == (claim.amount if claim.state == "paid" else 0)
            assert kinds["paid"] - kinds["reversed"] == (claim.state == "paid")
            assert kinds["reversed"] == back[claim.pk]
            live = [
                line.state
                for line in self.in_state(self.lines, "waiting", "paid")
                if line.claim_id == claim.pk and line.turn == back[claim.pk] + 1
            ]
            assert live == {"locked": ["waiting"], "paid": ["paid"]}.get(claim.state, []), claim.state

    @invariant()
    def control_totals_are_the_sums_and_what_ended_never_changes(self):
        for batch in self.batches:
            mine = [line for line in self.lines if line.batch_id == batch.pk]
            standing = [line for line in mine if line.state != "withdrawn"]
            if batch.state != "cancelled":
                assert (batch.count, batch.total) == (len(standing), sum(line.amount for line in standing))
            if batch.state in ("closed", "cancelled"):
                now = [[getattr(line, name) for name in FROZEN] for line in mine]
                assert self.ended.setdefault(batch.pk, now) == now

    @invariant()
    def desk_and_budget_say_what_the_ledger_says(self):
        ledger, lines = balance_of(self.desk.policy)
        assert ledger == lines == sum((one.amount for one in self.entries), Decimal(0))
        total = total_row(desk_rows(self.desk.builder, "policy"))
        assert total.cells["paid"].amount == ledger
        row = budget_rows(self.desk.builder, timezone.localdate().year)[0]
        owed = sum(total.cells[name].amount for name in ("due", "returned", "locked"))
        assert (row.paid, row.committed) == (ledger, ledger + owed)


def test_any_history_balances(desk, tree):
    for number, level in enumerate(LEVELS):
        user = make_user(f"申领人{number}", tree["station"])
        make_approved(user.person, desk.version, desk.approver, level=level)
    desk.third = make_payer(tree["city"], "第三人")
    Payments.desk, Payments.done = desk, Counter()

    run_state_machine_as_test(
        Payments,
        settings=settings(
            max_examples=12,
            stateful_step_count=18,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],  # a history that fails is not shrunk: that takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )

    wanted = {"paid", "failed", "correct", "confirm", "refuse", "close_batch", "cancel_batch", "drop"}
    assert wanted <= Payments.done.keys(), Payments.done
