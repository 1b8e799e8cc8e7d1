namespace DicomFunctions.Testing;

/// <summary>
/// What all <see cref="SuiteFactAttribute"/> tests of a class need of the machine: without it they are skipped, saying so.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class RequiresAttribute : Attribute
{
    /// <summary>What is missing; null when it is there.</summary>
    public abstract string? Missing { get; }
}
