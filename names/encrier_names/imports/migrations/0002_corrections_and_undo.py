# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    """A list that waits holds what was read and what was said of it; one read before is read again."""

    dependencies = [
        ('imports', '0001_initial'),
        ('schools', '0001_initial'),
    ]

    operations = [
        migrations.DeleteModel(name='WaitingImport'),
        migrations.CreateModel(
            name='WaitingImport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('source_box', models.BinaryField()),
                ('decisions_box', models.BinaryField()),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='schools.school')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='schools.staff')),
            ],
        ),
        migrations.CreateModel(
            name='TakenImport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('changes_box', models.BinaryField()),
                ('school', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to='schools.school')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='schools.staff')),
            ],
        ),
    ]
