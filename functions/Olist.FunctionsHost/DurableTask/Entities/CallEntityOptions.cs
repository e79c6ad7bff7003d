namespace Olist.FunctionsHost.DurableTask.Entities;

/// <summary>How an entity is called.</summary>
public record CallEntityOptions;
