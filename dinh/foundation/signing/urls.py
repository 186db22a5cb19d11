"""Addresses of keys, and of the sample authority's services, which stand in every sample certificate."""

from django.urls import path, re_path

from dinh.foundation.signing.views import issuing, keys, sample

app_name = "signing"

_keys = "quan-tri/chu-ky-so/"
urlpatterns = [
    path(_keys, keys.keys, name="keys"),
    path(f"{_keys}thiet-bi/", keys.token, name="token"),
    path(f"{_keys}cap/", issuing.choose, name="issue"),
    path(f"{_keys}cap/<slug:kind>/<uuid:owner_id>/", issuing.owner, name="issue-owner"),
    path(f"{_keys}cap/<slug:kind>/<uuid:owner_id>/mau/", issuing.issue_sample, name="issue-sample"),
    path(f"{_keys}cap/<slug:kind>/<uuid:owner_id>/thiet-bi/", issuing.register, name="issue-register"),
    path(f"{_keys}<uuid:key_id>/", keys.key, name="key"),
    path(f"{_keys}<uuid:key_id>/tam-dung/", keys.suspend, name="key-suspend"),
    path(f"{_keys}<uuid:key_id>/dung-lai/", keys.resume, name="key-resume"),
    path(f"{_keys}<uuid:key_id>/thu-hoi/", keys.revoke, name="key-revoke"),
    path(f"{_keys}<uuid:key_id>/cap-lai/", keys.renew, name="key-renew"),
    path(f"{_keys}<uuid:key_id>/anh.png", keys.picture, name="key-picture"),
    path(f"{_keys}<uuid:key_id>/anh/", keys.put, name="key-picture-put"),
    path(f"{_keys}<uuid:key_id>/anh/bo/", keys.remove, name="key-picture-remove"),
    path("ky-so/mau/tsa", sample.time_stamp, name="time-stamp"),
    path("ky-so/mau/ocsp", sample.ocsp, name="ocsp"),
    path("ky-so/mau/ocsp/<path:encoded>", sample.ocsp, name="ocsp-get"),
    re_path(r"^ky-so/mau/crl/(?P<name>issuing|root)$", sample.crl, name="crl"),
]
