"""Many at once: threads with database connections of their own, as the threads of a web server have them."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.db import connection

WORKERS = 8  # the web server's threads in production: two processes of four
MOST_SECONDS = 300  # for all of them: a class that begins is not held up any longer


@dataclass(frozen=True)
class Done:
    """What one act gave, or else what it failed with; when it began and ended, in seconds of the same clock for all."""

    result: Any
    fault: str
    began: float
    ended: float

    @property
    def ms(self) -> float:
        """How long it took by the clock on the wall, waiting for others included."""
        return (self.ended - self.began) * 1000


def at_once(
    act: Callable[[Any], Any],
    things: Sequence[Any],
    workers: int = WORKERS,
    most_seconds: float = MOST_SECONDS,
) -> list[Done]:
    """Do `act` with each of the things, so many at a time and begun in their order; what came of each, in that order.

    What fails is said in its `Done` and ends nothing else. After `most_seconds` nothing new begins: what is left has
    failed too, and waited from the start. Each thread commits by itself and closes its connection. Whoever stops this
    (Ctrl-C) waits only for what has begun.
    """
    todo, done = deque(enumerate(things)), dict[int, Done]()
    begun = time.perf_counter()

    def work() -> None:
        try:
            while todo:
                try:
                    place, thing = todo.popleft()
                except IndexError:  # another one took the last
                    break
                now = time.perf_counter()
                if now - begun > most_seconds:
                    done[place] = Done(None, f"TimeoutError: not begun within {most_seconds:g} s", begun, now)
                else:
                    done[place] = _done(act, thing)
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        try:
            for each in [pool.submit(work) for _ in range(workers)]:
                each.result()
        except BaseException:
            todo.clear()  # leaving the pool waits for its threads, and they go on while there is something to do
            raise
    return [done[place] for place in sorted(done)]


def _done(act: Callable[[Any], Any], thing: Any) -> Done:
    result, fault, began = None, "", time.perf_counter()
    try:
        result = act(thing)
    except Exception as failure:
        fault = f"{type(failure).__name__}: {failure}"
    return Done(result, fault, began, time.perf_counter())
