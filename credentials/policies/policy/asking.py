"""What is asked of a text that somebody is writing beyond what makes it a policy: nothing in it may be without effect, or mean
something else than it seems to. A text that was published is never asked again."""

from __future__ import annotations

from collections.abc import Mapping

from credentials.policies.policy.benefits import ANY, SUBJECT_OF
from credentials.policies.policy.deciding import Policy
from credentials.policies.policy.source import Place, ends_before
from credentials.policies.states import Kind

STAGES = ("employer", "street", "county", "city", "province")
# Which kinds of benefit a field says anything about, where it is not all of them.
_FIELDS_OF: Mapping[str, tuple[Kind, ...]] = {
    "monthly": (Kind.RECURRING,),
    "top_up": (Kind.HIGHEST_LEVEL,),
    "most_times": (Kind.HIGHEST_LEVEL, Kind.PER_EVENT, Kind.RECURRING),
}
# What the amounts of a benefit may be named by, besides one amount for all.
_AMOUNTS_OF: Mapping[str, str] = {"qualification": "levels", "year": "levels", "title": "ranks"}


def ask_more(
    policy: Policy, top: Mapping[str, Place], spans: Mapping[str, Place], review: Mapping[str, Place]
) -> None:
    """Note what is wrong with the days and stages of a policy, and with those that it follows."""
    _ask_of_end(policy, spans)
    if "stages" in review:
        _ask_of_stages(policy.stages, review["stages"])
    if policy.code in policy.follows:
        top["follows"].wrong("follows_itself")


def _ask_of_end(policy: Policy, spans: Mapping[str, Place]) -> None:
    if policy.ends_on is None:
        for name in ("after_end", "claims_until"):
            if name in spans and not spans[name].is_null():
                spans[name].wrong("without_end")
    elif policy.claims_until and policy.claims_until < policy.ends_on:
        ends_before(spans["until"], spans["claims_until"])
    elif policy.claims_until and policy.after_end != "until" and not spans["claims_until"].is_wrong():
        spans["claims_until"].wrong("only_with", other="after_end: until")


def _ask_of_stages(stages: tuple[str, ...], place: Place) -> None:
    if not stages:
        place.wrong("empty")
    elif "" not in stages and list(stages) != [one for one in STAGES if one in stages]:
        place.wrong("stage_order", order=STAGES)


def ask_more_of(name: str, kind: Kind, parts: Mapping[str, Place]) -> None:
    """Note what is wrong with the fields of a benefit and with what its amounts are named by."""
    for field, kinds in _FIELDS_OF.items():
        if field in parts and kind not in kinds:
            parts[field].wrong("not_for_kind", name=field, kind=str(kind))
    for field in ("cap_of", "cap_per"):
        if field in parts and ("cap" not in parts or parts["cap"].is_null()):
            parts[field].wrong("only_with", other="cap")
    if "cap_of" in parts and name not in parts["cap_of"].several(lambda one: one.named("benefits")):
        parts["cap_of"].wrong("cap_without_itself", name=name)
    amounts = dict(parts["amounts"].entries()) if "amounts" in parts and parts["amounts"].is_mapping() else {}
    known = parts["kind"].source.known.get(_AMOUNTS_OF.get(SUBJECT_OF[kind], ""), ())
    for key, place in amounts.items():
        if key == ANY:
            if len(amounts) > 1:
                place.wrong("any_alone")
        elif key not in known and kind is not Kind.IN_KIND:
            place.not_among(key, (*known, ANY))
