"""Forms as data: JSON Schema 2020-12 with a small ``ui`` block, read, checked, filled and shown.

A definition is an object schema. Each property carries what JSON Schema says about its value and, under
``ui``, what a person sees::

    {"type": "object",
     "properties": {
       "ten": {"type": "string", "maxLength": 100, "ui": {"label": "Tên hộ kinh doanh"}},
       "von": {"type": "integer", "minimum": 1, "ui": {"label": "Vốn", "widget": "money"}},
       "loai": {"oneOf": [{"const": "moi", "title": "Mới"}, {"const": "doi", "title": "Đổi"}],
                "ui": {"label": "Loại"}},
       "ly_do": {"type": "string", "ui": {"label": "Lý do", "show_if": {"field": "loai", "is": "doi"}}},
       "chu_ho": {"type": "object", "properties": {...}, "required": [...], "ui": {"label": "Chủ hộ"}},
       "nganh": {"type": "array", "items": {"type": "object", "properties": {...}}, "maxItems": 10,
                 "ui": {"label": "Ngành nghề", "item": "Ngành"}}},
     "required": ["ten", "loai"],
     "ui": {"pages": [{"key": "ho", "label": "Hộ kinh doanh", "fields": ["ten", "von", "loai", "ly_do"]}]}}

Keys of a field's ``ui``: label, help, placeholder, widget, show_if, required_if (kernel.conditions),
source (a named list of choices given by the caller), prefill (dotted key of what is known), messages (own
sentences by failure kind), not_before and not_after (dates, or "today"), within_days (not longer before the
day of filing; ``within_unless`` says when that does not matter, and ``messages.within_days`` which way to go
then; ``within_months`` is the same in months of the calendar), least_age (who was born that day must be so
many full years old), under_age (and must not be so many years old yet), working_days_ahead (so many working
days after the day of filing at the soonest), workday (a working day), older_than with older_by (a day or
year of birth, so many years before the one at that dotted name), written_as (how a name is written, see
``names``), not_above and not_below (the dotted name of another answer of the same kind, looked for
beside the field first), refuse_if (a condition under which the answer given does not do;
``messages.refuse_if`` says why and what to do), suffix, width, item, autocomplete. A page has key, label,
help, fields, show_if, and ``at_least_one``: ``fields`` of the page of which one must be answered, under the
heading ``label``, with its own ``message``.
Widgets: see ``WIDGETS``.
"""
