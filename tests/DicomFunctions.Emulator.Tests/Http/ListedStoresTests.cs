using DicomFunctions.Emulator.Tests.Support;

namespace DicomFunctions.Emulator.Tests.Http;

public sealed class ListedStoresTests
{
    [Theory]
    [InlineData(404, "NOT_FOUND")]
    [InlineData(403, "PERMISSION_DENIED")]
    public async Task Store_that_is_not_listed_does_not_exist(int status, string word)
    {
        await using var emulator = await DicomStoreEmulator.StartAsync(new EmulatorOptions
        {
            Stores = [EmulatorTest.StorePath],
            OnlyListedStores = true,
            UnknownStoreStatus = status,
            PubSubEmulatorHost = "",
        });
        using var listed = new StoreClient(emulator.BaseAddress, EmulatorTest.StorePath);
        using var unlisted = new StoreClient(emulator.BaseAddress, EmulatorTest.StorePath + "2");

        Assert.Empty(await listed.SearchAsync("studies"));
        using var response = await unlisted.GetAsync("studies");
        await response.AssertErrorAsync(status, word);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1:0", EmulatorTest.StorePath, "", "ftp://127.0.0.1:0")]
    [InlineData("http://127.0.0.1:0/v1", EmulatorTest.StorePath, "", "http://127.0.0.1:0/v1")]
    [InlineData("http://example.org:0", EmulatorTest.StorePath, "", "example.org")]
    [InlineData("http://127.0.0.1:0", "projects/p", "", "projects/p")]
    [InlineData("http://127.0.0.1:0", EmulatorTest.StorePath, "localhost", "HOST:PORT")]
    [InlineData("http://127.0.0.1:0", EmulatorTest.StorePath, "localhost:http", "HOST:PORT")]
    [InlineData("http://127.0.0.1:0", EmulatorTest.StorePath, "http://localhost:1", "HOST:PORT")]
    public async Task Start_invalid_option_is_refused_by_name(string url, string store, string pubSub, string named)
    {
        var options = new EmulatorOptions { Url = url, Stores = [store], PubSubEmulatorHost = pubSub };

        var refusal = await Assert.ThrowsAsync<FormatException>(() => DicomStoreEmulator.StartAsync(options));

        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_address_in_use_is_refused()
    {
        await using var first = await DicomStoreEmulator.StartAsync(new EmulatorOptions { PubSubEmulatorHost = "" });

        await Assert.ThrowsAsync<IOException>(
            () => DicomStoreEmulator.StartAsync(new EmulatorOptions { Url = first.BaseAddress.ToString(), PubSubEmulatorHost = "" }));
    }

    [Fact]
    public async Task Limit_above_the_maximum_is_lowered_if_configured()
    {
        await using var emulator = await DicomStoreEmulator.StartAsync(new EmulatorOptions { ClampLimits = true, PubSubEmulatorHost = "" });
        using var store = new StoreClient(emulator.BaseAddress, EmulatorTest.StorePath);
        await store.AddAsync(SomeDicom.Instance());

        Assert.Single(await store.SearchAsync("studies?limit=1000000"));
    }
}
