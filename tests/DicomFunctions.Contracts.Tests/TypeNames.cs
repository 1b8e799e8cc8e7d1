using System.Reflection;

namespace DicomFunctions.Contracts.Tests;

/// <summary>Types as C# would write them, nullability included, so that two loads of one type read the same.</summary>
internal static class TypeNames
{
    public static string Of(Type type) => Of(type, null);

    public static string Of(Type type, NullabilityInfo? nullability)
    {
        var name = type switch
        {
            { IsByRef: true } => "ref " + Of(type.GetElementType()!, nullability?.ElementType),
            { IsArray: true } => Of(type.GetElementType()!, nullability?.ElementType) + "[]",
            { IsGenericParameter: true } => type.Name,
            { IsGenericType: true } => Generic(type, nullability),
            _ => type.FullName!,
        };
        return nullability?.ReadState == NullabilityState.Nullable && !type.IsValueType ? name + "?" : name;
    }

    private static string Generic(Type type, NullabilityInfo? nullability)
    {
        var known = nullability?.GenericTypeArguments ?? [];
        var arguments = type.GetGenericArguments().Select((argument, i) => Of(argument, i < known.Length ? known[i] : null));
        return $"{type.Namespace}.{type.Name.Split('`')[0]}<{string.Join(", ", arguments)}>";
    }
}
