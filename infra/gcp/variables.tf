variable "project_id" {
  description = "The Google Cloud project."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "region" {
  description = "The location of the dataset: a region such as europe-west4, or the multi-region us or eu."
  type        = string

  validation {
    condition     = can(regex("^(us|eu|[a-z]+-[a-z]+[0-9]+)$", var.region))
    error_message = "A location has a name such as europe-west4, or is us or eu."
  }
}

variable "dataset_id" {
  description = "The Cloud Healthcare dataset."
  type        = string
  default     = "dicom"

  validation {
    condition     = can(regex("^[\\p{L}\\p{N}_.-]{1,256}$", var.dataset_id)) && !contains([".", ".."], var.dataset_id)
    error_message = "A dataset id has 1 to 256 letters, digits, '_', '-' and '.'."
  }
}

variable "dicom_store_id" {
  description = "The DICOM store in the dataset."
  type        = string
  default     = "main"

  validation {
    condition     = can(regex("^[\\p{L}\\p{N}_.-]{1,256}$", var.dicom_store_id)) && !contains([".", ".."], var.dicom_store_id)
    error_message = "A DICOM store id has 1 to 256 letters, digits, '_', '-' and '.'."
  }
}

variable "create_dataset" {
  description = "Whether to create the dataset. false: it exists, in this project and location."
  type        = bool
  default     = true
}

variable "create_dicom_store" {
  description = "Whether to create the DICOM store. false: it exists; only a permission is added to it, and you tell it the topic to notify (output topic)."
  type        = bool
  default     = true

  validation {
    condition     = var.create_dicom_store || !var.create_dataset
    error_message = "An existing DICOM store is in an existing dataset: set create_dataset to false as well."
  }
}

variable "dicom_role" {
  description = "The role on the store. Empty: a custom role without permission to delete, which whoever applies must be allowed to create (roles/iam.roleAdmin). Otherwise a role such as roles/healthcare.dicomEditor."
  type        = string
  default     = ""

  validation {
    condition     = var.dicom_role == "" || can(regex("^(roles|projects/[^/]+/roles|organizations/[0-9]+/roles)/[A-Za-z0-9_.]+$", var.dicom_role))
    error_message = "A role has a name such as roles/healthcare.dicomEditor."
  }
}

variable "alert_channels" {
  description = "The notification channels of Cloud Monitoring that hear of notifications given up: projects/…/notificationChannels/…. Empty: the incident is only shown in the console."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for channel in var.alert_channels : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", channel))])
    error_message = "A channel has a name such as projects/my-project/notificationChannels/123."
  }
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
  description = "The object (principal) id of the function app's identity. Output IDENTITY_PRINCIPAL_ID of infra/azure. Empty in the first run, before that identity exists: then nobody may act as the service account."
  type        = string
  default     = ""

  validation {
    condition     = var.azure_principal_id == "" || can(regex("^[0-9a-fA-F-]{36}$", var.azure_principal_id))
    error_message = "A principal id is a GUID, or empty."
  }
}

variable "azure_app_id_uri" {
  description = "The Application ID URI of the Entra application whose tokens the provider accepts, such as api://00000000-0000-0000-0000-000000000000."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+://[^\\s]+$", var.azure_app_id_uri))
    error_message = "An Application ID URI has the form api://00000000-0000-0000-0000-000000000000."
  }
}

variable "source_buckets" {
  description = "Buckets whose objects may be uploaded with gs:// sources."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for bucket in var.source_buckets : can(regex("^[a-z0-9][a-z0-9._-]+$", bucket))])
    error_message = "Give the name of a bucket without gs://."
  }
}

variable "max_delivery_attempts" {
  description = "How often a notification is delivered before it goes to the dead-letter topic."
  type        = number
  default     = 10

  validation {
    condition     = var.max_delivery_attempts >= 5 && var.max_delivery_attempts <= 100
    error_message = "Pub/Sub accepts 5 to 100."
  }
}
