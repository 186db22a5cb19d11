"""The moments from which open work is near due stand in an index of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0004_how_contacts_are_known'),
        ('onestop', '0040_near_due'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='workitem',
            index=models.Index(condition=models.Q(('is_waiting', False)), fields=['near_at'], name='work_near'),
        ),
    ]
