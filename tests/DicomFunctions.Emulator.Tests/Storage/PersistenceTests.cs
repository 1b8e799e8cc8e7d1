using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Emulator.Tests.Storage;

public sealed class PersistenceTests : IDisposable
{
    private const string Subscription = "projects/p/subscriptions/s";
    private readonly TempFolder _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Restart_keeps_instances()
    {
        await InEmulatorAsync(async (store, _) =>
        {
            await store.AddAsync(SomeDicom.Instance(1), SomeDicom.Instance(2), SomeDicom.Instance(study: 2));
            using var deleted = await store.DeleteAsync("studies/1.2.3.2");
        });

        await InEmulatorAsync(async (store, _) =>
        {
            Assert.Equal(["1.2.3.1.1.1", "1.2.3.1.1.2"], (await store.SearchAsync("instances")).All(Tags.SopInstanceUid).Order());
            Assert.Single(await store.SearchAsync("studies?PatientName=Doe^Jane+Ann"));
            using var same = await store.StowAsync(SomeDicom.Instance(1));
            using var other = await store.StowAsync(SomeDicom.Instance(2).With(Tags.PatientId, Vr.LO, "other"));
            Assert.Equal(200, (int)same.StatusCode);
            Assert.Equal(409, (int)other.StatusCode);
        });
    }

    [Fact]
    public async Task Instances_are_ordinary_files()
    {
        await InEmulatorAsync(async (store, _) =>
        {
            await store.AddAsync(SomeDicom.Instance(1));
            using var large = await store.StowAsync(SomeDicom.Instance(2).With(Tags.PixelData, Vr.OW, new byte[3_000_000]));
            Assert.Equal(200, (int)large.StatusCode);
        });

        var files = Directory.GetFiles(_directory.Path, "*.dcm", SearchOption.AllDirectories).Order().ToArray();
        Assert.Equal(["1.2.3.1.1.1.dcm", "1.2.3.1.1.2.dcm"], files.Select(Path.GetFileName));
        Assert.Equal(SomeDicom.Instance(1).ToBytes(), await File.ReadAllBytesAsync(files[0]));
        Assert.Empty(Directory.GetFiles(Path.Combine(_directory.Path, "spool")));
    }

    [Fact]
    public async Task Restart_leftovers_of_a_crash_are_deleted_or_ignored()
    {
        await InEmulatorAsync((store, _) => store.AddAsync(SomeDicom.Instance(1)));
        var stored = Directory.GetFiles(_directory.Path, "*.dcm", SearchOption.AllDirectories).Single();
        await File.WriteAllBytesAsync(Path.Combine(Path.GetDirectoryName(stored)!, "1.2.9.dcm"), SomeDicom.Instance(9).ToBytes()[..200]);
        await File.WriteAllBytesAsync(Path.Combine(_directory.Path, "spool", "half"), new byte[100]);

        await InEmulatorAsync(async (store, _) =>
            Assert.Equal(["1.2.3.1.1.1"], (await store.SearchAsync("instances")).All(Tags.SopInstanceUid)));

        Assert.False(File.Exists(Path.Combine(_directory.Path, "spool", "half")));
    }

    [Fact]
    public async Task Delete_removes_the_file_and_its_empty_folders()
    {
        await InEmulatorAsync(async (store, _) =>
        {
            await store.AddAsync(SomeDicom.Instance(1));
            using var deleted = await store.DeleteAsync("studies/1.2.3.1");
        });

        Assert.Empty(Directory.GetFiles(_directory.Path, "*.dcm", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetDirectories(_directory.Path, "1.2.3.1", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Restart_redelivers_unacknowledged_notifications_only()
    {
        await InEmulatorAsync(async (store, pubSub) =>
        {
            await store.AddAsync(SomeDicom.Instance(1), SomeDicom.Instance(2), SomeDicom.Instance(3));
            await pubSub.AcknowledgeAsync(Subscription, await pubSub.PullAsync(Subscription, max: 2));
        });

        string? id = null;
        await InEmulatorAsync(async (store, pubSub) =>
        {
            var message = (await pubSub.PullAsync(Subscription)).Single()!["message"]!;
            id = (string?)message["messageId"];
            Assert.Equal("1.2.3.1.1.3", (string?)message["attributes"]!["sopInstanceUID"]);
            await store.AddAsync(SomeDicom.Instance(4));
        });

        await InEmulatorAsync(async (_, pubSub) =>
        {
            var messages = await pubSub.PullAsync(Subscription);
            Assert.Equal(2, messages.Count);
            Assert.Equal(id, (string?)messages[0]!["message"]!["messageId"]);
            Assert.NotEqual(id, (string?)messages[1]!["message"]!["messageId"]);
        });
    }

    [Fact]
    public async Task Restart_torn_journal_loses_only_the_torn_line()
    {
        await InEmulatorAsync((store, _) => store.AddAsync(SomeDicom.Instance(1), SomeDicom.Instance(2)));
        var journal = Path.Combine(_directory.Path, "pubsub.ndjson");
        var bytes = await File.ReadAllBytesAsync(journal);
        await File.WriteAllBytesAsync(journal, bytes[..^10]);

        await InEmulatorAsync(async (store, pubSub) =>
        {
            Assert.Single(await pubSub.PullAsync(Subscription));
            await store.AddAsync(SomeDicom.Instance(3));
            Assert.Single(await pubSub.PullAsync(Subscription));
        });
    }

    [Fact]
    public async Task Restart_message_ids_are_not_reused()
    {
        long first = 0;
        await InEmulatorAsync(async (store, pubSub) =>
        {
            await store.AddAsync(SomeDicom.Instance(1));
            var messages = await pubSub.PullAsync(Subscription);
            first = long.Parse((string)messages[0]!["message"]!["messageId"]!, null);
            await pubSub.AcknowledgeAsync(Subscription, messages);
        });
        await InEmulatorAsync((_, _) => Task.CompletedTask);

        await InEmulatorAsync(async (store, pubSub) =>
        {
            await store.AddAsync(SomeDicom.Instance(2));
            Assert.True(long.Parse((string)(await pubSub.PullAsync(Subscription))[0]!["message"]!["messageId"]!, null) > first);
        });
    }

    [Fact]
    public async Task Store_and_delete_concurrently_keep_directory_and_index_consistent()
    {
        await InEmulatorAsync(async (store, _) =>
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
            {
                for (var round = 0; round < 25; round++)
                {
                    using var stored = await store.StowAsync(SomeDicom.Instance(worker));
                    using var deleted = await store.DeleteAsync(
                        round % 2 == 0 ? $"studies/1.2.3.1/series/1.2.3.1.1/instances/1.2.3.1.1.{worker}" : "studies/1.2.3.1");
                    Assert.Equal(200, (int)stored.StatusCode);
                }

                await store.AddAsync(SomeDicom.Instance(worker));
            })));
        });
        string[] found = [];
        await InEmulatorAsync(async (store, _) => found = (await store.SearchAsync("instances")).All(Tags.SopInstanceUid));

        var files = Directory.GetFiles(_directory.Path, "*.dcm", SearchOption.AllDirectories);
        Assert.Equal(files.Select(Path.GetFileNameWithoutExtension).Order(), found.Order());
        Assert.NotEmpty(found);
    }

    [Fact]
    public async Task Crash_at_any_time_keeps_what_was_confirmed()
    {
        using var copy = new TempFolder();
        await InEmulatorAsync(async (store, pubSub) =>
        {
            await store.AddAsync([.. Enumerable.Range(1, 40).Select(number => SomeDicom.Instance(number))]);
            await pubSub.AcknowledgeAsync(Subscription, await pubSub.PullAsync(Subscription, max: 10));
            using var flushed = await pubSub.PutAsync("projects/p/topics/t");
            using var published = await pubSub.PostAsync("projects/p/topics/t:publish", """{"messages":[{"data":"MQ=="}]}""");

            // As a killed process leaves it: nothing is closed.
            Copy(_directory.Path, copy.Path);
        });

        var options = new EmulatorOptions { Directory = copy.Path, PubSubEmulatorHost = "" };
        await using var emulator = await DicomStoreEmulator.StartAsync(options);
        using var store = new StoreClient(emulator.BaseAddress, EmulatorTest.StorePath);
        using var pubSub = new PubSubClient(emulator.BaseAddress);
        Assert.Equal(40, (await store.SearchAsync("instances")).All(Tags.SopInstanceUid).Distinct().Count());
        Assert.Equal(30, (await pubSub.PullAsync(Subscription)).Count);
    }

    [Fact]
    public async Task Directory_in_use_is_refused()
    {
        await InEmulatorAsync(async (_, _) =>
        {
            var error = await Assert.ThrowsAsync<IOException>(
                () => DicomStoreEmulator.StartAsync(new EmulatorOptions { Directory = _directory.Path, PubSubEmulatorHost = "" }));

            Assert.Contains("in use", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task STOW_unwritable_file_is_an_error_not_a_crash()
    {
        await InEmulatorAsync(async (store, _) =>
        {
            await store.AddAsync(SomeDicom.Instance(study: 1));

            // A file where the study's folder should be.
            var folder = Directory.GetDirectories(_directory.Path, "1.2.3.1", SearchOption.AllDirectories).Single();
            await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(folder)!, "1.2.3.2"), "");

            using var refused = await store.StowAsync(SomeDicom.Instance(study: 2));
            using var stored = await store.StowAsync(SomeDicom.Instance(study: 3));

            await refused.AssertErrorAsync(503, "UNAVAILABLE");
            Assert.Equal(200, (int)stored.StatusCode);
            Assert.Empty(await store.SearchAsync("studies?PatientID=P2"));
            Assert.Empty(Directory.GetFiles(Path.Combine(_directory.Path, "spool")));
        });
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var written = File.Create(target);
            source.CopyTo(written);
        }
    }

    private async Task InEmulatorAsync(Func<StoreClient, PubSubClient, Task> use)
    {
        await using var emulator = await DicomStoreEmulator.StartAsync(new EmulatorOptions
        {
            Directory = _directory.Path,
            PubSubEmulatorHost = "",
        });
        using var store = new StoreClient(emulator.BaseAddress, EmulatorTest.StorePath);
        using var pubSub = new PubSubClient(emulator.BaseAddress);
        await use(store, pubSub);
    }
}
