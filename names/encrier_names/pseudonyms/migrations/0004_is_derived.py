# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep(_apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Every row there is has its keys."""


def forget_underived(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    """A code without keys was never printed, and the release before cannot read it."""
    links = apps.get_model("pseudonyms", "Link").objects.using(schema.connection.alias)
    links.filter(is_derived=False).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("pseudonyms", "0003_whose"),
    ]

    operations = [
        migrations.AddField(
            model_name="link",
            name="is_derived",
            field=models.BooleanField(default=True),
        ),
        migrations.RunPython(keep, forget_underived),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(
                condition=models.Q(("is_derived", False)),
                fields=["pupil"],
                name="links_to_derive",
            ),
        ),
    ]
