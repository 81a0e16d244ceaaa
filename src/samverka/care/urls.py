"""Addresses of cases."""

from __future__ import annotations

from django.urls import path

from samverka.care import views, views_log, views_steps

app_name = "care"
urlpatterns = [
    path("", views.case_list, name="list"),
    path("nytt/", views.new, name="new"),
    path("oppna/", views.open_case, name="open"),
    path("statistik/", views_log.statistics, name="statistics"),
    path("kontroll/", views_log.checks, name="checks"),
    path("kontroll/<str:public_id>/", views_log.check, name="check"),
    path("kontroll/<str:public_id>/avsluta/", views_log.finish, name="finish_check"),
    path("kontroll/<str:public_id>/<int:sampled>/", views_log.judge, name="judge"),
    path("<str:public_id>/", views.case, name="case"),
    path("<str:public_id>/utskrift/", views.case_print, name="print"),
    path("<str:public_id>/utdrag/", views.extract, name="extract"),
    path("<str:public_id>/uppgifter/", views.change, name="change"),
    path("<str:public_id>/forslag/", views_steps.propose, name="propose"),
    path("<str:public_id>/utkast/", views_steps.take_back, name="take_back"),
    path("<str:public_id>/dialog/", views_steps.open_dialogue, name="open_dialogue"),
    path("<str:public_id>/instam/", views_steps.agree, name="agree"),
    path("<str:public_id>/oenighet/", views_steps.disagree, name="disagree"),
    path("<str:public_id>/losning/", views_steps.suggest, name="suggest"),
    path("<str:public_id>/godta/", views_steps.settle, name="settle"),
    path("<str:public_id>/beslut/", views_steps.decide, name="decide"),
    path("<str:public_id>/lamna-over/", views_steps.hand_over, name="hand_over"),
    path("<str:public_id>/skicka-tillbaka/", views_steps.send_back, name="send_back"),
    path("<str:public_id>/ta-emot/", views_steps.receive, name="receive"),
    path("<str:public_id>/starta/", views_steps.start, name="start"),
    path("<str:public_id>/omprova/", views_steps.review, name="review"),
    path("<str:public_id>/fortsatt/", views_steps.go_on, name="go_on"),
    path("<str:public_id>/avsluta/", views_steps.close, name="close"),
    path("<str:public_id>/avbryt/", views_steps.cancel, name="cancel"),
    path("<str:public_id>/avsluta-utan-beslut/", views_steps.withdraw, name="withdraw"),
]
