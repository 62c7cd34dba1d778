# SPDX-License-Identifier: AGPL-3.0-or-later
"""QTI rules: one file per element, each with one function `build`; `registry.py` lists them."""
