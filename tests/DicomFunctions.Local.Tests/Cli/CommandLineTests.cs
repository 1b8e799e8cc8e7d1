using System.Text;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Local.Cli;
using Xunit;

namespace DicomFunctions.Local.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("search limit=1 --max-workers x", "--max-workers must be a whole number from 1 to 1000.")]
    [InlineData("search limit=1 -w 0", "--max-workers must be a whole number from 1 to 1000.")]
    [InlineData("upload a.dcm -b 2.5", "--buffer-size must be a whole number from 1 to 10000.")]
    [InlineData("jobs list -n -1", "--limit must be a whole number from 1 to 2147483647.")]
    [InlineData("phantom series --slices many", "--slices must be a whole number from 1 to 9999.")]
    [InlineData("search --level study", "--level must be studies, series or instances.")]
    [InlineData("search Modality", "'Modality' is neither an option nor KEY=VALUE.")]
    [InlineData("search --limit=5", "'--limit=5' is neither an option nor KEY=VALUE.")]
    [InlineData("upload a.dcm --json", "Unknown option '--json'. If it is a file, write ./--json.")]
    [InlineData("search limit=1 --token-file no/such", "--token-file: file 'no/such' does not exist.")]
    [InlineData(
        "serve --store projects/-/locations/l/datasets/d/dicomStores/s",
        "--store: The project must be 1 to 128 letters, digits, '.', '_', ':' or '-', beginning with a letter or a digit.")]
    [InlineData(
        "search --store projects/p/locations/l.m/datasets/d/dicomStores/s",
        "--store: The location must be 1 to 64 letters, digits, '_' or '-'.")]
    [InlineData(
        "upload x --store projects/p/locations/l/datasets/d%20/dicomStores/s",
        "--store: The dataset must be 1 to 256 letters and digits of any script, '_', '.' or '-', and not '.' or '..'.")]
    [InlineData(
        "search --store projects/p/locations/l/datasets/d/dicomStores/..",
        "--store: The store must be 1 to 256 letters and digits of any script, '_', '.' or '-', and not '.' or '..'.")]
    [InlineData(
        "search --store projects/p/datasets/d/dicomStores/s",
        "--store: The path of a store must be projects/PROJECT/locations/LOCATION/datasets/DATASET/dicomStores/STORE.")]
    [InlineData(
        "serve --subscription projects/P/subscriptions/S",
        "--subscription: The subscription must be 3 to 255 letters, digits, '-', '_', '.', '~', '+' or '%', beginning with a letter.")]
    [InlineData(
        "serve --subscription projects/é/subscriptions/sub",
        "--subscription: The project must be 1 to 128 letters, digits, '.', '_', ':' or '-', beginning with a letter or a digit.")]
    [InlineData("serve --subscription sub", "--subscription: The path of a subscription is projects/PROJECT/subscriptions/SUBSCRIPTION.")]
    [InlineData("search limit=1 --format xlsx", "--format must be csv, parquet, ndjson or json.")]
    [InlineData("search limit=1 --server ftp://host", "--server must be an http or https URL without user, query and fragment.")]
    [InlineData("jobs list --server http://user:key@host", "--server must be an http or https URL without user, query and fragment.")]
    [InlineData("jobs list --server https://host/?code=key", "--server must be an http or https URL without user, query and fragment.")]
    [InlineData("jobs list --output csv", "--output must be json or table.")]
    [InlineData("format -", "To read standard input, use --input -.")]
    public void Parse_an_invalid_command_is_refused_in_one_line_that_names_the_mistake(string line, string error) =>
        Assert.Equal([error], DicomFnCommand.Parse(line.Split(' ')).Errors.Select(found => found.Message));

    [Theory]
    [InlineData("search PatientName=A=B --level series -w 3")]
    [InlineData("upload ./--json -b 10000")]
    [InlineData("phantom series --seed -7")]
    [InlineData("search --store projects/p/locations/l/datasets/données/dicomStores/画像")]
    [InlineData("serve --subscription projects/example.com:p/subscriptions/s-1~2")]
    [InlineData("jobs list")]
    [InlineData("search limit=1 -f csv --columns PatientID,00091001,success --raw -o out.csv")]
    [InlineData("jobs list --server https://host:8443/app --api-key-file key -o table -q")]
    [InlineData("jobs --server http://127.0.0.1:7071 show 20261122-081653-k3f9x2 --output json")]
    [InlineData("upload -i - -0 --include *.dcm --include *.DCM --exclude scout/** --fail-fast --config c.json -v")]
    [InlineData("jobs results 20261122-081653-k3f9x2 --success false --format parquet --output out.parquet")]
    public void Parse_a_valid_command_has_no_errors(string line) => Assert.Empty(DicomFnCommand.Parse(line.Split(' ')).Errors);

    [Theory]
    [InlineData("search limit=1", "")]
    [InlineData("search limit=1 -w 2 --base-url http://127.0.0.1:8042/v1 --data jobs", " --data jobs")]
    [InlineData("jobs retry 20261122-081653-k3f9x2 --token-file t", " --token-file t")]
    [InlineData("jobs list --server https://host --api-key-file my.key", " --server https://host --api-key-file my.key")]
    [InlineData("search limit=1 --server http://10.0.0.5 --allow-http -q", " --server http://10.0.0.5 --allow-http")]
    [InlineData("search limit=1 --config c.json", " --config c.json")]
    public void Again_repeats_only_data_and_token_file_since_a_job_knows_its_server(string line, string again) =>
        Assert.Equal(again, CommonOptions.Again(DicomFnCommand.Parse(line.Split(' '))));

    [Fact]
    public void Request_a_repeated_filter_becomes_an_array()
    {
        Assert.True(DicomStorePath.TryParse("projects/p/locations/l/datasets/d/dicomStores/s", out var store));

        var request = SearchCommand.Request(
            store, "series", ["includefield=Rows", "Modality=CT", "includefield=00280011", "PatientName=A=B"]);

        Assert.EndsWith(
            """
            "search_type":"series","params":{"includefield":["Rows","00280011"],"Modality":"CT","PatientName":"A=B"}}
            """,
            Encoding.UTF8.GetString(request.Span),
            StringComparison.Ordinal);
    }
}
