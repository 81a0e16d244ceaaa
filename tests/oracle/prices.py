"""Oracle: a second, naive implementation of the agreement's price rules, for tests only.

Input is a dict with the README's JSON keys and is taken to be valid. Amounts, hours and percent may be
str, int or Decimal (never float). Answers hold amounts as strings with two decimals.
Nothing is rounded before the place where a docstring says so; everything before is a Fraction.
Where the sources leave an answer open the docstring says "Open:" - do not compare that part blindly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any
from zoneinfo import ZoneInfo

Case = Mapping[str, Any]
Answer = dict[str, Any]

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAY_FROM, DAY_TO = time(8, 0), time(17, 0)  # A19: [08:00, 17:00)
HIRED_RATE_2025, LIAISON_RATE_2025, EQUIPMENT_RATE_2025 = 640, 338, 1123
SUPPLEMENT_2024, ADJUSTMENT_2024 = 3_735_428, 25_940
SUPPLEMENT_YEAR, FIRST_INDEXED = 2024, 2026
RANGE_LOW, RANGE_HIGH, RANGE_MEAN, BASE_PERSONS = 129, 169, 149, 144
LIAISON_ACTIONS = {
    "vision": {"daisy_training", "reading_writing_training", "reading_tv", "trial_fitting"},
    "hearing": {"hearing_aid_care_training", "motivate"},
}
LIAISON_INVOICE_TO = {"vision": "REGION:syncentralen", "hearing": "REGION:hörselvården"}


def exact(value: Any) -> Fraction:
    """The value as a Fraction; floats are refused because they are not what was written."""
    if isinstance(value, (float, bool)):
        raise TypeError(f"not an exact number: {value!r}")
    return Fraction(value) if isinstance(value, (int, Fraction)) else Fraction(str(value))


def half_up(value: Fraction) -> int:
    """The nearest integer, halves upwards."""
    return floor(value + Fraction(1, 2))


def to_ore(kronor: Fraction) -> int:
    """Kronor as whole öre, half up."""
    return half_up(kronor * 100)


def decimals(value: Fraction, places: int) -> str:
    """The value as text with a fixed number of decimals, half up."""
    units = half_up(value * 10**places)
    sign, units = ("-", -units) if units < 0 else ("", units)
    whole, rest = divmod(units, 10**places)
    return f"{sign}{whole}.{rest:0{places}d}"


def kronor(value: Fraction | int) -> str:
    """Kronor as text with two decimals."""
    return decimals(Fraction(value), 2)


def exact_text(value: Fraction) -> str:
    """A Fraction that is a finite decimal, as its shortest decimal text ("1", "1.059868")."""
    for places in range(200):
        if (value * 10**places).denominator == 1:
            return decimals(value, places) if places else str(value.numerator)
    raise ValueError(f"no finite decimal: {value}")


def split(units: int, weights: Mapping[str, Any]) -> dict[str, int]:
    """Split whole units by weight: floor each, then one more to the largest remainders.

    Equal remainders: the earlier key in the given order goes first. The parts sum to `units`.
    """
    parts = {key: exact(weight) for key, weight in weights.items()}
    whole = sum(parts.values(), Fraction(0))
    if whole <= 0:
        raise ValueError("weights must sum to more than zero")
    ideal = {key: units * part / whole for key, part in parts.items()}
    given = {key: floor(value) for key, value in ideal.items()}
    order = list(parts)
    order.sort(key=lambda key: ideal[key] - given[key], reverse=True)  # stable: ties keep order
    for key in order[: units - sum(given.values())]:
        given[key] += 1
    return given


def ore_text(ore: Mapping[str, int]) -> dict[str, str]:
    """Amounts in öre per key as kronor texts."""
    return {key: kronor(Fraction(value, 100)) for key, value in ore.items()}


def chain(start: Fraction, steps: Mapping[Any, Any] | None, first: int, last: int) -> Fraction:
    """`start` times (1 + p/100) for every year first..last, unrounded.

    Raises LookupError if a year's step is missing: an index is never frozen or guessed (A09).
    """
    by_year = {int(year): percent for year, percent in (steps or {}).items()}
    value = start
    for year in range(first, last + 1):
        if by_year.get(year) is None:
            raise LookupError(f"no index step for price year {year}")
        value = value * (1 + exact(by_year[year]) / 100)
    return value


def minutes(case: Case, key: str) -> int:
    """A counted kind of minutes; absent is 0."""
    return int(case.get(key) or 0)


# --- hired staff (OB-UPP, A06, A08, A18-A20, A53, A64) -----------------------------------------


def hired_rate(case: Case) -> Fraction:
    """The hourly rate: `rate` as it stands, else the 2025 rate chained by VPI, whole krona half up.

    The year is that of `date` (the day the stretch starts). Years before 2025 have no price here.
    """
    if case.get("rate") is not None:
        return exact(case["rate"])
    base = case.get("rate_2025")
    year = as_date(case["date"]).year
    if year < 2025:
        raise LookupError(f"no rate for {year}: the base is the 2025 level")
    first = exact(HIRED_RATE_2025 if base is None else base)
    return Fraction(half_up(chain(first, case.get("vpi"), 2026, year)))


def as_date(value: Any) -> date:
    """A date from a date or from YYYY-MM-DD."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def local_to_utc(day: date, clock: str) -> datetime:
    """A local clock time as UTC; an ambiguous time is its first occurrence (fold 0).

    Open: a time that the spring change skips is read with the offset before the change.
    """
    local = datetime.combine(day, time.fromisoformat(clock), tzinfo=STOCKHOLM).replace(fold=0)
    return local.astimezone(UTC)


def stretch(case: Case) -> tuple[datetime, int]:
    """When the stretch starts (UTC) and how many real minutes it lasts."""
    day = as_date(case["date"])
    start = local_to_utc(day, case["start"])
    if case.get("end") is not None:
        same_day = time.fromisoformat(case["end"]) > time.fromisoformat(case["start"])
        end = local_to_utc(day if same_day else day + timedelta(days=1), case["end"])
        return start, (end - start) // timedelta(minutes=1)
    counted = sum(minutes(case, key) for key in ("work_minutes", "admin_minutes", "report_minutes"))
    if case.get("travel_combined") is False:
        counted += minutes(case, "travel_minutes")
    return start, counted


def day_and_evening(start: datetime, length: int) -> tuple[int, int]:
    """Walk the stretch minute by minute in UTC and look at the clock in Stockholm."""
    day = evening = 0
    for number in range(length):
        clock = (start + timedelta(minutes=number)).astimezone(STOCKHOLM).time()
        if DAY_FROM <= clock < DAY_TO:
            day += 1
        else:
            evening += 1
    return day, evening


def hired_staff(case: Case) -> Answer:
    """Daytime costs per started hour; evenings are free only for nurses in the region's primary care.

    Open: `billable_minutes` and `hours` are None where the status is manual. A profession or level
    that is null gives no flag (unknown is not "another"), but an evening stretch is then manual.
    The rate is looked up first: a missing index step raises also where nothing would be charged.
    """
    performer, hirer = case["from"], case["to"]
    rate = hired_rate(case)
    day, evening = day_and_evening(*stretch(case))
    profession, level = case.get("profession"), case.get("principal_level")
    flags: set[str] = set()
    if evening and profession is not None and profession != "nurse":
        flags.add("evening_other_profession_unregulated")
    if evening and level == "specialised":
        flags.add("evening_specialised_unregulated")
    if performer != "REGION" and hirer != "REGION":
        flags.add("municipality_to_municipality")
    answer: Answer = {
        "payer": "REGION" if hirer == "REGION" else f"MUNICIPALITY:{hirer}",
        "rate": kronor(rate),
        "flags": flags,
    }
    evening_is_free = profession == "nurse" and level == "primary" and performer != "REGION" and hirer == "REGION"
    if case.get("palliative_team") is True:  # A53: the supplement already pays
        return answer | {"billable_minutes": 0, "hours": 0, "amount": "0.00", "status": "not_chargeable"}
    if evening and not evening_is_free:
        return answer | {"billable_minutes": None, "hours": None, "amount": None, "status": "manual"}
    hours = ceil(Fraction(day, 60))
    status = "charged" if day > 0 else "free"
    return answer | {"billable_minutes": day, "hours": hours, "amount": kronor(hours * rate), "status": status}


# --- liaison for vision and hearing (SH-EKO, A21) ----------------------------------------------


def liaison(case: Case) -> Answer:
    """Listed actions for the region's patients, per started hour, after agreement.

    Open: `payer` is left out (README names only `invoice_to`); no minutes at all is charged with 0.00;
    `agreed` null counts as agreed, as the brief has it (only False stops); minutes and hours are 0
    where not chargeable and None where manual.
    """
    kind, action = case["kind"], case["action"]
    given = case.get("rate")
    rate = exact(LIAISON_RATE_2025 if given is None else given)
    answer: Answer = {
        "invoice_to": LIAISON_INVOICE_TO[kind],
        "rate": kronor(rate),
        "flags": {"agreement_missing"} if case.get("agreed") is False else set(),
    }
    if (
        action not in LIAISON_ACTIONS[kind]
        or case.get("patient_responsibility") != "REGION"
        or case.get("agreed") is False
    ):
        return answer | {"billable_minutes": 0, "hours": 0, "amount": "0.00", "status": "not_chargeable"}
    if action == "reading_tv":  # "i vissa fall": people decide
        return answer | {"billable_minutes": None, "hours": None, "amount": None, "status": "manual"}
    counted = sum(minutes(case, key) for key in ("work_minutes", "admin_minutes", "report_minutes"))
    if case.get("special_trip") is True:
        counted += minutes(case, "travel_minutes")
    hours = ceil(Fraction(counted, 60))
    return answer | {"billable_minutes": counted, "hours": hours, "amount": kronor(hours * rate), "status": "charged"}


# --- hospital attendance (OB-SLU, A38) ---------------------------------------------------------


def hospital_attendance(case: Case) -> Answer:
    """Wage, travel cost and travel time pay of the municipality's staff, paid by the region.

    No written agreement (False): not chargeable. Open: null is unknown, so the amount is None.
    """
    agreed = case.get("written_agreement")
    answer: Answer = {"payer": "REGION", "flags": set() if agreed is True else {"written_agreement_missing"}}
    if agreed is False:
        return answer | {"amount": "0.00", "status": "not_chargeable"}
    if agreed is None:
        return answer | {"amount": None, "status": "manual"}
    costs = [exact(case.get(key) or 0) for key in ("wage_cost", "travel_cost", "travel_time_pay")]
    return answer | {"amount": kronor(sum(costs, Fraction(0))), "status": "charged"}


# --- medical technology (MT-B1, A16, A17, A57) -------------------------------------------------


def equipment_variable(case: Case) -> Answer:
    """Hours x rate + travel + material, actual time, rounded once to öre half up."""
    given = case.get("rate")
    rate = exact(EQUIPMENT_RATE_2025 if given is None else given)
    if case.get("requested") is False:
        return {"amount": "0.00", "status": "not_chargeable"}
    costs = exact(case.get("travel") or 0) + exact(case.get("material") or 0)
    return {"amount": kronor(exact(case["hours"]) * rate + costs), "status": "charged"}


def equipment_fixed(case: Case) -> Answer:
    """Half of (base hours + minutes per item) x rate, split by the number of items.

    Open: `hours` are the half-year's (112.30 for 923 items; the year's are 224.60), shown with two decimals.
    """
    defaults = {"base_hours": 40, "minutes_per_item": 12, "rate": EQUIPMENT_RATE_2025}
    base, per_item, rate = (exact(default if case.get(key) is None else case[key]) for key, default in defaults.items())
    counts = {code: int(count) for code, count in case["counts"].items()}
    items = sum(counts.values())
    hours = (base + per_item * items / 60) / 2
    total = to_ore(hours * rate)
    return {
        "hours": decimals(hours, 2),
        "total": kronor(Fraction(total, 100)),
        "shares": ore_text(split(total, counts)),
        "percent": {code: decimals(Fraction(100 * count, items), 1) for code, count in counts.items()},
    }


# --- supplement (TB, A01-A05, A10, A13) --------------------------------------------------------


def supplement(case: Case) -> Answer:
    """The supplement, moved by the adjustment for each person outside the range 129-169 (ends inside).

    Index: product from the 2024 level, and none at all before 2026, the first year that is indexed;
    both amounts rounded to whole krona half up, then multiplied.
    Open: `factors` is read as {code: share} and split on whole kronor (A10); `index` is exact text.
    """
    year = case.get("year")
    last = SUPPLEMENT_YEAR if year is None or int(year) < FIRST_INDEXED else int(year)
    index = chain(Fraction(1), case.get("lpik"), SUPPLEMENT_YEAR + 1, last)
    whole = half_up(SUPPLEMENT_2024 * index)
    each = half_up(ADJUSTMENT_2024 * index)
    persons = int(case["affiliated"])
    if persons < RANGE_LOW:
        outside, sign = persons - RANGE_LOW, -1
    elif persons > RANGE_HIGH:
        outside, sign = persons - RANGE_HIGH, 1
    else:
        outside = sign = 0
    amount = whole + outside * each
    answer: Answer = {
        "index": exact_text(index),
        "supplement": kronor(whole),
        "adjustment_per_person": kronor(each),
        "persons_outside": outside,
        "amount": kronor(amount),
        "alternatives": {
            "from_mean": kronor(whole + (persons - RANGE_MEAN) * each if outside else whole),
            "from_base": kronor(whole + (persons - BASE_PERSONS) * each if outside else whole),
            "once": kronor(whole + sign * each),
        },
    }
    if case.get("factors"):
        answer["shares"] = {code: kronor(part) for code, part in split(amount, case["factors"]).items()}
    return answer


def supplement_valuation(case: Case) -> Answer:
    """Posts x yearly wage with payroll surcharge x readiness factor; literally "+150 %" is factor 2.5."""
    payroll = 1 + exact(case["payroll_percent"]) / 100
    posts = exact(case["monthly_wage"]) * 12 * payroll * exact(case["posts"])
    factor = exact(case["readiness_factor"])
    return {"amount": kronor(posts * factor), "literal_reading": kronor(posts * (1 + factor))}


def normal_range(counts: Sequence[int]) -> tuple[int, int]:
    """Mean -/+ two sample standard deviations of six years, each rounded half up to an integer.

    Exact, without a square root: k is the rounded x where k is the largest integer with k <= x + 1/2.
    """
    mean = Fraction(sum(counts), len(counts))
    variance = sum(((count - mean) ** 2 for count in counts), Fraction(0)) / (len(counts) - 1)
    two_sd_squared = 4 * variance
    half = Fraction(1, 2)
    high = floor(mean)
    while high + 1 - mean - half <= 0 or (high + 1 - mean - half) ** 2 <= two_sd_squared:
        high += 1
    low = ceil(mean)
    while mean + half - low < 0 or (mean + half - low) ** 2 < two_sd_squared:
        low -= 1
    return low, high


# --- development fund, national share, notice --------------------------------------------------


def development_fund(case: Case) -> Answer:
    """Half region, half municipalities; an odd öre is the region's; the half is split by the shares."""
    ore = to_ore(exact(case["amount"]))
    municipal = ore // 2
    region = ore - municipal
    return {"REGION": kronor(Fraction(region, 100)), "municipalities": ore_text(split(municipal, case["shares"]))}


def national_share(case: Case) -> Answer:
    """The amount split by population on whole öre (A42: a reading, the document gives no key)."""
    return {"shares": ore_text(split(to_ore(exact(case["amount"])), case["populations"]))}


def notice(valid_to: date) -> tuple[date, tuple[date, date]]:
    """The last day of notice (12 months before) and the first and last day of the renewed two years."""

    def years_later(day: date, years: int) -> date:
        try:
            return day.replace(year=day.year + years)
        except ValueError:  # 29 February
            return day.replace(year=day.year + years, day=28)

    first = valid_to + timedelta(days=1)
    return years_later(valid_to, -1), (first, years_later(first, 2) - timedelta(days=1))
