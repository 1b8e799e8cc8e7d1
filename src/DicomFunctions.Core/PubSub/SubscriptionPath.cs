using System.Buffers;
using DicomFunctions.Core.Dicom;

namespace DicomFunctions.Core.PubSub;

/// <summary>
/// A Pub/Sub subscription, <c>projects/PROJECT/subscriptions/SUBSCRIPTION</c>
/// (https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names).
/// </summary>
internal static class SubscriptionPath
{
    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~+%");

    /// <summary>Tells which part of a path is wrong, and why; null when none is. Never echoes it.</summary>
    public static string? Problem(ReadOnlySpan<char> path)
    {
        Span<Range> parts = stackalloc Range[5];
        if (path.Split(parts, '/') != 4 || path[parts[0]] is not "projects" || path[parts[2]] is not "subscriptions")
            return "The path of a subscription is projects/PROJECT/subscriptions/SUBSCRIPTION.";
        var id = path[parts[3]];
        return DicomStorePath.ProjectProblem(path[parts[1]])
            ?? (id.Length is < 3 or > 255 || !char.IsAsciiLetter(id[0]) || id.ContainsAnyExcept(IdCharacters)
                ? "The subscription must be 3 to 255 letters, digits, '-', '_', '.', '~', '+' or '%', beginning with a letter."
                : null);
    }
}
