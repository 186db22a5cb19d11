"""Search finds the same whether few words find much or little, and only what the reader may see."""

import pytest

from dinh.onestop.models import Dossier
from dinh.onestop.public import DossierFilter, dossier_page
from dinh.onestop.queries import dossiers as queries
from tests.onestop.conftest import ANSWERS, Province


def found(p: Province, by, words: str) -> set:
    page = dossier_page(by, DossierFilter(words=words, today=p.now.date()))
    return {row.id for row in page.rows}


@pytest.mark.parametrize("few", [0, 1, 5000])
def test_what_is_found_does_not_depend_on_how_much_it_is(province: Province, monkeypatch, few: int) -> None:
    monkeypatch.setattr(queries, "FEW_FOUND", few)
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
    assert found(p, p.actor("chutich.tinh"), "trieu thi") == {mine[0].pk, communes.pk}
