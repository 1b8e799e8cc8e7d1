using System.Text;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Streams;

namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>A store client that gives the instances it has, as badly as a test wants.</summary>
internal sealed class FakeArchive : IDicomStoreClient
{
    private readonly List<(string Study, string Series, string Sop, byte[] File)> _instances = [];

    /// <summary>The requests for instances, in order.</summary>
    public List<RetrieveRequest> Requests { get; } = [];

    /// <summary>Whether a search finds the instances; otherwise it fails.</summary>
    public bool CanSearch { get; set; } = true;

    /// <summary>What an answer gives in place of the instances asked for; the number is that of the request, from 1.</summary>
    public Func<int, List<byte[]>, List<byte[]>> Script { get; set; } = (_, files) => files;

    /// <summary>Breaks an answer off in the middle of this instance, counted from 0; null: never.</summary>
    public Func<int, int?> BreaksAt { get; set; } = _ => null;

    /// <summary>Awaited before a search is answered.</summary>
    public Func<Task> BeforeSearch { get; set; } = () => Task.CompletedTask;

    /// <summary>Called before each instance is given.</summary>
    public Action OnInstance { get; set; } = () => { };

    public void Add(string study, string series, string sop, byte[] file) => _instances.Add((study, series, sop, file));

    public async ValueTask<QidoOutcome> SearchAsync(QidoRequest request, IDicomJsonSink results, CancellationToken cancellationToken)
    {
        await BeforeSearch();
        if (!CanSearch)
            return new QidoOutcome { Success = false, Status = OutcomeStatus.Of(400), Attempts = 1 };
        var uids = request.Parameters.ToDictionary(parameter => parameter.Key, parameter => parameter.Value);
        var asked = Asked(uids["StudyInstanceUID"], uids.GetValueOrDefault("SeriesInstanceUID"), uids.GetValueOrDefault("SOPInstanceUID"));
        foreach (var (study, series, sop, _) in asked)
            await results.WriteAsync(Encoding.UTF8.GetBytes(Row(study, series, sop)), cancellationToken);
        return new QidoOutcome { Success = true, Status = OutcomeStatus.Of(200), Attempts = 1 };
    }

    public Task<IReadOnlyList<StowOutcome>> StoreAsync(
        DicomStorePath store, IReadOnlyList<StowInstance> instances, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public async ValueTask<RetrieveOutcome> RetrieveMetadataAsync(
        RetrieveRequest request, IDicomJsonSink results, CancellationToken cancellationToken)
    {
        foreach (var (study, series, sop, _) in Asked(request.StudyUid, request.SeriesUid, request.SopInstanceUid))
            await results.WriteAsync(Encoding.UTF8.GetBytes(Row(study, series, sop)), cancellationToken);
        return new RetrieveOutcome { Success = true, Status = OutcomeStatus.Of(200), Attempts = 1 };
    }

    public async ValueTask<RetrieveOutcome> RetrieveInstancesAsync(
        RetrieveRequest request, IInstanceSink instances, CancellationToken cancellationToken)
    {
        Requests.Add(request);
        var number = Requests.Count;
        var files = Script(number, [.. Asked(request.StudyUid, request.SeriesUid, request.SopInstanceUid).Select(found => found.File)]);
        for (var i = 0; i < files.Count; i++)
        {
            OnInstance();
            cancellationToken.ThrowIfCancellationRequested();
            var isBroken = BreaksAt(number) == i;
            await using var content = new BrokenStream(files[i], isBroken ? files[i].Length / 2 : null);
            try
            {
                await instances.WriteAsync(content, cancellationToken);
            }
            catch (IOException) when (isBroken)
            {
                return new RetrieveOutcome
                {
                    Success = false,
                    Status = OutcomeStatus.Of(FailureCode.BrokenOff, "The connection broke."),
                    Partial = i > 0,
                    Attempts = 1,
                };
            }
        }

        return files.Count > 0
            ? new RetrieveOutcome { Success = true, Status = OutcomeStatus.Of(200), Attempts = 1 }
            : new RetrieveOutcome { Success = false, Status = OutcomeStatus.Of(404), Attempts = 1 };
    }

    public ValueTask<InstanceOpening> OpenInstanceAsync(RetrieveRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private IEnumerable<(string Study, string Series, string Sop, byte[] File)> Asked(string study, string? series, string? sop) =>
        _instances.Where(has => has.Study == study && (series is null || has.Series == series) && (sop is null || has.Sop == sop));

    private static string Row(string study, string series, string sop) =>
        $"{{{Element("00080018", sop)},{Element("0020000D", study)},{Element("0020000E", series)}}}";

    private static string Element(string tag, string uid) => $"\"{tag}\":{{\"vr\":\"UI\",\"Value\":[\"{uid}\"]}}";

    private sealed class BrokenStream(byte[] bytes, int? end) : ReadOnlyStream
    {
        private int _position;

        public override int Read(Span<byte> buffer)
        {
            if (_position == end)
                throw new IOException("The connection broke.");
            var count = Math.Min(buffer.Length, (end ?? bytes.Length) - _position);
            bytes.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(Read(buffer.Span));
    }
}
