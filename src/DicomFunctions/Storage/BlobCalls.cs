using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.App.Storage;

/// <summary>The one place where the SDK's failures become the port's: nothing there, changed, or broken.</summary>
internal static class BlobCalls
{
    public const string InArchiveTier = "it is in the archive tier";
    public const string Leased = "it is leased";

    /// <summary>Makes a call; what is no expected outcome is <see cref="ObjectStoreException"/>, without the object's name.</summary>
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

    /// <summary>What the port throws for an exception of the SDK; null for what is not the store's.</summary>
    public static Exception? Translate(string what, Exception exception, CancellationToken cancellationToken) => exception switch
    {
        ObjectStoreException => null,
        RequestFailedException failed when IsUnmet(failed) => new ObjectChangedException("The object was changed since it was looked at.", failed),
        RequestFailedException failed when OfTheBlob(failed.ErrorCode) is { } why => Denied(what, why, failed),
        RequestFailedException failed when failed.ErrorCode == BlobErrorCode.InvalidResourceName.ToString()
            => new ArgumentException("The store can not have an object of that name.", failed),
        RequestFailedException failed => Broken(what, $"status {failed.Status}, {failed.ErrorCode ?? "no code"}", failed),
        AuthenticationFailedException => Broken(what, "no token for it could be had", exception),
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        OperationCanceledException => Broken(what, "it did not answer in time", exception),
        AggregateException { InnerException: { } inner } => Translate(what, inner, cancellationToken),
        HttpRequestException or IOException => Broken(what, "it could not be reached", exception),
        _ => null,
    };

    /// <summary>Whether there is no such blob, or not even its container.</summary>
    public static bool IsMissing(RequestFailedException exception)
        => exception.ErrorCode == BlobErrorCode.BlobNotFound || IsContainerMissing(exception) || exception is { Status: 404, ErrorCode: null or "" };

    public static bool IsContainerMissing(RequestFailedException exception)
        => exception.ErrorCode == BlobErrorCode.ContainerNotFound || exception.ErrorCode == BlobErrorCode.ContainerBeingDeleted;

    /// <summary>Whether an If-Match or If-None-Match was not met. A 412 alone does not say so: it is also the answer for a leased blob.</summary>
    public static bool IsUnmet(RequestFailedException exception)
        => exception.ErrorCode == BlobErrorCode.ConditionNotMet
        || exception.ErrorCode == BlobErrorCode.SourceConditionNotMet
        || exception.ErrorCode == BlobErrorCode.TargetConditionNotMet
        || exception.ErrorCode == BlobErrorCode.BlobAlreadyExists;

    /// <summary>The failure of a call for one blob's own reason.</summary>
    public static ObjectDeniedException Denied(string what, string why, Exception? inner = null)
        => new($"The object store could not {what}: {why}.", inner!);

    /// <summary>Why it is the blob, and not the store, that does not allow a call; null where it may be the store.</summary>
    private static string? OfTheBlob(string? code) => code switch
    {
        "BlobArchived" => InArchiveTier,
        "BlobBeingRehydrated" => "it is on its way out of the archive tier",
        "BlobImmutableDueToPolicy" => "an immutability policy protects it",
        "BlobUsesCustomerSpecifiedEncryption" => "it is encrypted with a key of its writer's",
        "InvalidBlobType" => "it is a page or append blob",
        "LeaseIdMissing" or "LeaseIdMismatchWithBlobOperation" or "LeaseLost" => Leased,
        _ => null,
    };

    private static ObjectStoreException Broken(string what, string why, Exception inner)
        => new($"The object store could not {what}: {why}.", inner);
}
