"""What the desk reads: its parts, role by role (desk), what waits for an officer (work), and what is known of a person (person)."""

from cms.dashboards.queries.desk import Desk, SupervisionDesk, desk_of

__all__ = ["Desk", "SupervisionDesk", "desk_of"]
