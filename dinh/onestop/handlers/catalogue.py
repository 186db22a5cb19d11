"""What is left to a worker when a file of the national catalogue comes in or is confirmed."""

from dinh.foundation.actions.public import handles
from dinh.onestop.events import CatalogueConfirmed, CatalogueUploaded
from dinh.onestop.tasks import read_catalogue_upload, write_catalogue


@handles(CatalogueUploaded)
def read(event: CatalogueUploaded) -> None:
    """Reading thousands of procedures takes longer than a request may."""
    read_catalogue_upload.defer(batch_id=str(event.batch_id))


@handles(CatalogueConfirmed)
def write(event: CatalogueConfirmed) -> None:
    """So does writing them."""
    write_catalogue.defer(batch_id=str(event.batch_id))
