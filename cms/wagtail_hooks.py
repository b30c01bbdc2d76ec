"""What cms adds to the Wagtail admin."""

from wagtail import hooks

from cms.dashboards.viewsets import put_desk_first
from cms.navigation.viewsets import house_script, house_style, name_the_site, trim_help, trim_start_page
from cms.pages.viewsets import keep_what_is_used, refuse_what_is_not_ours

hooks.register("before_bulk_action", refuse_what_is_not_ours)
hooks.register("before_delete_page", keep_what_is_used)
hooks.register("insert_global_admin_css", house_style)
hooks.register("insert_global_admin_js", house_script)
hooks.register("construct_homepage_panels", trim_start_page)
hooks.register("construct_homepage_panels", put_desk_first)
hooks.register("construct_homepage_summary_items", name_the_site, order=100)
hooks.register("construct_help_menu", trim_help)
