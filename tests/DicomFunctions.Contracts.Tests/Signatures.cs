using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace DicomFunctions.Contracts.Tests;

/// <summary>The public and protected members of a type, each as one line of text.</summary>
internal static class Signatures
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    /// <summary>What the type declares itself.</summary>
    public static IReadOnlySet<string> Declared(Type type) => Describe(type, Everything | BindingFlags.DeclaredOnly, _ => true);

    /// <summary>What a user of the type can reach, inherited members included.</summary>
    public static IReadOnlySet<string> Reachable(Type type) => Describe(type, Everything, _ => true);

    /// <summary>What a class that derives from the type has to implement.</summary>
    public static IReadOnlySet<string> Abstract(Type type)
        => Describe(type, Everything, member => member switch
        {
            MethodInfo method => method.IsAbstract,
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(accessor => accessor.IsAbstract),
            _ => false,
        });

    private static HashSet<string> Describe(Type type, BindingFlags flags, Func<MemberInfo, bool> wanted)
        => [.. type.GetMembers(flags).Where(wanted).Select(Describe).OfType<string>()];

    private static string? Describe(MemberInfo member) => member switch
    {
        ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor)
            => $"{Modifiers(constructor)}new({Parameters(constructor)})",
        MethodInfo method when IsVisible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
            => $"{Modifiers(method)}{Return(method)} {method.Name}{Arguments(method)}({Parameters(method)})",
        PropertyInfo property when property.GetAccessors(nonPublic: true).Any(IsVisible) => Describe(property),
        FieldInfo { IsPublic: true, IsLiteral: true } constant
            => string.Create(CultureInfo.InvariantCulture, $"const {constant.Name} = {constant.GetRawConstantValue()}"),
        FieldInfo { IsPublic: true } field => $"{TypeNames.Of(field.FieldType)} {field.Name}",
        _ => null,
    };

    private static string Describe(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(IsVisible)
            .Select(accessor => accessor.ReturnType == typeof(void) ? IsInit(accessor) ? "init" : "set" : "get")
            .Order(StringComparer.Ordinal);
        var visible = property.GetAccessors(nonPublic: true).First(IsVisible);
        var type = TypeNames.Of(property.PropertyType, new NullabilityInfoContext().Create(property));
        var index = string.Join(", ", property.GetIndexParameters().Select(Describe));
        return $"{Modifiers(visible)}{type} {property.Name}{(index.Length == 0 ? "" : $"[{index}]")} {{ {string.Join("; ", accessors)} }}";
    }

    private static bool IsInit(MethodInfo setter)
        => setter.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.FullName == typeof(IsExternalInit).FullName);

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Modifiers(MethodBase method)
        => (method.IsPublic ? "" : "protected ")
            + (method.IsStatic
                ? "static "
                : method.IsAbstract
                ? "abstract "
                : method is { IsVirtual: true, IsFinal: false }
                ? "virtual "
                : "");

    private static string Return(MethodInfo method)
        => TypeNames.Of(method.ReturnType, new NullabilityInfoContext().Create(method.ReturnParameter));

    private static string Arguments(MethodInfo method)
        => method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(Constraints))}>" : "";

    private static string Constraints(Type parameter)
    {
        var kind = parameter.GenericParameterAttributes & GenericParameterAttributes.SpecialConstraintMask;
        var bases = parameter.GetGenericParameterConstraints().Select(TypeNames.Of).Order(StringComparer.Ordinal);
        return string.Join(" : ", [parameter.Name, .. kind == GenericParameterAttributes.None ? [] : new[] { kind.ToString() }, .. bases]);
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Describe));

    private static string Describe(ParameterInfo parameter)
    {
        var prefix = parameter.IsOut ? "out " : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        var type = TypeNames.Of(parameter.ParameterType, new NullabilityInfoContext().Create(parameter));
        var value = parameter.HasDefaultValue
            ? string.Create(CultureInfo.InvariantCulture, $" = {parameter.RawDefaultValue ?? "null"}")
            : "";
        return $"{prefix}{type} {parameter.Name}{value}";
    }
}
