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
            name='Printed',
            fields=[
                ('division', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='schools.division')),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Sampled',
            fields=[
                ('school', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='schools.school')),
            ],
        ),
        migrations.CreateModel(
            name='AcademyDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('academy', models.CharField(max_length=40)),
                ('is_public', models.BooleanField()),
                ('day', models.DateField()),
                ('schools', models.PositiveIntegerField()),
                ('awaited', models.PositiveIntegerField()),
                ('started', models.PositiveIntegerField()),
                ('finished', models.PositiveIntegerField()),
                ('kept_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'academy', 'is_public'), name='one_row_an_academy_a_day')],
            },
        ),
        migrations.CreateModel(
            name='DeclaredEnd',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('staff', models.UUIDField()),
                ('awaited', models.PositiveIntegerField()),
                ('finished', models.PositiveIntegerField()),
                ('started', models.PositiveIntegerField()),
                ('excused', models.PositiveIntegerField()),
                ('taken_back_at', models.DateTimeField(null=True)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='schools.school')),
            ],
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('ends_at', models.DateTimeField()),
                ('reason', models.CharField(max_length=400)),
                ('at', models.DateTimeField()),
                ('staff', models.UUIDField()),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='schools.school')),
            ],
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('school', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='schools.school')),
                ('academy', models.CharField(default='', max_length=40)),
                ('is_public', models.BooleanField(default=True)),
                ('in_scope', models.BooleanField(default=True)),
                ('divisions', models.PositiveIntegerField(default=0)),
                ('validated', models.PositiveIntegerField(default=0)),
                ('printed', models.PositiveIntegerField(default=0)),
                ('pupils', models.PositiveIntegerField(default=0)),
                ('numbered', models.PositiveIntegerField(default=0)),
                ('excused', models.PositiveIntegerField(default=0)),
                ('awaited', models.PositiveIntegerField(default=0)),
                ('started', models.PositiveIntegerField(default=0)),
                ('finished', models.PositiveIntegerField(default=0)),
                ('step', models.CharField(default='no-list', max_length=16)),
                ('ends_at', models.DateTimeField(null=True)),
                ('declared_at', models.DateTimeField(null=True)),
                ('counted_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['in_scope', 'academy'], name='tally_scope')],
            },
        ),
        migrations.CreateModel(
            name='SchoolDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('awaited', models.PositiveIntegerField()),
                ('started', models.PositiveIntegerField()),
                ('finished', models.PositiveIntegerField()),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='schools.school')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('school', 'day'), name='one_count_a_day')],
            },
        ),
    ]
