using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Results;

/// <summary>The parts of a job, numbered from 0.</summary>
/// <param name="Store">Where they are.</param>
/// <param name="Files">The job's files.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Records">For the first of them or all, <c>[records, failed, ms]</c>.</param>
internal sealed record JobParts(IObjectStore Store, JobFiles Files, int Count, IReadOnlyList<long[]> Records)
{
    public string NameOf(int number) => Files.Part(number);

    /// <exception cref="ObjectDamagedException">The file is missing.</exception>
    public async Task<Stream> OpenAsync(int number, ObjectRange range, CancellationToken cancellationToken) =>
        await Store.OpenReadAsync(NameOf(number), range, ifMatch: null, cancellationToken).ConfigureAwait(false)
        ?? throw new ObjectDamagedException($"{NameOf(number)[Files.Prefix.Length..]} is missing.");

    /// <summary>
    /// Finds the first part, from a number on, that may have a record that is wanted, and counts the records of those before it.
    /// </summary>
    /// <param name="number">The part to begin with; then the part found, or <see cref="Count"/>.</param>
    /// <param name="filter">Which records are wanted.</param>
    /// <param name="matched">The number of records before that have the outcome asked for.</param>
    /// <returns>The number of records passed over.</returns>
    public long Skip(ref int number, RecordFilter filter, ref long matched)
    {
        var passed = 0L;
        for (; number < Math.Min(Count, Records.Count); number++)
        {
            var (records, failed) = (Records[number][0], Records[number][1]);
            var matching = filter.Success switch
            {
                null => records,
                true => records - failed,
                false => failed,
            };
            if (matching > 0 && matched + matching > filter.From)
                break;
            matched += matching;
            passed += records;
        }

        return passed;
    }
}
