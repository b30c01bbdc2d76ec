"""What is read of packages, and what is said about them."""

from lms.packages.queries.states import (
    address_of_upload,
    done_items,
    is_package_done,
    item_of,
    items_of_version,
    package_data_of,
    package_version,
    states_of,
)

__all__ = [
    "address_of_upload",
    "done_items",
    "is_package_done",
    "item_of",
    "items_of_version",
    "package_data_of",
    "package_version",
    "states_of",
]
