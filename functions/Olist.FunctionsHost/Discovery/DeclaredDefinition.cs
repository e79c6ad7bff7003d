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
        InputBindings = Bindings(function, BindingDirection.In);
        OutputBindings = Bindings(function, BindingDirection.Out);
    }

    public override ImmutableArray<FunctionParameter> Parameters { get; }
    public override string PathToAssembly { get; }
    public override string EntryPoint { get; }
    public override string Id { get; }
    public override string Name { get; }
    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; }
    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }

    static ImmutableDictionary<string, BindingMetadata> Bindings(FunctionDescriptor function, BindingDirection direction) =>
        function.Bindings.Where(binding => binding.Direction == direction).ToImmutableDictionary(binding => binding.Name, BindingMetadata (binding) => binding);
}
