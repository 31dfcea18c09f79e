namespace PeakS3Feed.Rows;

/// <summary>What to do with a field that the schema does not know.</summary>
public enum NewFieldAction
{
    /// <summary>Add a column for it, of a type that its values prove, else text.</summary>
    Add,

    /// <summary>Throw with id <c>NewField</c>.</summary>
    Fail,

    /// <summary>Leave it out.</summary>
    Ignore,
}
