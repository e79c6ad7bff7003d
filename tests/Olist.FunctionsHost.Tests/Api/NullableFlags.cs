using System.Reflection;

namespace Olist.FunctionsHost.Tests.Api;

/// <summary>The compiler's nullable annotations of one place, read in the order in which it wrote them.</summary>
sealed class NullableFlags(byte[]? flags, byte context)
{
    int _next;

    public static NullableFlags Of(ICustomAttributeProvider place, MemberInfo member)
    {
        var attribute = Data(place).FirstOrDefault(data => data.AttributeType.Name == "NullableAttribute");
        if (attribute is not null)
            return attribute.ConstructorArguments[0].Value switch
            {
                byte one => new NullableFlags(null, one),
                IEnumerable<CustomAttributeTypedArgument> many => new NullableFlags([.. many.Select(value => (byte)value.Value!)], 0),
                _ => throw new InvalidOperationException("NullableAttribute of an unknown form"),
            };
        for (var holder = member; holder is not null; holder = holder.DeclaringType)
            if (Data(holder).FirstOrDefault(data => data.AttributeType.Name == "NullableContextAttribute") is { } found)
                return new NullableFlags(null, (byte)found.ConstructorArguments[0].Value!);
        return new NullableFlags(null, 0);
    }

    public byte Take() => flags is null ? context : flags[_next++];

    static IEnumerable<CustomAttributeData> Data(ICustomAttributeProvider place) => place switch
    {
        ParameterInfo parameter => parameter.CustomAttributes,
        MemberInfo member => member.CustomAttributes,
        _ => [],
    };
}
