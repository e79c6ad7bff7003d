namespace Olist.FunctionsHost.Worker;

/// <summary>Marks a public method as a function; the name is unique in the app.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
