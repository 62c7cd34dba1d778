# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verbs for statisticians, one module a verb: each reads files, computes, prints."""
