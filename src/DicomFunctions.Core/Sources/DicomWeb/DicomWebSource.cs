using System.Runtime.CompilerServices;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Sources.DicomWeb;

/// <summary>
/// Instances of other DICOM stores and DICOMweb servers: <c>dicomweb:SERVER/studies/…</c>. A study, a series, or a search stands for its
/// instances.
/// </summary>
internal sealed class DicomWebSource(DicomWebServers servers) : ISourceProvider
{
    /// <summary>The most studies or series of one window; Google's largest page.</summary>
    private const int ParentsWindow = 5_000;

    private const int InstancesWindow = 10_000;

    public string Example => "dicomweb:SERVER/studies/…";

    public bool CanOpen(string reference) => SourceScheme.Is(reference, DicomWebReference.Scheme);

    public bool IsPattern(string reference) => DicomWebReference.Parse(reference, out var parsed) is null && parsed.IsPattern;

    public IAsyncEnumerable<SourcePage> ExpandAsync(string reference, string? after, CancellationToken cancellationToken)
    {
        if ((DicomWebReference.Parse(reference, out var parsed) ?? servers.Find(parsed, out _, out _)) is { } problem)
            return SourcePages.One(new(reference, problem));
        return !parsed.IsPattern ? SourcePages.One(new(reference))
            : parsed.Search is { } level ? SearchAsync(reference, parsed, level, SearchWindow.Parse(after), cancellationToken)
            : ListAsync(reference, parsed, cancellationToken);
    }

    public async Task<SourceOpening> OpenAsync(string reference, CancellationToken cancellationToken)
    {
        if (DicomWebReference.Parse(reference, out var parsed) is { } malformed)
            return new(malformed);
        if (parsed.IsPattern)
            return SourceOpening.Failed(FailureCode.BadReference, "This names no single instance.");
        if (servers.Find(parsed, out var client, out var store) is { } problem)
            return new(problem);
        var request = new RetrieveRequest
        {
            Store = store,
            StudyUid = parsed.Study!,
            SeriesUid = parsed.Series,
            SopInstanceUid = parsed.SopInstance,
        };
        try
        {
            var opening = await client.OpenInstanceAsync(request, cancellationToken).ConfigureAwait(false);
            // What is stored under the UIDs of an instance does not change; a copy broken off is read again from its start.
            return opening.IsOpen
                ? new(new OpenedSource(
                    opening.Instance.Content, opening.Instance.Length, version: null, static _ => ValueTask.FromResult(true)))
                : new(DicomWebProblem.Of(opening.Outcome));
        }
        catch (Exception exception) when (IsOfClient(exception, cancellationToken))
        {
            return SourceOpening.Failed(FailureCode.Unreadable, $"The client failed: {exception.GetType().Name}.");
        }
    }

    /// <summary>Lists the instances of a study or a series.</summary>
    private async IAsyncEnumerable<SourcePage> ListAsync(
        string given, DicomWebReference reference, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = new FoundSources(reference, QidoLevel.Instances);
        var outcome = await FindAsync(reference, Request(reference, QidoLevel.Instances), found, cancellationToken).ConfigureAwait(false);
        if (Problem(outcome, found) is { } problem)
            found.Items.Add(new(given, problem));
        else if (found.Rows == 0)
            found.Items.Add(new(given, new SourceProblem(FailureCode.NotFound, "The source's server has no instances of it.")));
        yield return new(found.Items);
    }

    private async IAsyncEnumerable<SourcePage> SearchAsync(
        string given,
        DicomWebReference reference,
        QidoLevel level,
        SearchWindow window,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var most = level == QidoLevel.Instances ? InstancesWindow : ParentsWindow;
        for (var isLast = false; !isLast;)
        {
            var limit = Math.Min(most, reference.Limit - window.Skip ?? most);
            var request = Request(reference, level) with { Limit = limit, Offset = reference.Offset + window.Skip };
            var found = new FoundSources(reference, level);
            var outcome = await FindAsync(reference, request, found, cancellationToken).ConfigureAwait(false);
            var first = found.Items.Count > 0 ? found.Items[0].Reference : "";
            var problem = Problem(outcome, found);
            if (window.Skip > 0 && first == window.First)
            {
                problem = new(
                    FailureCode.Unreadable,
                    $"The search for sources is not complete: the server repeats its first {window.Skip} results and ignores 'offset'.");
                found.Items.Clear();
            }

            if (problem is not null)
                found.Items.Add(new(given, problem));
            window = new(window.Skip + found.Rows, window.Skip == 0 ? first : window.First);
            isLast = problem is not null || found.Rows < limit || window.Skip == reference.Limit;
            yield return new(found.Items, isLast ? null : window.ToString());
        }
    }

    private async ValueTask<QidoOutcome> FindAsync(
        DicomWebReference reference, QidoRequest request, FoundSources found, CancellationToken cancellationToken)
    {
        servers.Find(reference, out var client, out _);
        try
        {
            return await client.SearchAsync(request, found, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfClient(exception, cancellationToken))
        {
            var text = $"The client failed: {exception.GetType().Name}.";
            return new QidoOutcome { Success = false, Status = OutcomeStatus.Of(FailureCode.ClientFailed, text) };
        }
    }

    private QidoRequest Request(DicomWebReference reference, QidoLevel level)
    {
        servers.Find(reference, out _, out var store);
        List<KeyValuePair<string, string>> parameters = [.. reference.Parameters];
        if (reference.Study is { } study)
            parameters.Add(new("StudyInstanceUID", study));
        if (reference.Series is { } series)
            parameters.Add(new("SeriesInstanceUID", series));
        return new QidoRequest { Store = store, Level = level, Parameters = parameters };
    }

    private static SourceProblem? Problem(in QidoOutcome outcome, FoundSources found) =>
        !outcome.Success ? DicomWebProblem.Of(outcome)
        : found.Nameless > 0 ? new(
            FailureCode.Unreadable, $"The search for sources found {found.Nameless} without valid UIDs, which cannot be read.")
        : null;

    /// <summary>A custom client may throw anything; each source still gets its record.</summary>
    private static bool IsOfClient(Exception exception, CancellationToken cancellationToken) =>
        exception is not ObjectStoreException && !HostTrouble.Is(exception) && !cancellationToken.IsCancellationRequested;
}
