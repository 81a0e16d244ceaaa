"""The addresses of ``agreements``."""

from __future__ import annotations

from django.urls import path

from samverka.agreements import views, views_entering, views_inforce

app_name = "agreements"
urlpatterns = [
    path("", views.browse, name="browse"),
    path("dokument/<str:code>/", views.document, name="document"),
    path("klausul/<str:clause_id>/", views.clause, name="clause"),
    path("villkor/", views_inforce.parameters, name="parameters"),
    path("villkor/<str:name>/", views_inforce.parameter, name="parameter"),
    path("index/<str:name>/", views_inforce.series, name="series"),
    path("nycklar/", views_inforce.keys, name="keys"),
    path("lasningar/", views_inforce.readings, name="readings"),
    path("lasningar/<str:id_>/", views_inforce.reading, name="reading"),
    path("infort/", views_entering.entered_list, name="entered"),
    path("infort/nytt/<str:kind>/", views_entering.propose, name="propose"),
    path("infort/<str:public_id>/", views_entering.entered_page, name="entered_page"),
    path("infort/<str:public_id>/beslut/", views_entering.rule, name="rule"),
]
