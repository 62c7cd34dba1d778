# SPDX-License-Identifier: AGPL-3.0-or-later
"""bundle.json: the index of what the answers zone serves and the player shows.

Knows items, sections and digests; holds no key, no score and no domain.
Described in docs/spec/bundle.md.
"""

from typing import Literal

import msgspec


class ResponseType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cardinality: str
    base_type: str


class BundleItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One item; `href` and `stimuli` are names in `files`."""

    title: str
    href: str
    stimuli: list[str]
    responses: dict[str, ResponseType]
    interactions: list[str]


class BundleSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    title: str
    items: list[str]


class BundleFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file by its digest (SHA-256, hex), size in bytes and MIME type."""

    sha256: str
    size: int
    type: str


class BundleIndex(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of bundle.json, version 1."""

    v: Literal[1]
    title: str
    lang: str
    sections: list[BundleSection]
    items: dict[str, BundleItem]
    files: dict[str, BundleFile]
