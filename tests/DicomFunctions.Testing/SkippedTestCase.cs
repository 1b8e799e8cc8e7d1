using System.ComponentModel;
using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace DicomFunctions.Testing;

/// <summary>A test that is skipped for a reason that its class gave.</summary>
public sealed class SkippedTestCase : XunitTestCase
{
    private string _reason = "";

    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("For the test runner.")]
    public SkippedTestCase()
    {
    }

    internal SkippedTestCase(IMessageSink sink, ITestFrameworkDiscoveryOptions options, ITestMethod method, string reason)
        : base(sink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method)
    {
        _reason = reason;
        SkipReason = reason;
    }

    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue(nameof(_reason), _reason);
    }

    public override void Deserialize(IXunitSerializationInfo data)
    {
        _reason = data.GetValue<string>(nameof(_reason));
        base.Deserialize(data);
        SkipReason = _reason;
    }

    /// <summary>Why the tests of the method's class are skipped; null when they are not.</summary>
    internal static string? ReasonOf(ITestMethod method) =>
        method.TestClass.Class.ToRuntimeType().GetCustomAttribute<RequiresAttribute>()?.Missing;

    protected override string GetSkipReason(IAttributeInfo factAttribute) => _reason;
}
