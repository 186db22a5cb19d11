"""Who may do what: each permission with its holders, its verbs and its pages."""

from dinh.foundation.actions.public import all_permissions, all_routes, all_verbs
from dinh.website.management.generated.markdown import document, is_ours, place, table

__all__ = ["page"]


def page() -> str:
    """Return the permission matrix."""
    declared = [entry for entry in all_permissions().values() if is_ours(entry.may.__module__)]
    verbs = [verb for verb in all_verbs().values() if is_ours(verb.function)]
    routes = {name: rule for name, rule in all_routes().items() if is_ours(name)}
    rows = [
        (
            f"`{permission.code}`",
            permission.label,
            permission.held_by,
            ", ".join(f"`{verb.name}`" for verb in verbs if verb.permission == permission),
            ", ".join(place(name) for name, rule in routes.items() if rule.permission == permission),
        )
        for permission in sorted(declared, key=lambda permission: permission.code)
    ]
    return document(
        "Permissions",
        "Every permission, who holds it, and the verbs and pages that ask for it. Rights belong to "
        "positions; which rows a holder reaches is the scope of the role.",
        table(["Code", "Permission", "Held by", "Verbs", "Pages"], rows),
    )
