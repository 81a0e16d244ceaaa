"""A case's states, and the table of every step between them: from where, to where, whose it is, by which right.

OB-ANS-BED, OB-ANS-OVL, OB-TVI-I; readings A23, A35, A44. The professional decides; the agreement proposes (A22).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.db.models import TextChoices


class State(TextChoices):
    """Where a case is."""

    DRAFT = "draft", "utkast"
    PROPOSED = "proposed", "förslag finns"
    IN_DIALOGUE = "in_dialogue", "i dialog"
    DECIDED = "decided", "beslutat"
    HANDED_OVER = "handed_over", "överlämnat"
    RECEIVED = "received", "mottaget"
    ACTIVE = "active", "pågår"
    REVIEWED = "reviewed", "omprövat"
    CLOSED = "closed", "avslutat"


class Ground(TextChoices):
    """Why the decision is what it is: it follows the proposal, or departs from it with a reason that the text knows."""

    FOLLOWS = "follows", "följer förslaget"
    FLEXIBILITY = "flexibility", "flexibilitet utifrån personens bästa"
    WISH = "wish", "personens önskan"
    JUDGED = "judged", "avtalet lämnar det till bedömning"
    SETTLED = "settled", "ledningsfunktionerna har enats"


class Regard(TextChoices):
    """What flexibility has regard to, as OB-ANS-FLEX2 has it; nothing is written about the person."""

    SITUATION = "situation", "personens allmänna situation"
    NETWORK = "network", "personens sociala nätverk"
    BOTH = "both", "personens allmänna situation och sociala nätverk"


#: The clause that each ground but the first rests on.
GROUND_CLAUSES = {
    Ground.FLEXIBILITY: "OB-ANS-FLEX2",
    Ground.WISH: "OB-ANS-ONS",
    Ground.JUDGED: "OB-ANS-BED",
    Ground.SETTLED: "OB-TVI-I",
}


class Reply(TextChoices):
    """What the other party says of the decision that is meant."""

    NONE = "", "väntar på svar"
    AGREES = "agrees", "instämmer"
    DISAGREES = "disagrees", "instämmer inte"


class Objection(TextChoices):
    """Why the other party does not agree."""

    FACTS = "facts", "uppgifterna stämmer inte"
    CRITERIA = "criteria", "kriterierna bedöms på annat sätt"
    LEVEL = "level", "vården hör till en annan vårdnivå"
    SAFETY = "safety", "patientsäkerheten"
    WISH = "wish", "personens önskan"
    OTHER = "other", "annat skäl"


class Lack(TextChoices):
    """What a handover lacks when it is sent back."""

    INFORMATION = "information", "information saknas"
    RECIPIENT = "recipient", "fel mottagare"
    CHANGED = "changed", "läget har förändrats"
    OTHER = "other", "annat skäl"


class Review(TextChoices):
    """Why the case is reviewed: A23."""

    YEARLY = "yearly", "senast efter ett år"
    CHANGED = "changed", "något har förändrats"


class Ending(TextChoices):
    """Why a case ends."""

    NEED_ENDED = "need_ended", "behovet har upphört"
    MOVED = "moved", "personen har flyttat"
    DECEASED = "deceased", "personen har avlidit"
    NEW_CASE = "new_case", "en ny bedömning ersätter ärendet"
    MISTAKE = "mistake", "registrerat av misstag"
    OTHER = "other", "annat skäl"


class Side(Enum):
    """Whose step it is."""

    OWN = "den part som bedömer"
    OTHER = "motparten"
    EITHER = "parterna i ärendet"
    RECEIVER = "den part som tar emot"
    RESPONSIBLE = "den part som ansvarar"


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed step.

    Attributes:
        name: The service's.
        sources: The states that it may be taken in.
        target: The state that it leads to; one that stays in its state says so here too. None: in each of them.
        side: Whose it is.
        right: What the role must hold.
        label: What its button says.
        done: What the history says.
    """

    name: str
    sources: tuple[State, ...]
    target: State | None
    side: Side
    right: str
    label: str
    done: str


S = State
DECIDED = (S.DECIDED, S.HANDED_OVER, S.RECEIVED, S.ACTIVE, S.REVIEWED)
STEPS = {
    step.name: step
    for step in (
        Step("change", (S.DRAFT,), S.DRAFT, Side.OWN, "register", "Ändra uppgifterna", "Uppgifterna ändrades"),
        Step("propose", (S.DRAFT,), S.PROPOSED, Side.OWN, "propose", "Ta fram förslag", "Förslag togs fram"),
        Step("take_back", (S.PROPOSED, S.IN_DIALOGUE), S.DRAFT, Side.OWN, "register",
             "Ta tillbaka till utkast", "Togs tillbaka till utkast"),
        Step("open_dialogue", (S.PROPOSED, S.IN_DIALOGUE), S.IN_DIALOGUE, Side.OWN, "propose",
             "Öppna dialog", "Dialog öppnades"),
        Step("agree", (S.IN_DIALOGUE,), S.IN_DIALOGUE, Side.OTHER, "approve", "Instäm", "Motparten instämde"),
        Step("disagree", (S.IN_DIALOGUE,), S.IN_DIALOGUE, Side.OTHER, "approve",
             "Instäm inte", "Motparten instämde inte: tvist"),
        Step("suggest", (S.IN_DIALOGUE,), S.IN_DIALOGUE, Side.EITHER, "approve",
             "Föreslå lösning", "En lösning föreslogs"),
        Step("settle", (S.IN_DIALOGUE,), S.IN_DIALOGUE, Side.EITHER, "approve",
             "Godta lösningen", "Tvisten löstes av båda ledningarna"),
        Step("decide", (S.IN_DIALOGUE,), S.DECIDED, Side.OWN, "approve", "Besluta", "Beslut"),
        Step("hand_over", (S.DECIDED,), S.HANDED_OVER, Side.OWN, "register", "Lämna över", "Lämnades över"),
        Step("send_back", (S.HANDED_OVER,), S.DECIDED, Side.RECEIVER, "approve",
             "Skicka tillbaka", "Överlämningen skickades tillbaka"),
        Step("receive", (S.HANDED_OVER,), S.RECEIVED, Side.RECEIVER, "approve", "Ta emot", "Togs emot"),
        Step("start", (S.DECIDED, S.RECEIVED), S.ACTIVE, Side.RESPONSIBLE, "register", "Starta", "Vården startade"),
        Step("review", (S.ACTIVE,), S.REVIEWED, Side.RESPONSIBLE, "register", "Ompröva", "Omprövades"),
        Step("go_on", (S.REVIEWED,), S.ACTIVE, Side.RESPONSIBLE, "approve", "Fortsätt", "Fortsätter"),
        Step("tick", DECIDED, None, Side.EITHER, "register",
             "Bocka av det som är gjort", "Det som är gjort bockades av"),
        Step("close", (S.RECEIVED, S.ACTIVE, S.REVIEWED), S.CLOSED, Side.RESPONSIBLE, "approve",
             "Avsluta", "Avslutades"),
        Step("withdraw", (S.DRAFT, S.PROPOSED, S.IN_DIALOGUE), S.CLOSED, Side.OWN, "register",
             "Avsluta utan beslut", "Avslutades utan beslut"),
        Step("cancel", (S.DECIDED, S.HANDED_OVER), S.CLOSED, Side.OWN, "approve",
             "Avsluta före start", "Avslutades före start"),
    )
}  # fmt: skip
#: A step that makes the case, and is in the history without being one between states.
OPENED = "open"
