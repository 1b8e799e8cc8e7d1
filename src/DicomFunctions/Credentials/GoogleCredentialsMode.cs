namespace DicomFunctions.App.Credentials;

/// <summary>The credential that the app uses for Google.</summary>
public enum GoogleCredentialsMode
{
    /// <summary>The credential that <c>DicomFunctions:Authorization</c> selects, by default Application Default Credentials.</summary>
    ApplicationDefault,

    /// <summary>The app's managed identity, by workload identity federation, without any key.</summary>
    WorkloadIdentity,
}
