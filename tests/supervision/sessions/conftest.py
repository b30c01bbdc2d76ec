"""How a session is recorded."""

import uuid

from supervision.sessions import actions
from tests.supervision.conftest import facts, written


def log(pair, cast, day=1, start=9, hours=1, key=None, actor=None, pairing=None, **more):
    return actions.log_session(
        pairing=pairing or pair.pairing,
        actor=actor or cast.supervisor,
        facts=facts(day, start, hours),
        written=written(**more),
        key=key or uuid.uuid4(),
    )
