"""Answers already given to a form that makes money or imports: the same key again gives the same answer."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Replay(models.Model):
    """A form's key, what it said as a digest, and where it sent its sender: written in its own transaction."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=36)
    digest = models.CharField(max_length=64)
    location = models.CharField(max_length=300)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_a_key")]

    def __str__(self) -> str:
        return self.key
