# SPDX-License-Identifier: AGPL-3.0-or-later
"""Raw deflate (RFC 1951), as browsers write and read it."""

import zlib

from encrier.errors import BadRecord


def deflate(content: bytes) -> bytes:
    """The content, as small as deflate makes it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def inflate(packed: bytes, *, at_most: int) -> bytes:
    """What was deflated; raises BadRecord for what is cut short or swells over `at_most` bytes."""
    opening = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = opening.decompress(packed, at_most)
    except zlib.error as error:
        raise BadRecord("These bytes are not deflated.") from error
    if not opening.eof:
        raise BadRecord("These bytes are cut short, or swell over what is allowed.")
    return content
