# SPDX-License-Identifier: AGPL-3.0-or-later
"""Scores under the link key, found by a blind index: each row is opened and sealed anew."""

from collections.abc import Callable

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from encrier.records import from_bytes
from encrier.wire import ScoreRow
from encrier_names import zone
from encrier_names.encryption import seal, unseal
from encrier_names.pseudonyms.key import blind, link_key

Row = tuple[str, bytes]


def _before(order: str) -> bytes:
    return f"restitution_storedscore\0{order}\0row_box".encode()


def _after(index: str) -> bytes:
    return f"score\0{index}".encode()


def _hide(order: str, box: bytes) -> Row:
    plain = unseal(zone.current().settings.field_key, box, context=_before(order))
    index = blind(link_key(), "score", order.encode())
    return index, seal(link_key(), plain, context=_after(index))


def _show(index: str, box: bytes) -> Row:
    plain = unseal(link_key(), box, context=_after(index))
    order = from_bytes(plain, ScoreRow).order
    return order, seal(zone.current().settings.field_key, plain, context=_before(order))


def _each(how: Callable[[str, bytes], Row]) -> Callable[[StateApps, BaseDatabaseSchemaEditor], None]:
    def move(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        stored = apps.get_model("restitution", "StoredScore").objects.using(editor.connection.alias)
        for order, box in list(stored.values_list("order", "row_box")):
            index, anew = how(order, bytes(box))
            stored.filter(order=order).delete()
            stored.create(order=index, row_box=anew)

    return move


class Migration(migrations.Migration):
    dependencies = [("restitution", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="storedscore",
            name="order",
            field=models.CharField(max_length=64, primary_key=True, serialize=False),
        ),
        migrations.RunPython(_each(_hide), _each(_show)),
    ]
