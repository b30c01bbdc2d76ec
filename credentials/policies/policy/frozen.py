"""Facts as plain data: frozen beside a decision, and read again word for word, so that it can be decided anew for ever."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

from credentials.policies.policy.facts import LISTS, PAID, Facts, read_facts


def facts_data(facts: Facts) -> dict[str, Any]:
    """The facts for JSON: days as ISO dates, amounts as text, yes and no as policies write them."""
    data: dict[str, Any] = {name: _plain(section) for name, section in facts.sections.items()}
    for name in LISTS:
        items = getattr(facts, name)
        if items is not None:
            data[name] = [_plain(item) for item in items]
    if facts.conduct is not None:
        data["conduct"] = [_plain({"head": each.head, "on": each.on}) for each in facts.conduct]
    if facts.paid is not None:
        paid = ({name: getattr(each, name) for name in PAID} for each in facts.paid)
        data["paid"] = [_plain(each | {"is_loose": each["is_loose"] or None}) for each in paid]
    return data


def facts_from(data: Mapping[str, Any]) -> Facts:
    """The facts that `facts_data` froze. Raises SourceFault when the data is not its work."""
    return read_facts(json.dumps(data, ensure_ascii=False))


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping without what is not known."""
    return {name: _one(value) for name, value in item.items() if value is not None and value != ""}


def _one(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [str(each) for each in value]
    return str(value)
