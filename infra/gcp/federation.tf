# Google exchanges the managed identity's Entra token for a short-lived Google token. There are no keys.
resource "google_iam_workload_identity_pool" "azure" {
  workload_identity_pool_id = "azure-dicom-functions"
  display_name              = "Azure"

  depends_on = [google_project_service.apis]
}

resource "google_iam_workload_identity_pool_provider" "entra" {
  workload_identity_pool_id          = google_iam_workload_identity_pool.azure.workload_identity_pool_id
  workload_identity_pool_provider_id = "entra"
  display_name                       = "Entra ID"

  attribute_mapping = {
    "google.subject" = "assertion.sub"
  }

  # Tokens of the tenant's other identities are refused before any role is checked.
  attribute_condition = "assertion.sub == '${var.azure_principal_id}'"

  oidc {
    issuer_uri        = "https://sts.windows.net/${var.azure_tenant_id}/"
    allowed_audiences = [var.azure_app_id_uri]
  }
}

resource "google_service_account_iam_member" "managed_identity_acts" {
  count = var.azure_principal_id == "" ? 0 : 1

  service_account_id = google_service_account.functions.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principal://iam.googleapis.com/${google_iam_workload_identity_pool.azure.name}/subject/${var.azure_principal_id}"
}
