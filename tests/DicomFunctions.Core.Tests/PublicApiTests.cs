using System.Reflection;
using System.Runtime.CompilerServices;
using DicomFunctions.Core.DicomWeb;
using Xunit;

namespace DicomFunctions.Core.Tests;

/// <summary>
/// <c>src/DicomFunctions.Core/PublicApi.txt</c> lists what users of the package may rely on. A line that goes or changes breaks them: it
/// wants a new major version. Anything that only the hosts need is internal.
/// </summary>
public sealed class PublicApiTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Core = typeof(IDicomStoreClient).Assembly;

    [Fact]
    public void The_public_members_are_the_listed_ones()
    {
        var actual = Core.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(Lines).ToList();
        var listed = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "PublicApi.txt"));

        Assert.True(
            actual.SequenceEqual(listed),
            $"PublicApi.txt differs.\nOnly in the code:\n{string.Join('\n', actual.Except(listed))}\n"
            + $"Only in the list:\n{string.Join('\n', listed.Except(actual))}");
    }

    [Fact]
    public void Every_public_type_is_documented()
    {
        var documentation = File.ReadAllText(Path.ChangeExtension(Core.Location, ".xml"));

        Assert.All(
            Core.GetExportedTypes(),
            type => Assert.Contains($"<member name=\"T:{type.FullName!.Replace('+', '.')}\">", documentation, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Lines(Type type) =>
        type.GetMembers(Declared).Where(IsListed).Select(member => $"{type.FullName}: {Text(member)}")
            .Order(StringComparer.Ordinal).Prepend($"{Kind(type)} {type.FullName}");

    private static bool IsListed(MemberInfo member) => member.GetCustomAttribute<CompilerGeneratedAttribute>() is null && member switch
    {
        FieldInfo field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName,
        // What the compiler writes for a property, a record or an operator of one says no more than the type does.
        MethodBase method => (method.IsPublic || method.IsFamily) && (!method.IsSpecialName || method.IsConstructor)
            && method.Name is not ("PrintMembers" or "GetHashCode" or "Equals" or "ToString" or "<Clone>$"),
        PropertyInfo property => property.GetMethod is { IsPublic: true } or { IsFamily: true } && property.Name != "EqualityContract",
        // Types are listed by themselves.
        _ => member is not Type,
    };

    private static string Text(MemberInfo member) => member is PropertyInfo { SetMethod: { } set } property
        ? $"{property} {(IsInit(set) ? "init" : set.IsPublic ? "set" : "")}".TrimEnd()
        : $"{member}";

    private static bool IsInit(MethodInfo set) =>
        set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Kind(Type type) =>
        type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct"
            : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsAbstract ? "abstract class" : "class";
}
