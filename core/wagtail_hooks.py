"""Hooks of core into the Wagtail admin; registered here, written in the features."""

from wagtail import hooks

from core.blocks.serving import serve_media

# After the hooks that ask who may read the document at all.
hooks.register("before_serve_document", serve_media, order=100)
