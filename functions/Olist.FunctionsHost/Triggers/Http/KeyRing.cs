using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.State;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Triggers.Http;

/// <summary>
/// The keys of the host: <c>keys.json</c> in the state folder, made at the first start, readable by its owner only.
/// A presented key is compared with every key there is, each in constant time. For several threads.
/// </summary>
sealed class KeyRing(HostState state)
{
    public const string DurableSystemKey = "durabletask_extension";

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    readonly Lock _gate = new();
    Kept _kept = new();
    Entry[] _entries = [];

    string FilePath => state.Path("keys.json");

    /// <exception cref="FunctionsHostException">The file is there and can't be read.</exception>
    public void Load()
    {
        lock (_gate)
        {
            if (File.Exists(FilePath))
            {
                try
                {
                    _kept = JsonSerializer.Deserialize<Kept>(File.ReadAllBytes(FilePath), Indented) ?? new Kept();
                }
                catch (JsonException error)
                {
                    throw new FunctionsHostException($"{FilePath}, line {error.LineNumber + 1}: not a key file ({error.Message}); correct it, or remove it to get new keys.", error);
                }
            }
            var before = (_kept.Master, _kept.Host.Count, _kept.System.Count);
            if (_kept.Master.Length == 0) _kept.Master = NewKey();
            _kept.Host.TryAdd("default", NewKey());
            _kept.System.TryAdd(DurableSystemKey, NewKey());
            if (before != (_kept.Master, _kept.Host.Count, _kept.System.Count)) Save();
            Index();
        }
    }

    /// <summary>Anonymous when no key, or none that is known, was sent. The header wins over the query.</summary>
    public AuthorizationLevel LevelOf(HttpRequest request, string? function) => Match(request, function, out _);

    /// <summary>The level must be the same, or Admin: a system key does not open a function.</summary>
    public bool Opens(AuthorizationLevel level, HttpRequest request, string? function) =>
        Match(request, function, out _) is var found && (found == AuthorizationLevel.Admin || (found == level && found != AuthorizationLevel.Anonymous));

    /// <summary>Whether the request has the system key of that name, or the master key.</summary>
    public bool OpensExtension(HttpRequest request, string systemKey) =>
        Match(request, null, out var name) switch
        {
            AuthorizationLevel.Admin => true,
            AuthorizationLevel.System => name == systemKey,
            _ => false,
        };

    public string SystemKey(string name) => _kept.System[name];

    /// <summary>Names and values of a kind of keys: <c>functions</c> of the host, <c>system</c>, or those of one function.</summary>
    public IReadOnlyDictionary<string, string> List(KeyKind kind, string? function)
    {
        lock (_gate) return new Dictionary<string, string>(Group(kind, function));
    }

    /// <summary>Sets a key, to a new random one when no value is given; returns it.</summary>
    public string Set(KeyKind kind, string? function, string name, string? value)
    {
        lock (_gate)
        {
            var key = value ?? NewKey();
            if (kind == KeyKind.Function) _kept.Functions.TryAdd(function!, []); // A function key is that of a function.
            Group(kind, function)[name] = key;
            Save();
            Index();
            return key;
        }
    }

    public bool Remove(KeyKind kind, string? function, string name)
    {
        lock (_gate)
        {
            if (!Group(kind, function).Remove(name)) return false;
            Save();
            Index();
            return true;
        }
    }

    AuthorizationLevel Match(HttpRequest request, string? function, out string? name)
    {
        name = null;
        string? presented = request.Headers.TryGetValue("x-functions-key", out var header) ? header.ToString() : request.Query["code"];
        if (string.IsNullOrEmpty(presented)) return AuthorizationLevel.Anonymous;
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), hash);
        var found = AuthorizationLevel.Anonymous;
        foreach (var entry in Volatile.Read(ref _entries))
        {
            var same = CryptographicOperations.FixedTimeEquals(entry.Hash, hash);
            if (!same || (entry.Function is not null && !string.Equals(entry.Function, function, StringComparison.OrdinalIgnoreCase)) || entry.Level <= found) continue;
            (found, name) = (entry.Level, entry.Name);
        }
        return found;
    }

    Dictionary<string, string> Group(KeyKind kind, string? function) => kind switch
    {
        KeyKind.Host => _kept.Host,
        KeyKind.System => _kept.System,
        _ => _kept.Functions.TryGetValue(function ?? "", out var own) ? own : [],
    };

    void Save() => WholeFile.Write(FilePath, JsonSerializer.SerializeToUtf8Bytes(_kept, Indented));

    void Index() => Volatile.Write(ref _entries,
    [
        new Entry(Hash(_kept.Master), AuthorizationLevel.Admin, "master", null),
        .. _kept.System.Select(key => new Entry(Hash(key.Value), AuthorizationLevel.System, key.Key, null)),
        .. _kept.Host.Select(key => new Entry(Hash(key.Value), AuthorizationLevel.Function, key.Key, null)),
        .. _kept.Functions.SelectMany(function => function.Value.Select(key => new Entry(Hash(key.Value), AuthorizationLevel.Function, key.Key, function.Key))),
    ]);

    static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(40)).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    sealed record Entry(byte[] Hash, AuthorizationLevel Level, string Name, string? Function);

    sealed class Kept
    {
        public string Master { get; set; } = "";
        public Dictionary<string, string> Host { get; set; } = [];
        public Dictionary<string, string> System { get; set; } = [];
        public Dictionary<string, Dictionary<string, string>> Functions { get; set; } = new(StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>Whom a key belongs to.</summary>
enum KeyKind
{
    Host,
    System,
    Function,
}
