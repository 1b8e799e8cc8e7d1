#!/bin/bash
# Stands in for az, azd, terraform, curl and others: records each call, and does what the commands of the deployment depend on.
# A call, its folder and its arguments are one line of $FAKE/calls. Call number $FAIL_AT fails, or prints nothing if $FAIL_SILENTLY is set.
set -u
tool=${0##*/}
{ printf '%s\t%s' "$tool" "$PWD"; printf '\t%s' "$@"; printf '\n'; } >>"$FAKE/calls"
if [ "$(wc -l <"$FAKE/calls")" = "${FAIL_AT:-0}" ]; then
  [ -n "${FAIL_SILENTLY:-}" ] && exit 0
  echo "$tool: failed as told" >&2
  exit 1
fi

environment=$FAKE/azd-environment
case "$tool $*" in
  "az ad app create "*) echo 11111111-1111-1111-1111-111111111111 ;;
  "az ad sp show "*) exit 3 ;;
  "az account show --query tenantId "*) echo 22222222-2222-2222-2222-222222222222 ;;
  "az account show --query id "*) echo 33333333-3333-3333-3333-333333333333 ;;
  "az functionapp keys list "*) echo the-key ;;
  "azd env select "*) [ -e "$environment" ] ;;
  "azd env new "*) touch "$environment" ;;
  "azd env set "*) printf '%s="%s"\n' "$3" "$4" >>"$environment" ;;
  "azd env get-values") [ -e "$environment" ] && cat "$environment" ;;
  "azd env get-value "*)
    if value=$(tac "$environment" 2>/dev/null | grep --max-count 1 "^$3="); then
      value=${value#*=\"}
      echo "${value%\"}"
    else
      # On standard output, as azd does.
      echo "ERROR: key '$3' not found in the environment values"
      exit 1
    fi
    ;;
  "azd up "*)
    cat >>"$environment" <<END
AZURE_RESOURCE_GROUP="rg-dicom"
FUNCTION_APP_NAME="func-dicom"
FUNCTION_APP_URL="https://func-dicom.invalid"
STORAGE_ACCOUNT_NAME="stdicom"
IDENTITY_PRINCIPAL_ID="44444444-4444-4444-4444-444444444444"
IDENTITY_TENANT_ID="22222222-2222-2222-2222-222222222222"
END
    ;;
  "terraform -chdir="*)
    cd "${1#-chdir=}" || exit 1
    case "$2 ${4:-}" in
      "apply "*) touch "$FAKE/applied" ;;
      "output "*)
        if [ ! -e "$FAKE/applied" ]; then
          # And succeeds, as Terraform does.
          echo "Warning: No outputs found"
          exit 0
        fi
        case $4 in
          dicom_store) echo projects/my-project/locations/europe-west4/datasets/dicom/dicomStores/main ;;
          topic) echo projects/my-project/topics/dicom-notifications ;;
          subscription) echo projects/my-project/subscriptions/dicom-functions ;;
          audience) echo //iam.googleapis.com/projects/5/locations/global/workloadIdentityPools/azure-dicom-functions/providers/entra ;;
          service_account) echo dicom-functions@my-project.iam.gserviceaccount.com ;;
          app_id_uri) echo api://11111111-1111-1111-1111-111111111111 ;;
          *) exit 1 ;;
        esac
        ;;
    esac
    ;;
esac
