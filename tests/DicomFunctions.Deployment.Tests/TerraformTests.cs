using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Deployment.Tests;

/// <summary>
/// Google's side, as Terraform itself reads it. Its providers cannot be had everywhere, so resources are checked by
/// <c>terraform validate</c> in the workflow in <c>.github</c> only.
/// </summary>
public sealed class TerraformTests
{
    private const string Guid = "11111111-1111-1111-1111-111111111111";

    [TerraformFact]
    public async Task The_files_are_formatted_as_terraform_fmt_writes_them()
    {
        var (exitCode, output, error) = await Tool.RunAsync(
            Tool.Terraform.Path!, ["fmt", "-check", "-diff", "-recursive"], Repository.Path("infra/gcp"));

        Assert.True(exitCode == 0, output + error);
    }

    [TerraformFact]
    public async Task The_variables_take_what_Google_takes_and_say_what_is_wrong_with_anything_else()
    {
        await AssertPlansAsync("");
        await AssertPlansAsync("", "region=eu");
        await AssertPlansAsync("", "create_dataset=false", "create_dicom_store=false");
        await AssertPlansAsync("", "alert_channels=[\"projects/p/notificationChannels/7\"]");
        await AssertPlansAsync("A location has a name such as europe-west4, or is us or eu.", "region=europe");
        await AssertPlansAsync("An existing DICOM store is in an existing dataset", "create_dicom_store=false");
        await AssertPlansAsync("A role has a name such as roles/healthcare.dicomEditor.", "dicom_role=dicomEditor");
        await AssertPlansAsync("A channel has a name such as", "alert_channels=[\"me@example.org\"]");
    }

    [Fact]
    public void The_versions_of_both_providers_are_locked_with_their_checksums()
    {
        var locks = Repository.Text("infra/gcp/.terraform.lock.hcl").Split("\nprovider ")[1..];

        Assert.Equal(
            ["\"registry.terraform.io/hashicorp/google\"", "\"registry.terraform.io/hashicorp/google-beta\""],
            locks.Select(provider => provider.Split(' ')[0]));
        Assert.All(locks, provider =>
        {
            // The constraint must be the one of versions.tf, or 'terraform init -lockfile=readonly' fails.
            Assert.Contains("constraints = \"~> 7.0\"", provider, StringComparison.Ordinal);
            Assert.True(provider.Split("\"zh:").Length > 10);
        });
        Assert.Equal(2, Repository.Text("infra/gcp/versions.tf").Split("version = \"~> 7.0\"").Length - 1);
    }

    [Fact]
    public void The_role_on_the_store_permits_no_deletion()
    {
        var role = Repository.Text("infra/gcp/main.tf").Split("\"google_project_iam_custom_role\"")[1].Split("\n}")[0];

        Assert.Contains("dicomStores.dicomWebRead\", \"healthcare.dicomStores.dicomWebWrite\"]", role, StringComparison.Ordinal);
        Assert.DoesNotContain("Delete", role, StringComparison.Ordinal);
    }

    /// <summary>Plans the variables alone, which needs no provider.</summary>
    private static async Task AssertPlansAsync(string refusal, params string[] values)
    {
        using var folder = new TempFolder();
        File.Copy(Repository.Path("infra/gcp/variables.tf"), folder.Combine("variables.tf"));
        string[] given =
            ["project_id=my-project", "region=europe-west4", $"azure_tenant_id={Guid}", $"azure_app_id_uri=api://{Guid}", .. values];

        var (exitCode, output, error) = await Tool.RunAsync(
            Tool.Terraform.Path!,
            ["plan", "-input=false", "-no-color", .. given.SelectMany(value => new[] { "-var", value })],
            folder.Path);

        Assert.True((exitCode == 0) == (refusal.Length == 0), output + error);
        Assert.Contains(refusal, error, StringComparison.Ordinal);
    }
}
