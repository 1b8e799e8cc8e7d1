using System.Text.RegularExpressions;
using Xunit;

namespace DicomFunctions.Deployment.Tests;

/// <summary>The templates, as Bicep's own compiler sees them: it knows every type, property and API version of Azure.</summary>
public sealed partial class BicepTests
{
    private static readonly Dictionary<string, string> Values = new()
    {
        ["DICOM_STORE"] = "projects/p/locations/l/datasets/d/dicomStores/s",
        ["GOOGLE_AUDIENCE"] = "//iam.googleapis.com/projects/5/locations/global/workloadIdentityPools/pool/providers/entra",
        ["GOOGLE_SERVICE_ACCOUNT"] = "dicom-functions@my-project.iam.gserviceaccount.com",
        ["GOOGLE_APP_ID_URI"] = "api://11111111-1111-1111-1111-111111111111",
    };

    [BicepFact]
    public async Task The_templates_compile_without_a_warning()
    {
        foreach (var file in new[] { "main.bicep", "events.bicep" })
        {
            var (exitCode, output, error) = await LintAsync(file, Values);

            Assert.Equal((0, "", ""), (exitCode, output.Trim(), error.Trim()));
        }
    }

    [BicepFact]
    public async Task The_parameter_file_compiles_with_the_values_of_Googles_side_and_not_without()
    {
        var with = await LintAsync("main.bicepparam", Values);
        var without = await LintAsync("main.bicepparam", []);

        Assert.True(with.ExitCode == 0, with.Error);
        Assert.NotEqual(0, without.ExitCode);
        Assert.All(Values.Keys, name => Assert.Contains(name, without.Error, StringComparison.Ordinal));
    }

    [BicepFact]
    public async Task A_region_without_Flex_Consumption_is_refused_before_anything_is_deployed()
    {
        var elsewhere = await LintAsync("main.bicepparam", new(Values) { ["AZURE_LOCATION"] = "francesouth" });

        Assert.NotEqual(0, elsewhere.ExitCode);
        Assert.Contains("francesouth", elsewhere.Error, StringComparison.Ordinal);
    }

    /// <summary>The app's identity has a role on each container it uses, and on no other; it has no role on all blobs.</summary>
    [BicepFact]
    public async Task Roles_for_blobs_are_by_container_and_the_app_has_none_where_its_own_package_is()
    {
        var roles = (await CompiledTemplate.ResourcesAsync("Microsoft.Authorization/roleAssignments"))
            .Select(role => (
                Scope: role.GetProperty("scope").GetString()!,
                Principal: role.GetProperty("properties").GetProperty("principalId").GetString()!))
            .Where(role => role.Scope.Contains("Microsoft.Storage/", StringComparison.Ordinal))
            .Select(role => $"{Place(role.Scope)}: {Parameter().Match(role.Principal).Groups["name"].Value}");
        var account = AccountRoles().Match(Repository.Text("infra/azure/modules/storage.bicep")).Groups["roles"].Value;

        Assert.Equal(
            [
                "account: principalId", "deployment: deploymentPrincipalId", "each container: principalId",
                "one container: deployerPrincipalId",
            ],
            roles.Order(StringComparer.Ordinal));
        Assert.Equal("roles.queueContributor, roles.tableContributor", account);
    }

    /// <summary>The containers that the code names are the ones that the app may use.</summary>
    [Fact]
    public void Every_container_of_the_code_is_listed_with_a_role()
    {
        var listed = ListedContainer().Matches(Repository.Text("infra/azure/modules/storage.bicep"))
            .Select(match => match.Groups["name"].Value).ToList();
        var hub = Repository.Json("host.json").GetProperty("extensions").GetProperty("durableTask").GetProperty("hubName").GetString();

        Assert.All(
            new[] { "jobs", "drop", "retrieved", "keys", "outbox", "azure-webjobs-hosts", "azure-webjobs-secrets" }.Concat(
                new[] { "applease", "largemessages", "leases" }.Select(container => $"{hub!.ToLowerInvariant()}-{container}")),
            container => Assert.Contains(container, listed));
        Assert.DoesNotContain("deployment", listed);
    }

    [BicepFact]
    public async Task Deployments_need_Entra_ID_and_the_platform_has_an_identity_of_its_own_for_the_package()
    {
        var basic = await CompiledTemplate.ResourcesAsync("Microsoft.Web/sites/basicPublishingCredentialsPolicies");
        var app = Assert.Single(await CompiledTemplate.ResourcesAsync("Microsoft.Web/sites"));

        Assert.Equal(2, basic.Count);
        Assert.All(basic, policy => Assert.False(policy.GetProperty("properties").GetProperty("allow").GetBoolean()));
        Assert.Equal(
            "[parameters('deploymentIdentityId')]",
            app.GetProperty("properties").GetProperty("functionAppConfig").GetProperty("deployment").GetProperty("storage")
                .GetProperty("authentication").GetProperty("userAssignedIdentityResourceId").GetString());
    }

    [BicepFact]
    public async Task In_a_private_network_every_service_of_the_storage_account_has_an_endpoint()
    {
        Assert.Contains("['blob', 'queue', 'table']", Repository.Text("infra/azure/modules/network.bicep"), StringComparison.Ordinal);
        var account = Assert.Single(await CompiledTemplate.ResourcesAsync("Microsoft.Storage/storageAccounts"));
        var network = Assert.Single(await CompiledTemplate.ResourcesAsync("Microsoft.Network/virtualNetworks"));

        Assert.Equal(
            "[if(parameters('publicAccess'), 'Enabled', 'Disabled')]",
            account.GetProperty("properties").GetProperty("publicNetworkAccess").GetString());
        Assert.Contains("Microsoft.App/environments", network.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("natGateway", network.GetRawText(), StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output, string Error)> LintAsync(string file, Dictionary<string, string> environment) =>
        Tool.RunAsync(Tool.Bicep.Path!, ["lint", file], Repository.Path("infra/azure"), environment);

    private static string Place(string scope) =>
        scope.Contains("'deployment'", StringComparison.Ordinal) ? "deployment"
            : scope.Contains("[copyIndex()]", StringComparison.Ordinal) ? "each container"
            : scope.Contains("'drop'", StringComparison.Ordinal) ? "one container" : "account";

    [GeneratedRegex(@"^\[parameters\('(?<name>\w+)'\)\]$", RegexOptions.ExplicitCapture)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^resource accountRoles .* in \[(?<roles>[^\]]*)\]", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex AccountRoles();

    [GeneratedRegex(@"^  '?(?<name>[a-z-]+)'?: roles\.", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ListedContainer();
}
