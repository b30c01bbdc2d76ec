"""The verbs of award rounds, in the order in which a round lives."""

from credentials.awards.actions.deciding import (
    end_judging,
    post_again,
    reconcile,
    settle_winners,
    take_back,
)
from credentials.awards.actions.judging import (
    JOINABLE,
    add_member,
    declare_conflicts,
    give_scores,
    remove_member,
    start_judging,
)
from credentials.awards.actions.nominating import (
    NominationFacts,
    NomineeBarred,
    accept_nomination,
    add_paper,
    decline_nomination,
    nominate,
)
from credentials.awards.actions.rounds import (
    AwardRefused,
    cancel_round,
    end_nominations,
    open_round,
    save_round,
    shortlist_nominees,
)
from credentials.awards.actions.voting import cast_vote, start_vote

__all__ = [
    "JOINABLE",
    "AwardRefused",
    "NominationFacts",
    "NomineeBarred",
    "accept_nomination",
    "add_member",
    "add_paper",
    "cancel_round",
    "cast_vote",
    "declare_conflicts",
    "decline_nomination",
    "end_judging",
    "end_nominations",
    "give_scores",
    "nominate",
    "open_round",
    "post_again",
    "reconcile",
    "remove_member",
    "save_round",
    "settle_winners",
    "shortlist_nominees",
    "start_judging",
    "start_vote",
    "take_back",
]
