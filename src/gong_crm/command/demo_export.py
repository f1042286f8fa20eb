"""A believable CRM export of users, stages, accounts, contacts, deals and leads, with the faults that exports have."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

Line = dict[str, Any]

SEED = 20261122
USERS, ACCOUNTS, CONTACTS, DEALS, LEADS = 48, 620, 1_540, 810, 430
START = datetime(2026, 3, 2, 8, 0, tzinfo=timezone(timedelta(hours=-7)))

FIRST_NAMES = [
    "Ada",
    "Ben",
    "Chloe",
    "Dan",
    "Elif",
    "Femi",
    "Gita",
    "Hugo",
    "Ines",
    "Jonas",
    "Kim",
    "Lara",
    "Mateo",
    "Nadia",
    "Omar",
    "Priya",
    "Rosa",
    "Sven",
    "Tara",
]
LAST_NAMES = [
    "Abe",
    "Brandt",
    "Costa",
    "Diaz",
    "Eriksen",
    "Fox",
    "Garcia",
    "Haddad",
    "Ito",
    "Jensen",
    "Kaya",
    "Lopez",
    "Moreau",
    "Novak",
    "Okafor",
    "Rossi",
]
FIRST_WORDS = [
    "Blue",
    "North",
    "Iron",
    "Silver",
    "Clear",
    "Bright",
    "Grand",
    "Rapid",
    "Stone",
    "Green",
    "Alpine",
    "Harbor",
    "Summit",
    "River",
    "Maple",
]
SECOND_WORDS = [
    "Logistics",
    "Foods",
    "Health",
    "Robotics",
    "Energy",
    "Bank",
    "Media",
    "Travel",
    "Labs",
    "Textiles",
    "Optics",
    "Systems",
    "Paper",
]
TITLES = ["Head of Sales", "Buyer", "Chief Financial Officer", "IT Manager", "Operations Lead", "VP Marketing"]
INDUSTRIES = ["Finance", "Food", "Health", "Logistics", "Manufacturing", "Software"]
SOURCES = ["Conference", "Referral", "Website", "Webinar"]
STAGES = ["Discovery", "Qualified", "Demo", "Proposal", "Negotiation", "Closed Won", "Closed Lost"]

CUSTOM_FIELDS: Mapping[str, list[Line]] = {
    "ACCOUNT": [
        {"uniqueName": "industry", "label": "Industry", "type": "PICKLIST", "orderedValueList": INDUSTRIES},
        {"uniqueName": "employees", "label": "Employees", "type": "NUMBER"},
    ],
    "CONTACT": [{"uniqueName": "newsletter", "label": "Takes the newsletter", "type": "BOOLEAN"}],
    "DEAL": [
        {"uniqueName": "probability", "label": "Probability", "type": "PERCENT"},
        {"uniqueName": "nextStep", "label": "Next step", "type": "STRING"},
    ],
    "LEAD": [{"uniqueName": "source", "label": "Source", "type": "PICKLIST", "orderedValueList": SOURCES}],
}
"""The custom fields of each object type, as the schema upload takes them."""


@dataclass(frozen=True)
class ExportedFile:
    """One file of the export: its object type, its path, and its lines as they should have been."""

    object_type: str
    path: Path
    valid: list[Line]

    def with_lines(self, lines: list[Line], *, name: str) -> "ExportedFile":
        """Write other lines of the same object type to a file beside this one."""
        path = self.path.with_stem(f"{self.path.stem}-{name}")
        path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
        return ExportedFile(object_type=self.object_type, path=path, valid=lines)


def write_export(folder: Path) -> list[ExportedFile]:
    """Write the export into `folder`, in the order in which Gong wants the files; every run writes the same bytes."""
    random = Random(SEED)  # noqa: S311  (invented people need no cryptography)
    records = {
        "BUSINESS_USER": [user(random, number) for number in range(1, USERS + 1)],
        "STAGE": [stage(number) for number in range(1, len(STAGES) + 1)],
        "ACCOUNT": [account(random, number) for number in range(1, ACCOUNTS + 1)],
        "CONTACT": [contact(random, number) for number in range(1, CONTACTS + 1)],
        "DEAL": [deal(random, number) for number in range(1, DEALS + 1)],
        "LEAD": [lead(random, number) for number in range(1, LEADS + 1)],
    }
    return [write_file(folder, object_type, lines) for object_type, lines in records.items()]


def write_file(folder: Path, object_type: str, valid: list[Line]) -> ExportedFile:
    """Write one file with its planted faults."""
    texts = [json.dumps(line) for line in valid]
    for number, fault in FAULTS.get(object_type, {}).items():
        texts[number - 1] = fault(valid[number - 1])
    path = folder / f"{object_type.lower()}.ldjson"
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return ExportedFile(object_type=object_type, path=path, valid=valid)


# The faults that exports have


def with_milliseconds(line: Line) -> str:
    """Write the time of the change as JavaScript prints it."""
    return json.dumps(line | {"modifiedDate": line["modifiedDate"][:19] + ".000Z"})


def without_zone(line: Line) -> str:
    """Write the time of the change as a naive datetime prints it."""
    return json.dumps(line | {"modifiedDate": line["modifiedDate"][:19]})


def without_id(line: Line) -> str:
    """Leave the id empty."""
    return json.dumps(line | {"objectId": ""})


def without_email(line: Line) -> str:
    """Leave the e-mail address out."""
    return json.dumps({name: value for name, value in line.items() if name != "emailAddress"})


def cut_off(line: Line) -> str:
    """Cut the line off in the middle."""
    return json.dumps(line)[:60]


FAULTS: Mapping[str, Mapping[int, Callable[[Line], str]]] = {
    "BUSINESS_USER": {17: without_email},
    "CONTACT": dict.fromkeys(range(200, 1500, 50), with_milliseconds) | {731: without_id},
    "DEAL": {404: without_zone, 405: cut_off},
}
"""The faulty lines of each file: number of the line, counted from 1, and what is wrong with it."""


# The records


def moment(number: int) -> str:
    """Return the time of the nth change, in ascending order, in the form Gong wants."""
    return (START + timedelta(minutes=17 * number)).isoformat()


def record(object_type: str, number: int) -> Line:
    """Return the members that every record has."""
    name = object_type.lower()
    object_id = f"{name}-{number:05d}"
    return {
        "objectId": object_id,
        "modifiedDate": moment(number),
        "url": f"https://crm.example.com/{name}s/{object_id}",
    }


def person(random: Random, domain: str, number: int) -> Line:
    """Invent a person who works at `domain`; the number keeps addresses unique."""
    first, last = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
    return {
        "firstName": first,
        "lastName": last,
        "emailAddress": f"{first}.{last}{number}@{domain}".lower(),
        "title": random.choice(TITLES),
        "phoneNumber": f"+1 415 555 {random.randrange(10_000):04d}",
    }


def user(random: Random, number: int) -> Line:
    """Invent a user of the CRM."""
    return record("user", number) | {"emailAddress": person(random, "acme.example", number)["emailAddress"]}


def stage(number: int) -> Line:
    """Return a stage of the sales process."""
    return record("stage", number) | {"name": STAGES[number - 1], "isActive": True, "sortOrder": number}


def account(random: Random, number: int) -> Line:
    """Invent a company."""
    words = random.choice(FIRST_WORDS), random.choice(SECOND_WORDS)
    return record("account", number) | {
        "name": f"{words[0]} {words[1]}",
        "domains": [f"{words[0]}{words[1]}{number}.example".lower()],
        "industry": random.choice(INDUSTRIES),
        "employees": random.randrange(8, 9_000),
    }


def contact(random: Random, number: int) -> Line:
    """Invent a person at an account."""
    of_account = random.randrange(1, ACCOUNTS + 1)
    return (
        record("contact", number)
        | {"accountId": f"account-{of_account:05d}"}
        | person(random, f"account{of_account}.example", number)
        | {"newsletter": random.choice([True, False])}
    )


def deal(random: Random, number: int) -> Line:
    """Invent an opportunity with an account, an owner and a stage."""
    place = random.randrange(1, len(STAGES) + 1)
    status = {6: "WON", 7: "LOST"}.get(place, "OPEN")
    closes = START.date() + timedelta(days=random.randrange(30, 300))
    return record("deal", number) | {
        "accountId": f"account-{random.randrange(1, ACCOUNTS + 1):05d}",
        "ownerId": f"user-{random.randrange(1, USERS + 1):05d}",
        "name": f"{random.choice(['New business', 'Renewal', 'Expansion'])} {number}",
        "createdDate": moment(number),
        "closeDate": closes.isoformat(),
        "status": status,
        "stage": f"stage-{place:05d}",
        "amount": random.randrange(2, 400) * 500,
        "probability": {"WON": 100, "LOST": 0}.get(status, place * 15),
        "nextStep": None if status != "OPEN" else random.choice(["Call back", "Send the offer", "Meet the board"]),
    }


def lead(random: Random, number: int) -> Line:
    """Invent a person who may become a customer."""
    return record("lead", number) | person(random, f"lead{number}.example", number) | {"source": random.choice(SOURCES)}
