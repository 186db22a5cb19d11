"""Every sentence that a person may read is marked for the catalogue, with its Vietnamese text as the key."""

import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment
from jinja2.lexer import TOKEN_DATA

from tests.guards.rooms import PACKAGE, SPECIMENS, python_files, templates

# Letters that only Vietnamese has among what we write; plain Latin letters cannot be told apart.
VIETNAMESE = re.compile(
    "[ăâđêôơưĂÂĐÊÔƠƯáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
    "ÁÀẢÃẠẮẰẲẴẶẤẦẨẪẬÉÈẺẼẸẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌỐỒỔỖỘỚỜỞỠỢÚÙỦŨỤỨỪỬỮỰÝỲỶỸỴ]"
)
MARKS = {"_", "N_", "gettext", "ngettext", "pgettext", "gettext_lazy", "ngettext_lazy", "say"}
# Names, the same in every language.
NAMES = {"Tiếng Việt", "Đình", "đ"}
EDGES = ("views", "forms", "rest", "middleware", "access", "permissions", "actions", "rules", "models")

JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def unmarked_in_template(source: str) -> list[str]:
    """Return pieces of Vietnamese that stand outside ``_()`` and ``{% trans %}``, with their lines."""
    found, depth, called = [], 0, []
    tokens = list(JINJA.lex(source))
    for place, (line, kind, value) in enumerate(tokens):
        before = [token for token in tokens[max(0, place - 4) : place] if token[1] != "whitespace"]
        if kind == "name" and value == "trans" and before and before[-1][1] == "block_begin":
            depth += 1
        elif kind == "name" and value == "endtrans":
            depth -= 1
        elif kind == "operator" and value == "(":
            called.append(before[-1][2] if before and before[-1][1] == "name" else "")
        elif kind == "operator" and value == ")" and called:
            called.pop()
        is_sentence = kind == TOKEN_DATA or (kind == "string" and not MARKS & set(called))
        if is_sentence and not depth and VIETNAMESE.search(without_names(value)):
            found.append(f"line {line}: {value.strip()[:60]}")
    return found


def without_names(html: str) -> str:
    """The text without comments and without pieces that are only a name."""
    text = re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)
    for name in NAMES:
        text = re.sub(rf"(^|[>\"'\s]){name}($|[<\"'\s])", r"\1\2", text)
    return text


def unmarked_in_python(source: str) -> list[str]:
    """Return Vietnamese string literals outside docstrings that no mark encloses, with their lines.

    A line that ends in ``# data`` and why holds words that are kept or compared, not shown.
    """
    tree = ast.parse(source)
    excused = set()
    data = {number for number, line in enumerate(source.splitlines(), 1) if "# data" in line}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in MARKS:
            excused |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            excused.add(id(node.value))
    return [
        f"line {node.lineno}: {node.value[:60]}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in excused
        and node.lineno not in data
        and node.value not in NAMES
        and VIETNAMESE.search(node.value)
    ]


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


@pytest.mark.parametrize(
    "path", [path for path in templates() if path.name not in SPECIMENS], ids=lambda path: path.name
)
def test_sentences_in_templates_are_marked(path: Path) -> None:
    assert unmarked_in_template(path.read_text()) == []


@pytest.mark.parametrize("path", python_files(*EDGES), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_sentences_in_code_are_marked(path: Path) -> None:
    assert unmarked_in_python(path.read_text()) == []


def test_an_unmarked_sentence_is_seen() -> None:
    assert unmarked_in_template("<p>Hồ sơ</p>") == ["line 1: <p>Hồ sơ</p>"]
    assert unmarked_in_template("<p>{{ 'Hồ sơ' }}</p>") == ["line 1: 'Hồ sơ'"]
    assert unmarked_in_template('<a title="Mở">x</a>') != []
    assert unmarked_in_python('title = "Hồ sơ"') == ["line 1: Hồ sơ"]


def test_a_marked_sentence_passes() -> None:
    assert unmarked_in_template("{{ _('Hồ sơ') }}{{ macro(label=_('Mở')) }}<!-- ghi chú -->") == []
    assert unmarked_in_template("{% trans n=1 %}Có {{ n }} việc{% endtrans %}{# chú ý #}") == []
    assert unmarked_in_python('"""Tài liệu."""\ntitle = N_("Hồ sơ")\nother = _("Mở %s") % 1') == []


# What a marked sentence of a template may say after "%": a place for a value, or the sign itself.
PLACES = re.compile(r"%(?:%|\([a-z_]+\)[sd])")


def lone_percents(source: str) -> list[str]:
    """Return marked sentences of a template with a "%" that is neither doubled nor a place."""
    found, called = [], []
    tokens = [token for token in JINJA.lex(source) if token[1] != "whitespace"]
    for place, (line, kind, value) in enumerate(tokens):
        if kind == "operator" and value == "(":
            called.append(tokens[place - 1][2] if place and tokens[place - 1][1] == "name" else "")
        elif kind == "operator" and value == ")" and called:
            called.pop()
        is_sentence = kind == "string" and place and tokens[place - 1][2] in ("(", ",")
        if is_sentence and called and called[-1] in MARKS and "%" in PLACES.sub("", value):
            found.append(f"line {line}: {value[:60]}")
    return found


def marked_f_strings(source: str) -> list[str]:
    """Return the lines on which a sentence is marked whose words are only known when it is said."""
    return [
        f"line {node.lineno}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in MARKS
        and any(isinstance(one, ast.JoinedStr) for one in node.args)
    ]


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.name)
def test_a_percent_sign_in_a_marked_sentence_is_doubled(path: Path) -> None:
    """Jinja fills every marked sentence with ``%``: a lone sign breaks the page for its reader."""
    assert lone_percents(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", python_files(), ids=lambda path: "-".join(path.parts[-3:]))
def test_no_marked_sentence_is_an_f_string(path: Path) -> None:
    """What is put together before it is looked up is in no catalogue."""
    assert marked_f_strings(path.read_text("utf-8")) == []


def test_a_lone_percent_and_an_f_string_are_seen() -> None:
    assert lone_percents('{{ _("Đạt 5% và %(count)s") }}') != []
    assert lone_percents('{{ _("Đạt 5%% và %(count)s", count=1) }}') == []
    assert marked_f_strings('_(f"Chào {name}")') == ["line 1"]
    assert marked_f_strings('_("Chào %(name)s") % {"name": name}') == []
