// Optional: mail when jobs fail and when the subscription has gone silent. The queries look for lines of the app's log by their event ids
// (docs/operations.md); tests hold them to the code.
param token string
param location string
param tags object
param applicationInsightsName string
param email string
param hasSubscription bool
param silentSubscriptionHours int

// 812: a job ended with failed inputs. 813: a job failed.
var failedJobs = '''
traces
| where tostring(customDimensions.CategoryName) startswith "DicomFunctions."
| where tostring(customDimensions.EventId) in ("812", "813")
'''

// 1203: notifications were received.
var receivedNotifications = '''
traces
| where tostring(customDimensions.CategoryName) startswith "DicomFunctions."
| where tostring(customDimensions.EventId) == "1203"
'''

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-dicom-${token}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'dicom'
    enabled: true
    emailReceivers: [
      { name: 'mail', emailAddress: email, useCommonAlertSchema: true }
    ]
  }
}

resource jobs 'Microsoft.Insights/scheduledQueryRules@2021-08-01' = {
  name: 'alert-dicom-jobs-${token}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'DicomFunctions: jobs with failures'
    description: 'A job failed, or inputs of a job failed. The log line names the job and the most frequent reasons.'
    severity: 2
    enabled: true
    scopes: [applicationInsights.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      allOf: [
        { query: failedJobs, timeAggregation: 'Count', operator: 'GreaterThan', threshold: 0 }
      ]
    }
    autoMitigate: true
    actions: { actionGroups: [group.id] }
  }
}

resource subscription 'Microsoft.Insights/scheduledQueryRules@2021-08-01' = if (hasSubscription) {
  name: 'alert-dicom-silent-${token}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'DicomFunctions: the subscription is silent'
    description: 'No notification was received for ${silentSubscriptionHours} hours: nothing was stored, or the subscription cannot be read (event 1201).'
    severity: 2
    enabled: true
    scopes: [applicationInsights.id]
    evaluationFrequency: 'PT1H'
    windowSize: silentSubscriptionHours == 24 ? 'P1D' : silentSubscriptionHours == 48 ? 'P2D' : 'PT${silentSubscriptionHours}H'
    criteria: {
      allOf: [
        { query: receivedNotifications, timeAggregation: 'Count', operator: 'LessThan', threshold: 1 }
      ]
    }
    autoMitigate: true
    actions: { actionGroups: [group.id] }
  }
}
