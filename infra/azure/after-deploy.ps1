# Subscribes the deployed blob trigger to the storage account's events: after-deploy.sh for Windows.
$ErrorActionPreference = 'Stop'

foreach ($name in 'AZURE_RESOURCE_GROUP', 'FUNCTION_APP_NAME', 'EVENT_TOPIC_NAME') {
    if (-not [Environment]::GetEnvironmentVariable($name)) { throw "${name}: is empty" }
}

# Event Grid calls the web hook during the subscription, and a host that is still starting refuses the call.
for ($attempt = 1; $attempt -le 6; $attempt++) {
    if ($attempt -gt 1) { Start-Sleep -Seconds 20 }
    az deployment group create `
        --only-show-errors --output none `
        --name dicom-functions-events `
        --resource-group $env:AZURE_RESOURCE_GROUP `
        --template-file (Join-Path $PSScriptRoot 'events.bicep') `
        --parameters "functionAppName=$env:FUNCTION_APP_NAME" "topicName=$env:EVENT_TOPIC_NAME"
    if ($LASTEXITCODE -eq 0) {
        Write-Output 'Event Grid now reports dropped files at once.'
        exit 0
    }
}

[Console]::Error.WriteLine('Could not create the Event Grid subscription. Until this script succeeds, only the slow timer finds dropped files.')
exit 1
