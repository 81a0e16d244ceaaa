"""A person's affiliations never overlap, and what is in the register stays there."""

from django.db import migrations

from samverka.care.triggers_affiliation import protect, unprotect


def forwards(apps, schema_editor):
    """Every trigger."""
    protect(schema_editor.connection)


def backwards(apps, schema_editor):
    """And none."""
    unprotect(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("care", "0003_affiliations"), ("journal", "0002_append_only")]
    operations = [migrations.RunPython(forwards, backwards)]
