"""The door of the face."""

from dinh.foundation.ui.adapters.forms import check_definition, layout, summary, validate
from dinh.foundation.ui.adapters.icons import icon
from dinh.foundation.ui.adapters.jinja import in_words, jinja_filters, jinja_globals
from dinh.foundation.ui.adapters.page import page_context, province
from dinh.foundation.ui.adapters.qr import qr_picture, qr_svg
from dinh.foundation.ui.adapters.typst import (
    DOCUMENT_FONTS,
    PaperNotMade,
    Place,
    RenderedPaper,
    render_paper,
    render_pdf,
)
from dinh.foundation.ui.rules.due import DUE_KINDS
from dinh.foundation.ui.rules.formats import (
    file_size,
    format_date,
    format_long_date,
    format_moment,
    format_money,
    format_number,
    format_share,
    format_time,
    relative_day,
    working_time,
)
from dinh.foundation.ui.rules.forms.building import (
    FieldLine,
    PageLine,
    add_field,
    add_page,
    change_field,
    change_page,
    field_spec,
    move_field,
    move_page,
    name_for,
    outline,
    remove_field,
    remove_page,
    uses_of,
)
from dinh.foundation.ui.rules.forms.checking import Choices, FieldError
from dinh.foundation.ui.rules.forms.field_rules import (
    FIELD_RULES,
    PAGE_RULES,
    FieldRule,
    PageRule,
    rules_of,
)
from dinh.foundation.ui.rules.forms.filling import names_on, parse, prefill, press_row_button
from dinh.foundation.ui.rules.forms.kinds import (
    AUTOCOMPLETES,
    KINDS,
    MESSAGES,
    WIDTHS,
    FieldSpec,
    Kind,
    messages_of,
)
from dinh.foundation.ui.rules.forms.reaching import can_hold, unreachable
from dinh.foundation.ui.rules.forms.showing import FormView, SummaryPage
from dinh.foundation.ui.rules.identity import Identity, check_identity, identity_css

__all__ = [
    "DUE_KINDS",
    # the template environment
    "icon",
    "in_words",
    "jinja_filters",
    "jinja_globals",
    "qr_picture",
    "page_context",
    # identity
    "Identity",
    "check_identity",
    "identity_css",
    "province",
    # forms as data
    "Choices",
    "FieldError",
    "FormView",
    "SummaryPage",
    "check_definition",
    "layout",
    "names_on",
    "parse",
    "prefill",
    "press_row_button",
    "summary",
    "validate",
    # building a form
    "AUTOCOMPLETES",
    "FIELD_RULES",
    "KINDS",
    "MESSAGES",
    "PAGE_RULES",
    "WIDTHS",
    "FieldLine",
    "FieldRule",
    "FieldSpec",
    "Kind",
    "PageLine",
    "PageRule",
    "add_field",
    "add_page",
    "can_hold",
    "change_field",
    "change_page",
    "field_spec",
    "messages_of",
    "rules_of",
    "move_field",
    "move_page",
    "name_for",
    "outline",
    "remove_field",
    "remove_page",
    "unreachable",
    "uses_of",
    # formats
    "file_size",
    "format_date",
    "format_long_date",
    "format_moment",
    "format_money",
    "format_number",
    "format_share",
    "format_time",
    "relative_day",
    "working_time",
    # papers
    "DOCUMENT_FONTS",
    "PaperNotMade",
    "Place",
    "RenderedPaper",
    "qr_svg",
    "render_paper",
    "render_pdf",
]
