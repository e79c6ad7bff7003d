namespace Olist.Formats.Avro;

/// <summary>A value of one of several schemas.</summary>
public sealed class AvroUnionSchema : AvroSchema
{
    internal AvroUnionSchema(IReadOnlyList<AvroSchema> branches) : base(AvroKind.Union, null) => Branches = branches;

    public IReadOnlyList<AvroSchema> Branches { get; }

    /// <summary>Position of the null branch, or -1.</summary>
    public int NullBranch
    {
        get
        {
            for (var i = 0; i < Branches.Count; i++)
                if (Branches[i].Kind == AvroKind.Null) return i;
            return -1;
        }
    }
}
