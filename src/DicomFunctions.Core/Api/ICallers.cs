using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>Names who sends a request, for the jobs that it submits and for the audit log.</summary>
internal interface ICallers
{
    /// <summary>What the credential is called that the host has accepted: never the credential itself. Null if not known.</summary>
    string? NameOf(HttpRequest request);
}
