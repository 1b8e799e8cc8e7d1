using Xunit;
using Xunit.Sdk;

namespace DicomFunctions.Testing;

/// <summary>A fact that asks the class it runs in, which may inherit it, what it needs: <see cref="RequiresAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("DicomFunctions.Testing." + nameof(SuiteFactDiscoverer), "DicomFunctions.Testing")]
public sealed class SuiteFactAttribute : FactAttribute;
