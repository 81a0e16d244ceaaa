"""The calendar's private address: no session, one token, shown once, renewed and revoked; RFC 5545 as written."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import Any

import icalendar
import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from samverka.core.acting import Actor, Role
from samverka.parties.models import Membership
from samverka.settlement.calendar import Due
from samverka.settlement.calendar_feed import renew_feed, revoke_feed
from samverka.settlement.calendar_ics import ics
from samverka.settlement.models import Feed
from tests.samverka.platform import AT, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")
STAMP = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


def _feed(token: str, **headers: str) -> Any:
    return Client().get(reverse("settlement:feed", args=[token]), headers=headers)


def reader(party: str = "BERG") -> Actor:
    """Who subscribes."""
    return actor(party, Role.READER)


def test_the_feed_needs_no_session_and_holds_the_agreements_days() -> None:
    """A calendar program reads it with the token alone: all-day events, one for each due day."""
    answer = _feed(renew_feed(reader(), at=AT))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = icalendar.Calendar.from_ical(answer.content)
    events = {str(event["uid"]): event for event in found.walk("VEVENT")}
    this_year = timezone.localdate().year
    one = events[f"tb-avs-1-{this_year}0331-supplement-{this_year}03@samverka"]
    assert one.decoded("dtstart") == date(this_year, 3, 31)
    assert one.decoded("dtend") == date(this_year, 4, 1)
    assert one["dtstart"].params["VALUE"] == "DATE"


@pytest.mark.parametrize("token", ["fel", "a" * 43, "%00"])
def test_a_wrong_token_is_not_found(token: str) -> None:
    """Nothing tells it from a page that never was."""
    renew_feed(reader(), at=AT)
    assert Client().get(f"/avrakning/kalender/{token}.ics").status_code == 404


def test_only_the_digest_is_kept() -> None:
    """Who reads the database cannot read the calendar with what stands there."""
    token = renew_feed(reader(), at=AT)
    kept = Feed.objects.get().token_digest
    assert kept == hashlib.sha256(token.encode()).hexdigest()
    assert _feed(kept).status_code == 404


def test_a_renewed_address_ends_the_old_one_and_a_revoked_ends_all() -> None:
    """One address for each person and party."""
    old = renew_feed(reader(), at=AT)
    new = renew_feed(reader(), at=AT)
    assert (_feed(old).status_code, _feed(new).status_code) == (404, 200)
    assert revoke_feed(reader(), at=AT) is True
    assert revoke_feed(reader(), at=AT) is False
    assert _feed(new).status_code == 404


def test_an_address_ends_with_the_role() -> None:
    """Who no longer acts for the party reads its calendar no more; nor does a closed account."""
    token = renew_feed(reader(), at=AT)
    Membership.objects.update(until=date(2026, 7, 2))
    assert _feed(token).status_code == 404
    Membership.objects.update(until=None)
    user = reader().user
    user.is_active = False
    user.save()
    assert _feed(token).status_code == 404


def test_an_auditor_has_a_feed_too() -> None:
    """Of the whole agreement, no persons in it."""
    answer = _feed(renew_feed(actor("", Role.AUDITOR), at=AT))
    assert answer.status_code == 200
    assert b"exempel.se" not in answer.content


def test_the_same_calendar_is_not_sent_twice() -> None:
    """ETag and Last-Modified; a program that has the text gets 304."""
    token = renew_feed(reader(), at=AT)
    first = _feed(token)
    assert first["Last-Modified"].endswith("GMT")
    again = _feed(token, if_none_match=first["ETag"])
    assert again.status_code == 304
    assert again["ETag"] == first["ETag"]
    assert _feed(token, if_none_match='"other"').status_code == 200


def test_the_page_shows_an_address_once() -> None:
    """After it is made, and never again; it can be revoked there."""
    client = signed_in(reader())
    assert client.post(reverse("settlement:feed_address")).status_code == 302
    page = client.get(reverse("settlement:feed_address"))
    assert "/avrakning/kalender/" in page.content.decode()
    assert ".ics" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert ".ics" not in client.get(reverse("settlement:feed_address")).content.decode()
    gone = client.post(reverse("settlement:revoke_feed"))
    assert "återkallad" in str(next(iter(get_messages(gone.wsgi_request))))
    assert not Feed.objects.exists()


def test_lines_are_folded_at_75_octets_and_texts_escaped() -> None:
    """RFC 5545: CRLF, folded by octets and not within a letter; commas and semicolons are escaped."""
    title = "Å" * 60 + ", och; mer"
    text = ics([Due(date(2026, 3, 31), title, "TB-AVS-1", "rad ett")], name="Prov", stamp=STAMP)
    lines = text.split(b"\r\n")
    assert b"\n" not in text.replace(b"\r\n", b"")
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() is not None for line in lines)
    [event] = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert str(event["summary"]) == title
    assert rb"\, och\; mer" in text.replace(b"\r\n ", b"")
    assert event.decoded("dtstamp") == STAMP
    assert str(event["description"]) == "Klausul TB-AVS-1\nrad ett"


def test_what_is_settled_says_so() -> None:
    """The title tells, and the id stays: a calendar changes the event it has."""
    before = Due(date(2026, 3, 31), "Prov", "TB-AVS-1", settles=("supplement", 202603))
    after = Due(date(2026, 3, 31), "Prov", "TB-AVS-1", done=True, settles=("supplement", 202603))
    assert before.uid == after.uid
    assert b"SUMMARY:Avr\xc3\xa4knat: Prov" in ics([after], name="Prov", stamp=STAMP)
