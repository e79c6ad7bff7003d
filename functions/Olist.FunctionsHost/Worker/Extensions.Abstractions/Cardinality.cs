namespace Olist.FunctionsHost.Worker.Extensions.Abstractions;

/// <summary>Whether a trigger hands over one message or many.</summary>
public enum Cardinality
{
    Many = 0,
    One = 1,
}
