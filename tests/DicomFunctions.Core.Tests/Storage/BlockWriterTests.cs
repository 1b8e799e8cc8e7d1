using System.Buffers;
using System.Text;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Storage.Directories;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Storage;

public sealed class BlockWriterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(10)]
    [InlineData(4)]
    [InlineData(1)]
    public async Task Rewind_takes_back_what_follows_the_mark_staged_or_not(int blockSize)
    {
        var store = new DirectoryObjectStore(_folder.Combine("store"));
        using var writer = new BlockWriter(store, "jobs/parts", batch: 0, execution: 7, blockSize);
        await WriteAsync("first ");
        writer.Mark();
        await WriteAsync("lost ", "lost as well ");
        writer.Rewind();
        Assert.Equal(6, writer.BytesWritten);
        await WriteAsync("second ", "third ");
        writer.Mark();
        writer.Rewind();
        await WriteAsync("lost again");
        writer.Rewind();
        await writer.CommitAsync(CancellationToken.None);
        await using var stream = await store.OpenReadAsync("jobs/parts", ObjectRange.All, ifMatch: null, CancellationToken.None);
        using var reader = new StreamReader(stream!);
        Assert.Equal("first second third ", await reader.ReadToEndAsync());
        Assert.Equal(19, writer.BytesWritten);

        async Task WriteAsync(params string[] pieces)
        {
            foreach (var piece in pieces)
            {
                writer.Write(Encoding.UTF8.GetBytes(piece));
                await writer.FlushIfFullAsync(CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task Mark_at_the_end_of_each_record_costs_no_blocks()
    {
        var store = new DirectoryObjectStore(_folder.Combine("store"));
        using var writer = new BlockWriter(store, "jobs/parts", batch: 0, execution: 7, blockSize: 10);
        for (var i = 0; i < 20; i++)
        {
            writer.Write("1234"u8);
            writer.Mark();
            await writer.FlushIfFullAsync(CancellationToken.None);
        }

        Assert.Equal(7, (await writer.CompleteAsync(CancellationToken.None)).Count);
    }
}
