"""What a province sets of its own: name, emblem, two colours. Everything else follows from these."""

import re
from dataclasses import dataclass, field

from dinh.kernel.errors import N_, Refused

__all__ = ["BadIdentity", "Identity", "check_identity", "contrast", "identity_css"]

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3


class BadIdentity(Refused):
    """A colour is not one, or text on it could not be read."""

    message = N_(
        "Màu “%(colour)s” không dùng được: chữ trắng trên nền này không đủ rõ. Hãy chọn màu đậm hơn."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A province's face and the footer that the law asks for (NĐ 43/2011, TT 32/2017: owner, person in
    charge, address, phone, e-mail). ``emblem`` is a static file's path; empty draws the house's own mark.
    ``colour`` is the brand, ``accent`` the thin line under the banner; both as ``#rrggbb``.
    """

    name: str = N_("Tỉnh mẫu")
    portal_name: str = N_("Cổng dịch vụ công")
    office_name: str = N_("Hệ thống điều hành")
    emblem: str = ""
    colour: str = "#9a1b3d"
    accent: str = "#d9a441"
    owner: str = ""
    person_in_charge: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    licence: str = ""
    hotline: str = ""
    domains: tuple[str, ...] = field(default_factory=tuple)


def _channels(colour: str) -> tuple[float, float, float]:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise BadIdentity(colour=colour)
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two ``#rrggbb`` colours as WCAG defines it, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (a * share + b * (1 - share))):02x}" for a, b in pairs)


def check_identity(identity: Identity) -> None:
    """Refuse colours that are not colours, and a brand on which white text cannot be read."""
    _channels(identity.accent)
    if contrast(identity.colour, "#ffffff") < LEAST_CONTRAST:
        raise BadIdentity(colour=identity.colour)


def identity_css(identity: Identity) -> str:
    """Return the few custom properties that colour every page for this province."""
    check_identity(identity)
    brand = identity.colour
    return (
        ":root{"
        f"--brand:{brand};"
        f"--brand-dark:{_mixed(brand, '#000000', 0.78)};"
        f"--brand-tint:{_mixed(brand, '#ffffff', 0.07)};"
        f"--brand-line:{_mixed(brand, '#ffffff', 0.3)};"
        f"--accent:{identity.accent}"
        "}\n"
    )
