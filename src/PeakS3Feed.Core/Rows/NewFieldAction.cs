namespace PeakS3Feed.Rows;

/// <summary>The action for a field that is not in the schema.</summary>
public enum NewFieldAction
{
    /// <summary>Add a column, with the type inferred from the field's values.</summary>
    Add,

    /// <summary>Throw with id <c>NewField</c>.</summary>
    Fail,

    /// <summary>Ignore the field.</summary>
    Ignore,
}
