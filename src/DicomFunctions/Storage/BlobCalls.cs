using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.App.Storage;

/// <summary>Converts the SDK's failures to those of <see cref="IObjectStore"/>: missing, changed or broken.</summary>
internal static class BlobCalls
{
    public const string InArchiveTier = "it is in the archive tier";
    public const string Leased = "it is leased";

    /// <summary>Makes a call. Unexpected failures throw <see cref="ObjectStoreException"/>, without the object's name.</summary>
    public static async Task<T> RunAsync<T>(string what, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception exception) when (Translate(what, exception, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>The exception to throw for one of the SDK's; null if it does not come from the store.</summary>
    public static Exception? Translate(string what, Exception exception, CancellationToken cancellationToken) => exception switch
    {
        ObjectStoreException => null,
        RequestFailedException failed when IsUnmet(failed) =>
            new ObjectChangedException("The object has changed since its ETag was read.", failed),
        RequestFailedException failed when OfTheBlob(failed.ErrorCode) is { } why => Denied(what, why, failed),
        RequestFailedException failed when failed.ErrorCode == BlobErrorCode.InvalidResourceName.ToString() =>
            new ArgumentException("The object store does not allow that name.", failed),
        RequestFailedException failed => Broken(what, $"status {failed.Status}, {failed.ErrorCode ?? "no code"}", failed),
        AuthenticationFailedException => Broken(what, "could not obtain a token", exception),
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        OperationCanceledException => Broken(what, "it did not answer in time", exception),
        AggregateException { InnerException: { } inner } => Translate(what, inner, cancellationToken),
        HttpRequestException or IOException => Broken(what, "it could not be reached", exception),
        _ => null,
    };

    /// <summary>Whether the blob or its container does not exist.</summary>
    public static bool IsMissing(RequestFailedException exception) =>
        exception.ErrorCode == BlobErrorCode.BlobNotFound
            || IsContainerMissing(exception) || exception is { Status: 404, ErrorCode: null or "" };

    public static bool IsContainerMissing(RequestFailedException exception) =>
        exception.ErrorCode == BlobErrorCode.ContainerNotFound || exception.ErrorCode == BlobErrorCode.ContainerBeingDeleted;

    /// <summary>Whether an If-Match or If-None-Match was not met. Checks the code, since a leased blob also answers 412.</summary>
    public static bool IsUnmet(RequestFailedException exception) =>
        exception.ErrorCode == BlobErrorCode.ConditionNotMet
        || exception.ErrorCode == BlobErrorCode.SourceConditionNotMet
        || exception.ErrorCode == BlobErrorCode.TargetConditionNotMet
        || exception.ErrorCode == BlobErrorCode.BlobAlreadyExists;

    /// <summary>The failure of a call because of the blob itself.</summary>
    public static ObjectDeniedException Denied(string what, string why, Exception? inner = null) =>
        new($"The object store could not {what}: {why}.", inner!);

    /// <summary>Why the blob itself does not allow a call; null if the store may be the cause.</summary>
    private static string? OfTheBlob(string? code) => code switch
    {
        "BlobArchived" => InArchiveTier,
        "BlobBeingRehydrated" => "it is being moved out of the archive tier",
        "BlobImmutableDueToPolicy" => "an immutability policy protects it",
        "BlobUsesCustomerSpecifiedEncryption" => "it is encrypted with its writer's key",
        "InvalidBlobType" => "it is a page or append blob",
        "LeaseIdMissing" or "LeaseIdMismatchWithBlobOperation" or "LeaseLost" => Leased,
        _ => null,
    };

    private static ObjectStoreException Broken(string what, string why, Exception inner) =>
        new($"The object store could not {what}: {why}.", inner);
}
