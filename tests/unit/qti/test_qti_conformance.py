# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/conformance.md says what the engine does, no more and no less."""

import ast
import re
from pathlib import Path

import pytest

import encrier_qti
from encrier_qti.expressions.registry import EXPRESSIONS
from encrier_qti.rules.registry import RULES
from encrier_qti.rules.templates import TEMPLATES

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "conformance.md").read_text("utf-8")
ENGINE = Path(encrier_qti.__file__).parent


def rows(heading: str) -> dict[str, str]:
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `(qti-[a-z-]+)` \| (yes|not yet) \|", section, re.MULTILINE))


@pytest.mark.parametrize(("heading", "supported"), [("Expressions", EXPRESSIONS), ("Rules", RULES)])
def test_the_page_and_the_engine_agree(heading: str, supported: dict[str, object]) -> None:
    table = rows(heading)
    assert {name for name, said in table.items() if said == "yes"} == set(supported)


def test_every_template_is_on_the_page() -> None:
    for name in TEMPLATES:
        assert f"`{name}`" in PAGE


@pytest.mark.parametrize("folder", ["expressions", "rules"])
def test_each_element_has_a_file_that_cites_the_specification(folder: str) -> None:
    supported = EXPRESSIONS if folder == "expressions" else RULES
    for element in supported:
        stem = element.removeprefix("qti-").replace("-", "_")
        found = [path for path in (ENGINE / folder).glob("*.py") if path.stem.rstrip("_") == stem]
        assert len(found) == 1, element
        said = ast.get_docstring(ast.parse(found[0].read_text("utf-8"))) or ""
        assert said.startswith(f"{element}:")
        assert "QTI 3.0 ASI information model" in said
        assert folder == "rules" or "NULL" in said
