using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Discovery;

/// <summary>The public view of a <see cref="FunctionDescriptor"/>.</summary>
sealed class DeclaredDefinition : FunctionDefinition
{
    public DeclaredDefinition(FunctionDescriptor function)
    {
        Name = function.Name;
        EntryPoint = function.EntryPoint;
        PathToAssembly = function.DeclaringType.Assembly.Location;
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Name}|{EntryPoint}")))[..20];
        Parameters = [.. function.Method.GetParameters().Select(parameter =>
            new FunctionParameter(parameter.Name ?? "", parameter.ParameterType, parameter.HasDefaultValue, parameter.HasDefaultValue ? parameter.DefaultValue : null))];
        var trigger = function.TriggerParameter.Name ?? "";
        InputBindings = ImmutableDictionary<string, BindingMetadata>.Empty.Add(trigger, new Binding(trigger, TriggerType(function.Kind)));
    }

    public override ImmutableArray<FunctionParameter> Parameters { get; }
    public override string PathToAssembly { get; }
    public override string EntryPoint { get; }
    public override string Id { get; }
    public override string Name { get; }
    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; }
    public override IImmutableDictionary<string, BindingMetadata> OutputBindings => ImmutableDictionary<string, BindingMetadata>.Empty;

    public static string TriggerType(FunctionKind kind) => kind switch
    {
        FunctionKind.Http => "httpTrigger",
        FunctionKind.Timer => "timerTrigger",
        FunctionKind.Kafka => "kafkaTrigger",
        FunctionKind.Orchestration => "orchestrationTrigger",
        FunctionKind.Activity => "activityTrigger",
        _ => "entityTrigger",
    };

    sealed class Binding(string name, string type) : BindingMetadata
    {
        public override string Name => name;
        public override string Type => type;
        public override BindingDirection Direction => BindingDirection.In;
    }
}
