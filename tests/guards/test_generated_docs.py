"""The documents made from the code say the same each time, and say what is there."""

import pytest

from dinh.website.management.generated import PAGES


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_document_is_the_same_each_time(name: str) -> None:
    assert PAGES[name]() == PAGES[name]()


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("permissions.md", "| `outbox.resend` | Gửi lại tin không gửi được | quản trị viên hệ thống |"),
        ("verbs.md", "| `outbox.resent` | Send a message again"),
        ("events.md", "| `actions.MessageGivenUp` | An outbox message cannot be delivered"),
        ("routes.md", "| `/quan-tri/nhat-ky/` | `log` | officials | `audit.read` |"),
        ("settings.md", "| `DATABASE_URL` | `postgresql://dinh@localhost/dinh` |"),
        ("jobs.md", "| `actions.seal_audit` | Bind the new entries"),
    ],
)
def test_a_document_says_what_is_there(name: str, line: str) -> None:
    assert line in PAGES[name]()
