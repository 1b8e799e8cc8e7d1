locals {
  dataset     = var.create_dataset ? google_healthcare_dataset.this[0].id : "projects/${var.project_id}/locations/${var.region}/datasets/${var.dataset_id}"
  dicom_store = var.create_dicom_store ? google_healthcare_dicom_store.this[0].id : "${local.dataset}/dicomStores/${var.dicom_store_id}"

  # Pub/Sub keeps messages in regions, and has no multi-regions.
  multi_regions = {
    us = ["us-central1", "us-east1", "us-east4", "us-west1"]
    eu = ["europe-north1", "europe-west1", "europe-west3", "europe-west4"]
  }
  message_regions = lookup(local.multi_regions, var.region, [var.region])
}

data "google_project" "this" {
  project_id = var.project_id

  depends_on = [google_project_service.apis]
}

resource "google_project_service" "apis" {
  for_each = toset([
    "cloudresourcemanager.googleapis.com",
    "healthcare.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "sts.googleapis.com",
  ])

  service            = each.value
  disable_on_destroy = false
}

# The two service agents; they exist only after they are requested.
resource "google_project_service_identity" "healthcare" {
  provider = google-beta
  service  = "healthcare.googleapis.com"

  depends_on = [google_project_service.apis]
}

resource "google_project_service_identity" "pubsub" {
  provider = google-beta
  service  = "pubsub.googleapis.com"

  depends_on = [google_project_service.apis]
}

resource "google_healthcare_dataset" "this" {
  count = var.create_dataset ? 1 : 0

  name     = var.dataset_id
  location = var.region

  depends_on = [google_project_service.apis]

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_healthcare_dicom_store" "this" {
  count = var.create_dicom_store ? 1 : 0

  name    = var.dicom_store_id
  dataset = local.dataset

  notification_config {
    pubsub_topic = google_pubsub_topic.notifications.id
  }

  # A store without permission to publish refuses to store.
  depends_on = [google_pubsub_topic_iam_member.healthcare_publishes]

  lifecycle {
    prevent_destroy = true
  }
}

# Least privilege: only this store, this subscription and these buckets.
resource "google_service_account" "functions" {
  account_id   = "dicom-functions"
  display_name = "DicomFunctions on Azure"
}

# What searching, retrieving and uploading need. roles/healthcare.dicomEditor may also delete, which the app never does.
resource "google_project_iam_custom_role" "dicom_user" {
  count = var.dicom_role == "" ? 1 : 0

  role_id     = "dicomFunctionsUser"
  title       = "DicomFunctions"
  description = "Searches, retrieves from and stores to DICOM stores; deletes nothing."
  permissions = ["healthcare.dicomStores.dicomWebRead", "healthcare.dicomStores.dicomWebWrite"]
}

resource "google_healthcare_dicom_store_iam_member" "functions_uses" {
  dicom_store_id = local.dicom_store
  role           = var.dicom_role == "" ? google_project_iam_custom_role.dicom_user[0].id : var.dicom_role
  member         = google_service_account.functions.member
}

resource "google_storage_bucket_iam_member" "functions_reads" {
  for_each = var.source_buckets

  bucket = each.value
  role   = "roles/storage.objectViewer"
  member = google_service_account.functions.member
}
