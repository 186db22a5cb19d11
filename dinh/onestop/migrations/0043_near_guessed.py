"""Open work of an upgraded province: its clocks are read once for the moment from which it is near due."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("onestop", "0042_approved_enclosures")]

    operations = [
        migrations.AddField(
            "workitem", "near_is_guess", models.BooleanField(default=False, db_default=False)
        ),
        # Which rows have been read since 0040 is not known: each is read once, by a job.
        migrations.RunSQL("UPDATE onestop_workitem SET near_is_guess = true", migrations.RunSQL.noop),
        migrations.AddIndex(
            "workitem",
            models.Index(
                fields=["step"], name="work_near_guessed", condition=models.Q(near_is_guess=True)
            ),
        ),
    ]
