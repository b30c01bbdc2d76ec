"""What is done to the site as a whole: setting it up, writing it from a file, publishing what is scheduled, dropping kept copies of its pages."""

from cms.pages.actions.scheduling import publish_due
from cms.pages.actions.setting_up import set_up_site
from cms.pages.actions.writing import write_site

__all__ = ["publish_due", "set_up_site", "write_site"]
