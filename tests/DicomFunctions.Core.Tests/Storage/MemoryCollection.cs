using Xunit;

namespace DicomFunctions.Core.Tests.Storage;

/// <summary>Tests that measure the process's memory: beside others they would measure theirs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryCollection
{
    public const string Name = "Memory";
}
