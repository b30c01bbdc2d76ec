"""The claimant's own pages: what can be claimed, and each claim."""

from credentials.claims.views.own import claim_detail, claim_list

__all__ = ["claim_detail", "claim_list"]
