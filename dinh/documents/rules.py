"""How numbers of documents are written (NĐ 30/2020/NĐ-CP, appendix I)."""

__all__ = ["format_number"]


def format_number(number: int, notation: str) -> str:
    """Return ``05/GCN-HKD``: numbers below 10 get a leading zero, no spaces."""
    return f"{number:02d}/{notation}"
