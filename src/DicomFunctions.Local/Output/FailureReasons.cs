namespace DicomFunctions.Local.Output;

/// <summary>Counts failed inputs by reason, with an example of each. Memory is bounded, however many reasons there are.</summary>
internal sealed class FailureReasons
{
    private const int MostReasons = 32;
    private const string Other = "other";

    private readonly Dictionary<string, Reason> _reasons = new(StringComparer.Ordinal);

    /// <summary>The most frequent first.</summary>
    public IEnumerable<Reason> List => _reasons.Values.OrderByDescending(reason => reason.Count);

    public long Count { get; private set; }

    /// <param name="failure">A failed input.</param>
    public void Add(FailedInput failure)
    {
        Count++;
        var code = _reasons.Count < MostReasons || _reasons.ContainsKey(failure.Code) ? failure.Code : Other;
        _reasons[code] = _reasons.TryGetValue(code, out var known)
            ? known with { Count = known.Count + 1 }
            : new Reason(code, failure.Message, failure.Input, 1);
    }

    /// <param name="Code">The code of the failure.</param>
    /// <param name="Message">What the first of these inputs says.</param>
    /// <param name="Example">The first of these inputs.</param>
    /// <param name="Count">How many inputs failed for this reason.</param>
    internal sealed record Reason(string Code, string Message, string Example, long Count);
}
