// Connects the storage account's events to the blob trigger, after the first deployment of the app. after-deploy.sh runs this.
@minLength(1)
@description('The deployed function app. Output FUNCTION_APP_NAME of main.bicep.')
param functionAppName string

@minLength(1)
@description('The system topic of the storage account. Output EVENT_TOPIC_NAME of main.bicep.')
param topicName string

@minLength(1)
@description('The function with the blob trigger.')
param functionName string = 'DropDoorbell'

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

// Bicep knows no type for the keys of the host.
#disable-next-line BCP081
resource host 'Microsoft.Web/sites/host@2022-09-01' existing = {
  parent: app
  name: 'default'
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource subscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'drop-incoming'
  properties: {
    destination: {
      endpointType: 'WebHook'
      properties: {
        endpointUrl: 'https://${app.properties.defaultHostName}/runtime/webhooks/blobs?functionName=Host.Functions.${functionName}&code=${host.listKeys().systemKeys.blobs_extension}'
      }
    }
    filter: {
      includedEventTypes: ['Microsoft.Storage.BlobCreated']
      subjectBeginsWith: '/blobServices/default/containers/drop/blobs/incoming/'
    }
    // An event is only a doorbell. A late one is not worth keeping, because the slow timer checks anyway.
    retryPolicy: {
      maxDeliveryAttempts: 10
      eventTimeToLiveInMinutes: 60
    }
  }
}
