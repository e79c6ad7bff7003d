using Microsoft.Extensions.DependencyInjection;
using Olist.FunctionsHost.Worker.Middleware;

namespace Olist.FunctionsHost.Worker;

/// <summary>Where services and middleware of the app are registered.</summary>
public interface IFunctionsWorkerApplicationBuilder
{
    IServiceCollection Services { get; }
    IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware);
}
