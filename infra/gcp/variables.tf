variable "project_id" {
  description = "The Google Cloud project."
  type        = string
}

variable "region" {
  description = "The location of the dataset, as in europe-west4."
  type        = string
}

variable "dataset_id" {
  description = "The Cloud Healthcare dataset to make."
  type        = string
  default     = "dicom"
}

variable "dicom_store_id" {
  description = "The DICOM store to make in it."
  type        = string
  default     = "main"
}

variable "azure_tenant_id" {
  description = "The Entra tenant of the function app's identity. Output IDENTITY_TENANT_ID of infra/azure."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-fA-F-]{36}$", var.azure_tenant_id))
    error_message = "A tenant id is a GUID."
  }
}

variable "azure_principal_id" {
  description = "The object (principal) id of the function app's identity. Output IDENTITY_PRINCIPAL_ID of infra/azure. Empty in the first run, when that identity is not made yet: then nobody may act as the service account."
  type        = string
  default     = ""

  validation {
    condition     = var.azure_principal_id == "" || can(regex("^[0-9a-fA-F-]{36}$", var.azure_principal_id))
    error_message = "A principal id is a GUID, or empty."
  }
}

variable "azure_app_id_uri" {
  description = "The Application ID URI of the Entra application whose tokens the provider accepts, as in api://00000000-0000-0000-0000-000000000000."
  type        = string
}

variable "source_buckets" {
  description = "Buckets whose objects may be uploaded by gs:// references."
  type        = set(string)
  default     = []
}

variable "max_delivery_attempts" {
  description = "How often a notification is delivered before it goes to the dead-letter topic."
  type        = number
  default     = 10

  validation {
    condition     = var.max_delivery_attempts >= 5 && var.max_delivery_attempts <= 100
    error_message = "Pub/Sub takes 5 to 100."
  }
}
