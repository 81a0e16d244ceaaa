"""The addresses of ``settlement``."""

from __future__ import annotations

from django.urls import path

from samverka.settlement import (
    feeds,
    views,
    views_basis,
    views_calendar,
    views_corrections,
    views_decide,
    views_events,
    views_invoice,
)

#: What the addresses of lines and events name.
PROPOSAL = {"of": views.proposal_or_404}
INVOICE = {"of": views_invoice.invoice_or_404}

app_name = "settlement"
urlpatterns = [
    path("", views.proposals, name="proposals"),
    path("ny/", views.new, name="new"),
    path("forslag/<str:public_id>/", views.proposal, name="proposal"),
    path("forslag/<str:public_id>/lage/", views.progress, name="progress"),
    path("forslag/<str:public_id>/fortsatt/", views.resume, name="resume"),
    path("forslag/<str:public_id>/beslut/", views_decide.decide, name="decide"),
    path("forslag/<str:public_id>/fakturera/", views_decide.issue, name="issue"),
    path("forslag/<str:public_id>/rad/<int:number>/", views_events.events, PROPOSAL, name="proposal_events"),
    path("forslag/<str:public_id>/rader.<str:form>", views_events.lines_file, PROPOSAL, name="proposal_lines_file"),
    path(
        "forslag/<str:public_id>/handelser.<str:form>", views_events.events_file, PROPOSAL, name="proposal_events_file"
    ),
    path("fakturor/", views_invoice.invoices, name="invoices"),
    path("fakturor/<str:public_id>/", views_invoice.invoice, name="invoice"),
    path("fakturor/<str:public_id>/rad/<int:number>/", views_events.events, INVOICE, name="events"),
    path("fakturor/<str:public_id>/rader.<str:form>", views_events.lines_file, INVOICE, name="lines_file"),
    path("fakturor/<str:public_id>/handelser.<str:form>", views_events.events_file, INVOICE, name="events_file"),
    path("fakturor/<str:public_id>/kreditera/", views_decide.credit, name="credit"),
    path("krediteringar/<str:public_id>/", views_decide.decide_credit, name="decide_credit"),
    path("rattelser/", views_corrections.corrections, name="corrections"),
    path("rattelser/kontrollera/", views_corrections.check, name="check"),
    path("underlag/", views_basis.bases, name="bases"),
    path("underlag/nytt/<str:kind>/", views_basis.new, name="new_basis"),
    path("underlag/<str:public_id>/", views_basis.basis, name="basis"),
    path("underlag/<str:public_id>/lista.<str:form>", views_basis.list_file, name="basis_list_file"),
    path("underlag/<str:public_id>/godkann/", views_basis.approve, name="approve_basis"),
    path("underlag/<str:public_id>/aterkalla/", views_basis.withdraw, name="withdraw_basis"),
    path("kalender/", views_calendar.calendar, name="calendar"),
    path("kalender/adress/", views_calendar.feed_address, name="feed_address"),
    path("kalender/adress/aterkalla/", views_calendar.revoke, name="revoke_feed"),
    path("kalender/<str:token>.ics", feeds.feed, name="feed"),
]
