# SPDX-License-Identifier: AGPL-3.0-or-later
"""The names zone: class lists, codes, restitution. Never an answer."""
