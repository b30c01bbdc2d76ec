import pytest

from core.states import IllegalMove, StaleState, can_move, move
from supervision.models import Pairing, Session
from supervision.pairings.states import MOVES as PAIRING_MOVES
from supervision.pairings.states import PairingState
from supervision.sessions.states import LIVE, MOVES, OPEN, SessionState

LEGAL = {
    ("logged", "logged"),
    ("logged", "confirmed"),
    ("logged", "disputed"),
    ("logged", "cancelled"),
    ("disputed", "logged"),
    ("disputed", "cancelled"),
}
LEGAL_PAIRING = {("active", "paused"), ("active", "ended"), ("paused", "active"), ("paused", "ended")}


@pytest.mark.parametrize("old", SessionState.values)
@pytest.mark.parametrize("new", SessionState.values)
def test_a_session_moves_only_as_the_table_says(old, new):
    assert can_move(MOVES, old, new) == ((old, new) in LEGAL)
    if not can_move(MOVES, old, new):
        with pytest.raises(IllegalMove):
            move(Session(state=old), new, MOVES)


@pytest.mark.parametrize("old", PairingState.values)
@pytest.mark.parametrize("new", PairingState.values)
def test_a_pairing_moves_only_as_the_table_says(old, new):
    assert can_move(PAIRING_MOVES, old, new) == ((old, new) in LEGAL_PAIRING)
    if not can_move(PAIRING_MOVES, old, new):
        with pytest.raises(IllegalMove):
            move(Pairing(state=old), new, PAIRING_MOVES)


def test_what_is_open_took_time_and_what_is_cancelled_did_not():
    assert OPEN < LIVE == set(SessionState) - {SessionState.CANCELLED}


def test_of_two_who_looked_at_the_same_state_the_second_is_too_late(pair):
    first, second = Pairing.objects.get(), Pairing.objects.get()
    move(first, "paused", PAIRING_MOVES)
    with pytest.raises(StaleState):
        move(second, "paused", PAIRING_MOVES)
