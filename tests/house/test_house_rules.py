# SPDX-License-Identifier: AGPL-3.0-or-later
"""The house rules that can be checked, checked on every file that git tracks."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPDX = "SPDX-License-Identifier: AGPL-3.0-or-later"
WHEELS = ("kernel", "qti", "names", "answers", "results")
FORBIDDEN_NAMES = {"utils", "helpers", "manager", "service", "handler", "data", "info"}
LONGEST_FILE, LONGEST_FUNCTION, MOST_PARAMETERS, MOST_MODULES = 400, 40, 5, 12

# Where a rule would make the code worse; each with its reason.
FULLER_FOLDERS = {
    "answers/encrier_answers": "an auditor reads it in a day, in the order of its import contract",
    "kernel/encrier": "one format or primitive a module, found by name (docs/decisions/0008)",
    "qti/encrier_qti": "the wheel's own front room: one step of the work a module",
    "qti/encrier_qti/expressions": "one file per expression of the specification",
    "qti/encrier_qti/rules": "one file per rule of the specification",
}


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, check=True
    )
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def ours(path: Path) -> bool:
    """Not what Django writes, nor what others wrote and we serve as it came, with its licence."""
    return not {"migrations", "vendored"} & set(path.parts)


PYTHON = [path for path in tracked("*.py") if ours(path)]
IN_WHEELS = [p for p in PYTHON if p.relative_to(ROOT).parts[0] in WHEELS]
SOURCES = [p for p in tracked("*.py", "*.js", "*.mjs", "*.css", "*.typ") if ours(p)]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_every_source_file_says_its_licence(path: Path) -> None:
    assert SPDX in path.read_text(encoding="utf-8")[:300]


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_no_file_is_too_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", PYTHON, ids=shown)
def test_no_function_is_too_long_or_asks_too_much(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        first = node.body[0]
        has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
        start = (first.end_lineno or 0) if has_docstring else node.lineno
        assert (node.end_lineno or 0) - start <= LONGEST_FUNCTION, node.name
        if "noqa: PLR0913" in path.read_text(encoding="utf-8").splitlines()[node.lineno - 1]:
            continue
        asked = [a.arg for a in (*node.args.args, *node.args.kwonlyargs)]
        assert len([a for a in asked if a not in {"self", "cls"}]) <= MOST_PARAMETERS, node.name


@pytest.mark.parametrize("path", IN_WHEELS, ids=shown)
def test_every_module_says_what_it_knows(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if tree.body:
        assert ast.get_docstring(tree)


@pytest.mark.parametrize("path", PYTHON, ids=shown)
def test_no_module_has_a_name_that_says_nothing(path: Path) -> None:
    assert path.stem not in FORBIDDEN_NAMES


def test_no_folder_holds_too_many_modules() -> None:
    folders: dict[str, int] = {}
    for path in IN_WHEELS:
        if path.name != "__init__.py":
            folders[shown(path.parent)] = folders.get(shown(path.parent), 0) + 1
    full = {folder for folder, count in folders.items() if count > MOST_MODULES}
    assert full <= set(FULLER_FOLDERS)


@pytest.mark.parametrize("path", PYTHON, ids=shown)
def test_every_exception_to_a_lint_is_named(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"#\s*noqa(?!:)", source)
    assert not re.search(r"#\s*type:\s*ignore(?!\[)", source)


def without_code(page: Path) -> str:
    return re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_documents_link_only_to_what_exists() -> None:
    broken = [
        f"{shown(page)} -> {target}"
        for page in tracked("*.md")
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", without_code(page))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_project_names_no_path_of_the_machine_it_was_written_on() -> None:
    named = subprocess.run(
        ["git", "grep", "-nIE", r"/(work|root|home)/[a-z]", "--", ".", ":!tests/house"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert named.stdout == ""
