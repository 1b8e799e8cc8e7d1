using Xunit;
using Xunit.Sdk;

namespace DicomFunctions.Testing;

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("DicomFunctions.Testing." + nameof(SuiteTheoryDiscoverer), "DicomFunctions.Testing")]
public sealed class SuiteTheoryAttribute : TheoryAttribute;
