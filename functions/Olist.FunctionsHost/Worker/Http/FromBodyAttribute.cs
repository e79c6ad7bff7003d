using Olist.FunctionsHost.Worker.Converters;

namespace Olist.FunctionsHost.Worker.Http;

/// <summary>Binds a parameter of an HTTP function to the JSON body of the request.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Enum | AttributeTargets.Struct, AllowMultiple = true)]
public class FromBodyAttribute : InputConverterAttribute
{
    public FromBodyAttribute() : base(typeof(FromBodyAttribute)) { }
}
