namespace PeakS3Feed.Feeds.Running;

/// <summary>A load that is about to begin.</summary>
/// <param name="Work">The load.</param>
/// <param name="Targets">Its destinations, by their places in the plan.</param>
/// <param name="Memory">Its share of the memory for reading.</param>
internal sealed record NextLoad(LoadWork Work, Dictionary<int, RunTarget> Targets, IDisposable Memory) : IAsyncDisposable
{
    /// <summary>Stops reading, and returns the memory. May be called more than once.</summary>
    public async ValueTask DisposeAsync()
    {
        await Work.DisposeAsync();
        Memory.Dispose();
    }
}
