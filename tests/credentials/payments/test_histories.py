"""Random histories of payment: at every step the ledger balances to the cent, and no claim is paid twice."""

import random
from collections import Counter

import pytest
from django.utils import timezone

from core.states import Refused
from credentials.claims.models import Claim, PaymentEntry
from credentials.claims.states import ClaimState
from credentials.payments import actions
from credentials.payments.models import PaymentBatch, PaymentLine
from credentials.payments.queries.desk import balance_of
from tests.factories import make_user
from tests.factories.subsidies import make_approved

pytestmark = pytest.mark.django_db
LEVELS = ("assistant", "social_worker", "senior")
STEPS = 60


def a_line(dice, state, batch_state):
    rows = list(PaymentLine.objects.filter(state=state, batch__state=batch_state).order_by("pk"))
    return dice.choice(rows) if rows else None


def a_batch(dice, *states):
    rows = list(PaymentBatch.objects.filter(state__in=states).order_by("pk"))
    return dice.choice(rows) if rows else None


def build(dice, desk):
    rows = list(Claim.objects.filter(state="approved").order_by("pk").select_related("version__subsidy"))
    if rows:
        actions.build_batch(
            policy=desk.policy, claims=dice.sample(rows, dice.randint(1, len(rows))), actor=desk.builder
        )


def on_line(act):
    def do(dice, desk):
        states = {"drop": "draft", "pay": "released", "fail": "released", "again": "released"}
        if line := a_line(dice, "paid" if act == "again" else "waiting", states[act]):
            if act == "drop":
                actions.drop_line(line=line, actor=desk.builder)
            else:
                said = {"on": timezone.localdate(), "actor": dice.choice([desk.builder, desk.releaser])}
                actions.record_result(
                    line=line, paid=act != "fail", reason="" if act == "pay" else "销户", **said
                )

    return do


def on_batch(act, *states):
    def do(dice, desk):
        if batch := a_batch(dice, *states):
            said = {"batch": batch, "actor": dice.choice([desk.builder, desk.releaser])}
            {
                "lock": lambda: actions.lock_batch(**said),
                "return": lambda: actions.return_batch(**said, reason="退回"),
                "cancel": lambda: actions.cancel_batch(**said, reason="重做"),
                "release": lambda: actions.release_batch(**said, total=batch.total),
                "close": lambda: actions.close_batch(**said),
            }[act]()

    return do


ACTS = {
    "build": build,
    **{act: on_line(act) for act in ("drop", "pay", "fail", "again")},
    "lock": on_batch("lock", "draft"),
    "return": on_batch("return", "locked", "released"),
    "cancel": on_batch("cancel", "draft", "locked", "released"),
    "release": on_batch("release", "locked", "closed"),
    "close": on_batch("close", "released"),
}
WEIGHTS = {
    "build": 6,
    "drop": 1,
    "pay": 8,
    "fail": 4,
    "again": 2,
    "lock": 5,
    "return": 1,
    "cancel": 1,
    "release": 6,
    "close": 3,
}


def check(desk):
    ledger, lines = balance_of(desk.policy)
    assert ledger == lines
    paid = Counter(PaymentEntry.objects.values_list("claim", flat=True))
    assert not [claim for claim, times in paid.items() if times > 1]
    of_state = dict(Claim.objects.values_list("pk", "state"))
    for claim, state in of_state.items():
        live = list(PaymentLine.objects.live().filter(claim=claim).values_list("state", flat=True))
        assert live == {ClaimState.LOCKED: ["waiting"], ClaimState.PAID: ["paid"]}.get(state, []), (
            claim,
            state,
        )
    for batch in PaymentBatch.objects.exclude(state="cancelled"):
        standing = batch.lines.exclude(state="withdrawn")
        assert (batch.count, batch.total) == (len(standing), sum(line.amount for line in standing))


@pytest.mark.parametrize("seed", [1, 2])
def test_any_history_balances(desk, tree, seed):
    for number, level in enumerate(LEVELS):
        user = make_user(f"申领人{number}", tree["station"])
        make_approved(user.person, desk.version, desk.approver, level=level)
    dice, done = random.Random(seed), Counter()
    for _step in range(STEPS):
        act = dice.choices(list(ACTS), [WEIGHTS[name] for name in ACTS])[0]
        try:
            ACTS[act](dice, desk)
            done[act] += 1
        except Refused:
            done[f"{act} refused"] += 1
        check(desk)
    assert PaymentEntry.objects.exists(), done
