namespace DicomFunctions.Core.Storage;

/// <summary>
/// The name of a staged block: which batch, which execution of it, and which of its blocks.
/// </summary>
/// <remarks>
/// The execution is part of the name, so that a batch that runs twice at once (at-least-once execution, a worker thought dead)
/// can not mix its blocks with the other's: the commit names one execution's blocks only.
/// </remarks>
/// <param name="Batch">The batch's place in its part, from 0; the order of the commit.</param>
/// <param name="Execution">A random number drawn once per execution.</param>
/// <param name="Sequence">The block's place in the batch, from 0.</param>
public readonly record struct BlockId(int Batch, uint Execution, int Sequence)
{
    /// <summary>Draws the number of an execution.</summary>
    public static uint NewExecution(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return (uint)random.NextInt64(1L << 32);
    }

    /// <summary>24 hex digits: fixed width (Azure requires ids of one length per blob), safe in a file name.</summary>
    public override string ToString() => string.Create(null, stackalloc char[24], $"{Batch:x8}{Execution:x8}{Sequence:x8}");
}
