import dinh.kernel.ids
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.UUIDField(default=dinh.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.TextField(unique=True)),
                ('title', models.TextField()),
                ('rank', models.IntegerField(default=50)),
                ('is_head', models.BooleanField(default=False)),
                ('is_single', models.BooleanField(default=False)),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(null=True)),
            ],
            options={
                'ordering': ['unit', 'rank', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.UUIDField(default=dinh.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.TextField(unique=True)),
                ('name', models.TextField()),
                ('description', models.TextField(blank=True)),
                ('permissions', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
            ],
            options={
                'ordering': ['name', 'code'],
            },
        ),
        migrations.CreateModel(
            name='LevelScheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('levels', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(null=True)),
                ('basis', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['from_on'],
                'constraints': [models.CheckConstraint(condition=models.Q(('until_on', None), ('until_on__gt', models.F('from_on')), _connector='OR'), name='levels_period', violation_error_code='period'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func('from_on', 'until_on', function='DATERANGE', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='levels_one_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.UUIDField(default=dinh.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('staff_code', models.TextField(null=True, unique=True)),
                ('full_name', models.TextField()),
                ('sort_key', models.TextField(editable=False)),
                ('search_text', models.TextField(editable=False)),
                ('birth_date', models.DateField(null=True)),
                ('identity_number', models.TextField(blank=True)),
                ('phone', models.TextField(blank=True)),
                ('email', models.TextField(blank=True)),
                ('address', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'ordering': ['sort_key', 'id'],
                'indexes': [models.Index(fields=['sort_key', 'id'], name='person_order'), django.contrib.postgres.indexes.GinIndex(fields=['search_text'], name='person_search', opclasses=['gin_trgm_ops'])],
                'constraints': [models.UniqueConstraint(condition=models.Q(('identity_number', ''), _negated=True), fields=('identity_number',), name='person_identity_number')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.UUIDField(default=dinh.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.TextField(unique=True)),
                ('old_code', models.TextField(blank=True)),
                ('name', models.TextField()),
                ('short_name', models.TextField(blank=True)),
                ('abbreviation', models.TextField(blank=True)),
                ('kind', models.TextField(choices=[('ministry', 'Bộ, cơ quan trung ương'), ('province_committee', 'Ủy ban nhân dân tỉnh'), ('province_office', 'Văn phòng Ủy ban nhân dân tỉnh'), ('department', 'Sở, ban, ngành'), ('service_centre', 'Trung tâm Phục vụ hành chính công'), ('district_committee', 'Ủy ban nhân dân huyện'), ('district_division', 'Phòng chuyên môn cấp huyện'), ('commune_committee', 'Ủy ban nhân dân xã'), ('branch', 'Chi cục, đơn vị trực thuộc có con dấu'), ('public_service', 'Đơn vị sự nghiệp'), ('council', 'Hội đồng nhân dân'), ('other_agency', 'Cơ quan khác'), ('division', 'Phòng, ban thuộc cơ quan'), ('one_stop_desk', 'Bộ phận Tiếp nhận và Trả kết quả'), ('other_division', 'Bộ phận khác')])),
                ('level', models.TextField(choices=[('centre', 'Trung ương'), ('province', 'Tỉnh'), ('district', 'Huyện'), ('commune', 'Xã')])),
                ('is_agency', models.BooleanField()),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(null=True)),
                ('display_order', models.IntegerField(default=100)),
                ('sort_key', models.TextField(editable=False)),
                ('search_text', models.TextField(editable=False)),
                ('address', models.TextField(blank=True)),
                ('phone', models.TextField(blank=True)),
                ('email', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='divisions', to='directory.unit')),
                ('heir', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='directory.unit')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='directory.unit')),
            ],
            options={
                'ordering': ['display_order', 'sort_key', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SigningAuthority',
            fields=[
                ('id', models.UUIDField(default=dinh.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('mark', models.TextField(blank=True, choices=[('', 'Ký trực tiếp'), ('TM.', 'Ký thay mặt'), ('Q.', 'Ký quyền'), ('KT.', 'Ký thay'), ('TL.', 'Ký thừa lệnh'), ('TUQ.', 'Ký thừa ủy quyền')])),
                ('collective', models.TextField(blank=True)),
                ('on_behalf_of', models.TextField(blank=True)),
                ('matters', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(null=True)),
                ('basis', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('derived_from', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='passed_on', to='directory.signingauthority')),
                ('position', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authorities', to='directory.position')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authorities', to='directory.unit')),
            ],
            options={
                'ordering': ['unit', 'position', 'from_on'],
            },
        ),
        migrations.CreateModel(
            name='RoleHolding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.TextField(choices=[('own', 'Việc của mình'), ('unit', 'Trong đơn vị'), ('subtree', 'Đơn vị và cấp dưới'), ('province', 'Toàn tỉnh')])),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(null=True)),
                ('position', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='directory.position')),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='directory.role')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='directory.unit')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='PositionPlacement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(null=True)),
                ('position', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='directory.position')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.unit')),
            ],
            options={
                'ordering': ['position', 'from_on'],
            },
        ),
        migrations.AddField(
            model_name='position',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='positions', to='directory.unit'),
        ),
        migrations.CreateModel(
            name='UnitClosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('depth', models.IntegerField()),
                ('ancestor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='below', to='directory.unit')),
                ('descendant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='above', to='directory.unit')),
            ],
        ),
        migrations.CreateModel(
            name='UnitName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('short_name', models.TextField(blank=True)),
                ('abbreviation', models.TextField(blank=True)),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(null=True)),
                ('basis', models.TextField(blank=True)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='names', to='directory.unit')),
            ],
            options={
                'ordering': ['unit', 'from_on'],
            },
        ),
        migrations.CreateModel(
            name='UnitPlacement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(null=True)),
                ('basis', models.TextField(blank=True)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.unit')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='directory.unit')),
            ],
            options={
                'ordering': ['unit', 'from_on'],
            },
        ),
        migrations.CreateModel(
            name='UnitSuccession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField(choices=[('merged', 'Sáp nhập'), ('split', 'Chia'), ('separated', 'Tách'), ('closed', 'Giải thể')])),
                ('on', models.DateField()),
                ('basis', models.TextField(blank=True)),
                ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='directory.unit')),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inheritances', to='directory.unit')),
            ],
            options={
                'ordering': ['on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField(choices=[('main', 'Chính thức'), ('concurrent', 'Kiêm nhiệm'), ('acting', 'Giao quyền'), ('in_charge', 'Giao phụ trách')], default='main')),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(null=True)),
                ('basis', models.TextField(blank=True)),
                ('is_single', models.BooleanField(default=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='directory.person')),
                ('position', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='directory.position')),
            ],
            options={
                'ordering': ['from_on', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('until_on', None), ('until_on__gt', models.F('from_on')), _connector='OR'), name='appointment_period', violation_error_code='period'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('is_single', True)), expressions=[('position', '='), (models.Func('from_on', 'until_on', function='DATERANGE', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='appointment_one_holder'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('position', '='), ('person', '='), (models.Func('from_on', 'until_on', function='DATERANGE', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='appointment_once_a_person')],
            },
        ),
        migrations.CreateModel(
            name='RightsNotice',
            fields=[
                ('id', models.UUIDField(default=dinh.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.TextField(choices=[('granted', 'Được cấp'), ('revoked', 'Bị thu hồi'), ('changed', 'Thay đổi')])),
                ('what', models.TextField()),
                ('changed_by', models.TextField()),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='directory.person')),
                ('position', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='directory.position')),
            ],
            options={
                'ordering': ['-changed_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('confirmed_at', None)), fields=['person'], name='notice_unconfirmed')],
            },
        ),
        migrations.AddIndex(
            model_name='unit',
            index=models.Index(fields=['parent', 'display_order', 'sort_key'], name='unit_siblings'),
        ),
        migrations.AddIndex(
            model_name='unit',
            index=models.Index(condition=models.Q(('old_code', ''), _negated=True), fields=['old_code'], name='unit_old_code'),
        ),
        migrations.AddIndex(
            model_name='unit',
            index=models.Index(fields=['level', 'is_agency'], name='unit_level'),
        ),
        migrations.AddIndex(
            model_name='unit',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_text'], name='unit_search', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='unit_valid_period'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='unit_not_its_own_parent'),
        ),
        migrations.AddIndex(
            model_name='signingauthority',
            index=models.Index(fields=['position', 'unit'], name='authority_position_unit'),
        ),
        migrations.AddConstraint(
            model_name='signingauthority',
            constraint=models.CheckConstraint(condition=models.Q(('until_on', None), ('until_on__gte', models.F('from_on')), _connector='OR'), name='authority_period'),
        ),
        migrations.AddConstraint(
            model_name='signingauthority',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('mark', 'TUQ.'), _negated=True), models.Q(('until_on__isnull', False), models.Q(('basis', ''), _negated=True), models.Q(('matters', ['*']), _negated=True)), _connector='OR'), name='authority_tuq_is_limited'),
        ),
        migrations.AddConstraint(
            model_name='roleholding',
            constraint=models.CheckConstraint(condition=models.Q(('until_on', None), ('until_on__gte', models.F('from_on')), _connector='OR'), name='holding_period'),
        ),
        migrations.AddConstraint(
            model_name='roleholding',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('position', '='), ('role', '='), ('unit', '='), ('scope', '='), (models.Func('from_on', 'until_on', function='DATERANGE', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='holding_once'),
        ),
        migrations.AddConstraint(
            model_name='positionplacement',
            constraint=models.CheckConstraint(condition=models.Q(('until_on', None), ('until_on__gt', models.F('from_on')), _connector='OR'), name='position_placement_period', violation_error_code='period'),
        ),
        migrations.AddConstraint(
            model_name='positionplacement',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('position', '='), (models.Func('from_on', 'until_on', function='DATERANGE', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='position_placement_one_at_a_time'),
        ),
        migrations.AddIndex(
            model_name='position',
            index=models.Index(fields=['unit', 'rank', 'code'], name='position_unit_rank'),
        ),
        migrations.AddConstraint(
            model_name='position',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='position_valid_period'),
        ),
        migrations.AddConstraint(
            model_name='unitclosure',
            constraint=models.UniqueConstraint(fields=('ancestor', 'descendant'), include=('depth',), name='closure_pair'),
        ),
        migrations.AddConstraint(
            model_name='unitname',
            constraint=models.CheckConstraint(condition=models.Q(('until_on', None), ('until_on__gt', models.F('from_on')), _connector='OR'), name='unit_name_period', violation_error_code='period'),
        ),
        migrations.AddConstraint(
            model_name='unitname',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('unit', '='), (models.Func('from_on', 'until_on', function='DATERANGE', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='unit_name_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='unitplacement',
            constraint=models.CheckConstraint(condition=models.Q(('until_on', None), ('until_on__gt', models.F('from_on')), _connector='OR'), name='placement_period', violation_error_code='period'),
        ),
        migrations.AddConstraint(
            model_name='unitplacement',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('unit', '='), (models.Func('from_on', 'until_on', function='DATERANGE', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='placement_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='unitsuccession',
            constraint=models.UniqueConstraint(fields=('predecessor', 'successor', 'on'), name='succession_once'),
        ),
    ]
