# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('schools', '0005_pair'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reopening',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.UUIDField()),
                ('words_box', models.BinaryField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.UUIDField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reopenings', to='schools.division')),
            ],
            options={
                'indexes': [models.Index(fields=['division', '-asked_at'], name='reopening_of_division')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('division',), name='one_request_waits')],
            },
        ),
    ]
