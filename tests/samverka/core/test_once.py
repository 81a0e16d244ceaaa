"""A form that makes money or imports is done once, whatever is clicked, sent again or sent at the same time."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.test import RequestFactory

from samverka.core.acting import Actor, Role
from samverka.core.models import Replay
from samverka.core.once import once
from samverka.parties.models import Party, Unit
from tests.samverka.platform import SINCE, actor


def make(request: HttpRequest) -> HttpResponse:
    """A view that makes a unit, or shows what is wrong with the form."""
    if request.method != "POST":
        return HttpResponse("form")
    berg = Party.objects.get(code="BERG")
    made = Unit.objects.create(party=berg, name=request.POST["name"] or uuid.uuid4().hex, since=SINCE)
    return HttpResponseRedirect(f"/u/{made.public_id}") if request.POST["name"] != "fel" else HttpResponse("fault")


def send(
    who: Actor, key: str, *, name: str = "Ny", view: Callable[..., HttpResponse] = make, **more: object
) -> HttpResponse:
    """One POST of the form."""
    request = RequestFactory().post("/form", {"once": key, "name": name, **more})
    request.user = who.user
    request.session = {}
    return once(view)(request)


def test_a_double_click_is_a_replay(jamtland: None) -> None:
    """The second one makes nothing and is sent to the same place."""
    who, key = actor("BERG", Role.REGISTRAR), str(uuid.uuid4())
    first, second = send(who, key), send(who, key)
    assert (first.status_code, first["Location"]) == (302, second["Location"])
    assert Unit.objects.filter(name="Ny").count() == 1


def test_another_form_with_a_used_key_is_refused(jamtland: None) -> None:
    """What the key said is remembered as a digest: other fields or another file are no replay."""
    who, key = actor("BERG", Role.REGISTRAR), str(uuid.uuid4())
    assert send(who, key, file=SimpleUploadedFile("a.csv", b"1")).status_code == 302
    told = send(who, key, file=SimpleUploadedFile("a.csv", b"2"))
    assert (told.status_code, told["Content-Type"]) == (409, "text/html; charset=utf-8")
    assert 'href="/form">Välj filen igen' in told.content.decode()
    assert send(who, key, name="Annan", file=SimpleUploadedFile("a.csv", b"1")).status_code == 409
    assert send(who, key, file=SimpleUploadedFile("a.csv", b"1")).status_code == 302
    assert Unit.objects.filter(name__in=("Ny", "Annan")).count() == 1


def test_what_was_changed_and_sent_again_is_not_lost(jamtland: None) -> None:
    """Back, changed and sent: the page leads to the first, and holds what was filled in with a key that is good."""
    who, key = actor("BERG", Role.REGISTRAR), str(uuid.uuid4())
    first = send(who, key)
    page = send(who, key, name="Å & <b>", more=["1", "2"]).content.decode()
    assert f'<a class="button" href="{first["Location"]}">Visa det som är sparat</a>' in page
    main = page.partition("<main")[2].partition("</main>")[0]
    kept = [
        (name, unescape(value)) for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="(.*?)">', main)
    ]
    fields = [one for one in kept if one[0] not in {"once", "csrfmiddlewaretoken"}]
    assert fields == [("name", "Å & <b>"), ("more", "1"), ("more", "2")]
    again = dict(kept)["once"]
    assert again != key
    assert send(who, again, name="Å & <b>", more=["1", "2"])["Location"] != first["Location"]
    assert Unit.objects.filter(name="Å & <b>").count() == 1


def test_a_key_is_its_senders_own(jamtland: None) -> None:
    """Another user's form with the same key is done, and tells nothing of the first."""
    key = str(uuid.uuid4())
    assert send(actor("BERG", Role.REGISTRAR), key).status_code == 302
    assert send(actor("ARE", Role.REGISTRAR), key, name="").status_code == 302
    assert Replay.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x", "1", "0" * 40])
def test_a_form_without_a_key_does_nothing(jamtland: None, key: str) -> None:
    """A form that was put together by hand is refused in words."""
    response = send(actor("BERG", Role.REGISTRAR), key)
    assert response.status_code == 400
    page = response.content.decode()
    assert "Inget är sparat" in page
    assert "<title>Inte skickat – Samverka</title>" in page
    assert "Visa det som är sparat" not in page
    assert Unit.objects.filter(name="Ny").count() == 0


def test_a_form_with_faults_does_nothing_and_keeps_its_key(jamtland: None) -> None:
    """What the view wrote before it found the fault is undone; the same key is good for the mended form."""
    who, key = actor("BERG", Role.REGISTRAR), str(uuid.uuid4())
    assert send(who, key, name="fel").content == b"fault"
    assert (Unit.objects.filter(name="fel").count(), Replay.objects.count()) == (0, 0)
    assert send(who, key, name="rätt").status_code == 302


def test_a_clash_of_the_views_own_is_told(jamtland: None) -> None:
    """A uniqueness that has nothing to do with the key is not taken for a replay."""
    who = actor("BERG", Role.REGISTRAR)
    send(who, str(uuid.uuid4()))
    with pytest.raises(IntegrityError), transaction.atomic():
        send(who, str(uuid.uuid4()))
    assert Replay.objects.count() == 1


def test_a_get_is_let_through(jamtland: None) -> None:
    """Showing the form uses no key, and each showing has a new one."""
    request = RequestFactory().get("/form")
    request.user = actor("BERG", Role.REGISTRAR).user
    assert once(make)(request).content == b"form"
    shown = {engines["django"].from_string("{% once_key %}").render({}) for _ in range(3)}
    assert len(shown) == 3


def _at_once(who: Actor, key: str, count: int = 4) -> list[HttpResponse]:
    """The same form by as many threads, let go together."""
    gate, answers = threading.Barrier(count), []

    def one() -> None:
        try:
            gate.wait(10)
            answers.append(send(who, key, name=""))
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_together_is_done_once(jamtland: None) -> None:
    """Four at the same time, in connections of their own: one does it, the others are sent to its answer."""
    who, before = actor("BERG", Role.REGISTRAR), Unit.objects.count()
    answers = _at_once(who, str(uuid.uuid4()))
    assert Unit.objects.count() == before + 1
    assert [answer.status_code for answer in answers] == [302] * 4
    assert len({answer["Location"] for answer in answers}) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_it_is_done_more_than_once(jamtland: None) -> None:
    """The broken twin: with the key's uniqueness taken away the test above finds four."""
    who, before = actor("BERG", Role.REGISTRAR), Unit.objects.count()
    (constraint,) = constraints = Replay._meta.constraints
    Replay._meta.constraints = []  # SQLite makes the table anew from these
    with connection.schema_editor() as editor:
        editor.remove_constraint(Replay, constraint)
    try:
        _at_once(who, str(uuid.uuid4()))
        assert Unit.objects.count() == before + 4
    finally:
        Replay.objects.all().delete()
        Replay._meta.constraints = constraints
        with connection.schema_editor() as editor:
            editor.add_constraint(Replay, constraint)
