using Xunit.Abstractions;
using Xunit.Sdk;

namespace DicomFunctions.Testing;

/// <summary>Finds the tests of <see cref="SuiteTheoryAttribute"/>.</summary>
public sealed class SuiteTheoryDiscoverer(IMessageSink sink) : TheoryDiscoverer(sink)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        SkippedTestCase.ReasonOf(testMethod) is { } reason
            ? [new SkippedTestCase(DiagnosticMessageSink, discoveryOptions, testMethod, reason)]
            : base.Discover(discoveryOptions, testMethod, theoryAttribute);
}
