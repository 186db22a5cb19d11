"""The store kept in order: what nobody refers to goes, what is referred to stays, damage is found."""

import datetime as dt
import io
import threading

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.actions.permissions import Actor
from dinh.foundation.actions.public import system
from dinh.foundation.files.actions import storing, upkeep
from dinh.foundation.files.actions.upkeep import collect
from dinh.foundation.files.adapters.folder import FolderStore
from dinh.foundation.files.models import File, StoreFault
from dinh.foundation.files.public import (
    DOCUMENTS,
    ContentMissing,
    check_store,
    collect_orphans,
    open_content,
    open_faults,
    store,
    sweep_store,
)
from dinh.kernel.errors import NotAllowed
from tests.files.making import make_pdf

pytestmark = pytest.mark.django_db(transaction=True)

JOB = system("files.clear_away")
TOMORROW = timezone.now() + dt.timedelta(days=2)


@pytest.fixture
def paper_model(transactional_db):
    """A table of some room above that refers to files: by a foreign key and by a many-to-many."""

    class Paper(models.Model):
        file = models.ForeignKey("files.File", on_delete=models.CASCADE, related_name="+")
        others = models.ManyToManyField("files.File", related_name="+")

        class Meta:
            app_label = "files"

    with connection.schema_editor() as editor:
        editor.create_model(Paper)
    yield Paper
    with connection.schema_editor() as editor:
        editor.delete_model(Paper)
    del apps.all_models["files"]["paper"]
    del apps.all_models["files"]["paper_others"]
    apps.clear_cache()


def kept(folder) -> set[str]:
    return {path.name for path in folder.glob("??/??/*")}


def test_a_file_that_nobody_refers_to_goes_after_a_day_and_its_content_with_it(give, folder):
    file = give(make_pdf())
    now = timezone.now()
    assert collect_orphans(by=JOB, now=now) == 0, "it was given just now"
    assert collect_orphans(by=JOB, now=TOMORROW) == 1
    assert not File.objects.exists()
    assert AuditEntry.objects.filter(verb="file.collected", subject_id=str(file.pk)).exists()
    assert kept(folder) == {file.sha256}
    assert sweep_store(by=JOB, now=now) == 0, "another may be storing it at this moment"
    assert sweep_store(by=JOB, now=TOMORROW) == 1
    assert kept(folder) == set()


def test_a_file_that_some_row_refers_to_stays(give, folder, paper_model):
    bound, listed, loose = give(make_pdf(pages=1)), give(make_pdf(pages=2)), give(make_pdf(pages=3))
    paper_model.objects.create(file=bound).others.add(listed)
    assert collect_orphans(by=JOB, now=TOMORROW) == 1
    assert set(File.objects.values_list("pk", flat=True)) == {bound.pk, listed.pk}
    assert sweep_store(by=JOB, now=TOMORROW) == 1
    assert kept(folder) == {bound.sha256, listed.sha256}
    assert loose.sha256 not in kept(folder)


def test_a_file_bound_while_it_is_being_collected_stays(give, paper_model, monkeypatch):
    """The room's row is written after the search for orphans and before the lock."""
    file = give(make_pdf())
    search = upkeep.orphans

    def bound_meanwhile(before):
        found = list(search(before))
        paper_model.objects.create(file=file)
        return found

    monkeypatch.setattr(upkeep, "orphans", bound_meanwhile)
    assert collect_orphans(by=JOB, now=TOMORROW) == 0
    assert File.objects.filter(pk=file.pk).exists()
    assert paper_model.objects.count() == 1


def test_only_the_system_collects(give, official):
    with pytest.raises(NotAllowed):
        collect(give(make_pdf()), by=official)


def test_a_content_with_another_file_stays(give, folder, paper_model):
    first, second = give(make_pdf(), "a.pdf"), give(make_pdf(), "b.pdf")
    paper_model.objects.create(file=second)
    assert collect_orphans(by=JOB, now=TOMORROW) == 1
    assert sweep_store(by=JOB, now=TOMORROW) == 0
    assert kept(folder) == {first.sha256}


def test_a_content_swept_while_it_is_given_again_is_put_again(give, official, folder, monkeypatch):
    """The sweep runs between putting the content and writing its row."""
    data = make_pdf()
    put_and_swept = []

    def swept_meanwhile(content, *, by):
        put_and_swept.append(sweep_store(by=JOB, now=TOMORROW))
        return keep(content, by=by)

    keep = storing.keep
    monkeypatch.setattr(storing, "keep", swept_meanwhile)
    file = store(io.BytesIO(data), name="a.pdf", by=official, limits=DOCUMENTS)
    assert put_and_swept == [1]
    with open_content(file.pk) as content:
        assert content.read() == data


def test_storing_and_sweeping_at_once_never_loses_a_content(monkeypatch):
    monkeypatch.setattr(FolderStore, "sweep", lambda self, before: 0)  # what is on its way is not a day old
    data, files, errors = make_pdf(), [], []

    def give_and_drop() -> None:
        by = Actor(kind="official", name="Mẫu")
        try:
            for _ in range(6):
                file = store(io.BytesIO(data), name="a.pdf", by=by, limits=DOCUMENTS)
                with open_content(file.pk) as content:
                    assert content.read() == data
                files.append(file.pk)
                collect(file, by=JOB)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    def sweep() -> None:
        try:
            while givers[0].is_alive() or givers[1].is_alive():
                sweep_store(by=JOB, now=TOMORROW)
        finally:
            connection.close()

    givers = [threading.Thread(target=give_and_drop) for _ in range(2)]
    sweeper = threading.Thread(target=sweep)
    for thread in (*givers, sweeper):
        thread.start()
    for thread in (*givers, sweeper):
        thread.join()
    assert errors == []
    assert len(files) == 12


def test_a_changed_and_a_missing_content_are_found_reported_once_and_closed_when_mended(give, folder):
    sound, changed, missing = (give(make_pdf(pages=number)) for number in (1, 2, 3))
    place = folder / changed.sha256[:2] / changed.sha256[2:4] / changed.sha256
    place.write_bytes(b"x" * changed.size)
    lost = folder / missing.sha256[:2] / missing.sha256[2:4] / missing.sha256
    lost.unlink()
    now = timezone.now()
    assert check_store(by=JOB, now=now) == {"sound": 1, "missing": 1, "changed": 1}
    assert check_store(by=JOB, now=now) == {"sound": 1, "missing": 1, "changed": 1}
    assert {(fault.sha256, fault.kind) for fault in open_faults()} == {
        (changed.sha256, "changed"),
        (missing.sha256, "missing"),
    }
    assert StoreFault.objects.count() == 2
    for file in (changed, missing):
        with pytest.raises(ContentMissing), open_content(file.pk):
            pass
    give(make_pdf(pages=2), "gửi lại.pdf")
    give(make_pdf(pages=3), "gửi lại.pdf")
    assert open_faults() == []
    assert check_store(by=JOB, now=now) == {"sound": 3, "missing": 0, "changed": 0}
    with open_content(changed.pk) as content:
        assert content.read() == make_pdf(pages=2)
    assert sound.pk


def test_the_check_takes_turns_over_the_store(give):
    files = [give(make_pdf(pages=number)) for number in (1, 2, 3)]
    seen = []
    for hour in range(3):
        check_store(by=JOB, now=TOMORROW + dt.timedelta(hours=hour), limit=1)
        seen.append(File.objects.filter(checked_at__isnull=False).count())
    assert seen == [1, 2, 3]
    assert len(files) == 3
