"""Reading the forms of a page as a browser would, to fill them in badly."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageForm:
    """One form: where it goes, what it would send as it stands, and which values its selects offer."""

    action: str
    method: str = "get"
    multipart: bool = False
    values: dict[str, list[str]] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


class Page(HTMLParser):
    """The forms and the links of one page."""

    def __init__(self, html: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[PageForm] = []
        self.links: list[str] = []
        self._form: PageForm | None = None
        self._select = ""
        self._area = ""
        self._text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a form, a field, a link."""
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and told.get("href", "").startswith(("/", "?")):
            self.links.append(
                told["href"] if told["href"].startswith("/") else self.address.split("?")[0] + told["href"]
            )
        elif tag == "form":
            self._form = PageForm(
                (told.get("action") or self.address).split("#")[0],
                told.get("method", "get").lower(),
                told.get("enctype", "") == "multipart/form-data",
            )
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, told, self._form)

    def handle_endtag(self, tag: str) -> None:
        """Close a form or a field."""
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._area and self._form is not None:
            self._form.values[self._area] = ["".join(self._text)]
            self._area = ""

    def handle_data(self, data: str) -> None:
        """What a textarea holds."""
        if self._area:
            self._text.append(data)

    def _field(self, tag: str, told: dict[str, str], form: PageForm) -> None:
        name = told.get("name", "")
        if tag == "option" and self._select:
            form.offered[self._select].append(told.get("value", ""))
            if "selected" in told:
                form.values[self._select] = [told.get("value", "")]
        elif not name:
            return
        elif tag == "select":
            self._select = name
            form.offered.setdefault(name, [])
            form.values.setdefault(name, [""])
        elif tag == "textarea":
            self._area, self._text = name, []
        elif tag == "button" and told.get("value"):
            form.offered.setdefault(name, []).append(told["value"])
        elif tag == "input":
            self._input(name, told, form)

    def _input(self, name: str, told: dict[str, str], form: PageForm) -> None:
        kind = told.get("type", "text")
        if kind == "file":
            form.files.add(name)
        elif kind in ("checkbox", "radio"):
            form.offered.setdefault(name, []).append(told.get("value", "on"))
            if "checked" in told:
                form.values.setdefault(name, []).append(told.get("value", "on"))
        elif kind not in ("submit", "button", "image"):
            form.values.setdefault(name, []).append(told.get("value", ""))
