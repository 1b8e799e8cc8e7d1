using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>For hosts that do not know their callers.</summary>
internal sealed class UnknownCallers : ICallers
{
    public string? NameOf(HttpRequest request) => null;
}
