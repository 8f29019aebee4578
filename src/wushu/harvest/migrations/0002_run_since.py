from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('harvest', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='run',
            name='since',
            field=models.CharField(blank=True, help_text='Only what changed since this day was read.', max_length=10),
        ),
        migrations.AddField(
            model_name='run',
            name='until',
            field=models.CharField(blank=True, help_text="The source's day then, if it forgets no deletion.", max_length=10),
        ),
    ]
