"""What the desk reads: its parts, role by role (desk), and what waits for an officer (work)."""

from cms.dashboards.queries.desk import Desk, SupervisionDesk, desk_of

__all__ = ["Desk", "SupervisionDesk", "desk_of"]
