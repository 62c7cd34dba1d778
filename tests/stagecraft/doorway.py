# SPDX-License-Identifier: AGPL-3.0-or-later
"""The names zone with every way of signing in: a provider, a mail server, a name for passkeys."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page

from operators import Operator, answers_to, free_port, wait_until
from stage import Stage
from stagecraft import provider
from stagecraft.mailbox import Mailbox, open_mailbox


class Doorway(NamedTuple):
    """What a test needs to come in."""

    url: str
    names: Operator
    mailbox: Mailbox

    def invite(self, *options: str) -> str:
        """The code of an invitation that the operator draws."""
        code: str = json.loads(self.names.run("invite", *options, "--json"))["code"]
        return code


@contextmanager
def open_doorway(stage: Stage, folder: Path) -> Iterator[Doorway]:
    """The same zone as on the stage, once more, at another port, with these settings."""
    port, there = free_port(0), free_port(0)
    names = stage.names.twin(folder / "names")
    script = [sys.executable, provider.__file__, str(there)]
    with subprocess.Popen(script) as process, open_mailbox() as mailbox:
        try:
            names.set(
                port=port,
                host="localhost",
                mail_host="127.0.0.1",
                mail_port=mailbox.port,
                mail_tls="none",
                mail_from="encrier@exemple.fr",
                openid_issuer=f"http://127.0.0.1:{there}",
                openid_client=provider.CLIENT,
                openid_secret=provider.SECRET,
            )
            names.start("serve")
            wait_until(lambda: answers_to(port), what="the names zone with every way in")
            wait_until(lambda: answers_to(there), what="the provider")
            yield Doorway(f"http://localhost:{port}", names, mailbox)
        finally:
            names.stop()
            process.terminate()


def with_passkeys(page: Page) -> None:
    """Give a computer a device with passkeys, unlocked by whoever sits there."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
