namespace DicomFunctions.Core.Storage;

/// <summary>
/// The name of a staged block.
/// </summary>
/// <remarks>
/// The name includes the execution, so that a run that executes twice, even concurrently (at-least-once execution, a worker presumed
/// dead), cannot mix its blocks with the other execution's: a commit names the blocks of one execution.
/// </remarks>
/// <param name="Batch">The position in the object of the run that staged it, from 0; a commit lists blocks in this order.</param>
/// <param name="Execution">A random number of the execution.</param>
/// <param name="Sequence">The block's position among those of its run, from 0.</param>
internal readonly record struct BlockId(int Batch, uint Execution, int Sequence)
{
    /// <summary>Draws a number for an execution.</summary>
    public static uint NewExecution(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return (uint)random.NextInt64(1L << 32);
    }

    /// <summary>24 hex digits: a fixed length (Azure requires ids of one length per blob), and safe in a file name.</summary>
    public override string ToString() => string.Create(null, stackalloc char[24], $"{Batch:x8}{Execution:x8}{Sequence:x8}");
}
