using Olist.Formats;
using Olist.Lake;
using Olist.Pipeline;
using Olist.Pipeline.Datasets;
using Olist.Storage;
using Olist.Streaming;

namespace Olist.Cli;

/// <summary>Turns what went wrong into one line on standard error and an exit code.</summary>
/// <remarks>0 all done; 1 it could not be done, the line says why and what to do; 130 stopped by the user. A mistake of ours keeps its stack trace.</remarks>
static class Failures
{
    public static async Task<int> ReportAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("olist: stopped. What was committed stays; the same command goes on from there.");
            return 130;
        }
        catch (Exception exception) when (IsExplained(exception))
        {
            await Console.Error.WriteLineAsync($"olist: {exception.Message}");
            return 1;
        }
    }

    static bool IsExplained(Exception exception) => exception
        is DatasetException or PipelineException or LakeException or StreamingException or StoreException or FormatViolationException
        or UnauthorizedAccessException or IOException or CommandException;
}

/// <summary>The command line asks for something that can't be; the message says what to give instead.</summary>
public sealed class CommandException : Exception
{
    public CommandException() { }
    public CommandException(string message) : base(message) { }
    public CommandException(string message, Exception innerException) : base(message, innerException) { }
}
