# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every error we raise on purpose: what happened, and what the reader can do.

    EncrierError
    ├── BadCode                 a pupil code that does not exist
    ├── BadRecord               a message or file that is not what the door expects
    │   └── BadSignature        … or was not signed by whom it should be
    ├── BadEnvelope             an envelope that cannot be read from outside
    ├── BadSetting              a setting missing, unknown or wrong
    ├── ManifestRefused         a campaign manifest that is not the ministry's
    └── CampaignRefused         a campaign file that contradicts itself, or the manifest

Zones add their own leaves beside the code that raises them.
Neither sentence ever holds a name, a code or a key.
"""

from typing import ClassVar


class EncrierError(Exception):
    """Base of the tree: a sentence for what happened, one for what to do next.

    A raiser may replace either sentence with one that says more.
    """

    what: ClassVar[str] = "Something went wrong."
    next_step: ClassVar[str] = "Look at the log of this zone, then ask for help."

    def __init__(self, what: str | None = None, next_step: str | None = None) -> None:
        self.what_happened = what or type(self).what
        self.what_next = next_step or type(self).next_step
        super().__init__(self.what_happened, self.what_next)

    def __str__(self) -> str:
        return f"{self.what_happened} {self.what_next}"


class BadCode(EncrierError):
    what = "Ce code n’existe pas."
    next_step = "Compare-le avec ta feuille, lettre par lettre."


class BadRecord(EncrierError):
    what = "This message is not one that this door accepts."
    next_step = "Check that both zones run the same release of encrier, then send it again."


class BadSignature(BadRecord):
    what = "This message was not signed by the zone it should come from."
    next_step = "Compare the zone's public key with the one in the campaign manifest."


class BadEnvelope(EncrierError):
    what = "This is not a sealed envelope of this campaign."
    next_step = "The player keeps its own copy: sign in again and it is sent anew."


class BadSetting(EncrierError):
    what = "A setting is missing, unknown or wrong."
    next_step = "The README of this zone lists its settings."


class ManifestRefused(EncrierError):
    what = "This campaign manifest was not signed by the ministry."
    next_step = "Fetch it again; compare the root key with the one the ministry publishes."


class CampaignRefused(EncrierError):
    what = "This campaign file cannot be followed."
    next_step = "Correct it, sign it again: encrier results sign-campaign."
