using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>OpenLineage run events as JSON. Pure: the same facts give the same events.</summary>
static class Events
{
    public const string Start = "START", Running = "RUNNING", Complete = "COMPLETE", Fail = "FAIL";

    /// <param name="run">Facets of the run; those without a value are left out, here and below.</param>
    public static JsonObject Of(string type, DateTimeOffset time, Guid runId, JsonObject run, string job, JsonObject jobFacets, JsonArray inputs, JsonArray outputs) => new()
    {
        ["eventType"] = type,
        ["eventTime"] = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        ["run"] = new JsonObject { ["runId"] = runId.ToString(), ["facets"] = run },
        ["job"] = new JsonObject { ["namespace"] = LineageNames.Jobs, ["name"] = job, ["facets"] = jobFacets },
        ["inputs"] = inputs,
        ["outputs"] = outputs,
        ["producer"] = Facets.Producer,
        ["schemaURL"] = Facets.RunEventSchema,
    };

    /// <summary>The same id for the same run and part of it, so that a record that is made again is the same.</summary>
    public static Guid IdOf(string scope, string part)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{scope}/{part}"));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80); // version 8: by the maker's own rule (RFC 9562)
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
