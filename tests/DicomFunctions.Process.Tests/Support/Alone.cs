namespace DicomFunctions.Process.Tests.Support;

/// <summary>Tests beside which no other runs: they measure processes, or kill them in the middle of their work.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
