# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('doors', '0002_outgoing_n_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoing',
            name='pair',
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
