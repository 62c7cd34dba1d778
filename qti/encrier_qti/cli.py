# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `encrier qti` can do: its verbs, each in a module of `commands/`."""

from typing import TYPE_CHECKING, Final

from encrier_qti.commands import cases, check, compile, convert, kit, preview, score, show  # noqa: A004  a verb, never the builtin

if TYPE_CHECKING:
    from encrier_qti.commands.asking import Commands

_VERBS: Final = (check, show, preview, compile, kit, score, convert, cases)


def verbs(commands: "Commands") -> None:
    """Add the verbs of `encrier qti`."""
    for verb in _VERBS:
        verb.add(commands)
