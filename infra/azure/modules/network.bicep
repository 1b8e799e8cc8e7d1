// Optional: a virtual network for the app, with the storage account behind private endpoints.
param token string
param location string
param tags object
param storageAccountName string

var services = ['blob', 'queue', 'table']

// Google's APIs are on the internet: the gateway is the app's way out, and gives it one fixed address.
resource outboundAddress 'Microsoft.Network/publicIPAddresses@2024-05-01' = {
  name: 'pip-dicom-${token}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

resource gateway 'Microsoft.Network/natGateways@2024-05-01' = {
  name: 'ng-dicom-${token}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIpAddresses: [{ id: outboundAddress.id }] }
}

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-dicom-${token}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.0.0.0/24'
          natGateway: { id: gateway.id }
          // What Flex Consumption asks for; other plans use Microsoft.Web/serverFarms.
          delegations: [{ name: 'app', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: { addressPrefix: '10.0.1.0/24' }
      }
    ]
  }

  resource app 'subnets' existing = {
    name: 'app'
  }

  resource endpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccountName
}

module storageEndpoints 'private-endpoint.bicep' = [for service in services: {
  name: 'endpoint-${service}'
  params: {
    name: 'pep-${storageAccountName}-${service}'
    location: location
    tags: tags
    networkId: network.id
    subnetId: network::endpoints.id
    targetId: account.id
    group: service
    zoneName: 'privatelink.${service}.${environment().suffixes.storage}'
  }
}]

output id string = network.id
output appSubnetId string = network::app.id
output endpointSubnetId string = network::endpoints.id
output outboundAddress string = outboundAddress.properties.ipAddress
