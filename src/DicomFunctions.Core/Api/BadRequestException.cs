namespace DicomFunctions.Core.Api;

/// <summary>A request can not be worked; says why, and which key is wrong.</summary>
internal sealed class BadRequestException(string message, string? key = null) : Exception(message)
{
    public string? Key => key;
}
