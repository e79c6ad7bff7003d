namespace Olist.FunctionsHost.Triggers;

/// <summary>Something that makes a function run by itself.</summary>
interface IFunctionListener : IDisposable
{
    string Function { get; }

    void Start();

    /// <summary>Takes nothing new, and returns when what runs has ended.</summary>
    Task StopAsync();
}
