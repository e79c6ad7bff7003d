namespace Olist.FunctionsHost.Worker.Extensions.Abstractions;

/// <summary>A trigger that can hand over one message or many.</summary>
public interface ISupportCardinality
{
    Cardinality Cardinality { get; set; }
}
