"""The addresses of ``parties``."""

from __future__ import annotations

from django.urls import path

from samverka.parties import views, views_arenas, views_people, views_sign_in

app_name = "parties"
urlpatterns = [
    path("", views.parties, name="list"),
    path("roll", views_sign_in.choose, name="acting"),
    path("andra-faktor", views_sign_in.second_factor, name="second_factor"),
    path("bekrafta", views_sign_in.reauthenticate, name="reauthenticate"),
    path("identitetstjanst", views_sign_in.identity_provider, name="identity_provider"),
    path("identitetstjanst/ta-bort", views_sign_in.remove_identity_provider, name="identity_provider_remove"),
    path("personer", views_people.memberships, name="people"),
    path("personer/ny", views_people.invite, name="invite"),
    path("personer/<slug:public_id>/avsluta", views_people.end, name="membership_end"),
    path("personer/<slug:public_id>/los", views_people.let_go, name="let_go"),
    path("arenor", views_arenas.arenas, name="arenas"),
    path("arenor/<slug:public_id>/ny", views_arenas.fill, name="seat_fill"),
    path("arenor/<slug:public_id>/lamna", views_arenas.vacate, name="seat_vacate"),
    path("utforare/ny", views.add_provider, name="provider_add"),
    path("enheter/<slug:public_id>/avsluta", views.close_unit, name="unit_close"),
    path("<slug:public_id>", views.party, name="party"),
    path("<slug:public_id>/namn", views.rename, name="rename"),
    path("<slug:public_id>/nummer", views.org_number, name="org_number"),
    path("<slug:public_id>/enheter/ny", views.add_unit, name="unit_add"),
]
