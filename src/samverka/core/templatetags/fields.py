"""A form's fields on the page: what is wrong first, then label, hint, fault and field, tied together for everyone."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, MultiWidget, RadioSelect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
EMPTY = SafeString()
OPTIONAL = SafeString(' <span class="quiet">(frivilligt)</span>')


@register.simple_tag
def error_summary(form: BaseForm) -> SafeString:
    """What is wrong with the form, each fault a link to its field; it takes the focus. Nothing if nothing is."""
    if not form.is_bound or not form.errors:
        return EMPTY
    faults: list[tuple[str, str]] = [("", str(fault)) for fault in form.non_field_errors()]
    faults += [("", str(fault)) for field in form.hidden_fields() for fault in field.errors]
    faults += [(_first_id(one), _told(one, str(fault))) for one in form.visible_fields() for fault in one.errors]
    listed = format_html_join(
        "",
        "<li>{}</li>",
        ((format_html('<a href="#{}">{}</a>', id_, fault) if id_ else fault,) for id_, fault in faults),
    )
    return format_html(
        '<div class="error-summary" role="alert" tabindex="-1" autofocus><h2>Rätta detta</h2><ul>{}</ul></div>', listed
    )


@register.simple_tag
def field_row(field: BoundField) -> SafeString:
    """A field with what belongs to it; radio buttons and boxes stand in a group with a legend."""
    name = field.auto_id or field.html_name
    hint = format_html('<span class="hint" id="{}-hint">{}</span>', name, field.help_text) if field.help_text else EMPTY
    faults = format_html_join("", "<span>{}</span>", ((fault,) for fault in field.errors))
    fault = format_html('<span class="fault" id="{}-fault">{}</span>', name, faults) if field.errors else EMPTY
    tied = " ".join([f"{name}-hint"] * bool(hint) + [f"{name}-fault"] * bool(fault))
    attributes: dict[str, Any] = {"placeholder": False}  # a label says it, and stays when the field is filled in
    if tied:
        attributes["aria-describedby"] = tied
    if field.errors:
        attributes["aria-invalid"] = "true"
    optional = EMPTY if field.field.required else OPTIONAL
    wrong = " wrong" if field.errors else ""
    widget = field.field.widget
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple, MultiWidget)):
        described = format_html(' aria-describedby="{}"', tied) if tied else EMPTY
        return format_html(
            '<fieldset class="field{}"{}><legend>{}{}</legend>{}{}{}</fieldset>',
            wrong, described, field.label, optional, hint, fault, field.as_widget(),
        )  # fmt: skip
    if isinstance(widget, CheckboxInput):
        return format_html(
            '<div class="field check{}">{}{} <label for="{}">{}</label>{}</div>',
            wrong, fault, field.as_widget(attrs=attributes), field.id_for_label, field.label, hint,
        )  # fmt: skip
    return format_html(
        '<div class="field{}"><label for="{}">{}{}</label>{}{}{}</div>',
        wrong, field.id_for_label, field.label, optional, hint, fault, field.as_widget(attrs=attributes),
    )  # fmt: skip


def _told(field: BoundField, fault: str) -> str:
    """A fault away from its field: with the field's label first."""
    label = str(field.label)
    if label.endswith("?"):
        return f"{label} {fault}"
    return f"{label}: {fault[:1].lower() if fault[1:2].islower() else fault[:1]}{fault[1:]}"


def _first_id(field: BoundField) -> str:
    """The id of the first thing in a field that can take the focus."""
    if isinstance(field.field.widget, (RadioSelect, CheckboxSelectMultiple)):
        return f"{field.auto_id}_0"
    return field.id_for_label
