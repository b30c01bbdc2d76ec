"""The trainee's pages: one's own work (own), and the work of others (peers)."""

from lms.assignments.views.own import detail, draft, file, index, review
from lms.assignments.views.peers import peer_file, peer_review

__all__ = ["detail", "draft", "file", "index", "peer_file", "peer_review", "review"]
