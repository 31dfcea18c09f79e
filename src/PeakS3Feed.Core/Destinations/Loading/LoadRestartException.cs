namespace PeakS3Feed.Destinations.Loading;

/// <summary>
/// The load is rolled back and written again, for its plan was changed meanwhile (an object has another version now, or cannot be read),
/// or a row that the destination refuses has to be found.
/// </summary>
public sealed class LoadRestartException : Exception
{
    private LoadRestartException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Names the object.</summary>
    public LoadRestartException(string objectUri)
        : base($"{objectUri} changed while it was read, or cannot be read; the commit is begun again.")
    {
    }

    /// <summary>The destination refused a row; the next attempt looks for it.</summary>
    public static LoadRestartException ToFindRefusedRow(Exception refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return new LoadRestartException($"The destination refuses a row: {refusal.Message} The commit begins again and looks for it.", refusal);
    }
}
