# SPDX-License-Identifier: AGPL-3.0-or-later
"""QTI 3 items, tests and packages: read, checked, stripped of every key, scored.

Start with `package.open_package`, `lint.lint_contents`, `compile.compile_bundle`
and `scoring.compile_item`. Nothing is imported here: who scores loads nothing
of what checks, and each name has one place.
"""
