"""Addresses of cases."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.cache import never_cache

from samverka.care import views, views_affiliation, views_log, views_steps, views_yearly

app_name = "care"
urlpatterns = [
    path("", views.case_list, name="list"),
    path("nytt/", views.new, name="new"),
    path("oppna/", views.open_case, name="open"),
    path("sok/", views.find, name="find"),
    path("statistik/", views_log.statistics, name="statistics"),
    path("kontroll/", views_log.checks, name="checks"),
    path("kontroll/<str:public_id>/", views_log.check, name="check"),
    path("kontroll/<str:public_id>/avsluta/", views_log.finish, name="finish_check"),
    path("kontroll/<str:public_id>/<int:sampled>/", views_log.judge, name="judge"),
    path("anslutningar/", views_affiliation.affiliations, name="affiliations"),
    path("anslutningar/sok/", views_affiliation.find, name="find_affiliation"),
    path("anslutningar/ny/", views_affiliation.new, name="new_affiliation"),
    path("anslutningar/antal/", views_yearly.yearly_numbers, name="yearly_numbers"),
    path("anslutningar/antal/nytt/", views_yearly.new_number, name="new_number"),
    path("anslutningar/antal/<str:public_id>/", views_yearly.yearly_number, name="yearly_number"),
    path("anslutningar/antal/<str:public_id>/intyga/", views_yearly.attest_number, name="attest_number"),
    path("anslutningar/antal/<str:public_id>/aterkalla/", views_yearly.withdraw_number, name="withdraw_number"),
    path("anslutningar/<str:public_id>/", views_affiliation.affiliated, name="affiliated"),
    path("anslutningar/<str:public_id>/ny/", views_affiliation.affiliate_again, name="affiliate_again"),
    path("anslutningar/<str:public_id>/utdrag/", views_affiliation.extract, name="affiliated_extract"),
    path("anslutningar/<str:public_id>/dagar/", views_affiliation.change_affiliation, name="change_affiliation"),
    path(
        "anslutningar/<str:public_id>/aterkalla/", views_affiliation.withdraw_affiliation, name="withdraw_affiliation"
    ),
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
    path("<str:public_id>/bocka-av/", views_steps.tick, name="tick"),
    path("<str:public_id>/omprova/", views_steps.review, name="review"),
    path("<str:public_id>/fortsatt/", views_steps.go_on, name="go_on"),
    path("<str:public_id>/avsluta/", views_steps.close, name="close"),
    path("<str:public_id>/avbryt/", views_steps.cancel, name="cancel"),
    path("<str:public_id>/avsluta-utan-beslut/", views_steps.withdraw, name="withdraw"),
]
for one in urlpatterns:  # what a browser has kept would be seen again without a line in the log
    one.callback = never_cache(one.callback)
