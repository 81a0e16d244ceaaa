"""Addresses of the open question."""

from __future__ import annotations

from django.urls import path

from samverka.care import views_asking

app_name = "asking"
urlpatterns = [
    path("", views_asking.entrances, name="entrances"),
    path("klausul/<str:clause_id>/", views_asking.clause, name="clause"),
    path("vard/", views_asking.care, name="care"),
    path("vard/blad/", views_asking.care_sheet, name="care_sheet"),
    path("produkt/", views_asking.product, name="product"),
    path("produkt/blad/", views_asking.product_sheet, name="product_sheet"),
    path("annat/", views_asking.matter, name="matter"),
    path("annat/blad/", views_asking.matter_sheet, name="matter_sheet"),
]
