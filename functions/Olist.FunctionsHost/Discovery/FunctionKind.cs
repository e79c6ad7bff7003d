namespace Olist.FunctionsHost.Discovery;

/// <summary>What makes a function run.</summary>
enum FunctionKind
{
    Http,
    Timer,
    Kafka,
    Orchestration,
    Activity,
    Entity,
}
