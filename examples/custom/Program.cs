// A client and a credential of one's own, in place of the default ones: dotnet run -- ADDRESS
using DicomFunctions.Core;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Client;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using Google.Apis.Auth.OAuth2;
using Microsoft.Extensions.DependencyInjection;

var search = new QidoRequest
{
    Store = new DicomStorePath("my-project", "europe-west4", "dicom", "main"),
    Level = QidoLevel.Studies,
};

// A Google credential instead of the machine's own: here a fixed token; otherwise GoogleCredential.FromFile or any other.
await using (var services = new ServiceCollection()
    .AddSingleton(GoogleCredential.FromAccessToken("a-token"))
    .AddDicomStoreClient(web => web.BaseUrl = new Uri(args[0]), authorization => authorization.Mode = AuthorizationMode.ApplicationDefault)
    .BuildServiceProvider())
{
    var tokens = services.GetRequiredService<IAccessTokenSource>();
    Console.WriteLine($"credential: {await tokens.GetTokenAsync(CancellationToken.None)}");
    var outcome = await services.GetRequiredService<IDicomStoreClient>().SearchAsync(search, _ => { });
    Console.WriteLine($"with it: {outcome.Status}");
}

// A client of one's own: this one never leaves the process, as in a test.
await using (var services = new ServiceCollection()
    .AddSingleton<IDicomStoreClient, EmptyStore>()
    .AddDicomStoreClient()
    .BuildServiceProvider())
{
    var outcome = await services.GetRequiredService<IDicomStoreClient>().SearchAsync(search, _ => { });
    Console.WriteLine($"client: {outcome.Status}");
}

/// <summary>A store without a single instance.</summary>
internal sealed class EmptyStore : IDicomStoreClient
{
    private static readonly RetrieveOutcome Nothing = new() { Success = true, Status = DicomFunctions.Core.Net.OutcomeStatus.Of(204) };

    public ValueTask<QidoOutcome> SearchAsync(QidoRequest request, IDicomJsonSink results, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new QidoOutcome { Success = true, Status = Nothing.Status });

    public Task<IReadOnlyList<StowOutcome>> StoreAsync(
        DicomStorePath store, IReadOnlyList<StowInstance> instances, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This store takes nothing.");

    public ValueTask<RetrieveOutcome> RetrieveMetadataAsync(
        RetrieveRequest request, IDicomJsonSink results, CancellationToken cancellationToken) => ValueTask.FromResult(Nothing);

    public ValueTask<RetrieveOutcome> RetrieveInstancesAsync(
        RetrieveRequest request, IInstanceSink instances, CancellationToken cancellationToken) => ValueTask.FromResult(Nothing);

    public ValueTask<InstanceOpening> OpenInstanceAsync(RetrieveRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new InstanceOpening(Nothing));
}
