"""The door of the portal."""

from dinh.portal.access import citizen_menu, citizen_nav, foot_links

__all__ = ["citizen_menu", "citizen_nav", "foot_links"]
