# SPDX-License-Identifier: AGPL-3.0-or-later
"""A booklet closed until its opening: computers may fetch it days ahead, none can read it before.

The ministry closes each file under one key a booklet; names hands the key to answers when the
sittings open, and answers gives it to who signs in. Docs: docs/spec/sealed-booklet.md.

Knows bytes and digests; what a booklet holds is `encrier_qti`'s business.
"""

import hashlib
import os
from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Annotated, Final, Literal

from msgspec import Meta

from encrier import boxes
from encrier.deflate import deflate, inflate
from encrier.errors import BadRecord
from encrier.ids import BundleId, bundle_id
from encrier.manifest import BundleEntry
from encrier.records import Record, to_bytes
from encrier.secret import Secret

LABEL: Final = b"booklet/v1\0"
INDEX: Final = "sealed.json"
FILES: Final = "files"
PACK: Final = b"pack".ljust(32, b"\0")  # in the place of a digest
KEY_SIZE: Final = 32
MAX_OPENED: Final = 256 * 1024 * 1024  # bytes: as the largest package
_AS_IS, _DEFLATED = b"\0", b"\1"
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class SealedIndex(Record, frozen=True):
    """What anyone may know of a booklet: the digests of its closed files."""

    v: Literal[1]
    index: Digest  # of the closed bundle.json
    pack: Digest  # of all that every question needs, closed in one
    files: list[Digest]  # of what may come later, in the order of the digests of what they hold


class SealedBooklet(Record, frozen=True):
    """A closed booklet, ready to be written, and its line in the manifest."""

    entry: BundleEntry
    index_json: bytes
    files: dict[str, bytes]  # by digest, the closed bundle.json among them


def draw_key() -> Secret:
    """Draw a booklet's key: 32 random bytes, never used for another booklet."""
    return Secret(os.urandom(KEY_SIZE))


def commitment(key: Secret) -> bytes:
    """What the manifest tells of a key, so that a wrong one is refused when it is handed over."""
    return hashlib.sha256(LABEL + key.reveal()).digest()


def close(
    index: bytes,
    files: Mapping[str, bytes],
    *,
    title: str,
    key: Secret,
    later: Collection[str] = (),
) -> SealedBooklet:
    """Close bundle.json and the files, each named by the SHA-256 (hex) of what it holds.

    later: those that a test may begin without (sounds, films), each closed on its own; the others
    are closed in one, joined in the order of their names, so that one request brings them.
    """
    bundle = bundle_id(index)
    pack = b"".join(files[name] for name in sorted(files) if name not in later)
    closed = [
        close_file(index, bundle=bundle, key=key),
        _closed(pack, bundle=bundle, name=PACK, key=key),
        *(
            close_file(files[name], bundle=bundle, key=key)
            for name in sorted(files)
            if name in later
        ),
    ]
    names = [hashlib.sha256(content).hexdigest() for content in closed]
    listed = to_bytes(SealedIndex(1, names[0], names[1], names[2:]))
    entry = BundleEntry(
        id=bundle,
        sha256=hashlib.sha256(index).digest(),
        sealed_sha256=hashlib.sha256(listed).digest(),
        key_sha256=commitment(key),
        title=title,
    )
    return SealedBooklet(entry, listed, dict(zip(names, closed, strict=True)))


def close_file(content: bytes, *, bundle: BundleId, key: Secret) -> bytes:
    """Close one file: a box of the content, deflated where that is shorter."""
    return _closed(content, bundle=bundle, name=hashlib.sha256(content).digest(), key=key)


def open_file(closed: bytes, *, bundle: BundleId, sha256: bytes, key: Secret) -> bytes:
    """Open one file and check it; raises BadRecord when it is not what `sha256` tells."""
    content = _opened(closed, bundle=bundle, name=sha256, key=key)
    if hashlib.sha256(content).digest() != sha256:
        raise BadRecord("This file of a booklet is not the one that its name tells.")
    return content


def open_pack(closed: bytes, sizes: Sequence[int], *, bundle: BundleId, key: Secret) -> list[bytes]:
    """Open what was closed in one and cut it to these sizes; raises BadRecord."""
    content = _opened(closed, bundle=bundle, name=PACK, key=key)
    if len(content) != sum(sizes):
        raise BadRecord("This pack of a booklet is not the one that its index tells.")
    ends = list(accumulate(sizes))
    return [content[end - size : end] for end, size in zip(ends, sizes, strict=True)]


def _closed(content: bytes, *, bundle: BundleId, name: bytes, key: Secret) -> bytes:
    packed = deflate(content)
    plain = _DEFLATED + packed if len(packed) < len(content) else _AS_IS + content
    return boxes.close(plain, key=key.reveal(), context=LABEL + bundle + name)


def _opened(closed: bytes, *, bundle: BundleId, name: bytes, key: Secret) -> bytes:
    plain = boxes.open_(closed, key=key.reveal(), context=LABEL + bundle + name)
    return plain[1:] if plain[:1] == _AS_IS else inflate(plain[1:], at_most=MAX_OPENED)


def write(booklet: SealedBooklet, folder: Path) -> None:
    """Write sealed.json and files/<sha256>, as the answers zone serves them."""
    (folder / FILES).mkdir(parents=True, exist_ok=True)
    for name, content in booklet.files.items():
        (folder / FILES / name).write_bytes(content)
    (folder / INDEX).write_bytes(booklet.index_json)
