# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("pseudonyms", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="link",
            name="is_set_aside",
            field=models.BooleanField(default=False),
        ),
    ]
