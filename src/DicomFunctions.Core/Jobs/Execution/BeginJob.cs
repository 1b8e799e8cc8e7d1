using System.Buffers;
using System.Runtime.CompilerServices;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>Expands the sources of an upload if that is still to be done, and counts the inputs.</summary>
internal sealed class BeginJob(
    JobStore jobStore, IObjectStore store, SourceCatalog sources, IOptions<JobOptions> options, Random random) : IActivity<string, JobPlan>
{
    public async Task<JobPlan> RunAsync(string input, CancellationToken cancellationToken)
    {
        var spec = await jobStore.GetSpecAsync(input, cancellationToken).ConfigureAwait(false);
        await RemoveResultsAsync(input, cancellationToken).ConfigureAwait(false);
        var inputs = spec.Inputs ?? await ExpandAsync(spec, cancellationToken).ConfigureAwait(false);
        return JobPlan.For(spec, inputs, options.Value);
    }

    /// <summary>
    /// Removes the records of a job that starts over because its checkpoint was lost; the last part first, so that the parts left have no
    /// gaps. Reads the spec from the store, since another host may have resumed the job.
    /// </summary>
    private async Task RemoveResultsAsync(string id, CancellationToken cancellationToken)
    {
        if ((await jobStore.ReadSpecAsync(id, cancellationToken).ConfigureAwait(false)).Content is not { ResumedAt: not null })
            return;
        var parts = await store.ListAsync(new JobFiles(id).Results, cancellationToken)
            .Select(part => part.Name).Reverse().ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var part in parts)
            await store.DeleteAsync(part, ifMatch: null, cancellationToken).ConfigureAwait(false);
    }

    private async Task<long> ExpandAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        var files = new JobFiles(spec.Id);
        var given = await store.OpenReadAsync(files.Given, ObjectRange.All, ifMatch: null, cancellationToken).ConfigureAwait(false)
            ?? throw new ObjectDamagedException("given.ndjson is missing.");
        await using (given.ConfigureAwait(false))
        {
            using var output = new InputWriter(store, files.Input, files.InputIndex, BlockId.NewExecution(random), options.Value.BlockSize);
            var line = new ArrayBufferWriter<byte>();
            await foreach (var json in LineReader.ReadAsync(given, cancellationToken).ConfigureAwait(false))
            {
                var input = UploadInput.Parse(json.Span);
                await foreach (var source in SourcesAsync(spec, input, (int)output.Count, cancellationToken).ConfigureAwait(false))
                {
                    line.ResetWrittenCount();
                    source.WriteTo(line);
                    await output.WriteAsync(line.WrittenSpan, cancellationToken).ConfigureAwait(false);
                }
            }

            await output.CompleteAsync(cancellationToken).ConfigureAwait(false);
            return output.Count;
        }
    }

    /// <summary>The sources that one submitted input stands for.</summary>
    private async IAsyncEnumerable<UploadInput> SourcesAsync(
        JobSpec spec, UploadInput input, int number, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (input.Problem is not null)
        {
            yield return input;
        }
        else if (spec.IsBase64)
        {
            yield return await KeepAsync(spec, input.Source, number, cancellationToken).ConfigureAwait(false);
        }
        else if (input.IsLiteral || !sources.IsPattern(input.Source))
        {
            yield return input with { IsLiteral = false };
        }
        else
        {
            await foreach (var item in sources.ExpandAsync(input.Source, cancellationToken).ConfigureAwait(false))
                yield return input with { Source = item.Reference, Problem = item.Problem };
        }
    }

    /// <summary>Stores the file of an input in base64 with the job.</summary>
    private async Task<UploadInput> KeepAsync(JobSpec spec, string base64, int number, CancellationToken cancellationToken)
    {
        var name = new JobFiles(spec.Id).Body(number);
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
            return new UploadInput(base64, Problem: new SourceProblem(SourceProblemCode.BadReference, "The input is not base64."));
        using var content = new MemoryStream(bytes, 0, length, writable: false);
        await store.PutAsync(name, content, PutCondition.Always, cancellationToken).ConfigureAwait(false);
        return new UploadInput(name);
    }
}
