"""How long something took, in words."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def duration(minutes: int | None) -> str:
    """Minutes as hours and minutes: 90 → 1 h 30 min / 1小时30分钟."""
    hours, rest = divmod(int(minutes or 0), 60)
    values = {"hours": hours, "minutes": rest}
    if hours and rest:
        return _("%(hours)d h %(minutes)d min") % values
    return (_("%(hours)d h") if hours else _("%(minutes)d min")) % values
