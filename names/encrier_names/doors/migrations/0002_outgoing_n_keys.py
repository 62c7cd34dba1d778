# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('doors', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoing',
            name='n_keys',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
