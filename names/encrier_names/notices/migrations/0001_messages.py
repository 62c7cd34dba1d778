# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('schools', '0004_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('academy', models.CharField(default='', max_length=40)),
                ('at', models.DateTimeField()),
                ('title', models.CharField(max_length=80)),
                ('text', models.TextField()),
                ('page', models.CharField(default='', max_length=20)),
                ('expires_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='schools.staff')),
            ],
        ),
        migrations.CreateModel(
            name='Addressed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField(null=True)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='schools.school')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addressed', to='notices.message')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('message', 'school'), name='one_message_a_school')],
            },
        ),
    ]
