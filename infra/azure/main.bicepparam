// Values come from azd's environment (azd env set NAME VALUE). from-google.sh sets those of Google's side,
// which have no default, because an empty value would be deployed silently.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dicom')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param maxWorkers = int(readEnvironmentVariable('MAX_WORKERS', '5'))
param bufferSize = int(readEnvironmentVariable('BUFFER_SIZE', '8'))
param maximumInstanceCount = int(readEnvironmentVariable('MAXIMUM_INSTANCE_COUNT', '40'))
param retentionDays = int(readEnvironmentVariable('RETENTION_DAYS', '30'))
param useDurableTaskScheduler = bool(readEnvironmentVariable('USE_DURABLE_TASK_SCHEDULER', 'false'))
param createEventTopic = bool(readEnvironmentVariable('CREATE_EVENT_TOPIC', 'false'))
param eventUrl = readEnvironmentVariable('EVENT_URL', '')
param eventSecret = readEnvironmentVariable('EVENT_SECRET', '')
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')
param silentSubscriptionHours = int(readEnvironmentVariable('SILENT_SUBSCRIPTION_HOURS', '24'))
param createWorkbook = bool(readEnvironmentVariable('CREATE_WORKBOOK', 'false'))
param createDiagnosticSettings = bool(readEnvironmentVariable('CREATE_DIAGNOSTIC_SETTINGS', 'false'))
param dicomStore = readEnvironmentVariable('DICOM_STORE')
param pubSubSubscription = readEnvironmentVariable('PUBSUB_SUBSCRIPTION', '')
param googleAudience = readEnvironmentVariable('GOOGLE_AUDIENCE')
param googleServiceAccount = readEnvironmentVariable('GOOGLE_SERVICE_ACCOUNT')
param googleAppIdUri = readEnvironmentVariable('GOOGLE_APP_ID_URI')
