// Everything on Azure's side except the Event Grid subscription (events.bicep), which needs the deployed app.
targetScope = 'subscription'

@minLength(1)
@maxLength(40)
@description('The name of the environment, which is part of the names of all resources.')
param environmentName string

@description('The region of all resources. Flex Consumption is not in every region; az functionapp list-flexconsumption-locations tells of new ones.')
@allowed([
  'australiaeast'
  'centralindia'
  'centralus'
  'eastasia'
  'eastus'
  'eastus2'
  'francecentral'
  'germanywestcentral'
  'italynorth'
  'northcentralus'
  'northeurope'
  'southcentralus'
  'southeastasia'
  'swedencentral'
  'uksouth'
  'westcentralus'
  'westeurope'
  'westus2'
  'westus3'
])
@metadata({ azd: { type: 'location' } })
param location string

@minValue(1)
@maxValue(200)
@description('max_workers: the most batches of a job in progress at once. Set it only here. One instance runs at most twice as many activities.')
param maxWorkers int = 5

@minValue(1)
@maxValue(1000)
@description('buffer_size: the most inputs of one batch.')
param bufferSize int = 8

@minValue(1)
@maxValue(1000)
@description('The most instances that the app scales out to. Requests in flight to Google never exceed this number times twice maxWorkers.')
param maximumInstanceCount int = 40

@allowed([512, 2048, 4096])
@description('Memory of one instance, in MB.')
param instanceMemoryMB int = 2048

@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
@description('The redundancy of the storage account.')
param storageSku string = 'Standard_ZRS'

@minValue(1)
@maxValue(365)
@description('The number of days after which a finished job, its results and its history are removed.')
param retentionDays int = 30

@minValue(0)
@maxValue(365)
@description('The number of days for which a deleted blob can be restored. 0: a deleted blob is gone.')
param softDeleteDays int = 7

@description('The object id of whoever deploys, who may then drop a first file. azd sets it. Empty: nobody but the app.')
param deployerPrincipalId string = ''

@description('Whether the app runs in a virtual network, with the storage account behind private endpoints and closed to the internet.')
param usePrivateNetwork bool = false

@description('Whether the internet reaches the app, which still asks for a key. false: only a private endpoint does, which needs usePrivateNetwork.')
param appPublicAccess bool = true

@description('Whether Durable Functions runs on a Durable Task Scheduler instead of the storage account. The app must be published with -p:DurableTaskScheduler=true.')
param useDurableTaskScheduler bool = false

@description('Whether to create an Event Grid topic that tells when jobs end. Not together with eventUrl.')
param createEventTopic bool = false

@description('The HTTPS address to which events are posted when jobs end. Empty: none.')
param eventUrl string = ''

@secure()
@description('With eventUrl: the secret that signs events, whsec_…, or a Key Vault reference to it: @Microsoft.KeyVault(SecretUri=…).')
param eventSecret string = ''

@description('The address that is mailed when jobs fail and when the subscription has gone silent. Empty: no alerts.')
param alertEmail string = ''

@allowed([1, 2, 3, 4, 5, 6, 24, 48])
@description('With alertEmail: the number of hours without a notification after which the subscription counts as silent.')
param silentSubscriptionHours int = 24

@description('Whether to create a workbook of the app in Application Insights.')
param createWorkbook bool = false

@description('Whether to send the logs and metrics of the platform itself to the workspace.')
param createDiagnosticSettings bool = false

@minLength(1)
@description('The DICOM store that dropped files go to: projects/…/locations/…/datasets/…/dicomStores/…. Output dicom_store of infra/gcp.')
param dicomStore string

@description('The subscription to pull: projects/…/subscriptions/…. Empty: none. Output subscription of infra/gcp.')
param pubSubSubscription string = ''

@minLength(1)
@description('The workload identity provider: //iam.googleapis.com/projects/…/providers/…. Output audience of infra/gcp.')
param googleAudience string

@minLength(1)
@description('The Google service account to act as. Output service_account of infra/gcp.')
param googleServiceAccount string

@minLength(1)
@description('The Application ID URI of the Entra application whose tokens the workload identity provider accepts: api://….')
param googleAppIdUri string

var tags = { 'azd-env-name': environmentName }
var token = toLower(uniqueString(subscription().id, environmentName, location))

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  name: 'identity'
  params: {
    name: 'id-dicom-${token}'
    location: location
    tags: tags
  }
}

module deploymentIdentity 'modules/identity.bicep' = {
  scope: group
  name: 'deployment-identity'
  params: {
    name: 'id-dicom-deploy-${token}'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  name: 'monitoring'
  params: {
    token: token
    location: location
    tags: tags
    principalId: identity.outputs.principalId
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  name: 'storage'
  params: {
    name: 'stdicom${token}'
    location: location
    tags: tags
    sku: storageSku
    softDeleteDays: softDeleteDays
    publicAccess: !usePrivateNetwork
    principalId: identity.outputs.principalId
    deploymentPrincipalId: deploymentIdentity.outputs.principalId
    deployerPrincipalId: deployerPrincipalId
  }
}

module network 'modules/network.bicep' = if (usePrivateNetwork) {
  scope: group
  name: 'network'
  params: {
    token: token
    location: location
    tags: tags
    storageAccountName: storage.outputs.name
  }
}

module scheduler 'modules/scheduler.bicep' = if (useDurableTaskScheduler) {
  scope: group
  name: 'scheduler'
  params: {
    name: 'dts-dicom-${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
  }
}

module jobEvents 'modules/job-events.bicep' = if (createEventTopic) {
  scope: group
  name: 'job-events'
  params: {
    name: 'evgt-dicom-jobs-${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
  }
}

module functions 'modules/functions.bicep' = {
  scope: group
  name: 'functions'
  params: {
    name: 'func-dicom-${token}'
    planName: 'plan-dicom-${token}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    deploymentIdentityId: deploymentIdentity.outputs.id
    storageAccountName: storage.outputs.name
    deploymentContainerName: storage.outputs.deploymentContainerName
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    maximumInstanceCount: maximumInstanceCount
    instanceMemoryMB: instanceMemoryMB
    maxWorkers: maxWorkers
    bufferSize: bufferSize
    retentionDays: retentionDays
    dicomStore: dicomStore
    pubSubSubscription: pubSubSubscription
    googleAudience: googleAudience
    googleServiceAccount: googleServiceAccount
    googleAppIdUri: googleAppIdUri
    eventTopicEndpoint: createEventTopic ? jobEvents!.outputs.endpoint : ''
    eventUrl: eventUrl
    eventSecret: eventSecret
    schedulerEndpoint: useDurableTaskScheduler ? scheduler!.outputs.endpoint : ''
    schedulerTaskHub: useDurableTaskScheduler ? scheduler!.outputs.taskHubName : ''
    subnetId: usePrivateNetwork ? network!.outputs.appSubnetId : ''
    publicAccess: appPublicAccess
  }
}

module appEndpoint 'modules/private-endpoint.bicep' = if (usePrivateNetwork && !appPublicAccess) {
  scope: group
  name: 'app-endpoint'
  params: {
    name: 'pep-func-dicom-${token}'
    location: location
    tags: tags
    networkId: network!.outputs.id
    subnetId: network!.outputs.endpointSubnetId
    targetId: functions.outputs.id
    group: 'sites'
    zoneName: 'privatelink.azurewebsites.net'
  }
}

module alerts 'modules/monitoring-alerts.bicep' = if (!empty(alertEmail)) {
  scope: group
  name: 'monitoring-alerts'
  params: {
    token: token
    location: location
    tags: tags
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    email: alertEmail
    hasSubscription: !empty(pubSubSubscription)
    silentSubscriptionHours: silentSubscriptionHours
  }
}

module workbook 'modules/monitoring-workbook.bicep' = if (createWorkbook) {
  scope: group
  name: 'monitoring-workbook'
  params: {
    token: token
    location: location
    tags: tags
    applicationInsightsName: monitoring.outputs.applicationInsightsName
  }
}

module diagnostics 'modules/monitoring-diagnostics.bicep' = if (createDiagnosticSettings) {
  scope: group
  name: 'monitoring-diagnostics'
  params: {
    functionAppName: functions.outputs.name
    storageAccountName: storage.outputs.name
    workspaceName: monitoring.outputs.workspaceName
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output FUNCTION_APP_NAME string = functions.outputs.name
output FUNCTION_APP_URL string = functions.outputs.url
output STORAGE_ACCOUNT_NAME string = storage.outputs.name
output EVENT_TOPIC_NAME string = storage.outputs.eventTopicName
output JOB_EVENT_TOPIC_NAME string = createEventTopic ? jobEvents!.outputs.name : ''
output OUTBOUND_ADDRESS string = usePrivateNetwork ? network!.outputs.outboundAddress : ''
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId
output IDENTITY_TENANT_ID string = identity.outputs.tenantId
