using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Planning;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// The warnings of a run. If a load or an object is undone, its warnings are removed, so that work which is done twice warns once.
/// For one thread at a time.
/// </summary>
internal sealed class RunWarnings(string feedName)
{
    /// <summary>The maximum number of warnings that a run keeps. Further warnings are only counted.</summary>
    public const int MaxKept = 10_000;

    private readonly WarningList _landed = new(MaxKept);
    private readonly WarningList _load = new(MaxKept);
    private readonly WarningList _object = new(MaxKept);
    private IReadOnlyList<FeedWarning> _plan = [];
    private WarningList _files = new(MaxKept);

    /// <summary>Sets the warnings of planning. Those of a second plan replace those of the first.</summary>
    public void Planned(IReadOnlyList<FeedWarning> warnings) => _plan = [.. warnings.Select(w => w.ForFeed(feedName))];

    /// <summary>Sets all files that the loads have skipped so far, including those of earlier calls.</summary>
    public void LeftOut(IEnumerable<SkippedObject> files)
    {
        _files = new WarningList(MaxKept);
        _files.AddRange(files.Select(FileWarnings.LeftOut));
    }

    /// <summary>Adds a warning that is never removed.</summary>
    public void Add(FeedWarning warning) => _landed.Add(warning.ForFeed(feedName));

    /// <summary>Begins or restarts a load, and removes the warnings that it had before.</summary>
    public void BeginLoad()
    {
        _object.Clear();
        _load.Clear();
    }

    /// <summary>Adds what was found in the load's current object.</summary>
    public void AddToObject(IEnumerable<FeedWarning> warnings)
    {
        foreach (var warning in warnings)
            _object.Add(warning.ForFeed(feedName));
    }

    /// <summary>Adds a warning of the load that stays even if the current object is undone.</summary>
    public void AddToLoad(FeedWarning warning) => _load.Add(warning.ForFeed(feedName));

    /// <summary>Keeps the warnings of the current object, which is read to its end.</summary>
    public void EndObject()
    {
        _load.AddRange(_object);
        _object.Clear();
    }

    /// <summary>Removes the warnings of the current object, whose rows do not count.</summary>
    public void UndoObject() => _object.Clear();

    /// <summary>Ends the load, which is committed or will not be tried again.</summary>
    public void EndLoad()
    {
        EndObject();
        _landed.AddRange(_load);
        _load.Clear();
    }

    /// <summary>All warnings so far, and how many there are, kept or not.</summary>
    public (IReadOnlyList<FeedWarning> Kept, long Total) All()
    {
        var all = new WarningList(MaxKept);
        all.AddRange(_plan);
        all.AddRange(_landed);
        all.AddRange(_files);
        return (all.Items, all.Total);
    }
}
