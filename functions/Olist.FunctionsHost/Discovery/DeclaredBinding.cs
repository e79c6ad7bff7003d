using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Olist.FunctionsHost.Worker;
using Olist.FunctionsHost.Worker.Extensions.Abstractions;

namespace Olist.FunctionsHost.Discovery;

/// <summary>A binding as the official build writes it into functions.metadata: what the attribute says in the source, and nothing that it leaves out.</summary>
sealed class DeclaredBinding(string name, string type, BindingDirection direction, JsonObject settings) : BindingMetadata
{
    const string Result = "$return", HttpResult = "http";

    public override string Name => name;
    public override string Type => type;
    public override BindingDirection Direction => direction;

    public static IEnumerable<DeclaredBinding> Of(MethodInfo method, Type resultType)
    {
        var hasHttpTrigger = false;
        foreach (var parameter in method.GetParameters())
            foreach (var attribute in parameter.GetCustomAttributesData().Where(data => data.AttributeType.IsAssignableTo(typeof(BindingAttribute))))
            {
                hasHttpTrigger |= attribute.AttributeType == typeof(HttpTriggerAttribute);
                yield return new DeclaredBinding(parameter.Name ?? "", TypeOf(attribute), BindingDirection.In, SettingsOf(attribute, parameter.ParameterType));
            }
        if (hasHttpTrigger)
            yield return new DeclaredBinding(HttpPartOf(resultType) ?? Result, HttpResult, BindingDirection.Out, []);
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["name"] = name, ["type"] = type, ["direction"] = direction.ToString() };
        foreach (var (key, value) in settings) json[key] = value?.DeepClone();
        return json;
    }

    static string TypeOf(CustomAttributeData attribute) => Camel(attribute.AttributeType.Name[..^nameof(Attribute).Length]);

    static string? HttpPartOf(Type result) => result.GetProperties().FirstOrDefault(property => property.GetCustomAttribute<HttpResultAttribute>() is not null)?.Name;

    static JsonObject SettingsOf(CustomAttributeData attribute, Type parameter)
    {
        var settings = new JsonObject();
        if (parameter == typeof(KafkaRecord) || parameter == typeof(KafkaRecord[])) settings["properties"] = new JsonObject { ["supportsDeferredBinding"] = "True" };
        foreach (var (argument, value) in attribute.Constructor.GetParameters().Zip(attribute.ConstructorArguments))
            settings[Camel(argument.Name!)] = ValueOf(value);
        foreach (var argument in attribute.NamedArguments.Where(argument => argument.TypedValue.Value is not null))
        {
            if (argument.MemberName == nameof(KafkaTriggerAttribute.IsBatched)) settings["cardinality"] = (argument.TypedValue.Value is true ? Cardinality.Many : Cardinality.One).ToString();
            else settings[Camel(argument.MemberName)] = ValueOf(argument.TypedValue);
        }
        if (attribute.AttributeType.IsAssignableTo(typeof(ISupportCardinality))) settings.TryAdd("cardinality", nameof(Cardinality.One));
        if (DataTypeOf(parameter) is { } dataType) settings["dataType"] = dataType;
        return settings;
    }

    static string? DataTypeOf(Type type) =>
        type == typeof(string) || type == typeof(string[]) ? "String"
        : type == typeof(byte[]) || type == typeof(byte[][]) || type == typeof(ReadOnlyMemory<byte>) ? "Binary"
        : null;

    static JsonNode? ValueOf(CustomAttributeTypedArgument argument) => argument.Value switch
    {
        null => null,
        IEnumerable<CustomAttributeTypedArgument> many => new JsonArray([.. many.Select(ValueOf)]),
        var value when argument.ArgumentType.IsEnum => Enum.GetName(argument.ArgumentType, value),
        var value => JsonSerializer.SerializeToNode(value),
    };

    static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
