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
  name     = var.dataset_id
  location = var.region

  depends_on = [google_project_service.apis]

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_healthcare_dicom_store" "this" {
  name    = var.dicom_store_id
  dataset = google_healthcare_dataset.this.id

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

resource "google_healthcare_dicom_store_iam_member" "functions_edits" {
  dicom_store_id = google_healthcare_dicom_store.this.id
  role           = "roles/healthcare.dicomEditor"
  member         = google_service_account.functions.member
}

resource "google_storage_bucket_iam_member" "functions_reads" {
  for_each = var.source_buckets

  bucket = each.value
  role   = "roles/storage.objectViewer"
  member = google_service_account.functions.member
}
