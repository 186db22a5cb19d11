"""How much each page asks of the database: counted, so that nothing creeps in."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dinh.onestop.public import accept
from tests.portal.conftest import begin, fill

# The most queries that a page may make; a citizen's session takes two of them, what editors put around
# every page (notices, menus) one.
VISITORS = {"/": 6, "/thu-tuc/?q=ho+kinh+doanh": 7, "/thu-tuc/1.001612/": 4, "/tra-cuu/": 1}


def queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize("address", VISITORS)
def test_pages_for_everyone_ask_little(visitor, province, address):
    assert queries(visitor, address) <= VISITORS[address]


def test_pages_of_a_draft_ask_little(citizen, province):
    address = begin(citizen, province)
    fill(citizen, address)
    for page, most in {"": 9, "khai/ho_kinh_doanh/": 7, "giay-to/": 10, "kiem-tra/": 13}.items():
        assert queries(citizen, f"{address}{page}") <= most, page


def test_a_list_of_dossiers_asks_the_same_for_one_and_for_many(citizen, province):
    province.submitted()
    one = queries(citizen, "/ho-so-cua-toi/")
    for _ in range(5):
        accept(province.submitted(), by=province.clerk, now=province.now)
    assert queries(citizen, "/ho-so-cua-toi/") == one <= 6


def test_a_dossiers_page_asks_little(citizen, province):
    dossier = province.submitted()
    accept(dossier, by=province.clerk, now=province.now)
    # Four of them ask about the post: how it was filed, where the result goes, parcels, handing over;
    # one asks what was filed again from it.
    assert queries(citizen, f"/ho-so-cua-toi/{dossier.id}/") <= 24
