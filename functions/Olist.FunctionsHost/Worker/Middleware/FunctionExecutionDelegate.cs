namespace Olist.FunctionsHost.Worker.Middleware;

/// <summary>The rest of the invocation pipeline.</summary>
public delegate Task FunctionExecutionDelegate(FunctionContext context);
