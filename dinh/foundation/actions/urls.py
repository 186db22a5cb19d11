"""Addresses of the audit log."""

from django.urls import path

from dinh.foundation.actions.views import log, seals

app_name = "actions"

urlpatterns = [
    path("quan-tri/nhat-ky/", log.log, name="log"),
    path("quan-tri/nhat-ky/tai-ve/", log.export, name="export"),
    path("quan-tri/nhat-ky/niem-phong/", seals.seals, name="seals"),
    path("quan-tri/nhat-ky/niem-phong/kiem-tra/", seals.start_proof, name="proof-start"),
    path("quan-tri/nhat-ky/niem-phong/kiem-tra/<uuid:verification_id>/", seals.proof, name="proof"),
    path("quan-tri/nhat-ky/<int:number>/", log.entry, name="entry"),
]
