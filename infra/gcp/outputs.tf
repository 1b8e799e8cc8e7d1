output "dicom_store" {
  description = "DICOM_STORE of infra/azure."
  value       = local.dicom_store
}

output "subscription" {
  description = "PUBSUB_SUBSCRIPTION of infra/azure."
  value       = google_pubsub_subscription.functions.id
}

output "audience" {
  description = "GOOGLE_AUDIENCE of infra/azure."
  value       = "//iam.googleapis.com/projects/${data.google_project.this.number}/locations/global/workloadIdentityPools/${google_iam_workload_identity_pool.azure.workload_identity_pool_id}/providers/${google_iam_workload_identity_pool_provider.entra.workload_identity_pool_provider_id}"
}

output "app_id_uri" {
  description = "GOOGLE_APP_ID_URI of infra/azure."
  value       = var.azure_app_id_uri
}

output "service_account" {
  description = "GOOGLE_SERVICE_ACCOUNT of infra/azure."
  value       = google_service_account.functions.email
}

output "topic" {
  description = "The topic that the store must notify. An existing store is not changed: gcloud healthcare dicom-stores update STORE --pubsub-topic=TOPIC tells it."
  value       = google_pubsub_topic.notifications.id
}
