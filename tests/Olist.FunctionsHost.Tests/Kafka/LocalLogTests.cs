using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Tests.Support;
using Olist.Streaming;
using Olist.Streaming.Log;

namespace Olist.FunctionsHost.Tests.Kafka;

public sealed class LocalLogTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_built_in_log_feeds_functions_from_a_state_folder_shared_with_the_host()
    {
        using var folder = new TempFolder();
        folder.Write("host.json", """{ "version": "2.0", "extensions": { "kafka": { "commitOnFailure": false, "maxBatchSize": 100 } } }""");
        folder.Write("local.settings.json", """{ "Values": { "TOPIC": "orders" } }""");
        for (var round = 1; round <= 2; round++)
        {
            using var state = StateFolder.Acquire(Path.Combine(folder.Root, "state"));
            await using var log = await LocalEventLog.OpenAsync(state, LocalLogOptions.Default, TimeProvider.System, Cancellation);
            await log.EnsureTopicsAsync([new TopicSpec("orders", 3)], Cancellation);
            var seen = new KafkaTriggerTests.Seen();
            await using var host = await TestHost.StartAsync(folder, builder =>
            {
                builder.Services.AddSingleton(seen);
                builder.Services.AddSingleton(state);
                builder.Services.AddSingleton<IEventLog>(log);
            }, typeof(KafkaTriggerTests.Batch));
            await using var producer = log.CreateProducer();
            for (var i = 0; i < 1000; i++) producer.Append("orders", Encoding.UTF8.GetBytes($"{i}"), Encoding.UTF8.GetBytes($"{round}"), 1_700_000_000_000);
            await producer.FlushAsync(Cancellation);
            var lags = host.Services.GetRequiredService<IKafkaLag>();
            while (true)
            {
                var lag = await lags.GetAsync(Cancellation);
                if (lag.Sum(partition => partition.Latest) == round * 1000 && lag.All(partition => partition.Lag == 0)) break;
                await Task.Yield();
            }
            var records = seen.Values.Cast<Olist.FunctionsHost.Worker.KafkaRecord[]>().SelectMany(batch => batch).ToList();
            Assert.Equal(1000, records.Count);
            Assert.All(records, record => Assert.Equal($"{round}", Encoding.UTF8.GetString(record.Value)));
        }
    }
}
