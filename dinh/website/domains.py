"""The names under which a province's portal is to be reached (TT 01/2018/TT-VPCP, Điều 16)."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from dinh.kernel.errors import N_
from dinh.kernel.sentences import Sentence, say

__all__ = ["domain_fault"]

_PORTAL = re.compile(r"dichvucong\.([a-z0-9]+(?:-[a-z0-9]+)*)\.gov\.vn")


def domain_fault(address: str, hosts: Collection[str]) -> Sentence | None:
    """Return what is wrong with the portal's public address and the hosts it answers to; None: nothing.

    The law wants dichvucong.(name).gov.vn, and e-services.(name).gov.vn for the English pages.
    """
    host = (urlsplit(address).hostname or "").lower()
    found = _PORTAL.fullmatch(host)
    if found is None:
        return say(
            N_(
                "Tên miền của cổng là “%(host)s”, chưa theo dạng dichvucong.(tên tỉnh).gov.vn."
                " Hãy đặt lại DINH_PUBLIC_ADDRESS."
            ),
            host=host,
        )
    english = f"e-services.{found[1]}.gov.vn"
    if english not in hosts:
        return say(
            N_("Cổng chưa trả lời tên miền tiếng Anh “%(host)s”. Hãy thêm vào DINH_HOSTS."), host=english
        )
    return None
