#!/bin/sh
# Points the storage account's events at the deployed blob trigger. azd runs this after each deployment; it changes nothing the second
# time. By hand: AZURE_RESOURCE_GROUP, FUNCTION_APP_NAME and EVENT_TOPIC_NAME are outputs of main.bicep.
set -eu
: "${AZURE_RESOURCE_GROUP:?is empty}" "${FUNCTION_APP_NAME:?is empty}" "${EVENT_TOPIC_NAME:?is empty}"

here=$(cd "$(dirname "$0")" && pwd)
attempt=1
# Event Grid calls the web hook while it subscribes: a host that is still starting refuses it.
until az deployment group create \
  --only-show-errors --output none \
  --name dicom-functions-events \
  --resource-group "$AZURE_RESOURCE_GROUP" \
  --template-file "$here/events.bicep" \
  --parameters functionAppName="$FUNCTION_APP_NAME" topicName="$EVENT_TOPIC_NAME"
do
  if [ "$attempt" -ge 6 ]; then
    echo "The Event Grid subscription could not be made. Dropped files are found by the slow timer until this script succeeds." >&2
    exit 1
  fi
  attempt=$((attempt + 1))
  sleep 20
done
echo "Dropped files ring the doorbell at once."
