"""Every address of the site."""

from __future__ import annotations

from django.urls import include, path

from samverka.web import views

urlpatterns = [
    path("api/v1/", include("samverka.web.api")),
    path("", views.front, name="front"),
    path("inloggning", views.sign_in_left, name="sign_in_left"),
    path("health", views.health, name="health"),
    path("csp", views.csp_report, name="csp"),
    path("konto/", views.account, name="account"),
    path("konto/", include("allauth.urls")),
    path("parter/", include("samverka.parties.urls")),
    path("journal/", include("samverka.journal.urls")),
    path("avtal/", include("samverka.agreements.urls")),
    path("arbete/", include("samverka.assignments.urls")),
    path("vem-ansvarar/", include("samverka.care.urls_asking")),
    path("arenden/", include("samverka.care.urls")),
    path("vad-hander-om/", include("samverka.care.urls_what_if")),
    path("avrakning/", include("samverka.settlement.urls")),
]

handler400 = "samverka.web.errors.bad_request"
handler403 = "samverka.web.errors.forbidden"
handler404 = "samverka.web.errors.not_found"
handler429 = "samverka.web.errors.too_many"
handler500 = "samverka.web.errors.broken"
