using Olist.FunctionsHost.Durable.Log;
using Olist.FunctionsHost.DurableTask;

namespace Olist.FunctionsHost.Durable.Instances;

/// <summary>Failure details on disk.</summary>
static class FailureRecord
{
    public static void Write(RecordWriter writer, TaskFailureDetails? failure)
    {
        for (; failure is not null; failure = failure.InnerFailure)
        {
            writer.Byte(failure.IsNonRetriable ? (byte)2 : (byte)1);
            writer.Text(failure.ErrorType);
            writer.Text(failure.ErrorMessage);
            writer.Text(failure.StackTrace);
        }
        writer.Byte(0);
    }

    public static TaskFailureDetails? Read(ref RecordReader reader)
    {
        var mark = reader.Byte();
        if (mark == 0) return null;
        var (type, message, stack) = (reader.Name(), reader.Name(), reader.Text());
        return new TaskFailureDetails(type, message, stack, Read(ref reader), null) { IsNonRetriable = mark == 2 };
    }
}
