using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Testing.Workflow;

/// <summary>An activity that does what its test says, by its input.</summary>
internal sealed class TestActivity(TestScript script) : IReportingActivity<string, string>
{
    public Task<string> RunAsync(string input, IProgress<JobProgress>? progress, CancellationToken cancellationToken) =>
        script.RunAsync(input, progress, cancellationToken);
}
