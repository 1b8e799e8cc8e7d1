// One account for the host's own data, Durable Functions' queues and tables, the jobs and the drop folder. Keys are disabled.
param name string
param location string
param tags object
param sku string
param softDeleteDays int
param publicAccess bool
param principalId string
param deploymentPrincipalId string
param deployerPrincipalId string

var roles = {
  blobOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  blobContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  queueContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  tableContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

// Each container, and what the app's identity may do there. A container that is not listed is closed to the app, so the ones that the
// host would create are listed too: azure-webjobs-… for its keys, leases and blob receipts, dicomfunctions-… for Durable Functions.
// The host's documentation asks for the owner's role where its own data and its blob trigger's blobs are.
var containers = {
  drop: roles.blobOwner
  jobs: roles.blobContributor
  keys: roles.blobContributor
  outbox: roles.blobContributor
  retrieved: roles.blobContributor
  'azure-webjobs-hosts': roles.blobOwner
  'azure-webjobs-secrets': roles.blobOwner
  'dicomfunctions-applease': roles.blobContributor
  'dicomfunctions-largemessages': roles.blobContributor
  'dicomfunctions-leases': roles.blobContributor
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
  }
}

// A file that the app removes can be restored for this long, and is patient data for as long: docs/deploy.md.
var softDelete = softDeleteDays == 0 ? { enabled: false } : { enabled: true, days: softDeleteDays }

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: softDelete
    containerDeleteRetentionPolicy: softDelete
  }
}

resource appContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = [for container in items(containers): {
  parent: blobs
  name: container.key
}]

resource appRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (container, i) in items(containers): {
  scope: appContainers[i]
  name: guid(account.id, container.key, principalId, container.value)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', container.value)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}]

// Queues and tables are Durable Functions' and the blob trigger's alone; they create them under names of their own.
resource accountRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in [roles.queueContributor, roles.tableContributor]: {
  scope: account
  name: guid(account.id, principalId, role)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}]

// The app's package. Only the identity that the platform deploys with may write it; the app's own identity may not even read it.
resource deployment 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: 'deployment'
}

resource deploymentRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: deployment
  name: guid(deployment.id, deploymentPrincipalId, roles.blobContributor)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobContributor)
    principalId: deploymentPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Whoever deploys may drop a first file (docs/deploy.md, step 5), and reads no job.
resource deployerRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerPrincipalId)) {
  scope: appContainers[indexOf(map(items(containers), container => container.key), 'drop')]
  name: guid(account.id, 'drop', deployerPrincipalId, roles.blobContributor)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobContributor)
    principalId: deployerPrincipalId
  }
}

resource eventTopic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: 'evgt-${name}'
  location: location
  tags: tags
  properties: {
    source: account.id
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

output name string = account.name
output deploymentContainerName string = deployment.name
output eventTopicName string = eventTopic.name
