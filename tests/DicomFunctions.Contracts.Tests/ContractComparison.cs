namespace DicomFunctions.Contracts.Tests;

/// <summary>What is wrong with a contract type, beside the real type of that name.</summary>
internal static class ContractComparison
{
    /// <summary>One line for each difference that could make code compile or behave against one and not the other.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="real">The real type.</param>
    public static IEnumerable<string> Differences(Type contract, Type real)
    {
        if (Kind(contract) != Kind(real))
        {
            yield return $"is {Kind(contract)}, really {Kind(real)}";
        }

        var ancestry = Ancestry(real).ToHashSet(StringComparer.Ordinal);
        foreach (var ancestor in Ancestry(contract).Where(ancestor => !ancestry.Contains(ancestor)))
        {
            yield return $"has the base {ancestor}, really {string.Join(", ", ancestry)}";
        }

        var declared = Signatures.Declared(contract);
        foreach (var member in declared.Except(Signatures.Reachable(real)).Order(StringComparer.Ordinal))
        {
            yield return $"has what the real one has not: {member}";
        }

        foreach (var member in Signatures.Abstract(real).Except(Signatures.Reachable(contract)).Order(StringComparer.Ordinal))
        {
            yield return $"lacks the abstract {member}";
        }
    }

    private static string Kind(Type type)
        => type switch
        {
            { IsEnum: true } => "an enum",
            { IsInterface: true } => "an interface",
            { IsValueType: true } => "a struct",
            { IsAbstract: true, IsSealed: true } => "a static class",
            { IsAbstract: true } => "an abstract class",
            { IsSealed: true } => "a sealed class",
            _ => "a class",
        };

    private static IEnumerable<string> Ancestry(Type type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            yield return TypeNames.Of(ancestor);
        }

        foreach (var port in type.GetInterfaces())
        {
            yield return TypeNames.Of(port);
        }
    }
}
