namespace DicomFunctions.Core.Authorization;

/// <summary>How requests to Google are authorized.</summary>
public enum AuthorizationMode
{
    /// <summary>By Google's Application Default Credentials, or a credential registered by DI.</summary>
    ApplicationDefault,

    /// <summary>By a fixed bearer token, from the options or a file.</summary>
    Bearer,

    /// <summary>Not at all: for an emulator or a server on the same network.</summary>
    None,
}
