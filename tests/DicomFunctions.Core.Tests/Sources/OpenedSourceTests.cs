using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Storage;
using Xunit;

namespace DicomFunctions.Core.Tests.Sources;

public sealed class OpenedSourceTests
{
    [Fact]
    public async Task Content_source_that_grew_ends_at_the_announced_length()
    {
        await using var opened = Open(new MemoryStream([1, 2, 3, 4, 5]), 3);
        Assert.Equal([1, 2, 3], await opened.ReadToEndAsync());
        Assert.True(await opened.IsUnchangedAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Content_source_that_shrank_ends_early_and_is_changed()
    {
        await using var opened = Open(new MemoryStream([1, 2]), 3);
        Assert.Equal([1, 2], await opened.ReadToEndAsync());
        Assert.Equal(FailureCode.Changed, opened.ReadProblem?.Code);
        Assert.False(await opened.IsUnchangedAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(typeof(IOException), FailureCode.Unreadable)]
    [InlineData(typeof(ObjectChangedException), FailureCode.Changed)]
    [InlineData(typeof(ObjectStoreException), null)] // broken infrastructure is not the source's fault
    [InlineData(typeof(OperationCanceledException), null)]
    public async Task Content_reading_that_throws_is_told(Type exception, string? code)
    {
        await using var opened = Open(new ThrowingStream((Exception)Activator.CreateInstance(exception)!), 3);
        await Assert.ThrowsAsync(exception, () => opened.ReadToEndAsync());
        Assert.Equal(code, opened.ReadProblem?.Code);
    }

    [Fact]
    public async Task DisposeAsync_disposes_stream_and_owner()
    {
        var (stream, owner) = (new MemoryStream([1]), new MemoryStream());
        await new OpenedSource(stream, 1, null, static _ => new(true), owner).DisposeAsync();
        Assert.False(stream.CanRead);
        Assert.False(owner.CanRead);
    }

    private static OpenedSource Open(Stream stream, long length) => new(stream, length, null, static _ => ValueTask.FromResult(true));

    private sealed class ThrowingStream(Exception exception) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException<int>(exception);
    }
}
