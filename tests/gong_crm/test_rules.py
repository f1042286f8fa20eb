"""The merged schema of an object type."""

import pytest

from gong_crm import Field
from gong_crm.rules import Rules

COMMON = {"objectId", "modifiedDate", "isDeleted", "url"}
OWN = {
    "ACCOUNT": {"name", "domains"},
    "CONTACT": {"accountId", "emailAddress", "firstName", "lastName", "title", "phoneNumber"},
    "DEAL": {"accountId", "ownerId", "name", "createdDate", "closeDate", "status", "stage", "amount"},
    "STAGE": {"name", "isActive", "sortOrder"},
    "BUSINESS_USER": {"emailAddress"},
}


@pytest.mark.parametrize("object_type", OWN)
def test_the_rules_know_every_member_that_gong_lists(object_type: str) -> None:
    """The members of a type are those of Gong's tables, the common ones among them, and the custom fields."""
    custom = Field(unique_name="tier", label="Tier", type="STRING")
    assert COMMON | OWN[object_type] | {"tier"} == Rules(object_type, fields=[custom]).members
