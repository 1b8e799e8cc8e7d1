using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Core.Tables;

/// <summary>Counts the inputs that have a record: a cancelled job passed some over.</summary>
internal sealed class InputIndex
{
    private readonly IReadOnlyList<long[]> _passedOver;
    private int _next;

    public InputIndex(JobSummary? summary)
    {
        _passedOver = summary?.NotAttemptedInputs ?? [];
        PassOver();
    }

    /// <summary>The index of the input whose record comes next, from 0.</summary>
    public long Current { get; private set; }

    public void MoveNext() => Move(1);

    /// <summary>Moves on by a number of records.</summary>
    public void Move(long records)
    {
        for (; records > 0; records--)
        {
            Current++;
            PassOver();
        }
    }

    private void PassOver()
    {
        while (_next < _passedOver.Count && _passedOver[_next] is [var first, var count] && first <= Current)
        {
            Current = Math.Max(Current, first + count);
            _next++;
        }
    }
}
