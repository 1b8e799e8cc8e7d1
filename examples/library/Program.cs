// Uploads the DICOM files of a folder, searches for their studies, and retrieves the first one: dotnet run -- ADDRESS FOLDER
using System.Text.Json;
using DicomFunctions.Core;
using DicomFunctions.Core.Client;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using Microsoft.Extensions.DependencyInjection;

await using var services = new ServiceCollection()
    .AddDicomStoreClient(web => web.BaseUrl = new Uri(args[0]))
    .BuildServiceProvider();
var client = services.GetRequiredService<IDicomStoreClient>();
var store = new DicomStorePath("my-project", "europe-west4", "dicom", "main");

var stored = await client.StoreFilesAsync(store, Directory.GetFiles(args[1]));
Console.WriteLine($"{stored.Count(outcome => outcome.Success)} of {stored.Count} files stored");

var studies = new List<string>();
var found = await client.SearchAsync(new QidoRequest { Store = store, Level = QidoLevel.Studies }, row => studies.Add(StudyUid(row)));
Console.WriteLine($"{found.Status}: {studies.Count} studies found");

var retrieved = await client.RetrieveFilesAsync(new RetrieveRequest { Store = store, StudyUid = studies[0] }, "retrieved");
Console.WriteLine($"{retrieved.Status}: {Directory.GetFiles("retrieved", "*.dcm", SearchOption.AllDirectories).Length} files retrieved");

static string StudyUid(ReadOnlyMemory<byte> row)
{
    using var dataSet = JsonDocument.Parse(row);
    return dataSet.RootElement.GetProperty("0020000D").GetProperty("Value")[0].GetString()!;
}
