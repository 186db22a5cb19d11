"""What readers of the log type."""

import datetime as dt
from typing import Any

from django import forms

from dinh.foundation.actions.queries.history import LogFilter

__all__ = ["LogForm"]


class LogForm(forms.Form):
    """The filters of the log, as they stand in the address; what cannot be read is left out."""

    q = forms.CharField(required=False, max_length=200)
    viec = forms.CharField(required=False, max_length=100)
    muc = forms.CharField(required=False, max_length=200)
    tu = forms.DateField(required=False, input_formats=["%d/%m/%Y", "%Y-%m-%d"])
    den = forms.DateField(required=False, input_formats=["%d/%m/%Y", "%Y-%m-%d"])
    truoc = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    sau = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def wanted(self) -> LogFilter:
        """Return what is looked for."""
        self.is_valid()
        return LogFilter(
            person=self._value("q", ""),
            verb=self._value("viec", ""),
            subject=self._value("muc", ""),
            from_on=self._value("tu", None),
            until_on=self._until(),
        )

    def before(self) -> int:
        return self._value("truoc", None) or 0

    def after(self) -> int:
        return self._value("sau", None) or 0

    def _until(self) -> dt.date | None:
        day = self._value("den", None)
        return None if day is None or day == dt.date.max else day

    def _value(self, name: str, otherwise: Any) -> Any:
        return self.cleaned_data.get(name, otherwise)
