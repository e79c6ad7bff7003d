using Olist.Formats;
using Olist.Lake;
using Olist.Pipeline;
using Olist.Storage;
using Olist.Streaming;

namespace Olist.Functions;

/// <summary>Runs the app; what keeps it from starting is one line on standard error and exit code 1.</summary>
static class Startup
{
    public static async Task<int> RunAsync(Func<Task> app)
    {
        try
        {
            await app();
            return 0;
        }
        catch (Exception exception) when (exception is PipelineException or LakeException or StreamingException or StoreException or FormatViolationException or UnauthorizedAccessException
            || Flavour.IsStartupError(exception))
        {
            await Console.Error.WriteLineAsync($"olist: the app did not start: {exception.Message}");
            return 1;
        }
    }
}
