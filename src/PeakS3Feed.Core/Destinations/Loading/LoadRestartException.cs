namespace PeakS3Feed.Destinations.Loading;

/// <summary>The plan was changed while a load was written (an object has another version now, or cannot be read): roll back and write it again.</summary>
public sealed class LoadRestartException : Exception
{
    /// <summary>Names the object.</summary>
    public LoadRestartException(string objectUri)
        : base($"{objectUri} changed while it was read, or cannot be read; the commit is begun again.")
    {
    }
}
