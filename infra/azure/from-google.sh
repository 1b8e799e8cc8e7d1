#!/bin/sh
# Copies the outputs of infra/gcp to azd's environment, where main.bicepparam reads them. Sets nothing unless every value exists:
# instead of a missing output, Terraform prints a warning and succeeds.
set -eu

here=$(cd "$(dirname "$0")" && pwd)

# An output of infra/gcp, and the pattern it must match.
output() {
  value=$(terraform -chdir="$here/../gcp" output -raw "$1") || value=
  case $value in
    $2) printf '%s\n' "$value" ;;
    *)
      echo "from-google.sh: infra/gcp has no output '$1' yet. Finish its first run (terraform apply), then try again." >&2
      exit 1
      ;;
  esac
}

dicom_store=$(output dicom_store 'projects/?*/locations/?*/datasets/?*/dicomStores/?*')
subscription=$(output subscription 'projects/?*/subscriptions/?*')
audience=$(output audience '//iam.googleapis.com/projects/?*/providers/?*')
service_account=$(output service_account '?*@?*.iam.gserviceaccount.com')
app_id_uri=$(output app_id_uri '?*://?*')

azd env set DICOM_STORE "$dicom_store"
azd env set PUBSUB_SUBSCRIPTION "$subscription"
azd env set GOOGLE_AUDIENCE "$audience"
azd env set GOOGLE_SERVICE_ACCOUNT "$service_account"
azd env set GOOGLE_APP_ID_URI "$app_id_uri"
