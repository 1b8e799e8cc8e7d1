using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Commands;

/// <summary>What a user sees on a terminal, and what a program reads from a pipe.</summary>
public sealed class TerminalTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private EmulatorProcess _emulator = null!;

    private string Store => $"--base-url {_emulator.Url} --store {Stores.Files} --data data";

    public async Task InitializeAsync()
    {
        _emulator = await EmulatorProcess.StartAsync();
        await File.WriteAllBytesAsync(_folder.Combine("good.dcm"), Some.DicomFile());
        await File.WriteAllTextAsync(_folder.Combine("bad.dcm"), "no DICOM");
    }

    public async Task DisposeAsync()
    {
        await _emulator.DisposeAsync();
        _folder.Dispose();
    }

    [ShellTheory("script")]
    [InlineData("xterm", true)]
    [InlineData("dumb", false)]
    public async Task A_terminal_shows_a_bar_a_table_and_a_line_for_each_reason(string term, bool hasBar)
    {
        await _emulator.SetFaultsAsync(Stores.Files, new { latency = "00:00:00.700" });

        var run = await Shell.RunOnTerminalAsync(_folder.Path, $"dicomfn upload bad.dcm good.dcm -b 1 -w 1 {Store}", term);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(hasBar, run.Output.Contains("━━━━", StringComparison.Ordinal));
        Assert.Equal(hasBar, run.Output.Contains('\e', StringComparison.Ordinal));
        Assert.Matches(@"good\.dcm +200", run.Output);
        Assert.Contains("\r\n  not_dicom  1 input bad.dcm: This is not a DICOM file: ", run.Output, StringComparison.Ordinal);
        if (hasBar)
            Assert.Matches(@"1/2  1 failed(  [\d.]+/s)?(  [\d.]+ s left)?  \d{8}-\d{6}-", run.Output);
    }

    [Fact]
    public async Task Piped_there_are_records_alone_and_quiet_leaves_out_the_rest()
    {
        var loud = await Shell.RunAsync("bash", _folder.Path, $"dicomfn upload good.dcm bad.dcm {Store}");
        var quiet = await Shell.RunAsync("bash", _folder.Path, $"dicomfn upload good.dcm bad.dcm -q {Store}");
        var verbose = await Shell.RunAsync("bash", _folder.Path, $"dicomfn upload good.dcm bad.dcm -v {Store}");
        var table = await Shell.RunAsync("bash", _folder.Path, $"dicomfn jobs list -o table --data data; dicomfn jobs list --data data");

        Assert.All([loud, quiet, verbose], run =>
        {
            Assert.Equal((1, 2), (run.ExitCode, run.Lines.Length));
            Assert.All(run.Lines, line => Assert.StartsWith("{\"source\":\"file:", line, StringComparison.Ordinal));
        });
        Assert.Equal("", quiet.Error);
        Assert.Contains("\n  not_dicom  1 input bad.dcm: ", loud.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("info: ", loud.Error, StringComparison.Ordinal);
        Assert.Contains("\nbad.dcm: This is not a DICOM file: ", verbose.Error, StringComparison.Ordinal);
        Assert.Contains("info: ", verbose.Error, StringComparison.Ordinal);
        Assert.Equal(3, table.Lines.Count(line => line.Contains(" upload ", StringComparison.Ordinal)));
        Assert.Equal(3, table.Lines.Count(line => line.StartsWith("{\"id\":", StringComparison.Ordinal)));
        Assert.DoesNotContain('\e', table.Output);
    }
}
