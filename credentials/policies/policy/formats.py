"""How the texts of each format are read: what a later format takes otherwise has a name here, thing by
thing or as the group that is asked together, and is asked by it.

A format is read for ever as it was when the first text in it was published: what means something else is a new format, and kept
texts try it (tests/credentials/policies/frozen/).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FIRST, NEWEST = "1", "2"  # what a text that names no format is written in: published; and written now


@dataclass(frozen=True)
class Reading:
    """What a text means where formats differ. What is not named is taken as the first format took it."""

    format: int
    # A year is paid once it is due, and only one in which the policy was in force (`deciding`).
    waits_for_years: bool = False
    # A title is paid once it was given, a certificate once it was issued (`deciding`).
    waits_for_giving: bool = False
    # What was looked at and found wrong is paid by no benefit, whatever its conditions ask (`deciding`).
    refuses_found_wrong: bool = False
    # By the month only those of the policy's own time are paid (`benefits`).
    counts_own_months: bool = False
    # What was paid as `any` counts against each of what one amount stands for (`benefits`).
    counts_any: bool = False
    # An end that no claim of the day can rest on is not known (`conditions.spans`).
    doubts_ends: bool = False
    # Months from the end of a month are full with the last day of a shorter one (`conditions.spans`).
    ends_short_months: bool = False
    # What was looked at and not found right is not held (`conditions.records`).
    asks_verified: bool = False


READINGS: Mapping[str, Reading] = {
    FIRST: Reading(1),
    NEWEST: Reading(
        2,
        waits_for_years=True,
        waits_for_giving=True,
        refuses_found_wrong=True,
        counts_own_months=True,
        counts_any=True,
        doubts_ends=True,
        ends_short_months=True,
        asks_verified=True,
    ),
}
AS_FIRST = READINGS[FIRST]
