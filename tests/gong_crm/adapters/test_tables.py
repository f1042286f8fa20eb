"""The names of tables and columns in Gong, for loaders."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gong_crm import Field, GongCrm
from gong_crm.adapters.tables import Tables, custom_fields, find_or_register
from gong_crm.errors import IntegrationError, SetupError
from gong_crm.job.push import OBJECT_TYPES
from gong_crm.rules import Rules


def snake(member: str) -> str:
    """Write a member as loaders write columns."""
    return re.sub(r"([A-Z])", lambda found: f"_{found[1].lower()}", member)


@pytest.mark.parametrize("object_type", OBJECT_TYPES)
@pytest.mark.parametrize("legacy", [False, True])
def test_every_member_is_known_in_both_forms(object_type: str, legacy: bool) -> None:  # noqa: FBT001  (a parameter of the test)
    """A column may be called as Gong does, or in snake_case; any other name stays."""
    tables = Tables(legacy=legacy)
    for member in Rules(object_type, legacy=legacy).members:
        assert {member: member} == tables.members("t", object_type, [member])
        assert {snake(member): member} == tables.members("t", object_type, [snake(member)])
    assert {"tier_of_2026": "tier_of_2026"} == tables.members("t", object_type, ["tier_of_2026"])


@pytest.mark.parametrize("object_type", OBJECT_TYPES)
def test_a_table_may_be_called_as_its_object_type(object_type: str) -> None:
    """In the singular and the plural, in small letters and capitals; `types` comes first."""
    for name in (object_type, object_type.lower(), f"{object_type}s", f"{object_type.lower()}s"):
        assert object_type == Tables().type_of(name)
        assert "LEAD" == Tables(types={name: "LEAD"}).type_of(name)
        assert Tables(types={name: None}).type_of(name) is None


@pytest.mark.parametrize("types", [{}, {"firms": "ACCOUNTS"}])
def test_a_table_of_no_object_type_is_refused(types: dict[str, str | None]) -> None:
    """The sentence names the table, and what to write."""
    with pytest.raises(SetupError, match=r"'firms' is no object type.*tables=\{'firms': 'ACCOUNT'\}"):
        Tables(types=types).type_of("firms")


def test_two_columns_of_one_member_are_refused() -> None:
    """Else the last would win silently, also where the second one comes in a later row only."""
    tables = Tables(columns={"deals": {"id": "objectId"}})
    rows: list[dict[str, Any]] = [{"id": "d1"}, {"id": "d2", "object_id": "x"}]
    with pytest.raises(SetupError, match="both objectId"):
        list(tables.renamed("deals", "DEAL", rows))


def test_rows_get_the_names_of_members() -> None:
    """Columns that come later are renamed too, and values stay."""
    tables = Tables(columns={"deals": {"id": "objectId"}})
    rows: list[dict[str, Any]] = [{"id": "d1"}, {"id": "d2", "modified_date": 1, "tier": None}]
    expected = [{"objectId": "d1"}, {"objectId": "d2", "modifiedDate": 1, "tier": None}]
    assert expected == list(tables.renamed("deals", "DEAL", rows))


def test_only_what_is_no_member_becomes_a_custom_field() -> None:
    """Stages and users have no custom fields at all."""
    columns = {"amount": "NUMBER", "tierOfCustomer": "STRING"}
    expected = Field(unique_name="tierOfCustomer", label="Tier of customer", type="STRING")
    assert [expected] == custom_fields("DEAL", columns)
    assert [] == custom_fields("STAGE", columns)


@pytest.mark.parametrize(("name", "owner_email"), [(None, None), ("Acme CRM", None), (None, "ops@acme.example")])
def test_an_integration_is_registered_under_a_name_of_an_owner_only(
    door: GongCrm, name: str | None, owner_email: str | None
) -> None:
    """A loader that finds no integration asks for both before it makes one."""
    with pytest.raises(IntegrationError, match="name one, and who owns it"):
        find_or_register(door, name=name, owner_email=owner_email)
    assert () == tuple(door.integrations())
