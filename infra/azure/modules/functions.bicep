// The Flex Consumption plan and the function app. docs/settings.md explains each setting.
param name string
param planName string
param location string
param tags object
param identityId string
param identityClientId string
param deploymentIdentityId string
param storageAccountName string
param deploymentContainerName string
param applicationInsightsName string
param maximumInstanceCount int
param instanceMemoryMB int
param maxWorkers int
param bufferSize int
param retentionDays int
param dicomStore string
param pubSubSubscription string
param googleAudience string
param googleServiceAccount string
param googleAppIdUri string
param eventTopicEndpoint string
param eventUrl string
@secure()
param eventSecret string
param schedulerEndpoint string
param schedulerTaskHub string
param subnetId string
param publicAccess bool

var durableTask = 'AzureFunctionsJobHost__extensions__durableTask'

var settings = {
  AZURE_CLIENT_ID: identityClientId
  AzureWebJobsStorage__blobServiceUri: storage.properties.primaryEndpoints.blob
  AzureWebJobsStorage__queueServiceUri: storage.properties.primaryEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: storage.properties.primaryEndpoints.table
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'

  // No limit of the host's own, which would answer an empty 500; the API has its own limits, see docs/settings.md.
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '9223372036854775807'
  // The app answers / itself: it leads to the dashboard.
  AzureWebJobsDisableHomepage: 'true'

  // One parameter sets both limits: the runs of one job in flight, and twice as many for an instance, so that a long job leaves room.
  '${durableTask}__maxConcurrentActivityFunctions': string(2 * maxWorkers)
  DicomFunctions__Jobs__MaxWorkers: string(maxWorkers)
  DicomFunctions__Jobs__BufferSize: string(bufferSize)
  DicomFunctions__Jobs__Retention: '${retentionDays}.00:00:00'

  DropSchedule: '0 */5 * * * *'
  PubSubSchedule: '*/15 * * * * *'
  RetentionSchedule: '0 30 3 * * *'
  EventSchedule: '0 */5 * * * *'

  DicomFunctions__Storage__ConnectionName: 'AzureWebJobsStorage'
  DicomFunctions__Drop__Destination: dicomStore
  DicomFunctions__DicomWeb__AllowedStores__0: dicomStore

  DicomFunctions__GoogleCredentials__Mode: 'WorkloadIdentity'
  DicomFunctions__GoogleCredentials__Audience: googleAudience
  DicomFunctions__GoogleCredentials__ServiceAccount: googleServiceAccount
  DicomFunctions__GoogleCredentials__AppIdUri: googleAppIdUri
  DicomFunctions__GoogleCredentials__ManagedIdentityClientId: identityClientId
}

var pubSubSettings = empty(pubSubSubscription) ? {} : {
  DicomFunctions__Notifications__Subscription: pubSubSubscription
}

var topicSettings = empty(eventTopicEndpoint) ? {} : {
  DicomFunctions__Events__Topic: eventTopicEndpoint
}

var webhookSettings = empty(eventUrl) ? {} : {
  DicomFunctions__Events__Url: eventUrl
  DicomFunctions__Events__Secret: eventSecret
}

var schedulerSettings = empty(schedulerEndpoint) ? {} : {
  '${durableTask}__storageProvider__type': 'azureManaged'
  '${durableTask}__storageProvider__connectionStringName': 'DurableTaskScheduler'
  '${durableTask}__hubName': schedulerTaskHub
  DurableTaskScheduler: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identityClientId}'
}

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccountName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'functions' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    // The second one is there for the platform, which needs it to store and to load the package; the app's code never asks for it.
    userAssignedIdentities: { '${identityId}': {}, '${deploymentIdentityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: { minTlsVersion: '1.2' }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${deploymentContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: deploymentIdentityId
          }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstanceCount
        instanceMemoryMB: instanceMemoryMB
      }
    }
  }

  // Deployments sign in with Entra ID, never with a user name and a password.
  resource ftpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scmPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(settings, pubSubSettings, topicSettings, webhookSettings, schedulerSettings, {
      DicomFunctions__Events__HostUrl: 'https://${app.properties.defaultHostName}'
    })
  }
}

output id string = app.id
output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
