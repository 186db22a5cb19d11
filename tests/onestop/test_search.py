"""Search finds the same whether few words find much or little, and only what the reader may see."""

import pytest

from dinh.onestop.models import Dossier
from dinh.onestop.public import DossierFilter, dossier_page
from dinh.onestop.queries import dossiers as queries
from tests.onestop.conftest import ANSWERS, Province


def found(p: Province, by, words: str) -> set:
    page = dossier_page(by, DossierFilter(words=words, today=p.now.date()))
    return {row.id for row in page.rows}


def pages(p: Province, by, words: str) -> list:
    """What is found, a row a page, the newest first."""
    rows, mark = [], ""
    while True:
        page = dossier_page(by, DossierFilter(words=words, today=p.now.date()), after=mark, size=1)
        rows, mark = [*rows, *(row.id for row in page.rows)], page.after
        if not mark:
            return rows


@pytest.mark.parametrize(("few", "newest"), [(0, 1), (1, 2), (1, 1_000), (5000, 1), (5000, 1_000)])
def test_what_is_found_does_not_depend_on_how_much_it_is(
    province: Province, monkeypatch, few: int, newest: int
) -> None:
    monkeypatch.setattr(queries, "FEW_FOUND", few)
    monkeypatch.setattr(queries, "NEWEST", newest)
    monkeypatch.setattr(queries, "NEWEST_OF_MANY", newest + 1)
    p = province
    answers, agency = ANSWERS["1.004873"]
    mine = [p.accepted() for _ in range(3)]
    communes = p.accepted(code="1.004873", agency=agency, answers=answers)
    Dossier.objects.filter(pk=mine[0].pk).update(search_text="h99 trieu thi trinh 0900123456 ho kinh doanh")
    Dossier.objects.filter(pk=communes.pk).update(search_text="h99 trieu thi trinh 0900123457 hon nhan")
    assert found(p, p.clerk, "Triệu Trinh") == {mine[0].pk}
    assert found(p, p.clerk, "0900123456") == {mine[0].pk}
    assert found(p, p.clerk, "trieu kinh") == {mine[0].pk}
    assert found(p, p.clerk, "0900123457") == found(p, p.clerk, "khong co") == set()
    assert found(p, p.clerk, mine[1].code) == {mine[1].pk}
    leader = p.actor("chutich.tinh")
    assert found(p, leader, "trieu thi") == {mine[0].pk, communes.pk}
    # The words that all bear, page by page; "y" begins every request code and narrows nothing.
    assert mine[1].request_code.lower() in mine[1].search_text
    for words in ("kinh doanh", "kinh y", "yc kinh", "h99 kinh"):
        assert pages(p, leader, words) == [one.pk for one in reversed(mine)]
        assert pages(p, p.clerk, words) == [one.pk for one in reversed(mine)]
    assert pages(p, leader, "trieu 09001234") == [communes.pk, mine[0].pk]
    assert pages(p, p.clerk, "trieu 09001234") == [mine[0].pk]
    assert pages(p, p.clerk, "o'brien") == pages(p, p.clerk, "trieu o'brien") == []
    assert pages(p, p.clerk, "trieu %") == [mine[0].pk]
