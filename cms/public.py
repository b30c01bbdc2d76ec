"""What config may ask of the site."""

from cms.pages.actions import set_up_site, write_site

__all__ = ["set_up_site", "write_site"]
