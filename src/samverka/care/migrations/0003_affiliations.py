"""The register of affiliations, yearly numbers, and whom a line of the access log is about."""

import django.db.models.deletion
import samverka.core.ids
from django.conf import settings
from django.db import migrations, models

from samverka.journal.append_only import protect, unprotected


def protect_again(apps, schema_editor):
    """SQLite makes a table anew to take a column away, and loses its triggers: what only grows must go on so."""
    protect(schema_editor.connection, *unprotected(schema_editor.connection, "care_accessentry"))


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, protect_again),  # first, so that it is undone last
        migrations.CreateModel(
            name="Affiliated",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    samverka.core.ids.PublicIdField(
                        default=samverka.core.ids.public_id, editable=False, max_length=16, unique=True
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=9, unique=True)),
                ("example", models.BooleanField(default=False)),
                ("registered_at", models.DateTimeField()),
                (
                    "case",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affiliated",
                        to="care.case",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="accessentry",
            name="affiliated",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="accesses", to="care.affiliated"
            ),
        ),
        migrations.CreateModel(
            name="Affiliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    samverka.core.ids.PublicIdField(
                        default=samverka.core.ids.public_id, editable=False, max_length=16, unique=True
                    ),
                ),
                ("first", models.DateField()),
                ("last", models.DateField(blank=True, null=True)),
                ("withdrawn", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField()),
                ("revision", models.IntegerField(default=0)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="affiliations", to="care.affiliated"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AffiliationMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("register", "registrerad"),
                            ("change", "dagarna ändrade"),
                            ("withdraw", "återkallad"),
                        ],
                        max_length=8,
                    ),
                ),
                ("first", models.DateField()),
                ("last", models.DateField(null=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("reader", "läsare"),
                            ("registrar", "registrerare"),
                            ("approver", "beslutsfattare"),
                            ("administrator", "administratör"),
                            ("auditor", "revisor"),
                        ],
                        max_length=16,
                    ),
                ),
                ("user", models.CharField(max_length=16)),
                (
                    "affiliation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="care.affiliation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="YearlyNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    samverka.core.ids.PublicIdField(
                        default=samverka.core.ids.public_id, editable=False, max_length=16, unique=True
                    ),
                ),
                ("year", models.IntegerField()),
                ("number", models.IntegerField()),
                ("source", models.CharField(max_length=160)),
                ("example", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("entered", "väntar på intyg"), ("attested", "intygat"), ("withdrawn", "återkallat")],
                        default="entered",
                        max_length=12,
                    ),
                ),
                ("entered_at", models.DateTimeField()),
                ("attested_at", models.DateTimeField(null=True)),
                (
                    "attested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="affiliation",
            index=models.Index(fields=["first", "public_id"], name="affiliation_first"),
        ),
        migrations.AddConstraint(
            model_name="affiliation",
            constraint=models.CheckConstraint(
                condition=models.Q(("last", None), ("last__gte", models.F("first")), _connector="OR"),
                name="affiliation_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="affiliation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("last", None), ("withdrawn", False)),
                fields=("person",),
                name="one_open_affiliation",
            ),
        ),
        migrations.AddConstraint(
            model_name="yearlynumber",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "attested")), fields=("year",), name="one_attested_number_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="yearlynumber",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 0)), name="yearly_number_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="yearlynumber",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "attested"), _negated=True),
                    models.Q(
                        ("attested_by__isnull", False), models.Q(("attested_by", models.F("entered_by")), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="yearly_number_attested_by_another",
            ),
        ),
    ]
