"""The journal in Swedish: what was done, and what a field of before and after is called."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from avtal.explain import Words
from samverka.core.acting import Role
from samverka.journal.personal import HIDDEN

#: Action -> words. A test finds every action that is recorded anywhere and asks for its words here.
ACTIONS = {
    "agreements.approve": "godkände ett infört värde",
    "agreements.decline": "avslog ett infört värde",
    "agreements.propose": "föreslog ett värde",
    "assignments.attest": "attesterade arbete",
    "assignments.change": "ändrade arbete",
    "assignments.discard": "kastade en inläst fil",
    "assignments.import": "godkände en inläst fil",
    "assignments.register": "registrerade arbete",
    "assignments.send_back": "återsände arbete",
    "assignments.stage": "läste in en fil för granskning",
    "assignments.take_back": "tog tillbaka en attest",
    "assignments.withdraw": "återkallade arbete",
    "care.agree": "instämde i ett ärende",
    "care.attest_number": "intygade ett årsantal anslutna",
    "care.cancel": "avslutade ett ärende före start",
    "care.change": "ändrade ett ärende",
    "care.change_affiliation": "ändrade en anslutning",
    "care.close": "avslutade ett ärende",
    "care.decide": "beslutade i ett ärende",
    "care.disagree": "instämde inte i ett ärende",
    "care.draw_check": "drog ett stickprov ur åtkomstloggen",
    "care.enter_number": "angav ett årsantal anslutna",
    "care.finish_check": "avslutade en stickprovskontroll",
    "care.go_on": "fortsatte ett ärende",
    "care.hand_over": "lämnade över ett ärende",
    "care.judge": "bedömde en rad ur åtkomstloggen",
    "care.open": "öppnade ett ärende",
    "care.open_dialogue": "öppnade dialog i ett ärende",
    "care.propose": "tog fram förslag i ett ärende",
    "care.receive": "tog emot ett ärende",
    "care.register_affiliation": "registrerade en anslutning",
    "care.review": "omprövade ett ärende",
    "care.send_back": "skickade tillbaka ett ärende",
    "care.settle": "löste en tvist i ett ärende",
    "care.start": "startade vården i ett ärende",
    "care.suggest": "föreslog en lösning i ett ärende",
    "care.take_back": "tog tillbaka ett ärende till utkast",
    "care.tick": "bockade av i ett ärende",
    "care.withdraw": "avslutade ett ärende utan beslut",
    "care.withdraw_affiliation": "återkallade en anslutning",
    "care.withdraw_number": "återkallade ett årsantal anslutna",
    "parties.add_provider": "lade till en privat utförare",
    "parties.appoint": "gav en första roll",
    "parties.bind_identity": "knöt ett konto till partens inloggning",
    "parties.close_unit": "avslutade en enhet",
    "parties.create": "lade upp en part",
    "parties.create_arena": "lade upp en arena",
    "parties.end_membership": "avslutade en roll",
    "parties.fill_seat": "angav organ för en arena",
    "parties.invite": "bjöd in till en roll",
    "parties.let_go": "lossade ett konto från partens inloggning",
    "parties.open_unit": "lade till en enhet",
    "parties.remove_identity_provider": "tog bort partens inloggning",
    "parties.rename": "bytte en parts namn",
    "parties.set_identity_provider": "ställde in partens inloggning",
    "parties.state_org_number": "angav organisationsnummer",
    "parties.vacate_seat": "avslutade ett organ i en arena",
    "settlement.approve": "godkände en avräkning",
    "settlement.approve_basis": "godkände ett underlag",
    "settlement.credit": "krediterade en faktura",
    "settlement.decline_credit": "avslog en kreditering",
    "settlement.fail": "kunde inte räkna en avräkning",
    "settlement.issue": "ställde ut fakturor",
    "settlement.propose": "föreslog en avräkning",
    "settlement.propose_credit": "föreslog en kreditering",
    "settlement.recheck": "kontrollerade fakturor mot avtalets värden",
    "settlement.register_basis": "registrerade ett underlag",
    "settlement.reject": "avslog en avräkning",
    "settlement.renew_feed": "gjorde en ny kalenderadress",
    "settlement.revoke_feed": "återkallade en kalenderadress",
    "settlement.seal": "räknade klart en avräkning",
    "settlement.withdraw_basis": "återkallade ett underlag",
}

FIELDS = {
    "amount": "belopp i öre",
    "asked": "frågan är ställd",
    "case": "ärende",
    "charge": "avgift",
    "client_id": "klient",
    "code": "kod",
    "domains": "e-postdomäner",
    "digest": "fingeravtryck",
    "document": "dokument",
    "document_date": "dokumentets datum",
    "event_id": "händelsens nummer",
    "events": "händelser",
    "example": "exempel",
    "file_name": "fil",
    "identity_provider": "identitetstjänst",
    "invoices": "fakturor",
    "issuer": "utfärdare",
    "judgement": "bedömning",
    "justified": "befogade",
    "kind": "slag",
    "lines": "rader",
    "month": "månad",
    "name": "namn",
    "new_secret": "ny hemlighet",
    "not_justified": "inte befogade",
    "number": "nummer",
    "org_number": "organisationsnummer",
    "payload": "värde",
    "period": "period",
    "reason": "skäl",
    "role": "roll",
    "rows": "rader",
    "since": "från och med",
    "source": "källa",
    "state": "läge",
    "stated": "uppgifter",
    "total": "summa i öre",
    "until": "till och med",
}

#: States and roles, as they stand in before and after.
VALUES = {
    "active": "pågår",
    "approved": "godkänt",
    "attested": "attesterat",
    "closed": "avslutat",
    "computing": "beräknas",
    "credited": "krediterat",
    "decided": "beslutat",
    "declined": "avslaget",
    "draft": "utkast",
    "failed": "kunde inte beräknas",
    "handed_over": "överlämnat",
    "in_dialogue": "i dialog",
    "issued": "fakturerat",
    "proposed": "väntar på beslut",
    "received": "mottaget",
    "refused": "avvisat",
    "registered": "registrerat",
    "rejected": "avslaget",
    "returned": "återsänt",
    "reviewed": "omprövat",
    "staged": "väntar på granskning",
    "withdrawn": "återkallat",
} | {str(value): str(label) for value, label in Role.choices}

NOTHING = "–"
NO_WORDS = Words(labels={}, units={}, codes={}, hidden=frozenset())


def action_words(action: str) -> str:
    """What was done; an action that has no words is shown as it is."""
    hidden = HIDDEN.get(action)
    return hidden[0] if hidden else ACTIONS.get(action, action)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field: what it is called, what it was, what it became."""

    name: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        """Whether it changed."""
        return self.before != self.after


def differences(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, words: Words = NO_WORDS
) -> list[Difference]:
    """Field by field, in the edition's words where it has any."""
    was, became = dict(_flat(before or {}, words)), dict(_flat(after or {}, words))
    names = [*became, *(name for name in was if name not in became)]
    return [Difference(name, was.get(name, NOTHING), became.get(name, NOTHING)) for name in names]


def _flat(fields: Mapping[str, Any], words: Words, above: str = "") -> Iterator[tuple[str, str]]:
    """Fields within fields as one list."""
    for name, value in fields.items():
        label = above + (FIELDS.get(name) or words.label(name))
        if isinstance(value, Mapping) and value:
            yield from _flat(value, words, f"{label}: ")
        else:
            yield label, _shown(value, words)


def _shown(value: Any, words: Words) -> str:
    match value:
        case None | "" | [] | {}:
            return NOTHING
        case bool():
            return "ja" if value else "nej"
        case list():
            return ", ".join(_shown(one, words) for one in value)
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case str():
            return VALUES.get(value) or words.code(value)
    return str(value)
