from supervision.wishes.actions.asking import ask_for_change, close_wishes, withdraw_wish
from supervision.wishes.actions.deciding import accept_wish, decline_wish

__all__ = [
    "accept_wish",
    "ask_for_change",
    "close_wishes",
    "decline_wish",
    "withdraw_wish",
]
