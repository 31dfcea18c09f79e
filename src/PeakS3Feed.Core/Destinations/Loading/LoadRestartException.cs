namespace PeakS3Feed.Destinations.Loading;

/// <summary>The plan was changed while a load was written (an object has another version now): roll back and write it again.</summary>
public sealed class LoadRestartException : Exception
{
    /// <summary>Names the object.</summary>
    public LoadRestartException(string objectUri)
        : base($"{objectUri} changed while it was read; the commit is begun again.")
    {
    }
}
