# SPDX-License-Identifier: AGPL-3.0-or-later
"""Secrets that do not show themselves when printed, logged or put in a traceback."""


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


class SecretText(Secret):
    """A secret that is words, written as they are: an address with the password in it."""

    def words(self) -> str:
        """The words, for the one call that needs them."""
        return self.reveal().decode()
