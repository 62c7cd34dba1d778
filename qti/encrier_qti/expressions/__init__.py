# SPDX-License-Identifier: AGPL-3.0-or-later
"""QTI expressions: one file per element, named like the element.

Each has one function, `build`, that turns the element and its compiled
operands into a closure; `registry.py` lists them. More than twelve modules
on purpose: QTI has sixty expressions, and a reader who holds the
specification in one hand must find each with the other.
"""
