"""Registering a commendation, one by one or from a table, and striking it off."""

from credentials.commendations.actions.importing import COMMENDATIONS
from credentials.commendations.actions.registering import (
    CommendationRefused,
    register_commendation,
    strike_commendation,
)

__all__ = ["COMMENDATIONS", "CommendationRefused", "register_commendation", "strike_commendation"]
