# SPDX-License-Identifier: AGPL-3.0-or-later
"""Databases, server, state, destruction: what the operator of this zone does."""

import argparse
import sys
from typing import Final

from django.db import connections
from granian import Granian
from granian.constants import Interfaces

from encrier.errors import BadSetting
from encrier_names import django_settings, zone
from encrier_names.codesheets.sheet import numbers_given
from encrier_names.commands import say
from encrier_names.doors.models import Outgoing
from encrier_names.restitution.models import StoredScore, TakenSheet
from encrier_names.schools.models import Division, Pupil, School, Staff
from encrier_names.shredder.shred import shred as shred_campaign
from encrier_names.sittings.models import SeenProgress
from encrier_names.stores import postgres, rights
from encrier_names.stores.migration import bring_up

_NOT_YET_ANEW: Final = (
    "The link key is destroyed; removed rows, noise without it, still stand in PostgreSQL's files."
    " Let the owners write the tables anew: VACUUM (FULL), docs/operate/names.md."
)


class OnSqlite(BadSetting):
    what = "Both databases are SQLite files: there are no roles to make."
    next_step = "Set ENCRIER_NAMES_DATABASE and its three sisters first."


def migrate(_asked: argparse.Namespace) -> int:
    """Bring both databases to this release."""
    bring_up(zone.current().settings)
    say({}, "both databases are up to date", as_json=False)
    return 0


def roles(_asked: argparse.Namespace) -> int:
    """Print the SQL that makes databases, roles and schemas on PostgreSQL."""
    schemas = postgres.served(zone.current().settings)
    if schemas is None:
        raise OnSqlite
    sys.stdout.write(postgres.roles(schemas))
    return 0


def serve(_asked: argparse.Namespace) -> int:
    """Serve until stopped; one that fails is started again."""
    settings = zone.current().settings
    rights.refuse(postgres.served(settings) or ())
    connections.close_all()  # each worker opens its own
    Granian(
        "encrier_names.wsgi:application",
        address=settings.address,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        respawn_failed_workers=settings.workers > 1,
        blocking_threads=4,
        websockets=False,
        log_access=False,  # addresses and times of teachers are nobody's business
        log_dictconfig=_SERVER_LOG,
        ssl_cert=settings.tls_cert_file,
        ssl_key=settings.tls_key_file,
    ).serve()
    return 0


# What the server itself says, in lines like ours.
_SERVER_LOG: Final = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": 'time={asctime} level={levelname} event=server says="{message}"',
            "datefmt": django_settings.LINE["datefmt"],
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"_granian": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
}


def status(asked: argparse.Namespace) -> int:
    """Count what there is."""
    counts = {
        "campaign": zone.current().manifest.label,
        "schools": School.objects.count(),
        "staff": Staff.objects.count(),
        "divisions": Division.objects.count(),
        "divisions_validated": Division.objects.exclude(validated_at=None).count(),
        "pupils": Pupil.objects.count(),
        "numbers": numbers_given(),
        "lists_waiting": Outgoing.objects.filter(acknowledged_at=None).count(),
        "started": SeenProgress.objects.filter(state="started").count(),
        "finished": SeenProgress.objects.filter(state="finished").count(),
        "score_sheets": TakenSheet.objects.count(),
        "scores": StoredScore.objects.count(),
    }
    lines = "\n".join(f"{name:20} {value}" for name, value in counts.items())
    say(counts, lines, as_json=asked.json)
    return 0


def shred(asked: argparse.Namespace) -> int:
    """Destroy the link of the campaign whose label was typed in full."""
    done = shred_campaign(
        zone.current().manifest,
        typed_label=asked.campaign,
        before_closing=asked.before_closing,
    )
    if not done.files_too:
        sys.stderr.write(f"encrier: {_NOT_YET_ANEW}\n")
    counts = {"key_destroyed": done.key_destroyed, "links": done.links, "scores": done.scores}
    say(counts, f"{done.links} links and {done.scores} scores destroyed", as_json=asked.json)
    return 0
