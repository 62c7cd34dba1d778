# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verbs of `encrier qti`, one module a verb: each reads files, calls the engine, prints."""
