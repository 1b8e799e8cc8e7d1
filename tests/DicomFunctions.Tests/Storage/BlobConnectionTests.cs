using DicomFunctions.App.Storage;
using DicomFunctions.Core.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace DicomFunctions.App.Tests.Storage;

public sealed class BlobConnectionTests
{
    private const string ConnectionString =
        "DefaultEndpointsProtocol=http;AccountName=one;AccountKey=AAAA;BlobEndpoint=http://127.0.0.1:1/one;";

    [Theory]
    [InlineData("AzureWebJobsStorage", "AzureWebJobsStorage")]
    [InlineData("Dicom", "Dicom")]
    [InlineData("AzureWebJobsDicom", "Dicom")]
    public void Open_connection_string_is_that_account(string setting, string name)
        => Assert.Equal("one", BlobConnection.Open(Configuration((setting, ConnectionString)), name).AccountName);

    [Fact]
    public void Open_development_storage_is_Azurite()
        => Assert.Equal(
            10_000,
            BlobConnection.Open(Configuration(("AzureWebJobsStorage", "UseDevelopmentStorage=true")), "AzureWebJobsStorage").Uri.Port);

    [Theory]
    [InlineData("AzureWebJobsStorage:blobServiceUri", "https://one.blob.core.windows.net/")]
    [InlineData("AzureWebJobsStorage:serviceUri", "https://one.blob.core.windows.net/")]
    [InlineData("AzureWebJobsStorage:accountName", "one")]
    public void Open_identity_is_that_account(string setting, string value)
    {
        var configuration = Configuration(
            (setting, value), ("AzureWebJobsStorage:credential", "managedidentity"),
            ("AzureWebJobsStorage:clientId", Guid.Empty.ToString()));

        Assert.Equal(new Uri("https://one.blob.core.windows.net/"), BlobConnection.Open(configuration, "AzureWebJobsStorage").Uri);
    }

    [Theory]
    [InlineData("Other", "x")]
    [InlineData("AzureWebJobsStorage:credential", "managedidentity")]
    [InlineData("AzureWebJobsStorage:blobServiceUri", "not a URI")]
    public void Open_no_such_connection_or_half_of_one_says_what_to_set(string setting, string value)
    {
        var exception = Assert.Throws<OptionsValidationException>(
            () => BlobConnection.Open(Configuration((setting, value)), "AzureWebJobsStorage"));

        Assert.Contains("AzureWebJobsStorage__blobServiceUri", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddBlobObjectStore_connection_of_another_name_is_opened()
    {
        using var services = Services(("DicomFunctions:Storage:ConnectionName", "Dicom"), ("Dicom", ConnectionString));

        Assert.IsType<AzureBlobObjectStore>(services.GetRequiredService<IObjectStore>());
    }

    [Fact]
    public void AddBlobObjectStore_unknown_setting_is_refused()
    {
        using var services = Services(("DicomFunctions:Storage:ConectionName", "Dicom"), ("AzureWebJobsStorage", ConnectionString));

        Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<IObjectStore>());
    }

    private static ServiceProvider Services(params (string Key, string Value)[] settings)
        => new ServiceCollection()
            .AddSingleton(Configuration(settings))
            .AddBlobObjectStore()
            .BuildServiceProvider();

    private static IConfiguration Configuration(params (string Key, string Value)[] settings)
        => new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, string? (s) => s.Value)).Build();
}
