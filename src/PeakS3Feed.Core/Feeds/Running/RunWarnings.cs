using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Planning;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// The warnings of a run. Those of a load or an object that is undone go with it, so that work which is done twice warns once.
/// For one thread at a time.
/// </summary>
internal sealed class RunWarnings(string feedName)
{
    /// <summary>The most warnings kept of a run; those beyond it are counted.</summary>
    public const int MaxKept = 10_000;

    private readonly WarningList _landed = new(MaxKept);
    private readonly WarningList _load = new(MaxKept);
    private readonly WarningList _object = new(MaxKept);
    private IReadOnlyList<FeedWarning> _plan = [];
    private WarningList _files = new(MaxKept);

    /// <summary>Sets what planning found; a second plan takes the place of the first.</summary>
    public void Planned(IReadOnlyList<FeedWarning> warnings) => _plan = [.. warnings.Select(w => w.ForFeed(feedName))];

    /// <summary>Sets the files that the loads so far left out; those that were set before are among them.</summary>
    public void LeftOut(IEnumerable<SkippedObject> files)
    {
        _files = new WarningList(MaxKept);
        _files.AddRange(files.Select(FileWarnings.LeftOut));
    }

    /// <summary>Adds a warning that nothing takes back.</summary>
    public void Add(FeedWarning warning) => _landed.Add(warning.ForFeed(feedName));

    /// <summary>Begins a load, perhaps again: what was found in it before is forgotten.</summary>
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

    /// <summary>Adds what was found in the load, whatever becomes of the current object.</summary>
    public void AddToLoad(FeedWarning warning) => _load.Add(warning.ForFeed(feedName));

    /// <summary>The current object is read to its end.</summary>
    public void EndObject()
    {
        _load.AddRange(_object);
        _object.Clear();
    }

    /// <summary>The current object's rows do not count.</summary>
    public void UndoObject() => _object.Clear();

    /// <summary>The load has landed, or will not be tried again.</summary>
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
