"""What the parties have not entered: an error that says what, where in the agreement, and who decides or publishes."""

from __future__ import annotations


class MissingValue(LookupError):
    """A number that the agreement needs is not there, and is never invented."""

    def __init__(self, what: str, clauses: tuple[str, ...], decided_by: str) -> None:
        super().__init__(f"{what} saknas ({', '.join(clauses)}). {decided_by}")
        self.what = what
        self.clauses = clauses
        self.decided_by = decided_by


class MissingIndex(MissingValue):
    """An index step that a price needs is not entered: names series, year, clause and publisher."""

    def __init__(
        self, series: str, index_year: int, price_year: int, clauses: tuple[str, ...], publisher: str, *, late: bool
    ) -> None:
        what = f"Indexvärde {series} för indexår {index_year}, steget till prisår {price_year},"
        told = " Det som är infört publicerades för sent, eller är preliminärt, och räknas inte." if late else ""
        super().__init__(what, clauses, f"Publiceras av {publisher}; parterna för in det med källa.{told}")
        self.series = series
        self.index_year = index_year
        self.price_year = price_year
        self.publisher = publisher


class NotInForce(MissingValue):
    """A parameter has no value on a day, because it lies before the first one."""

    def __init__(self, what: str, day: str, since: str, clauses: tuple[str, ...]) -> None:
        told = f"Första värdet gäller från {since}." if since else "Inget värde är beslutat då."
        super().__init__(f"Värde för {what} den {day}", clauses, told)
