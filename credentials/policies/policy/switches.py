"""What a text leaves open: the switches of a policy, their answers, and where they stand in the text."""

from __future__ import annotations

from collections.abc import Mapping

from credentials.policies.policy.deciding import Switch
from credentials.policies.policy.source import Place, Source

MOST_SWITCHES = 50  # and answers to each


def switches_of(source: Source, place: Place | None, chosen: Mapping[str, str]) -> dict[str, Switch]:
    """What the text leaves open. From here on `{switch: NAME}` stands for the answer that is chosen."""
    found: dict[str, Switch] = {}
    for name, one in place.few(MOST_SWITCHES).entries() if place else ():
        parts = one.parts(("asks", "options", "chosen"), ("asks", "options", "chosen"))
        if len(parts) < 3:
            continue
        values = {}
        for option in parts["options"].few(MOST_SWITCHES).items():
            option_parts = option.parts(("value", "says"), ("value", "says"))
            if len(option_parts) == 2:
                values[option_parts["value"].text()] = option_parts
        answer = chosen.get(name) or parts["chosen"].choice(tuple(values))
        if answer not in values:
            parts["chosen"].wrong("no_choice", text=answer[:60], allowed=tuple(values), meant="")
            continue
        said = tuple((value, option["says"].words()) for value, option in values.items())
        found[name] = Switch(name, parts["asks"].words(), said, answer)
        source.switches[name] = values[answer]["value"]
    for name in set(chosen) - set(found):
        source.root.wrong("no_switch", name=name)
    return found


def applies(place: Place | None, switches: Mapping[str, Switch]) -> bool:
    """Whether a condition belongs to the policy as its switches stand: `when: {switch: NAME, is: VALUE}`."""
    if place is None:
        return True
    parts = place.parts(("switch", "is"), ("switch", "is"))
    if len(parts) < 2:
        return True
    name = parts["switch"].choice(tuple(switches))
    if name not in switches:
        return True
    return (
        parts["is"].choice(tuple(value for value, _words in switches[name].options)) == switches[name].chosen
    )
