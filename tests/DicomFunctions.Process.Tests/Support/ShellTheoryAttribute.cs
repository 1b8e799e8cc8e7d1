namespace DicomFunctions.Process.Tests.Support;

/// <summary>A theory that needs a program, and is skipped, saying so, without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ShellTheoryAttribute : TheoryAttribute
{
    public ShellTheoryAttribute(string program) => Skip = Shell.Has(program) ? null : $"{program} is not installed.";
}
