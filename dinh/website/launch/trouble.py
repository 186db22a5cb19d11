"""What can go wrong at the start, as one sentence that says what to do."""

__all__ = ["Trouble", "disk_full"]


class Trouble(Exception):
    """The province cannot open. One Vietnamese sentence for the person, the same in English behind it.

    The launcher speaks before any catalogue of translations can be read, so it says both.
    """

    def __init__(self, vietnamese: str, english: str) -> None:
        self.vietnamese = vietnamese
        self.english = english
        super().__init__(f"{vietnamese} ({english})")


def disk_full(*, folder: str = "", free_mb: int = 0, needed_mb: int = 500) -> Trouble:
    """There is not enough room left on the disk."""
    place = f" chứa {folder}" if folder else ""
    of = f" that holds {folder}" if folder else ""
    return Trouble(
        f"Ổ đĩa{place} đã đầy (còn {free_mb} MB, cần ít nhất {needed_mb} MB); hãy giải phóng chỗ"
        " rồi chạy lại make up.",
        f"The disk{of} is full ({free_mb} MB left, {needed_mb} MB needed); free some room and run make up"
        " again.",
    )
