"""The addresses of ``journal``.

An entry is named by its number: how many there are is no secret, since every checkpoint says it.
"""

from __future__ import annotations

from django.urls import path

from samverka.journal import views

app_name = "journal"
urlpatterns = [
    path("", views.journal, name="list"),
    path("poster/<int:number>", views.entry, name="entry"),
    path("kontrollpunkter", views.checkpoints, name="checkpoints"),
    path("kontrollpunkter/ny", views.sign, name="sign"),
    path("kontrollpunkter/<int:number>", views.checkpoint, name="checkpoint"),
    path("utdrag", views.export, name="export"),
    path("granskare", views.stand_alone_verifier, name="verifier"),
]
