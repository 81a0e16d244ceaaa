"""The addresses of ``assignments``."""

from __future__ import annotations

from django.urls import path

from samverka.assignments import views, views_files, views_form

app_name = "assignments"
urlpatterns = [
    path("", views.overview, name="list"),
    path("nytt/", views_form.choose, name="new"),
    path("filer/", views_files.file_list, name="files"),
    path("fil/<str:public_id>/", views_files.batch, name="batch"),
    path("<slug:slug>/", views.work_list, name="list"),
    path("<slug:slug>/nytt/", views_form.new, name="new"),
    path("<slug:slug>/falt/", views_form.redraw, name="fields"),
    path("<slug:slug>/pris/", views_form.price, name="price"),
    path("<slug:slug>/attestera/", views.attest_many, name="attest_many"),
    path("<slug:slug>/importera/", views_files.upload, name="import"),
    path("<slug:slug>/mall.<str:form>", views_files.template, name="template"),
    path("<slug:slug>/rader.<str:form>", views_files.rows, name="rows"),
    path("<slug:slug>/<str:public_id>/", views.work, name="work"),
    path("<slug:slug>/<str:public_id>/andra/", views_form.change, name="change"),
    path("<slug:slug>/<str:public_id>/attestera/", views.attest, name="attest"),
    path("<slug:slug>/<str:public_id>/aterlamna/", views.give_back, name="return"),
    path("<slug:slug>/<str:public_id>/las-upp/", views.take_back, name="take_back"),
    path("<slug:slug>/<str:public_id>/aterkalla/", views.withdraw, name="withdraw"),
]
