"""A form on the page: what is wrong first, everything tied together for who does not see it."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django import forms
from django.template import engines


class Visit(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label="Namn", help_text="Som i avtalet")
    kind = forms.ChoiceField(
        label="Slag", choices=[("a", "Första"), ("b", "Andra")], widget=forms.RadioSelect, help_text="Ett av två"
    )
    agreed = forms.BooleanField(label="Överenskommet", required=False)
    note = forms.CharField(label="Anteckning", required=False, widget=forms.TextInput(attrs={"placeholder": "Skriv"}))
    key = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> None:
        """A fault of the whole."""
        if self.data.get("name") == "<fel>":
            raise forms.ValidationError("Helheten <är> fel")


class Page(HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.tags.append((tag, dict(attrs)))

    def having(self, name: str, value: str) -> list[tuple[str, dict[str, str | None]]]:
        """The tags with this attribute."""
        return [one for one in self.tags if one[1].get(name) == value]


def draw(form: forms.Form) -> str:
    """The form as the include draws it."""
    include = '{% include "core/form.html" with form=form submit="Spara" %}'
    return str(engines["django"].from_string(include).render({"form": form}))


def test_a_new_form_says_nothing_is_wrong() -> None:
    """Labels, hints before their fields, what is voluntary; no placeholder, for it goes away when it is needed."""
    html = draw(Visit())
    page = Page(html)
    assert "error-summary" not in html
    assert "placeholder" not in html
    assert page.having("for", "id_name") == [("label", {"for": "id_name"})]
    assert html.index("Som i avtalet") < html.index('id="id_name"')
    assert page.having("id", "id_name")[0][1]["aria-describedby"] == "id_name-hint"
    assert html.count("(frivilligt)") == 1
    assert [tag for tag, _ in page.tags if tag in {"fieldset", "legend"}] == ["fieldset", "legend"]
    assert html.rstrip().endswith('<button class="button">Spara</button></p>')


def test_what_is_wrong_comes_first_and_leads_to_its_field() -> None:
    """The summary is an alert that takes the focus; each fault links to the field that it is tied to."""
    html = draw(Visit({"name": "", "key": ""}))
    page = Page(html)
    summary = next(attributes for tag, attributes in page.tags if attributes.get("role") == "alert")
    assert summary == {"class": "error-summary", "role": "alert", "tabindex": "-1", "autofocus": None}
    assert html.index("error-summary") < html.index('id="id_name"')
    linked = [str(attributes["href"]) for tag, attributes in page.tags if tag == "a"]
    assert linked == ["#id_name", "#id_kind_0"]
    assert all(len(page.having("id", address.removeprefix("#"))) == 1 for address in linked)
    field = page.having("id", "id_name")[0][1]
    assert (field["aria-invalid"], field["aria-describedby"]) == ("true", "id_name-hint id_name-fault")
    assert len(page.having("id", "id_name-fault")) == 1
    group = next(attributes for tag, attributes in page.tags if tag == "fieldset")
    assert group["aria-describedby"] == "id_kind-hint id_kind-fault"


def test_a_fault_of_the_whole_is_escaped_and_leads_nowhere() -> None:
    """Text from outside is text."""
    html = draw(Visit({"name": "<fel>", "kind": "a", "key": "x"}))
    assert "<li>Helheten &lt;är&gt; fel</li>" in html
    assert 'value="&lt;fel&gt;"' in html


@pytest.mark.parametrize("answers", [{}, {"name": "A", "kind": "b", "agreed": "on", "key": "k"}])
def test_ids_are_unique_and_what_describes_exists(answers: dict[str, str]) -> None:
    """No id stands twice, and every ``aria-describedby`` and ``for`` leads somewhere."""
    page = Page(draw(Visit(answers)))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    wanted = [word for _, a in page.tags for word in str(a.get("aria-describedby") or "").split()]
    wanted += [str(a["for"]) for _, a in page.tags if "for" in a]
    assert set(wanted) <= set(ids)
