namespace DicomFunctions.Core.Api;

/// <summary>The request is invalid. The message says why; the key, if there is one, says where.</summary>
internal sealed class BadRequestException(string message, string? key = null) : Exception(message)
{
    public string? Key => key;
}
