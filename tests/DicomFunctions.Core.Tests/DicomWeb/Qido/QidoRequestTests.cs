using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tests.Fakes;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb.Qido;

public sealed class QidoRequestTests
{
    [Theory]
    [InlineData("PatientName", "DOE^JOHN", "PatientName=DOE%5EJOHN")]
    [InlineData("PatientName", "a b&c=d#e%f?g/h+i", "PatientName=a%20b%26c%3Dd%23e%25f%3Fg%2Fh%2Bi")]
    [InlineData("PatientName", "山田^太郎", "PatientName=%E5%B1%B1%E7%94%B0%5E%E5%A4%AA%E9%83%8E")]
    [InlineData("PatientName", "%2f", "PatientName=%252f")]
    [InlineData("includefield", "00081030,00081032", "includefield=00081030%2C00081032")]
    [InlineData("a&b=c", "x", "a%26b%3Dc=x")]
    [InlineData("StudyDate", "", "StudyDate=")]
    [InlineData("x", "a\r\nb\0c", "x=a%0D%0Ab%00c")]
    public async Task SearchAsync_parameters_are_encoded_and_reach_the_server_as_given(string name, string value, string query)
    {
        await using var host = await CoreHost.StartAsync();
        string? seen = null;
        host.Server.Before = context =>
        {
            seen = context.Request.Query[name];
            return Task.FromResult(false);
        };
        await host.SearchAsync(new QidoRequest { Store = CoreHost.Store, Level = QidoLevel.Studies, Parameters = [new(name, value)] });
        Assert.Equal($"/studies?{query}&limit=5000", Assert.Single(host.Server.Requests));
        Assert.Equal(value, seen);
    }

    [Theory]
    [InlineData(
        "example.com:p-1", "eu-west4_x", "a.b_c-D", "..s",
        "/v1/projects/example.com:p-1/locations/eu-west4_x/datasets/a.b_c-D/dicomStores/..s/dicomWeb/")]
    [InlineData("p", "l", "données", "画像.1", "/v1/projects/p/locations/l/datasets/donn%C3%A9es/dicomStores/%E7%94%BB%E5%83%8F.1/dicomWeb/")]
    public async Task Requests_name_the_store_percent_encoded(string project, string region, string dataset, string store, string root)
    {
        await using var host = await CoreHost.StartAsync();
        List<string> targets = [];
        host.Server.Before = context =>
        {
            targets.Add(context.Features.Get<IHttpRequestFeature>()!.RawTarget);
            return Task.FromResult(false);
        };
        var path = new DicomStorePath(project, region, dataset, store);
        await host.SearchAsync(new QidoRequest { Store = path, Level = QidoLevel.Studies });
        var source = await host.PutDicomAsync("drop/a.dcm");
        var id = await host.RunJobAsync(new JobSubmission { Kind = JobKind.Upload, Destination = path.ToString() }, source);
        Assert.True((bool)(await host.RecordsAsync(id)).Single()["success"]!);
        Assert.Equal([root + "studies?limit=5000", root + "studies"], targets);
    }

    [Fact]
    public async Task SearchAsync_a_parameter_given_twice_is_sent_twice()
    {
        await using var host = await CoreHost.StartAsync();
        await host.SearchAsync(new QidoRequest
        {
            Store = CoreHost.Store,
            Level = QidoLevel.Series,
            Parameters = [new("includefield", "a"), new("includefield", "b")],
        });
        Assert.Equal("/series?includefield=a&includefield=b&limit=5000", Assert.Single(host.Server.Requests));
    }

    [Fact]
    public async Task SearchAsync_service_root_is_used_as_it_is()
    {
        await using var host = await CoreHost.StartAsync();
        await using var other = await CoreHost.StartAsync(settings: ("DicomWeb:ServiceRoot", host.Server.BaseUrl + "/dicom-web/"));
        await other.SearchAsync(new QidoRequest { Store = CoreHost.Store, Level = QidoLevel.Instances });
        Assert.Equal("/v1/dicom-web/instances?limit=10000", Assert.Single(host.Server.Requests));
    }

    [Fact]
    public async Task SearchAsync_a_token_that_is_refused_is_refreshed_once()
    {
        await using var host = await StartWithTokensAsync();
        host.Server.Rows = FakeDicomStore.Instances(1);
        host.Server.Before = context =>
        {
            context.Response.StatusCode = 401;
            return Task.FromResult(context.Request.Headers.Authorization == "Bearer t1");
        };
        var (outcome, found) = await host.SearchAsync(Lookup());
        Assert.Equal((true, 2), (outcome.Success, outcome.Attempts));
        Assert.Single(found);
        Assert.Equal(["Bearer t1", "Bearer t2"], host.Server.Authorizations);
    }

    [Fact]
    public async Task SearchAsync_with_every_token_refused_is_401_after_two()
    {
        await using var host = await StartWithTokensAsync();
        host.Server.Before = context =>
        {
            context.Response.StatusCode = 401;
            return Task.FromResult(true);
        };
        var (outcome, _) = await host.SearchAsync(Lookup());
        Assert.Equal((false, 401, 2), (outcome.Success, outcome.Status.Code, outcome.Attempts));
    }

    [Fact]
    public async Task SearchAsync_no_token_to_be_had_is_a_failure_that_says_so()
    {
        foreach (var failure in new Exception[] { new InvalidOperationException("no"), new TaskCanceledException() })
        {
            await using var host = await CoreHost.StartAsync(
                configure: services => services.AddSingleton<IAccessTokenSource>(new FailingTokens(failure)));
            var (outcome, _) = await host.SearchAsync(Lookup());
            Assert.False(outcome.Success);
            Assert.Contains("Could not obtain an access token", outcome.Status.Text, StringComparison.Ordinal);
            Assert.Empty(host.Server.Requests);
        }
    }

    private static Task<CoreHost> StartWithTokensAsync() =>
        CoreHost.StartAsync(configure: services => services.AddSingleton<IAccessTokenSource>(new NumberedTokens()));

    private static QidoRequest Lookup() => new()
    {
        Store = CoreHost.Store,
        Level = QidoLevel.Instances,
        Parameters = [new("StudyInstanceUID", "1.2.0"), new("SeriesInstanceUID", "1.2.0"), new("SOPInstanceUID", "1.2.0")],
    };

    private sealed class FailingTokens(Exception exception) : IAccessTokenSource
    {
        public ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken) => throw exception;

        public void Invalidate(string token)
        {
        }
    }
}
