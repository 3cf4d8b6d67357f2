"""Own KPIs, their versions and overrides, the one metric that matters."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("kpis", "0001_targets_rates_and_choices")]

    operations = [
        migrations.CreateModel(
            name='KpiSwitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kpi', models.CharField(max_length=40, unique=True)),
                ('on', models.BooleanField()),
                ('who', models.CharField(max_length=254)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'switch of a KPI',
                'verbose_name_plural': 'switches of KPIs',
            },
        ),
        migrations.CreateModel(
            name='Omtm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('market', models.CharField(blank=True, max_length=12, unique=True)),
                ('kpi', models.CharField(max_length=40)),
                ('who', models.CharField(max_length=254)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'one metric that matters',
                'verbose_name_plural': 'the metrics that matter',
            },
        ),
        migrations.CreateModel(
            name='OwnKpi',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True)),
                ('number', models.PositiveIntegerField(unique=True)),
                ('name_ko', models.CharField(max_length=60)),
                ('name_en', models.CharField(max_length=60)),
                ('stage', models.CharField(max_length=20)),
                ('unit', models.CharField(max_length=10)),
                ('better', models.CharField(max_length=10)),
                ('formula', models.TextField()),
                ('owner_name', models.CharField(blank=True, max_length=120)),
                ('description_ko', models.CharField(blank=True, max_length=500)),
                ('description_en', models.CharField(blank=True, max_length=500)),
                ('active', models.BooleanField(default=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'own KPI',
                'verbose_name_plural': 'own KPIs',
                'ordering': ('number',),
            },
        ),
        migrations.CreateModel(
            name='MarketOverride',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kpi', models.CharField(max_length=40)),
                ('market', models.CharField(max_length=12)),
                ('formula', models.TextField()),
                ('reason', models.CharField(max_length=300)),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('approved', 'approved'), ('refused', 'not approved'), ('ended', 'ended')], default='proposed', max_length=10)),
                ('proposed_by', models.CharField(max_length=254)),
                ('proposed_by_id', models.BigIntegerField()),
                ('proposed_at', models.DateTimeField()),
                ('decided_by', models.CharField(blank=True, max_length=254)),
                ('decided_by_id', models.BigIntegerField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'local override',
                'verbose_name_plural': 'local overrides',
                'ordering': ('-proposed_at', '-id'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'approved')), fields=('kpi', 'market'), name='one_override_in_force'), models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('kpi', 'market'), name='one_override_proposed')],
            },
        ),
        migrations.CreateModel(
            name='OwnKpiVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('name_ko', models.CharField(max_length=60)),
                ('name_en', models.CharField(max_length=60)),
                ('stage', models.CharField(max_length=20)),
                ('unit', models.CharField(max_length=10)),
                ('better', models.CharField(max_length=10)),
                ('formula', models.TextField()),
                ('owner_name', models.CharField(blank=True, max_length=120)),
                ('description_ko', models.CharField(blank=True, max_length=500)),
                ('description_en', models.CharField(blank=True, max_length=500)),
                ('active', models.BooleanField(default=True)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('who', models.CharField(max_length=254)),
                ('user_id', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('kpi', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='kpis.ownkpi')),
            ],
            options={
                'verbose_name': 'version of an own KPI',
                'verbose_name_plural': 'versions of own KPIs',
                'ordering': ('-number',),
                'constraints': [models.UniqueConstraint(fields=('kpi', 'number'), name='one_version_a_number')],
            },
        ),
    ]
