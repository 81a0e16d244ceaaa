"""The calendar as RFC 5545: all-day events with lasting ids, so that what changes is changed and not doubled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from samverka.settlement.calendar import Due

DONE = "Avräknat"


def ics(found: Iterable[Due], *, name: str, stamp: datetime) -> bytes:
    """The calendar's text, lines folded at 75 octets.

    Args:
        found: What is due.
        name: What the calendar is called in a reader.
        stamp: When it last changed, in UTC.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Samverka//Avräkning//SV")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Europe/Stockholm")
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    for one in found:
        calendar.add_component(_event(one, stamp))
    return bytes(calendar.to_ical())


def _event(one: Due, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", one.uid)
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("dtstart", one.day)
    event.add("dtend", one.day + timedelta(days=1))
    event.add("summary", f"{DONE}: {one.title}" if one.done else one.title)
    event.add("description", "\n".join(part for part in (f"Klausul {one.clause}", one.note) if part))
    event.add("categories", [one.clause])
    event.add("transp", "TRANSPARENT")
    return event
