using PeakS3Feed.Feeds.Running;

namespace PeakS3Feed.Tests.Feeds;

/// <summary>Keeps the reports of a run.</summary>
internal sealed class ProgressRecorder : IProgress<RunProgress>
{
    private readonly List<RunProgress> _seen = [];

    /// <summary>The reports so far.</summary>
    public IReadOnlyList<RunProgress> Seen
    {
        get
        {
            lock (_seen)
                return [.. _seen];
        }
    }

    public void Report(RunProgress value)
    {
        lock (_seen)
            _seen.Add(value);
    }
}
