"""What happens to a request for supervision. Each act happens once, never over the places, and nobody passes the line.

Locks are taken in one order everywhere: the mentee, then the supervisors by their keys.
"""

from supervision.requests.actions.answering import accept_request, decline_request
from supervision.requests.actions.asking import ask_supervisor, withdraw_request
from supervision.requests.actions.lining import close_request, line_up, offer_place, offer_places
from supervision.requests.actions.watching import lapse_request, watch_requests
from supervision.requests.actions.words import ANSWER, LINE

__all__ = [
    "ANSWER",
    "LINE",
    "accept_request",
    "ask_supervisor",
    "close_request",
    "decline_request",
    "lapse_request",
    "line_up",
    "offer_place",
    "offer_places",
    "watch_requests",
    "withdraw_request",
]
