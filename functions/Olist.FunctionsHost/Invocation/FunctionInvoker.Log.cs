using Microsoft.Extensions.Logging;

namespace Olist.FunctionsHost.Invocation;

sealed partial class FunctionInvoker
{
    [LoggerMessage(EventId = 4000, Level = LogLevel.Debug, Message = "{Function} started, invocation {InvocationId}")]
    static partial void LogStarted(ILogger logger, string function, string invocationId);

    [LoggerMessage(EventId = 4001, Level = LogLevel.Debug, Message = "{Function} {Outcome}, invocation {InvocationId}, {ElapsedMs:0.###} ms")]
    static partial void LogEnded(ILogger logger, string function, string invocationId, string outcome, double elapsedMs);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Error, Message = "{Function} is past functionTimeout ({Timeout}), invocation {InvocationId}; its token is cancelled and its result will not count")]
    static partial void LogTimeout(ILogger logger, string function, string invocationId, TimeSpan timeout);
}
