using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Olist.FunctionsHost.Tests.Api;

/// <summary>Writes types and members of the host as functions-api.txt writes the official ones.</summary>
static class ApiText
{
    static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(char)] = "char", [typeof(decimal)] = "decimal", [typeof(double)] = "double", [typeof(float)] = "float",
        [typeof(int)] = "int", [typeof(long)] = "long", [typeof(object)] = "object", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(string)] = "string",
        [typeof(uint)] = "uint", [typeof(ulong)] = "ulong", [typeof(ushort)] = "ushort", [typeof(void)] = "void",
    };

    const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static bool IsMirrored(Type type) => Official(type.Namespace ?? "") != type.Namespace;

    public static string Official(string @namespace) => Map(Map(Map(@namespace, "Olist.FunctionsHost.Worker", "Microsoft.Azure.Functions.Worker"),
        "Olist.FunctionsHost.DurableTask", "Microsoft.DurableTask"), "Olist.FunctionsHost.Extensions.Hosting", "Microsoft.Extensions.Hosting");

    static string Map(string name, string from, string to) => name == from || name.StartsWith(from + ".", StringComparison.Ordinal) ? to + name[from.Length..] : name;

    public static string Name(Type type)
    {
        var name = $"{Official(type.Namespace!)}.{type.Name.Split('`')[0]}";
        return type.IsGenericTypeDefinition ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(a => a.Name))}>" : name;
    }

    /// <summary>Kind, base and interfaces, attribute usage.</summary>
    public static (string Kind, string? Base, string[] Interfaces, string Usage) Header(Type type)
    {
        var usage = type.GetCustomAttribute<AttributeUsageAttribute>(inherit: false) is { } attribute
            ? $"[AttributeUsage({string.Join(" | ", Targets(attribute.ValidOn))}; AllowMultiple={(attribute.AllowMultiple ? "true" : "false")}; Inherited={(attribute.Inherited ? "true" : "false")})]"
            : "";
        if (type.IsEnum) return ($"enum {Words[Enum.GetUnderlyingType(type)]}", null, [], usage);
        if (typeof(Delegate).IsAssignableFrom(type)) return ("delegate", null, [], usage);
        var plain = new NullableFlags(null, 1);
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var interfaces = type.GetInterfaces().Except(inherited).ToList();
        interfaces = [.. interfaces.Where(candidate => !interfaces.Any(other => other != candidate && other.GetInterfaces().Contains(candidate)))];
        var @base = type.IsValueType || type.IsInterface || type.BaseType == typeof(object) ? null : Type(type.BaseType!, plain);
        return (Kind(type), @base, [.. interfaces.Select(i => Type(i, plain))], usage);
    }

    static IEnumerable<string> Targets(AttributeTargets targets) =>
        new[] { AttributeTargets.Class, AttributeTargets.Struct, AttributeTargets.Enum, AttributeTargets.Method, AttributeTargets.Property, AttributeTargets.Interface, AttributeTargets.Parameter }
            .Where(target => targets.HasFlag(target)).Select(target => target.ToString());

    static string Kind(Type type)
    {
        var isRecord = type.GetMethod("PrintMembers", Declared) is not null;
        if (type.IsInterface) return "interface";
        if (type.IsValueType) return (type.GetCustomAttribute<IsReadOnlyAttribute>() is not null ? "readonly " : "") + (isRecord ? "record struct" : "struct");
        if (isRecord) return "record";
        return type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
    }

    public static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
                yield return $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}{Obsolete(field)}";
            yield break;
        }
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            yield return Method(type.GetMethod("Invoke")!, type, bare: true);
            yield break;
        }
        var isRecord = type.GetMethod("PrintMembers", Declared) is not null;
        foreach (var field in type.GetFields(Declared).Where(field => field.IsPublic))
            yield return field.IsLiteral
                ? $"const {Type(field.FieldType, NullableFlags.Of(field, field))} {field.Name} = {field.GetRawConstantValue()}"
                : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Type(field.FieldType, NullableFlags.Of(field, field))} {field.Name}";
        foreach (var constructor in type.GetConstructors(Declared).Where(c => (c.IsPublic || c.IsFamily) && c.GetCustomAttribute<CompilerGeneratedAttribute>() is null && !c.IsStatic))
            yield return $"{(constructor.IsFamily ? "protected " : "")}{type.Name.Split('`')[0]}({Parameters(constructor)}){Obsolete(constructor)}";
        foreach (var property in type.GetProperties(Declared).Where(p => p.Name != "EqualityContract"))
            if (Property(property, type) is { } text) yield return text;
        foreach (var method in type.GetMethods(Declared).Where(m => m.IsPublic || m.IsFamily))
        {
            if (method.Name is "Equals" && method.GetParameters()[0].ParameterType == typeof(object) || method.Name == "GetHashCode") continue;
            if (isRecord && (method.Name.StartsWith("op_Equality", StringComparison.Ordinal) || method.Name.StartsWith("op_Inequality", StringComparison.Ordinal) || method.Name == "Equals")) continue;
            if (method.GetCustomAttribute<CompilerGeneratedAttribute>() is not null && method.Name != "Deconstruct") continue;
            if (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal)) continue;
            yield return Method(method, type, bare: false);
        }
    }

    static string? Property(PropertyInfo property, Type type)
    {
        var accessors = new[] { property.GetMethod, property.SetMethod }.OfType<MethodInfo>().ToList();
        var isPublic = accessors.Any(a => a.IsPublic);
        if (!isPublic && !accessors.Any(a => a.IsFamily)) return null;
        var shown = accessors.Where(a => isPublic ? a.IsPublic : a.IsFamily).ToList();
        var get = shown.Contains(property.GetMethod!) ? "get; " : "";
        var set = property.SetMethod is { } setter && shown.Contains(setter)
            ? setter.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name == "IsExternalInit") ? "init; " : "set; "
            : "";
        return $"{(isPublic ? "" : "protected ")}{Modifiers(shown[0], type)}{Type(property.PropertyType, NullableFlags.Of(property, property))} {property.Name} {{ {get}{set}}}{Obsolete(property)}";
    }

    static string Method(MethodInfo method, Type type, bool bare)
    {
        var generic = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        var where = string.Concat(method.IsGenericMethodDefinition ? method.GetGenericArguments().Select(Constraints) : []);
        var result = Type(method.ReturnType, NullableFlags.Of(method.ReturnParameter, method));
        var prefix = bare ? "" : (method.IsFamily ? "protected " : "") + Modifiers(method, type);
        if (method.Name == "op_Implicit") return $"static implicit operator {result}({Parameters(method)}){Obsolete(method)}";
        var name = method.Name switch { "op_Equality" => "operator ==", "op_Inequality" => "operator !=", var other => other };
        return $"{prefix}{result} {name}{generic}({Parameters(method)}){where}{Obsolete(method)}";
    }

    static string Constraints(Type parameter)
    {
        var list = new List<string>();
        if (parameter.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)) list.Add("class");
        list.AddRange(parameter.GetGenericParameterConstraints().Select(constraint => Type(constraint, new NullableFlags(null, 1))));
        return list.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", list)}";
    }

    static string Modifiers(MethodInfo method, Type type) =>
        type.IsInterface ? "" : method.IsStatic ? "static " : method.IsAbstract ? "abstract "
        : method.IsVirtual && !method.IsFinal ? method.GetBaseDefinition() != method ? "override " : "virtual " : "";

    static string Parameters(MethodBase method)
    {
        var isExtension = method.GetCustomAttribute<ExtensionAttribute>() is not null;
        return string.Join(", ", method.GetParameters().Select((parameter, index) =>
        {
            var type = parameter.ParameterType;
            var text = Type(type.IsByRef ? type.GetElementType()! : type, NullableFlags.Of(parameter, method));
            var prefix = index == 0 && isExtension ? "this " : parameter.IsOut ? "out " : parameter.GetCustomAttribute<ParamArrayAttribute>() is not null ? "params " : "";
            return $"{prefix}{text} {parameter.Name}{(parameter.HasDefaultValue ? " = " + Default(parameter) : "")}";
        }));
    }

    static string Default(ParameterInfo parameter) => parameter.DefaultValue switch
    {
        null => parameter.ParameterType.IsGenericParameter || (parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null) ? "default" : "null",
        bool flag => flag ? "true" : "false",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    static string Obsolete(MemberInfo member) => member.GetCustomAttribute<ObsoleteAttribute>() is null ? "" : " [Obsolete]";

    static string Type(Type type, NullableFlags flags)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying) return $"System.Nullable<{Type(underlying, flags)}>";
        if (type.IsGenericParameter) return type.Name + (flags.Take() == 2 ? "?" : "");
        if (type.IsArray)
        {
            var mark = flags.Take() == 2 ? "?" : "";
            return $"{Type(type.GetElementType()!, flags)}[]{mark}";
        }
        if (type.IsValueType && !type.IsGenericType) return Words.TryGetValue(type, out var value) ? value : Name(type);
        var suffix = type.IsValueType ? "" : null;
        if (suffix is null) suffix = flags.Take() == 2 ? "?" : "";
        else flags.Take();
        if (Words.TryGetValue(type, out var word)) return word + suffix;
        if (!type.IsGenericType) return Name(type) + suffix;
        var name = $"{Official(type.Namespace!)}.{type.Name.Split('`')[0]}";
        return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(argument => Type(argument, flags)))}>{suffix}";
    }
}
