"""The counter: a dossier handed over on paper is taken in and accepted at once."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.public import get_unit
from dinh.foundation.files.public import respond
from dinh.foundation.ui.public import format_date, layout, parse, prefill, press_row_button, qr_picture
from dinh.kernel.dates import read_date
from dinh.kernel.errors import NotFound, Refused
from dinh.onestop.public import (
    DUE_WORDS,
    NEEDLESS_AT_DESK,
    RECEIVE_DOSSIER,
    Applicant,
    CameByPost,
    CheckCard,
    CitizenCard,
    DossierIncomplete,
    NewPart,
    NotFromElsewhere,
    ReturnChoice,
    SeenProof,
    Told,
    access_dossier,
    access_found_file,
    access_offered,
    access_search,
    communes_to_choose,
    desk_check_of,
    fees_owed,
    find_procedures,
    form_choices,
    found_by,
    get_procedure,
    get_version,
    is_alike,
    new_offer_key,
    offer_form,
    paper_label,
    papers_of,
    parcels_of,
    read_card,
    receive_at_counter,
    reception_at,
    receptions,
    register_incomplete,
    registered_known,
    registered_values,
    registry_for,
    required_documents,
    same_parcel,
    scanned_documents,
    search_papers,
    take_in_for,
    takes_in,
    takes_in_anywhere,
    takes_in_named,
)
from dinh.sso.public import kept_values
from dinh.workspace.views.dossiers import str_of
from dinh.workspace.views.postal import RETURN_FIELDS, chosen_return, return_choices
from dinh.workspace.views.registries import LOOK_UPS, check_values, held_check, look_up, may_look_up
from dinh.workspace.views.scans import scan_values, scans_of, take_scans

LONGEST_ASKED = 4000
# ?kenh=buu-chinh: what is taken in came by post, and nobody stands at the desk.
BY_POST = "buu-chinh"
# ?noi-khac=1: procedures that other agencies decide.
ELSEWHERE = "noi-khac"

__all__ = ["choose", "offered", "found_file", "receive", "received"]


@route(who="official", permission=RECEIVE_DOSSIER)
def choose(request: Request) -> HttpResponse:
    """Choose the procedure among those of the desk's agency."""
    words = request.GET.get("q", "").strip()[:100]
    agency = get_unit(_desk_id(request)).agency
    elsewhere = takes_in_anywhere() and bool(request.GET.get(ELSEWHERE))
    rows = [
        procedure
        for procedure in find_procedures(words).offered()
        if agency and _is_here(procedure, agency) is not elsewhere
    ]
    return render(
        request,
        "workspace/choose.html",
        {
            "q": words,
            "by_post": _is_by_post(request),
            "elsewhere": elsewhere,
            "may_elsewhere": takes_in_anywhere(),
            "more": f"?{urlencode({'kenh': BY_POST, **_parcel_given(request)})}"
            if _is_by_post(request)
            else "",
            "parcel": _parcel_given(request),
            "rows": [{"code": row.code, "name": row.name, "field": row.field_name} for row in rows],
        },
    )


def _is_here(procedure: Any, agency: Any) -> bool:
    return takes_in(procedure, agency) or takes_in_named(procedure, agency)


@route(who="official", permission=RECEIVE_DOSSIER)
def receive(request: Request, code: str) -> HttpResponse:
    """Fill in the form for the person at the counter, scan the papers, accept."""
    procedure = get_procedure(code)
    version = get_version(procedure)
    desk_id = _desk_id(request)
    reception = reception_at(version, get_unit(desk_id), _agency_id(request))
    if reception is None:
        return _choose_agency(request, version, get_unit(desk_id))
    if request.method != "POST":
        return _offered_again(request, version) or _show(request, version, kept_values(request) or {})
    definition = version.parts
    refusals = take_scans(request, code, definition.documents)
    data = parse(definition.form, request.POST)
    if refusals or "remove" in request.POST:
        status = 422 if refusals else 200
        return _show(request, version, request.POST, data=data, errors=refusals, status=status)
    pressed = press_row_button(definition.form, request.POST, data)
    if "read-card" in request.POST or request.POST.get("card", "").strip():
        # A scanner ends with Enter, which presses the first button of the form.
        return _read_card(request, version, data)
    if any(name in request.POST for name in LOOK_UPS):
        return _look_up(request, version, data)
    if "take-registered" in request.POST:
        return _take_registered(request, version, data)
    data = _filled(prefill(definition.form, _known(_applicant(request))), data)
    if pressed is not None:
        return _show(request, version, request.POST, data=pressed)
    if "find-papers" in request.POST:
        return _find_papers(request, version, data)
    try:
        if "offer" in request.POST:
            return _offer(request, version, data)
        search = _search(request)
        if "register-incomplete" in request.POST:
            dossier = register_incomplete(
                desk_id,
                agency_id=reception.agency.pk,
                version=version,
                applicant=_applicant(request),
                data=data,
                parts=_parts(request, definition),
                missing=request.POST.get("missing", "")[:LONGEST_ASKED],
                reason=request.POST.get("missing-reason", "")[:LONGEST_ASKED],
                came=_came(request),
                choice=_way_back(request) if _says_where(request) else None,
                by=request.by,
                now=timezone.now(),
            )
            return redirect("workspace:received", dossier_id=dossier.id)
        if reception.way == "elsewhere":
            dossier = take_in_for(
                desk_id,
                agency_id=reception.agency.pk,
                version=version,
                applicant=_applicant(request),
                data=data,
                parts=_parts(request, definition, goes_on=True),
                search=search,
                exemption=_seen_exemption(request),
                came=_came(request),
                choice=_way_back(request),
                check_id=_checked(request),
                by=request.by,
                now=timezone.now(),
            )
            return redirect("workspace:received", dossier_id=dossier.id)
        dossier = receive_at_counter(
            desk_id,
            agency_id=reception.agency.pk,
            version=version,
            applicant=_applicant(request),
            data=data,
            parts=_parts(request, definition),
            search=search,
            exemption=_seen_exemption(request),
            takes_cash=bool(request.POST.get("takes-cash")),
            confirmed_id=_confirmed(request),
            came=_came(request),
            choice=_way_back(request),
            check_id=_checked(request),
            by=request.by,
            now=timezone.now(),
        )
    except DossierIncomplete as refused:
        errors = [(_place(problem.place), problem.sentence) for problem in refused.problems]
        return _show(request, version, request.POST, data=data, errors=errors, status=422)
    except Refused as refused:
        errors = [(refused.field or "", str_of(refused))]
        return _show(request, version, request.POST, data=data, errors=errors, status=422)
    return redirect("workspace:received", dossier_id=dossier.id)


def _agency_id(request: Request) -> UUID | None:
    """For which agency the desk takes in, when it is not its own."""
    try:
        return UUID(request.GET.get("co-quan", ""))
    except ValueError:
        return None


def _choose_agency(request: Request, version: Any, desk: Any) -> HttpResponse:
    """Ask which agency decides, where several may; say so where none can be served from here."""
    found = receptions(version, desk)
    return render(
        request,
        "workspace/choose_agency.html",
        {
            "procedure": version.parts.short_name,
            "agencies": [(str(one.agency.pk), one.agency.name) for one in found],
            "elsewhere": bool(found) and found[0].way == "elsewhere",
            "kenh": BY_POST if _is_by_post(request) else "",
            "error": str_of(NotFromElsewhere()) if not found else "",
        },
        status=422 if request.method == "POST" or not found else 200,
    )


def _is_by_post(request: Request) -> bool:
    return request.GET.get("kenh") == BY_POST


def _came(request: Request) -> CameByPost | None:
    """How the parcel came, when the dossier did not come with a person."""
    if not _is_by_post(request):
        return None
    return CameByPost(
        number=request.POST.get("postal-number", "")[:100],
        postmarked_on=read_date(request.POST.get("postal-marked", "")),
        arrived_on=read_date(request.POST.get("postal-arrived", "")),
    )


def _way_back(request: Request) -> ReturnChoice | None:
    """How the result is to be received; by post it goes to the applicant unless somebody else is named."""
    if not request.POST.get("return-way"):
        return None
    choice, applicant = chosen_return(request.POST), _applicant(request)
    return replace(
        choice, recipient=choice.recipient or applicant.name, phone=choice.phone or applicant.phone
    )


def _says_where(request: Request) -> bool:
    """Whether the sender of something incomplete has said where the result goes; else they say it later."""
    typed = (request.POST.get(f"return-{name}", "").strip() for name in ("street", "commune"))
    return request.POST.get("return-way") != "post" or any(typed)


def _seen_exemption(request: Request) -> SeenProof | None:
    """The exemption whose proof the clerk has seen, if one was chosen."""
    key = request.POST.get("exemption", "")
    reason = request.POST.get("exemption-reason", "")[:1000]
    return SeenProof(key=key, reason=reason) if key else None


def _offer(request: Request, version: Any, data: dict[str, Any]) -> HttpResponse:
    """Let the person read what was typed for them, on their own phone."""
    key = new_offer_key()
    offered = offer_form(
        _desk_id(request),
        version=version,
        applicant=_applicant(request),
        data=data,
        key=key,
        by=request.by,
        now=timezone.now(),
    )
    # The key is kept nowhere but in the address that the clerk's screen shows now.
    address = f"{settings.PUBLIC_ADDRESS.rstrip('/')}{reverse('portal:offered', kwargs={'key': key})}"
    return _show_offered(request, offered, address)


@route(who="official", permission=RECEIVE_DOSSIER)
def offered(request: Request, form_id: UUID) -> HttpResponse:
    """What the person has said to the form that was filled in for them."""
    return _show_offered(request, access_offered(request.by, form_id), "")


def _show_offered(request: Request, form: Any, address: str) -> HttpResponse:
    back = reverse("workspace:receive", kwargs={"code": form.version.procedure.code})
    return render(
        request,
        "workspace/offered.html",
        {
            "form": form,
            "state": _(form.get_state_display()),
            "procedure": form.version.procedure.short_name,
            "address": address,
            "qr": qr_picture(address, _("Mã QR mở tờ khai trên điện thoại")) if address else "",
            "check": reverse("workspace:offered", kwargs={"form_id": form.pk}),
            "go_on": f"{back}?to-khai={form.pk}",
        },
    )


def _offered_again(request: Request, version: Any) -> HttpResponse | None:
    """The form with the answers that were offered, confirmed or to be mended; None without any."""
    try:
        form = access_offered(request.by, UUID(request.GET.get("to-khai", "")))
    except (ValueError, NotFound):
        return None
    if form.version_id != version.pk:
        return None
    typed = {f"applicant-{name}": value for name, value in form.applicant.items()}
    return _show(request, version, typed, data=form.data, offered=form)


def _confirmed(request: Request) -> UUID | None:
    """The form whose confirmation goes with the dossier."""
    try:
        return UUID(request.POST.get("confirmed", ""))
    except ValueError:
        return None


def _read_card(request: Request, version: Any, data: dict[str, Any]) -> HttpResponse:
    """Fill in who stands at the counter from the QR code of their card, over what was typed before."""
    try:
        card = read_card(request.POST.get("card", ""))
    except Refused as refused:
        errors = [(refused.field or "", str_of(refused))]
        return _show(request, version, request.POST, data=data, errors=errors, status=422)
    typed = request.POST.copy()
    typed["applicant-name"] = card.full_name
    typed["applicant-identity"] = card.identity_number
    typed["applicant-address"] = card.address
    typed["applicant-born"] = card.born_on.isoformat()
    known = {
        "full_name": card.full_name,
        "identity_number": card.identity_number,
        "address": card.address,
        "birth_date": card.born_on.isoformat(),
    }
    filled = _filled(
        prefill(version.parts.form, {"applicant": known, "party": {"owner": card.full_name}}), data
    )
    return _show(request, version, typed, data=filled, card=card)


def _look_up(request: Request, version: Any, data: dict[str, Any]) -> HttpResponse:
    """Ask a national registry about who files; what was left empty is filled in, what differs is shown."""
    applicant = _applicant(request)
    told = Told(
        number=applicant.identity.replace(" ", ""),
        name=applicant.name,
        born_on=read_date(request.POST.get("applicant-born", "")),
        address=applicant.address,
    )
    try:
        check = look_up(request, _desk_id(request), told)
    except Refused as refused:
        errors = [(refused.field or "", str_of(refused))]
        return _show(request, version, request.POST, data=data, errors=errors, status=422)
    typed = request.POST.copy()
    typed["applicant-identity"] = told.number
    registered, form = registered_values(check), version.parts.form
    for name, value in (("name", "full_name"), ("address", "address"), ("born", "birth_date")):
        if not typed.get(f"applicant-{name}", "").strip():
            typed[f"applicant-{name}"] = registered.get(value, "")
    filled = _filled(prefill(form, registered_known(check)), data)
    return _show(request, version, typed, data=filled, check=check)


def _take_registered(request: Request, version: Any, data: dict[str, Any]) -> HttpResponse:
    """Write what the registry says over what was typed: the clerk has decided so."""
    check = held_check(request)
    if check is None or check.record is None:
        return _show(request, version, request.POST, data=data)
    typed, registered = request.POST.copy(), registered_values(check)
    typed["applicant-name"], typed["applicant-address"] = registered["full_name"], registered["address"]
    typed["applicant-born"] = registered.get("birth_date", "")
    filled = _filled(data, prefill(version.parts.form, registered_known(check)))
    return _show(request, version, typed, data=filled, check=check)


def _checked(request: Request) -> UUID | None:
    """The look-up that goes with the dossier."""
    check = held_check(request)
    return check.id if check is not None else None


def _find_papers(request: Request, version: Any, data: dict[str, Any]) -> HttpResponse:
    """Look for papers that the person handed in before, with their word; show them at their places."""
    applicant = _applicant(request)
    try:
        search = search_papers(
            _desk_id(request),
            identity=applicant.identity,
            name=applicant.name,
            is_present=bool(request.POST.get("is-present")),
            by=request.by,
            now=timezone.now(),
        )
    except Refused as refused:
        errors = [(refused.field or "", str_of(refused))]
        return _show(request, version, request.POST, data=data, errors=errors, status=422)
    return _show(request, version, request.POST, data=data, search=search)


def _search(request: Request) -> Any:
    """The search whose papers the form offers, while it holds; None without one."""
    try:
        return access_search(request.by, UUID(request.POST.get("search", "")), now=timezone.now())
    except (ValueError, NotFound):
        return None


@route(who="official", permission=RECEIVE_DOSSIER)
def found_file(request: Request, search_id: UUID, ref: str) -> HttpResponseBase:
    """A paper that one's own search at the counter has found, to look at before it is used again."""
    file = access_found_file(request.by, search_id, ref, now=timezone.now())
    return respond(file, inline=True, request=request)


@route(who="official", permission=RECEIVE_DOSSIER)
def received(request: Request, dossier_id: UUID) -> HttpResponse:
    """What the clerk tells and gives to the person at the counter: the code, the due day, the receipt."""
    papers = papers_of(request.by, dossier_id)
    form = next((one for one in _GIVEN if any(paper.form == one for paper in papers)), "")
    is_intake = form == "proof"
    receipt = next((paper for paper in papers if paper.form == form and paper.ready), None)
    shown = {
        "is_intake": is_intake,
        "label": paper_label(form or "receipt"),
        "receipt": reverse("workspace:paper-file", kwargs={"paper_id": receipt.id}) if receipt else "",
        "poll": reverse("workspace:received", kwargs={"dossier_id": dossier_id}),
    }
    if request.htmx:
        return render(request, "workspace/receipt.html", shown)
    dossier = access_dossier(request.by, dossier_id)
    return render(
        request,
        "workspace/received.html",
        {
            **shown,
            "code": str(dossier),
            "declaration": reverse("workspace:declaration", kwargs={"dossier_id": dossier_id}),
            "applicant": dossier.applicant_name,
            "procedure": dossier.procedure.short_name,
            "due_at": dossier.due_at,
            "by_post": dossier.channel == "post",
            "goes_to": dossier.agency.name if dossier.intake_desk_id else "",
            "is_incomplete": form == "supplement",
            "mates": [
                {
                    "code": one.code,
                    "name": one.procedure_name,
                    "address": reverse("workspace:dossier", kwargs={"dossier_id": one.dossier_id}),
                }
                for one in same_parcel(request.by, dossier)
            ]
            if dossier.channel == "post"
            else [],
            "same_parcel": _same_parcel_address(dossier) if dossier.channel == "post" else "",
            "may_be_told": bool(dossier.owner_id or dossier.applicant_email or dossier.applicant_phone),
            "again": reverse("workspace:counter"),
            "full": reverse("workspace:dossier", kwargs={"dossier_id": dossier_id}),
            "fees": reverse("workspace:fees", kwargs={"dossier_id": dossier_id})
            if dossier.version.parts.fees
            else "",
            "slips": f"{reverse('workspace:intake')}?muc=cho-ban-giao",
        },
    )


# What the person gets in hand, the nearest to the end of the way first.
_GIVEN = ("receipt", "proof", "supplement")


def _same_parcel_address(dossier: Any) -> str:
    """Where the next dossier of the same parcel is taken in: its number and day need not be typed again."""
    parcel = next(iter(parcels_of(dossier)), None)
    if parcel is None:
        return ""
    known = {"kenh": BY_POST, "so": parcel.number, "den": format_date(parcel.arrived_on)}
    return f"{reverse('workspace:counter')}?{urlencode(known)}"


def _parcel_given(request: Request) -> dict[str, str]:
    """The parcel that the address names: more of what it brought is taken in."""
    if not _is_by_post(request):
        return {}
    return {name: request.GET[name][:40] for name in ("so", "den") if request.GET.get(name)}


def _desk_id(request: Request) -> UUID:
    if request.by.unit_id is None:
        raise NotFound
    return request.by.unit_id


def _applicant(request: Request) -> Applicant:
    def typed(name: str) -> str:
        return " ".join(request.POST.get(f"applicant-{name}", "").split())[:200]

    return Applicant(
        name=typed("name"),
        identity=typed("identity"),
        phone=typed("phone"),
        email=typed("email"),
        address=typed("address"),
    )


def _known(applicant: Applicant) -> dict[str, Any]:
    """What the form's fields may take over from the person at the counter."""
    return {
        "applicant": {
            "full_name": applicant.name,
            "identity_number": applicant.identity,
            "phone": applicant.phone,
            "email": applicant.email,
            "address": applicant.address,
        },
        "party": _party(applicant),
    }


def _party(applicant: Applicant) -> dict[str, str]:
    """What is known of the organisation when one files: its number is a tax code."""
    if registry_for(applicant.identity) != "enterprise":
        return {"owner": applicant.name}
    name = applicant.name
    return {"owner": name, "name": name, "tax_code": applicant.identity, "address": applicant.address}


def _filled(known: dict[str, Any], typed: dict[str, Any]) -> dict[str, Any]:
    """The typed answers over the known ones: the clerk writes a name once."""
    filled = {**known}
    for name, value in typed.items():
        under = known.get(name)
        filled[name] = _filled(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
        if value in ("", None) and under is not None:
            filled[name] = under
    return filled


def _parts(request: Request, definition: Any, *, goes_on: bool = False) -> list[NewPart]:
    """Scans as files, papers used again by where they come from; a paper ticked as handed in stands as an
    original without a file. ``goes_on``: the original follows its scan to another desk.
    """
    scans = scans_of(request, definition.code)
    parts = []
    for document in definition.documents:
        again = request.POST.getlist(f"again-{document.key}")
        parts += [NewPart(document_key=document.key, file_id=None, source=ref) for ref in again if ref]
        for scan in scans.get(document.key, ()):
            is_original = goes_on and bool(request.POST.get(f"given-{document.key}"))
            parts.append(NewPart(document_key=document.key, file_id=scan.file_id, is_original=is_original))
        if document.key not in scans and not again and request.POST.get(f"given-{document.key}"):
            parts.append(NewPart(document_key=document.key, file_id=None, is_original=True))
    return parts


def _place(place: str) -> str:
    """The name of the input at a place that the procedure's checks name."""
    return place.replace("paper:", "paper-", 1)


def _show(
    request: Request,
    version: Any,
    typed: Any,
    *,
    data: dict[str, Any] | None = None,
    errors: list[tuple[str, str]] | None = None,
    search: Any = None,
    card: CitizenCard | None = None,
    check: CheckCard | None = None,
    offered: Any = None,
    status: int = 200,
) -> HttpResponse:
    definition = version.parts
    search = search or (_search(request) if request.method == "POST" else None)
    check = check or (held_check(request) if request.method == "POST" else None)
    if offered is not None:
        check = desk_check_of(request.by, offered.applicant.get("identity", ""), now=timezone.now())
    found = found_by(search, definition.documents, now=timezone.now()) if search else {}
    answers = data or {}
    reception = reception_at(version, get_unit(_desk_id(request)), _agency_id(request))
    choices = form_choices(reception.agency.pk if reception else None)
    required = {document.key for document in required_documents(definition, answers)}
    to_scan = {document.key for document in scanned_documents(definition)}
    by_place = dict(errors or [])
    scans = scans_of(request, definition.code)
    return render(
        request,
        "workspace/receive.html",
        {
            "definition": definition,
            "typed": {
                name: typed.get(f"applicant-{name}", "")
                for name in ("name", "identity", "born", "phone", "email", "address")
            },
            "check": check_values(check) if check is not None else None,
            "may_look_up": may_look_up(request.by),
            "form": layout(definition.form, answers, errors or [], choices=choices, spared=NEEDLESS_AT_DESK),
            "documents": [
                {
                    "key": document.key,
                    "name": document.name,
                    "help": document.help,
                    "required": document.key in required,
                    "to_scan": document.key in to_scan,
                    "given": bool(typed.get(f"given-{document.key}", "")),
                    "place": f"paper-{document.key}",
                    "error": by_place.get(f"paper-{document.key}", ""),
                    "files": scan_values(scans.get(document.key, ())),
                    "found": [
                        _found(request, search, document, paper) for paper in found.get(document.key, ())
                    ],
                }
                for document in definition.documents
                if document.origin == "upload"
            ],
            "fees": [
                {
                    "name": fee.name,
                    "amount": fee.amount,
                    "lines": " ".join(line.said(_) for line in fee.lines),
                    "due": _(DUE_WORDS[fee.due]),
                }
                for fee in fees_owed(
                    definition,
                    answers,
                    channel="post" if _is_by_post(request) else "counter",
                    exemption=typed.get("exemption", ""),
                )
            ],
            "exemptions": [
                ("", _("Không thuộc diện nào")),
                *((one.key, one.name) for one in definition.exemptions),
            ],
            "exemption": typed.get("exemption", ""),
            "exemption_reason": typed.get("exemption-reason", ""),
            "takes_cash": bool(typed.get("takes-cash", "")),
            "search": search,
            "card": card,
            "confirmed": str(offered.pk)
            if offered is not None and offered.state == "confirmed"
            else typed.get("confirmed", ""),
            "comment": offered.comment if offered is not None else "",
            "by_post": _is_by_post(request),
            "elsewhere": reception is not None and reception.way == "elsewhere",
            "decides": reception.agency.name if reception and reception.way != "own" else "",
            "postal": {
                "number": typed.get("postal-number", request.GET.get("so", "")[:40]),
                "marked": typed.get("postal-marked", ""),
                "arrived": typed.get(
                    "postal-arrived", request.GET.get("den", "")[:10] or timezone.localdate()
                ),
            },
            "missing": typed.get("missing", ""),
            "missing_reason": typed.get("missing-reason", _("Hồ sơ chưa đủ theo quy định.")),
            "registers": "register-incomplete" in typed,
            "return_choices": return_choices(),
            "returning": {
                name: typed.get(f"return-{name}", _first_return(request, name)) for name in RETURN_FIELDS
            },
            "communes": communes_to_choose(),
            "is_present": bool(typed.get("is-present", "")),
            "errors": errors or [],
            "by_place": by_place,
        },
        status=status,
    )


def _first_return(request: Request, name: str) -> str:
    """What a way back begins with: who came to the desk fetches it there, who wrote gets it by post."""
    return ("post" if _is_by_post(request) else "desk") if name == "way" else ""


def _found(request: Request, search: Any, document: Any, paper: Any) -> dict[str, Any]:
    return {
        "ref": paper.ref,
        "name": f"{paper.name} {paper.number}".strip(),
        "dossier": paper.dossier_code,
        "given_on": paper.given_on,
        "address": reverse("workspace:found-file", kwargs={"search_id": search.pk, "ref": paper.ref}),
        "chosen": paper.ref in request.POST.getlist(f"again-{document.key}"),
        "is_alike": is_alike(paper, document.key, document.name),
    }
