using System.CommandLine;
using Olist.Cli.Verbs.Lake;
using Olist.Lake;

namespace Olist.Cli.Verbs;

/// <summary><c>olist lake</c>: looking at the tables, and keeping them small and fast.</summary>
static class LakeVerb
{
    public static Command Create() => new("lake", "Look at the tables of a lake, and maintain them.")
    {
        TablesVerb.Create(), SnapshotsVerb.Create(), CompactVerb.Create(), ExpireVerb.Create(), OrphansVerb.Create(), RollbackVerb.Create(),
        ReferenceVerb.Create(ReferenceKind.Tag), ReferenceVerb.Create(ReferenceKind.Branch), PropertiesVerb.Create(),
    };
}
