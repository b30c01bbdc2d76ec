"""What is done to the site as a whole: setting it up, writing it from a file, dropping kept copies of its pages."""

from cms.pages.actions.setting_up import set_up_site
from cms.pages.actions.writing import write_site

__all__ = ["set_up_site", "write_site"]
