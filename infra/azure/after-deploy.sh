#!/bin/sh
# Subscribes the deployed blob trigger to the storage account's events. azd runs this after each deployment; running it again changes
# nothing. To run it yourself, set AZURE_RESOURCE_GROUP, FUNCTION_APP_NAME and EVENT_TOPIC_NAME from the outputs of main.bicep.
set -eu
: "${AZURE_RESOURCE_GROUP:?is empty}" "${FUNCTION_APP_NAME:?is empty}" "${EVENT_TOPIC_NAME:?is empty}"

here=$(cd "$(dirname "$0")" && pwd)
attempt=1
# Event Grid calls the web hook during the subscription, and a host that is still starting refuses the call.
until az deployment group create \
  --only-show-errors --output none \
  --name dicom-functions-events \
  --resource-group "$AZURE_RESOURCE_GROUP" \
  --template-file "$here/events.bicep" \
  --parameters functionAppName="$FUNCTION_APP_NAME" topicName="$EVENT_TOPIC_NAME"
do
  if [ "$attempt" -ge 6 ]; then
    echo "Could not create the Event Grid subscription. Until this script succeeds, only the slow timer finds dropped files." >&2
    exit 1
  fi
  attempt=$((attempt + 1))
  sleep 20
done
echo "Event Grid now reports dropped files at once."
