# SPDX-License-Identifier: AGPL-3.0-or-later
"""A secret that does not show itself when printed, logged or put in a traceback."""


class Secret:
    """Bytes to be used, never shown."""

    __slots__ = ("_content",)

    def __init__(self, content: bytes) -> None:
        self._content = content

    def reveal(self) -> bytes:
        """The bytes, for the one call that needs them."""
        return self._content

    def __repr__(self) -> str:
        return "‹hidden›"
