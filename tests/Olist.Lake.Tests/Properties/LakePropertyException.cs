namespace Olist.Lake.Tests.Properties;

/// <summary>A table is not what the model says.</summary>
public sealed class LakePropertyException : Exception
{
    public LakePropertyException() { }
    public LakePropertyException(string message) : base(message) { }
    public LakePropertyException(string message, Exception? innerException) : base(message, innerException) { }
}
