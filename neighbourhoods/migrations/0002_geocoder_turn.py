import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('neighbourhoods', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='GeocoderTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('geocoder', models.CharField(max_length=20, unique=True, verbose_name='geocoder')),
                ('next_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='next question from')),
            ],
            options={
                'verbose_name': 'turn at the geocoder',
                'verbose_name_plural': 'turns at the geocoder',
            },
        ),
    ]
