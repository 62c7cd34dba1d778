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
            name='PlanRules',
            fields=[
                ('school', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='schools.school')),
                ('rules', models.TextField()),
                ('revision', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40)),
                ('seats', models.PositiveSmallIntegerField()),
                ('headsets', models.PositiveSmallIntegerField(default=0)),
                ('line_mbits', models.FloatField(default=0.0)),
                ('halves', models.CharField(max_length=40)),
                ('busy', models.CharField(default='', max_length=400)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rooms', to='schools.school')),
            ],
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('place', models.CharField(max_length=40)),
                ('label', models.CharField(max_length=200)),
                ('sequence', models.PositiveSmallIntegerField(default=1)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('begins_at', models.DateTimeField()),
                ('is_planned', models.BooleanField(default=False)),
                ('is_locked', models.BooleanField(default=False)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('changed_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('room', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sessions', to='rooms.room')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='schools.school')),
                ('supervisors', models.ManyToManyField(related_name='sessions', to='schools.staff')),
            ],
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('group', models.UUIDField()),
                ('rank', models.PositiveSmallIntegerField(default=1)),
                ('of', models.PositiveSmallIntegerField(default=1)),
                ('absence_box', models.BinaryField(null=True)),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='schools.pupil')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='rooms.session')),
            ],
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('signed_at', models.DateTimeField()),
                ('declared_box', models.BinaryField()),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='receipts', to='rooms.session')),
            ],
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('written_at', models.DateTimeField()),
                ('note_box', models.BinaryField()),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='incidents', to='schools.school')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='incidents', to='rooms.session')),
            ],
        ),
        migrations.AddConstraint(
            model_name='room',
            constraint=models.UniqueConstraint(fields=('school', 'name'), name='one_room_a_name'),
        ),
        migrations.AddIndex(
            model_name='session',
            index=models.Index(fields=['school', 'starts_at'], name='rooms_sessi_school__b634fe_idx'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(fields=('session', 'pupil'), name='one_seat_a_session'),
        ),
    ]
