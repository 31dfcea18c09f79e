namespace PeakS3Feed.Destinations.Loading;

/// <summary>
/// The load is rolled back and written again, because its plan has changed (an object has another version, or cannot be read), because a row that the
/// destination refuses must be found, or because the files of a stage cannot hold a value in the form that was chosen for them.
/// </summary>
public class LoadRestartException : Exception
{
    private protected LoadRestartException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>Creates the exception for an object that changed or cannot be read.</summary>
    public LoadRestartException(string objectUri)
        : base($"{objectUri} changed during reading, or cannot be read. The commit begins again.")
    {
    }

    /// <summary>The destination refused a row; the next attempt looks for it.</summary>
    public static LoadRestartException ToFindRefusedRow(Exception refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return new LoadRestartException($"The destination refuses a row: {refusal.Message} The commit begins again and looks for it.", refusal);
    }
}
