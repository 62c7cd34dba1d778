# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `lint` looks for, one module a subject: schemas, items, types, media, routes."""
