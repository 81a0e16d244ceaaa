"""What an entry is about, as a person knows it: the kind of thing and its number, name or period; and its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samverka.journal.personal import HIDDEN
from samverka.journal.words import VALUES

#: Charge -> what its work is called, and its part of the address.
WORK = {
    "hired_staff": ("inhyrd personal", "inhyrd-personal"),
    "liaison": ("ombud", "ombud"),
    "hospital_attendance": ("personal i sluten vård", "sluten-vard"),
    "equipment_variable": ("medicinsk teknik", "medicinsk-teknik"),
}
BASES = {
    "development_fund": "utvecklingsmedel",
    "equipment_fixed": "registrerade inventarier",
    "national_share": "nationell andel",
    "supplement": "anslutna personer",
}
#: Actions whose thing has a page that whoever sees the entry may read, and those that only its own party may.
PAGES = {
    "agreements.approve": "agreements:entered_page",
    "agreements.decline": "agreements:entered_page",
    "agreements.propose": "agreements:entered_page",
    "parties.add_provider": "parties:party",
    "parties.create": "parties:party",
    "parties.rename": "parties:party",
    "parties.state_org_number": "parties:party",
    "settlement.credit": "settlement:invoice",
}
OWN_PAGES = {
    "settlement.approve": "settlement:proposal",
    "settlement.approve_basis": "settlement:basis",
    "settlement.fail": "settlement:proposal",
    "settlement.issue": "settlement:proposal",
    "settlement.propose": "settlement:proposal",
    "settlement.register_basis": "settlement:basis",
    "settlement.reject": "settlement:proposal",
    "settlement.seal": "settlement:proposal",
    "settlement.withdraw_basis": "settlement:basis",
}


def subject_words(says: Mapping[str, Any], first: Mapping[str, Any]) -> str:
    """What an entry is about.

    Args:
        says: The entry.
        first: The first entry about the same thing that the reader sees: it may say what this one leaves out.
    """
    if says["action"] in HIDDEN:
        return HIDDEN[says["action"]][1]
    known = _fields(first) | _fields(says)
    app, _, act = says["action"].partition(".")
    match app, act:
        case "assignments", "stage" | "import" | "discard":
            found = ("fil", known.get("file"))
        case "assignments", _:
            kind, _ = WORK.get(known.get("charge", ""), ("arbete", ""))
            found = (kind, known.get("event_id") or _of(known.get("stated"), "date"))
        case "agreements", _:
            found = _value(known, says["clauses"])
        case "settlement", "issue":
            found = ("faktura", _several([one["number"] for one in known.get("invoices") or ()]))
        case "settlement", "credit":
            found = ("kreditfaktura", known.get("number"))
        case "settlement", "propose_credit" | "decline_credit":
            found = ("kreditering av", known.get("invoice"))
        case "settlement", "renew_feed" | "revoke_feed":
            return "kalenderadress"
        case "settlement", "recheck":
            found = ("fakturor från", says["subject"])
        case "settlement", ("register_basis" | "approve_basis" | "withdraw_basis"):
            found = (f"underlag {BASES.get(known.get('kind', ''), '')}".strip(), known.get("period"))
        case "settlement", _:
            found = ("rättelser" if known.get("corrections") else "avräkning", known.get("period"))
        case "care", "draw_check" | "judge" | "finish_check":
            found = ("stickprov från", known.get("since"))
        case "care", "enter_number" | "attest_number" | "withdraw_number":
            found = ("anslutna personer", known.get("period"))
        case "care", ("register_affiliation" | "change_affiliation" | "withdraw_affiliation"):
            found = ("anslutning", None)
        case "care", _:
            found = ("ärende", known.get("case"))
        case "parties", _:
            found = _of_a_party(act, known)
        case _:
            found = ("", None)
    return f"{found[0]} {found[1] or says['subject']}".strip()


def page_of(says: Mapping[str, Any], first: Mapping[str, Any], *, own: bool) -> tuple[str, list[str]] | None:
    """The name of the page that shows the thing, and what its address holds; None where the reader may have none.

    Args:
        says: The entry.
        first: The first entry about the same thing that the reader sees.
        own: Whether the reader's party made the entry or the system did for it, or the reader is an auditor.
    """
    action, subject = says["action"], says["subject"]
    known = _fields(first) | _fields(says)
    if action.startswith("assignments."):
        is_work = known.get("charge") in WORK and "file" not in known
        return ("assignments:work", [WORK[known["charge"]][1], subject]) if is_work else None
    name = PAGES.get(action) or (OWN_PAGES.get(action) if own else None)
    return (name, [subject]) if name else None


def _fields(says: Mapping[str, Any]) -> dict[str, Any]:
    """What it was and became; what it became counts, where it is both."""
    return {**(says.get("before") or {}), **(says.get("after") or {})}


def _of(fields: Any, name: str) -> Any:
    return fields.get(name) if isinstance(fields, Mapping) else None


def _several(numbers: list[str]) -> str:
    return numbers[0] if len(numbers) == 1 else f"{numbers[0]} till {numbers[-1]}" if numbers else ""


def _value(known: Mapping[str, Any], clauses: list[str]) -> tuple[str, Any]:
    """An entered value: its own name is the edition's, which this part does not know, so the clause stands for it."""
    payload = known.get("payload") or {}
    match known.get("kind"):
        case "index":
            return f"index {payload.get('series')} för", payload.get("index_year")
        case "normal_range":
            return "normalvariation från", payload.get("since")
        case "factors":
            return "vikter i trefaktormodellen för", payload.get("year")
        case "development_key":
            return "nyckel för utvecklingsmedel från", payload.get("since")
        case "reading":
            return "läsning", payload.get("reading")
        case "parameter":
            return f"villkor i {', '.join(clauses)} från", payload.get("since")
    return "infört värde", None


def _of_a_party(act: str, known: Mapping[str, Any]) -> tuple[str, Any]:
    match act:
        case "open_unit" | "close_unit":
            return "enhet", known.get("name")
        case "create_arena":
            return "arena", known.get("name")
        case "fill_seat" | "vacate_seat":
            return "organ", known.get("body")
        case "invite" | "appoint" | "end_membership":
            return "roll", VALUES.get(known.get("role", ""))
        case "bind_identity" | "let_go":
            return "konto i partens inloggning", known.get("identity_provider")
        case "set_identity_provider" | "remove_identity_provider":
            return "partens inloggning", known.get("issuer")
        case _:
            return "part", known.get("name")
