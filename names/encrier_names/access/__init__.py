# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may see what: the one gate that every page goes through, and the table that says it.

Knows every room that has something to see; no room below it knows the gate.
"""
