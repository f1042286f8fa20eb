# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
"""Contains all the data models used in inputs/outputs"""

from .account_record import AccountRecord
from .account_record_legacy import AccountRecordLegacy
from .async_processing_response import AsyncProcessingResponse
from .business_user_record import BusinessUserRecord
from .business_user_record_legacy import BusinessUserRecordLegacy
from .contact_record import ContactRecord
from .contact_record_legacy import ContactRecordLegacy
from .crm_data_upload import CrmDataUpload
from .crm_object import CrmObject
from .crm_object_type import CrmObjectType
from .crm_objects_map import CrmObjectsMap
from .crm_record import CrmRecord
from .crm_record_legacy import CrmRecordLegacy
from .dated_crm_record import DatedCrmRecord
from .deal_record import DealRecord
from .deal_record_legacy import DealRecordLegacy
from .deal_status import DealStatus
from .error_response import ErrorResponse
from .generic_crm_integration import GenericCrmIntegration
from .generic_crm_registration_request import GenericCrmRegistrationRequest
from .generic_deal_stage_request import GenericDealStageRequest
from .generic_schema_field import GenericSchemaField
from .generic_schema_field_request import GenericSchemaFieldRequest
from .generic_schema_field_request_legacy import GenericSchemaFieldRequestLegacy
from .get_generic_crm_objects_response import GetGenericCrmObjectsResponse
from .lead_record import LeadRecord
from .lead_record_legacy import LeadRecordLegacy
from .line_error_response import LineErrorResponse
from .list_generic_crm_integrations_response import ListGenericCrmIntegrationsResponse
from .list_selected_fields_response import ListSelectedFieldsResponse
from .reference_target import ReferenceTarget
from .register_generic_crm_response import RegisterGenericCrmResponse
from .request_status import RequestStatus
from .request_status_response import RequestStatusResponse
from .schema_field_type import SchemaFieldType
from .schema_update_response import SchemaUpdateResponse
from .selected_fields_by_object_type import SelectedFieldsByObjectType
from .stage_record import StageRecord
from .stage_record_legacy import StageRecordLegacy
from .upload_object_type import UploadObjectType
from .uploadable_field_type import UploadableFieldType
from .user_mapping_record import UserMappingRecord

__all__ = (
    "AccountRecord",
    "AccountRecordLegacy",
    "AsyncProcessingResponse",
    "BusinessUserRecord",
    "BusinessUserRecordLegacy",
    "ContactRecord",
    "ContactRecordLegacy",
    "CrmDataUpload",
    "CrmObject",
    "CrmObjectsMap",
    "CrmObjectType",
    "CrmRecord",
    "CrmRecordLegacy",
    "DatedCrmRecord",
    "DealRecord",
    "DealRecordLegacy",
    "DealStatus",
    "ErrorResponse",
    "GenericCrmIntegration",
    "GenericCrmRegistrationRequest",
    "GenericDealStageRequest",
    "GenericSchemaField",
    "GenericSchemaFieldRequest",
    "GenericSchemaFieldRequestLegacy",
    "GetGenericCrmObjectsResponse",
    "LeadRecord",
    "LeadRecordLegacy",
    "LineErrorResponse",
    "ListGenericCrmIntegrationsResponse",
    "ListSelectedFieldsResponse",
    "ReferenceTarget",
    "RegisterGenericCrmResponse",
    "RequestStatus",
    "RequestStatusResponse",
    "SchemaFieldType",
    "SchemaUpdateResponse",
    "SelectedFieldsByObjectType",
    "StageRecord",
    "StageRecordLegacy",
    "UploadableFieldType",
    "UploadObjectType",
    "UserMappingRecord",
)
