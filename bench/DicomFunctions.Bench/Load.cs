using System.Globalization;
using System.Text;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Tests.Support;

namespace DicomFunctions.Bench;

/// <summary>The requests to send, as URLs for the floor and as inputs for a job.</summary>
internal static class Load
{
    private const string Parent = "projects/bench/locations/local/datasets/bench/dicomStores/";

    /// <summary>The page size of a job's client.</summary>
    private const int PageSize = 10_000;

    /// <summary>The path of a store.</summary>
    public static string Path(string store) => Parent + store;

    /// <summary>
    /// A search below the server's root: a lookup by full UIDs, each in a different series; or, if the store answers with many rows, all
    /// instances of a study.
    /// </summary>
    public static string Search(string store, long number, bool isLookup) => isLookup
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{Path(store)}/dicomWeb/instances?StudyInstanceUID={Study(number)}&SeriesInstanceUID={Study(number)}.1"
            + $"&SOPInstanceUID={Study(number)}.1.1&limit={PageSize}")
        : string.Create(
            CultureInfo.InvariantCulture, $"{Path(store)}/dicomWeb/instances?StudyInstanceUID={Study(number)}&limit={PageSize}");

    /// <summary>The body of <c>POST /api/search</c> for the same searches.</summary>
    public static byte[] SearchJob(string store, int count, bool isLookup, int workers)
    {
        var body = new StringBuilder("{\"requests\":[");
        for (var number = 0; number < count; number++)
        {
            var uids = isLookup ? $",\"SeriesInstanceUID\":\"{Study(number)}.1\",\"SOPInstanceUID\":\"{Study(number)}.1.1\"" : "";
            body.Append(number > 0 ? "," : "")
                .Append("{\"project_id\":\"bench\",\"region\":\"local\",\"dataset_id\":\"bench\",\"dicom_store_id\":\"").Append(store)
                .Append("\",\"search_type\":\"instances\",\"params\":{\"StudyInstanceUID\":\"")
                .Append(Study(number))
                .Append('"')
                .Append(uids)
                .Append("}}");
        }

        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{body}],\"max_workers\":{workers}}}"));
    }

    /// <summary>The body of <c>POST /api/upload</c> for the first files.</summary>
    public static byte[] UploadJob(string store, int count, int workers)
    {
        var inputs = string.Join(',', Enumerable.Range(0, count).Select(number => $"\"drop/bench/{FileName(number)}\""));
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"destination\":\"{Path(store)}\",\"input_type\":\"fileio\",\"inputs\":[{inputs}],\"max_workers\":{workers}}}"));
    }

    /// <summary>An instance below the server's root: one of <see cref="WriteFiles"/>, once they are uploaded.</summary>
    public static string Instance(string store, int number, int perSeries)
    {
        var series = 1 + (number / perSeries);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Path(store)}/dicomWeb/studies/{SomeDicom.StudyUid()}/series/{SomeDicom.SeriesUid(series)}"
            + $"/instances/{SomeDicom.SopUid(number + 1, series)}");
    }

    /// <summary>The body of <c>POST /api/retrieve</c> for the files of the first series, an input each.</summary>
    public static byte[] RetrieveJob(string store, int series, int workers)
    {
        var requests = string.Join(',', Enumerable.Range(1, series).Select(number =>
            $"\"{Path(store)}/dicomWeb/studies/{SomeDicom.StudyUid()}/series/{SomeDicom.SeriesUid(number)}\""));
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"retrieve_type\":\"instances\",\"requests\":[{requests}],\"buffer_size\":1,\"max_workers\":{workers}}}"));
    }

    /// <summary>The body of <c>POST /api/upload</c> for all instances of a store.</summary>
    public static byte[] CopyJob(string store, string to, int workers) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"destination\":\"{Path(to)}\",\"input_type\":\"fileio\",\"inputs\":[\"dicomweb:{Path(store)}/dicomWeb/studies\"],"
        + $"\"max_workers\":{workers}}}"));

    /// <summary>The only study of <see cref="WriteFiles"/>, below the server's root.</summary>
    public static string Study(string store) => $"{Path(store)}/dicomWeb/studies/{SomeDicom.StudyUid()}";

    public static string FileName(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:D5}.dcm");

    /// <summary>Writes files of about this size, each a different instance.</summary>
    public static void WriteFiles(string folder, int count, int bytes, int perSeries = 100)
    {
        Directory.CreateDirectory(folder);
        for (var number = 0; number < count; number++)
        {
            var file = SomeDicom.Instance(number + 1, series: 1 + (number / perSeries)).With(Tags.PixelData, Vr.OW, new byte[bytes]);
            File.WriteAllBytes(System.IO.Path.Combine(folder, FileName(number)), file.ToBytes());
        }
    }

    private static string Study(long number) => string.Create(CultureInfo.InvariantCulture, $"1.2.840.113619.2.55.3.604688119.{number:D9}");
}
