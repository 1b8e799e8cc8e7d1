using Xunit;

namespace DicomFunctions.Deployment.Tests;

/// <summary>Pastes the commands of <c>docs/deploy.md</c>.</summary>
public sealed class DeployPageTests
{
    private const string AppId = "11111111-1111-1111-1111-111111111111";
    private const string Tenant = "22222222-2222-2222-2222-222222222222";

    private static readonly string Unedited = string.Concat(Markdown.Commands("docs/deploy.md"));
    private static readonly string Page = Unedited.Replace("GOOGLE_PROJECT=\n", "GOOGLE_PROJECT=my-project\n", StringComparison.Ordinal);

    /// <summary>Every call; all of them run in the repository's folder.</summary>
    private static readonly string[] Expected =
    [
        "az|ad|app|create|--display-name|dicom-functions-federation|--query|appId|--output|tsv",
        $"az|ad|app|update|--id|{AppId}|--identifier-uris|api://{AppId}",
        $"az|ad|sp|show|--id|{AppId}|--output|none",
        $"az|ad|sp|create|--id|{AppId}|--output|none",
        "az|account|show|--query|tenantId|--output|tsv", "terraform|-chdir=infra/gcp|init|-input=false",
        "terraform|-chdir=infra/gcp|apply|-input=false|-auto-approve", "az|account|show|--query|id|--output|tsv", "azd|env|select|dicom",
        "azd|env|new|dicom|--subscription|33333333-3333-3333-3333-333333333333|--location|westeurope|--no-prompt",
        "terraform|-chdir={root}/infra/azure/../gcp|output|-raw|dicom_store",
        "terraform|-chdir={root}/infra/azure/../gcp|output|-raw|subscription",
        "terraform|-chdir={root}/infra/azure/../gcp|output|-raw|audience",
        "terraform|-chdir={root}/infra/azure/../gcp|output|-raw|service_account",
        "terraform|-chdir={root}/infra/azure/../gcp|output|-raw|app_id_uri",
        "azd|env|set|DICOM_STORE|projects/my-project/locations/europe-west4/datasets/dicom/dicomStores/main",
        "azd|env|set|PUBSUB_SUBSCRIPTION|projects/my-project/subscriptions/dicom-functions",
        "azd|env|set|GOOGLE_AUDIENCE|"
            + "//iam.googleapis.com/projects/5/locations/global/workloadIdentityPools/azure-dicom-functions/providers/entra",
        "azd|env|set|GOOGLE_SERVICE_ACCOUNT|dicom-functions@my-project.iam.gserviceaccount.com",
        $"azd|env|set|GOOGLE_APP_ID_URI|api://{AppId}",
        "azd|up|--no-prompt",
        "azd|env|get-value|IDENTITY_PRINCIPAL_ID",
        "azd|env|get-value|IDENTITY_TENANT_ID",
        "terraform|-chdir=infra/gcp|apply|-input=false|-auto-approve",
        "azd|env|get-values",
        "az|functionapp|keys|list|--resource-group|rg-dicom|--name|func-dicom|--query|functionKeys.default|--output|tsv",
        "curl|--fail-with-body|https://func-dicom.invalid/api/health",
        "az|storage|blob|upload|--auth-mode|login|--account-name|stdicom|--container-name|drop|--name|incoming/first.dcm"
            + "|--file|first.dcm|--overwrite",
        "curl|--fail-with-body|--header|x-functions-key: the-key|https://func-dicom.invalid/api/jobs",
    ];

    private static readonly int AzdUp = Array.IndexOf(Expected, "azd|up|--no-prompt");

    [Fact]
    public async Task Pasted_as_a_whole_it_calls_every_tool_with_the_right_values_in_the_right_folder()
    {
        using var page = new PastedPage();

        var (calls, error) = await page.RunAsync(Page);

        Assert.Equal(Expected, Lines(page, calls));
        Assert.DoesNotContain("empty", error, StringComparison.Ordinal);
        Assert.Equal(
            $"""
            project_id       = "my-project"
            region           = "europe-west4"
            azure_tenant_id  = "{Tenant}"
            azure_app_id_uri = "api://{AppId}"

            """,
            await File.ReadAllTextAsync(Path.Combine(page.Root, "infra/gcp/deploy.auto.tfvars")));
        Assert.Equal(
            $"""
            azure_principal_id = "44444444-4444-4444-4444-444444444444"
            azure_tenant_id    = "{Tenant}"

            """,
            await File.ReadAllTextAsync(Path.Combine(page.Root, "infra/gcp/identity.auto.tfvars")));
    }

    [Fact]
    public async Task Pasted_a_second_time_it_keeps_what_exists()
    {
        using var page = new PastedPage();
        await page.RunAsync(Page);

        var (calls, _) = await page.RunAsync(Page);

        Assert.Equal(
            Expected.Where(call => !call.StartsWith("azd|env|new", StringComparison.Ordinal)), Lines(page, calls).Skip(Expected.Length));
    }

    [Fact]
    public async Task Pasted_without_values_it_creates_nothing_and_says_what_is_missing()
    {
        using var page = new PastedPage();

        var (calls, error) = await page.RunAsync(Unedited);

        Assert.NotEqual(Page, Unedited);
        Assert.Contains("GOOGLE_PROJECT: is empty, fill it in (step 0)", error, StringComparison.Ordinal);
        Assert.Contains("infra/gcp has no output 'dicom_store' yet", error, StringComparison.Ordinal);
        Assert.Contains("azd's environment has no IDENTITY_PRINCIPAL_ID yet", error, StringComparison.Ordinal);
        Assert.Contains("FUNCTION_APP_URL: is empty, finish step 3 first", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Lines(page, calls), Changes);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(page.Root, "infra/gcp"), "*.auto.tfvars"));
    }

    [Fact]
    public async Task An_existing_store_is_told_of_the_topic_that_Terraform_has_made()
    {
        using var page = new PastedPage();
        await page.RunAsync(Page);

        var (calls, _) = await page.RunAsync(Assert.Single(Markdown.Commands("docs/deploy.md", "  ")));

        Assert.Equal(
            "gcloud|healthcare|dicom-stores|update|projects/my-project/locations/europe-west4/datasets/dicom/dicomStores/main"
                + "|--pubsub-topic=projects/my-project/topics/dicom-notifications",
            Lines(page, calls)[^1]);
    }

    [Fact]
    public async Task The_dead_letters_of_Terraforms_subscription_are_saved_before_they_are_forgotten()
    {
        using var page = new PastedPage();

        var (calls, _) = await page.RunAsync(string.Concat(Markdown.Commands("docs/troubleshooting.md")));

        var lines = Lines(page, calls);
        Assert.Equal("gcloud|pubsub|subscriptions|pull|dicom-notifications-dead|--limit=100|--format=json", lines[0]);
        Assert.StartsWith("gcloud|pubsub|subscriptions|seek|dicom-notifications-dead|--time=20", lines[1], StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(page.Root, "dead.json")));
        Assert.Contains("\"dicom-notifications-dead\"", Repository.Text("infra/gcp/notifications.tf"), StringComparison.Ordinal);
    }

    /// <summary>
    /// Whichever call fails, or succeeds and prints nothing: any later call is the same as in a successful deployment, nothing is deployed
    /// with a missing value, and nothing is used before it is deployed.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_fails_no_tool_is_called_with_a_wrong_value(bool silently)
    {
        for (var failAt = 1; failAt <= Expected.Length; failAt++)
        {
            using var page = new PastedPage();

            var (calls, _) = await page.RunAsync(Page, failAt, silently);

            var lines = Lines(page, calls);
            Assert.Equal(Expected[..failAt], lines[..failAt]);
            Assert.All(lines, line => Assert.Contains(line, Expected));
            var up = lines.IndexOf(Expected[AzdUp]);
            Assert.True(
                up < 0 || Expected[(AzdUp - 5)..AzdUp].All(set => lines.IndexOf(set) >= 0 && lines.IndexOf(set) < up),
                Expected[failAt - 1]);
            Assert.True(failAt <= AzdUp || up >= 0, Expected[failAt - 1]);
            Assert.True(up >= 0 || !lines.Exists(line => line.StartsWith("curl", StringComparison.Ordinal)), Expected[failAt - 1]);
        }
    }

    /// <summary>zsh, the shell of macOS, treats a pasted comment as arguments.</summary>
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/deploy.md")]
    [InlineData("docs/local.md")]
    [InlineData("docs/recipes.md")]
    [InlineData("docs/coming-from-beam.md")]
    [InlineData("docs/troubleshooting.md")]
    public void Commands_to_paste_have_no_comments(string path)
    {
        Assert.NotEmpty(Markdown.Commands(path));
        Assert.All(Markdown.Commands(path), block => Assert.DoesNotMatch(@"(^|\s)#", block));
    }

    private static bool Changes(string call) =>
        call.Contains("|create|", StringComparison.Ordinal) || call.Contains("|apply|", StringComparison.Ordinal)
        || call.Contains("|set|", StringComparison.Ordinal) || call.Contains("|up|", StringComparison.Ordinal)
        || call.Contains("|upload|", StringComparison.Ordinal);

    private static List<string> Lines(PastedPage page, IReadOnlyList<string[]> calls)
    {
        Assert.All(calls, call => Assert.Equal(page.Root, call[1]));
        return
        [
            .. calls.Select(call => string.Join('|', call.Where((_, i) => i != 1)).Replace(page.Root, "{root}", StringComparison.Ordinal)),
        ];
    }
}
