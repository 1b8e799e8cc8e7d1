namespace DicomFunctions.App.Credentials;

/// <summary>Which credential the app shows to Google.</summary>
public enum GoogleCredentialsMode
{
    /// <summary>What <c>DicomFunctions:Authorization</c> says, by default Application Default Credentials.</summary>
    ApplicationDefault,

    /// <summary>The app's managed identity, by workload identity federation: no key anywhere.</summary>
    WorkloadIdentity,
}
