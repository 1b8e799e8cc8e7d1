namespace DicomFunctions.Core.Authorization;

/// <summary>How requests to Google are authorized.</summary>
public enum AuthorizationMode
{
    /// <summary>Google's Application Default Credentials, or a credential registered in the services.</summary>
    ApplicationDefault,

    /// <summary>A bearer token from the settings or a file.</summary>
    Bearer,

    /// <summary>No authorization: for an emulator or a server on the local network.</summary>
    None,
}
