"""What the desk reads: its parts, role by role (desk)."""

from cms.dashboards.queries.desk import Desk, SupervisionDesk, desk_of

__all__ = ["Desk", "SupervisionDesk", "desk_of"]
