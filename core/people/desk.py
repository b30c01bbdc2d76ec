"""The account page of the Wagtail admin, for accounts whose name stands on their profile."""

from __future__ import annotations

from typing import Any

from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView, AvatarSettingsPanel, NameEmailSettingsPanel


class DeskAccountView(AccountView):
    """Without the panels for first and last name, which we do not keep, and for a picture, which nobody needs."""

    def get_panels(self) -> list[Any]:
        left_out = (NameEmailSettingsPanel, AvatarSettingsPanel)
        return [panel for panel in super().get_panels() if not isinstance(panel, left_out)]


desk_account = require_admin_access(DeskAccountView.as_view())
