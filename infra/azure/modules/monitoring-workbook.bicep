// Optional: a workbook of the app's metrics and warnings, in the resource group and in Application Insights.
param token string
param location string
param tags object
param applicationInsightsName string

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource workbook 'Microsoft.Insights/workbooks@2022-04-01' = {
  name: guid(applicationInsights.id, 'dicom', token)
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'DicomFunctions'
    category: 'workbook'
    version: '1.0'
    sourceId: applicationInsights.id
    serializedData: string(union(loadJsonContent('monitoring-workbook.json'), { fallbackResourceIds: [applicationInsights.id] }))
  }
}
