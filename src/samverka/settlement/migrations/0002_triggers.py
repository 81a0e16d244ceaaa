"""What is issued, sealed or approved does not change."""

from django.db import migrations

from samverka.settlement.triggers import protect, unprotect


def forwards(apps, schema_editor):
    """Every trigger."""
    protect(schema_editor.connection)


def backwards(apps, schema_editor):
    """And none."""
    unprotect(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("settlement", "0001_initial"), ("journal", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
