using System.Text.RegularExpressions;
using Xunit;

namespace DicomFunctions.Deployment.Tests;

public sealed partial class InfrastructureTests
{
    private static readonly BicepFile Main = BicepFile.Read("infra/azure/main.bicep");

    [Fact]
    public void Every_module_is_given_exactly_its_parameters()
    {
        Assert.NotEmpty(Main.Modules);
        Assert.All(Main.Modules, module => Assert.Equal(
            BicepFile.Read($"infra/azure/{module.Path}").Parameters.Order(StringComparer.Ordinal),
            module.Passed.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void The_parameter_file_sets_every_parameter_from_a_variable_that_the_documentation_names()
    {
        var file = Repository.Text("infra/azure/main.bicepparam");
        var variables = ReadVariable().Matches(file).Select(match => match.Groups["name"].Value).ToList();
        var documented = Repository.Text("docs/deploy.md");

        Assert.Equal(
            Main.Parameters.Order(StringComparer.Ordinal),
            BicepFile.Read("infra/azure/main.bicepparam").Parameters.Order(StringComparer.Ordinal));
        Assert.Equal(Main.Parameters.Count(), variables.Distinct().Count());
        Assert.All(variables, name => Assert.Contains($"`{name}`", documented, StringComparison.Ordinal));
    }

    [Fact]
    public void The_region_that_the_documentation_deploys_to_has_Flex_Consumption()
    {
        var page = Repository.Text("docs/deploy.md");
        var region = page.Split("AZURE_LOCATION=")[1].Split('\n')[0];

        Assert.Contains($"\n  '{region}'\n", Repository.Text("infra/azure/main.bicep"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_scripts_between_the_clouds_pass_outputs_that_exist_under_names_that_are_read()
    {
        var outputs = Output().Matches(Repository.Text("infra/gcp/outputs.tf")).Select(match => match.Groups["name"].Value).ToList();
        var fromGoogle = Repository.Text("infra/azure/from-google.sh");
        var read = ReadVariable()
            .Matches(Repository.Text("infra/azure/main.bicepparam"))
            .Select(match => match.Groups["name"].Value);
        var asked = AskedOfTerraform().Matches(fromGoogle).Select(match => match.Groups["name"].Value).ToList();
        var set = SetInAzd().Matches(fromGoogle).Select(match => match.Groups["name"].Value).ToList();
        var askedOfAzd = AskedOfAzd()
            .Matches(Repository.Text("infra/gcp/from-azure.sh"))
            .Select(match => match.Groups["name"].Value)
            .ToList();

        Assert.Equal(5, asked.Count);
        Assert.Empty(asked.Except(outputs));
        Assert.Equal(5, set.Count);
        Assert.Empty(set.Except(read));
        Assert.Equal(2, askedOfAzd.Count);
        Assert.Empty(askedOfAzd.Except(Main.Outputs));
    }

    [Fact]
    public void Both_hooks_of_azd_exist_and_read_the_same_variables()
    {
        var azd = Repository.Text("azure.yaml");
        var posix = Repository.Text("infra/azure/after-deploy.sh");
        var windows = Repository.Text("infra/azure/after-deploy.ps1");

        Assert.Contains("run: infra/azure/after-deploy.sh", azd, StringComparison.Ordinal);
        Assert.Contains("run: infra/azure/after-deploy.ps1", azd, StringComparison.Ordinal);
        Assert.Equal(
            Variable().Matches(posix).Select(match => match.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal),
            PowerShellVariable().Matches(windows).Select(match => match.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Max_workers_flows_from_one_parameter_into_both_limits()
    {
        var functions = Repository.Text("infra/azure/modules/functions.bicep");

        Assert.Contains("maxWorkers: maxWorkers", Repository.Text("infra/azure/main.bicep"), StringComparison.Ordinal);
        Assert.Equal(
            ["'${durableTask}__maxConcurrentActivityFunctions'", "DicomFunctions__Jobs__MaxWorkers"],
            FromMaxWorkers().Matches(functions).Select(match => match.Groups["setting"].Value));
    }

    [Fact]
    public void The_storage_account_has_no_keys() =>
        Assert.Contains("allowSharedKeyAccess: false", Repository.Text("infra/azure/modules/storage.bicep"), StringComparison.Ordinal);

    [Fact]
    public void The_outputs_include_every_variable_of_the_script_after_deployment()
    {
        var read = Variable()
            .Matches(Repository.Text("infra/azure/after-deploy.sh"))
            .Select(match => match.Groups["name"].Value)
            .Distinct();
        var passed = Assignment().Matches(Repository.Text("infra/azure/after-deploy.sh")).Select(match => match.Groups["name"].Value);

        Assert.Empty(read.Except(Main.Outputs));
        Assert.Equal(BicepFile.Read("infra/azure/events.bicep").RequiredParameters, passed);
    }

    [Fact]
    public void Terraform_refers_to_nothing_it_does_not_declare()
    {
        var text = Repository.Text("infra/gcp", "*.tf");
        var declared = Declared().Matches(text).Select(match =>
            match.Groups["type"].Success
                ? $"{match.Groups["type"].Value}.{match.Groups["name"].Value}"
                : $"var.{match.Groups["name"].Value}");
        var used = Used().Matches(text).Select(match => match.Value);

        Assert.Empty(used.Except(declared));
    }

    [Theory]
    [InlineData("infra/azure/main.bicep")]
    [InlineData("infra/azure/events.bicep")]
    public void Required_texts_must_not_be_empty(string path)
    {
        var text = Repository.Text(path);
        var required = BicepFile.Read(path).RequiredParameters.ToList();

        Assert.NotEmpty(required);
        Assert.All(required, name => Assert.Matches($@"(@minLength\(1\)\n|\]\)\n)(@.*\n)*param {name} string\n", text));
    }

    [Fact]
    public void Values_of_Googles_side_have_no_default_in_the_parameter_file()
    {
        var text = Repository.Text("infra/azure/main.bicepparam");

        Assert.All(
            BicepFile.Read("infra/azure/main.bicep").RequiredParameters.Except(["environmentName", "location"]),
            name => Assert.Matches($@"(?m)^param {name} = readEnvironmentVariable\('[A-Z_]+'\)$", text));
    }

    [Fact]
    public void Terraform_validates_every_text_variable()
    {
        var texts = Repository.Text("infra/gcp/variables.tf").Split("variable ", StringSplitOptions.RemoveEmptyEntries)
            .Where(block => !block.Contains("= number", StringComparison.Ordinal) && !block.Contains("= bool", StringComparison.Ordinal))
            .ToList();

        Assert.True(texts.Count >= 7);
        Assert.All(texts, block => Assert.Contains("  validation {", block, StringComparison.Ordinal));
    }

    [Fact]
    public void The_templates_set_no_token_scopes() =>
        Assert.DoesNotContain("Authorization__Scopes", Repository.Text("infra/azure/modules/functions.bicep"), StringComparison.Ordinal);

    [Fact]
    public void The_sample_of_Terraform_variables_has_every_one_without_a_default()
    {
        var blocks = Repository.Text("infra/gcp/variables.tf").Split("variable ", StringSplitOptions.RemoveEmptyEntries);
        var required = blocks.Where(block => !block.Contains("  default ", StringComparison.Ordinal)).Select(block => block.Split('"')[1]);

        var sample = Repository.Text("infra/gcp/terraform.tfvars.sample");

        Assert.All(required, name => Assert.Matches($"(?m)^{name} +=", sample));
    }

    [GeneratedRegex(@"^  (?<setting>\S+): string\((2 \* )?maxWorkers\)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex FromMaxWorkers();

    [GeneratedRegex(@"readEnvironmentVariable\('(?<name>[A-Z_]+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex ReadVariable();

    [GeneratedRegex(@"^output ""(?<name>\w+)""", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Output();

    [GeneratedRegex(@"\$\(output (?<name>\w+) ", RegexOptions.ExplicitCapture)]
    private static partial Regex AskedOfTerraform();

    [GeneratedRegex(@"\$\(output (?<name>[A-Z_]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex AskedOfAzd();

    [GeneratedRegex(@"^azd env set (?<name>[A-Z_]+) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex SetInAzd();

    [GeneratedRegex(@"\$env:(?<name>[A-Z_]{3,})", RegexOptions.ExplicitCapture)]
    private static partial Regex PowerShellVariable();

    [GeneratedRegex(@"\$(?<name>[A-Z_]{3,})", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();

    [GeneratedRegex(@" (?<name>\w+)=""\$", RegexOptions.ExplicitCapture)]
    private static partial Regex Assignment();

    [GeneratedRegex(
        @"^(?:resource|data|variable) (?:""(?<type>\w+)"" )?""(?<name>\w+)"" \{", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Declared();

    [GeneratedRegex(@"\b(?:google_\w+|var)\.\w+", RegexOptions.ExplicitCapture)]
    private static partial Regex Used();
}
