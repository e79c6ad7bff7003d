namespace Olist.FunctionsHost.Worker.Middleware;

/// <summary>Runs around each invocation. A singleton that is resolved from the invocation's services.</summary>
public interface IFunctionsWorkerMiddleware
{
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
