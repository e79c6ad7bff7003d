using Olist.FunctionsHost.Worker.Extensions.Abstractions;

namespace Olist.FunctionsHost.Worker;

/// <summary>Marks the HTTP part of a result that has several parts.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HttpResultAttribute : OutputBindingAttribute;
