using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>The files that the runs before have retrieved for a long input, so that they need not be read again.</summary>
internal sealed class RetrievalProgress
{
    private readonly IObjectStore _store;
    private readonly string _name;

    private RetrievalProgress(IObjectStore store, string name) => (_store, _name) = (store, name);

    /// <param name="store">The object store.</param>
    /// <param name="job">The job's id.</param>
    /// <param name="input">The input. Equal inputs share their progress, since they retrieve the same files.</param>
    public static RetrievalProgress Of(IObjectStore store, string job, ReadOnlySpan<byte> input) =>
        new(store, new JobFiles(job).Progress(Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 16))));

    /// <summary>Reads the files. None if nothing was saved.</summary>
    public async IAsyncEnumerable<RetrievedFile> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var content = await _store.OpenReadAsync(_name, ObjectRange.All, ifMatch: null, cancellationToken).ConfigureAwait(false);
        if (content is null)
            yield break;
        await using (content.ConfigureAwait(false))
        {
            await foreach (var line in LineReader.ReadAsync(content, cancellationToken).ConfigureAwait(false))
            {
                if (JsonSerializer.Deserialize(line.Span, RetrievalJson.Default.RetrievedFile) is { } file)
                    yield return file;
            }
        }
    }

    /// <summary>Saves the files.</summary>
    public async Task SaveAsync(IEnumerable<RetrievedFile> files, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        foreach (var file in files)
        {
            content.Write(file.ToJson(file.Name).Span);
            content.WriteByte((byte)'\n');
        }

        content.Position = 0;
        await _store.PutAsync(_name, content, PutCondition.Always, cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>The JSON of saved progress, with the keys of <see cref="RetrievedFile.ToJson"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RetrievedFile))]
internal sealed partial class RetrievalJson : JsonSerializerContext;
