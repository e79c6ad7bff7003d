using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>An OpenLineage run event. Pure: the same facts give the same event.</summary>
/// <param name="Run">Writes facets of the run.</param>
/// <param name="JobType">What the facet of that name says of the job.</param>
/// <param name="Inputs">Writes datasets; <paramref name="Outputs"/> too.</param>
sealed record RunEvent(
    string Type, DateTimeOffset Time, Guid RunId, Action<Utf8JsonWriter> Run, string Job, (string Processing, string Type) JobType, Action<Utf8JsonWriter> Inputs, Action<Utf8JsonWriter> Outputs)
{
    public const string Start = "START", Running = "RUNNING", Complete = "COMPLETE", Fail = "FAIL";

    /// <summary>The time as exactly as the event tells it.</summary>
    public long Microseconds => Time.UtcTicks / TimeSpan.TicksPerMicrosecond;

    public void WriteTo(Utf8JsonWriter json)
    {
        json.Begin().Text("eventType", Type).Text("eventTime", Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        json.Begin("run").Text("runId", RunId.ToString()).Begin("facets");
        Run(json);
        json.End().End().Begin("job").Text("namespace", LineageNames.Jobs).Text("name", Job).Begin("facets").JobType(JobType.Processing, JobType.Type).End().End();
        json.Array("inputs", [Inputs], (list, write) => write(list)).Array("outputs", [Outputs], (list, write) => write(list));
        json.Text("producer", Facets.Producer).Text("schemaURL", Facets.RunEventSchema).End();
    }

    /// <summary>The same id for the same run and part of it, so that a record that is made again is the same.</summary>
    public static Guid IdOf(string scope, string part)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{scope}/{part}"));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80); // version 8: by the maker's own rule (RFC 9562)
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
