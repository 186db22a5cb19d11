"""Every state machine of the rooms' rules, as a diagram."""

import importlib
from collections.abc import Iterator

from dinh.kernel.states import StateMachine
from dinh.website.management.generated.markdown import PACKAGE, document, place

__all__ = ["page"]


def page() -> str:
    """Return the diagrams."""
    parts = [
        f"## {machine.subject[:1].upper()}{machine.subject[1:]}\n\n{place(module)}, `{name}`\n\n"
        f"```mermaid\n{machine.mermaid()}```"
        for module, name, machine in _machines()
    ]
    return document(
        "States",
        "Each table drives the code, the buttons, these diagrams and the property tests.",
        *(parts or ["No machine is declared yet."]),
    )


def _machines() -> Iterator[tuple[str, str, StateMachine]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if "rules" not in parts or "StateMachine" not in path.read_text():
            continue
        module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
        for name, value in sorted(vars(module).items()):
            if isinstance(value, StateMachine):
                yield module.__name__, name, value
