"""Ui: how everything looks. Owns the page skeletons, the components, the formats of dates and money,
the province's identity, forms as data, charts, and documents drawn as PDF.

Words: skeleton, component, identity, format, form definition, field error, chart.
Used by: every room that shows something. Must never: know what a dossier or a unit is, or run a query.
"""
