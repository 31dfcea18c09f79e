using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Feeds.Running;

/// <summary>Counts what one attempt at a load reads and writes.</summary>
/// <param name="destinations">How many destinations the feed has.</param>
/// <param name="failed">Objects that earlier attempts skipped as bad files.</param>
internal sealed class LoadTally(int destinations, long failed = 0)
{
    // One count for each combination of destinations (as bits), because some objects go to one destination and others to both.
    private readonly (long Rows, long Objects, long Bytes)[] _written = new (long, long, long)[1 << destinations];
    private readonly long[] _rejected = new long[1 << destinations];
    private int _targets;
    private long _objectRead;
    private long _objectRows;
    private long _objectRejects;
    private Reject? _firstRejectBefore;

    /// <summary>All destinations of the feed, as bits.</summary>
    public int AllTargets => _written.Length - 1;

    /// <summary>Rows read, rejects among them.</summary>
    public long RowsRead { get; private set; }

    public long Rejects { get; private set; }

    public long Objects => Totals(AllTargets).Objects;

    /// <summary>Objects that were skipped as bad files.</summary>
    public long Failed { get; private set; } = failed;

    /// <summary>The first reject of an object that counts.</summary>
    public Reject? FirstReject { get; private set; }

    public long ObjectRows => _objectRows;

    public long ObjectRejects => _objectRejects;

    /// <summary>What was written for at least one of these destinations. Each row counts once.</summary>
    /// <param name="targets">The destinations, as bits.</param>
    public (long Rows, long Objects, long Bytes) Totals(int targets)
    {
        var sum = (Rows: 0L, Objects: 0L, Bytes: 0L);
        for (var i = 0; i < _written.Length; i++)
        {
            if ((i & targets) != 0)
                sum = (sum.Rows + _written[i].Rows, sum.Objects + _written[i].Objects, sum.Bytes + _written[i].Bytes);
        }
        return sum;
    }

    /// <summary>The same with the columns after the load.</summary>
    public LoadTotals Totals(int targets, FeedSchema schema)
    {
        var (rows, objects, bytes) = Totals(targets);
        return new LoadTotals(rows, objects, bytes, schema) { Rejects = Rejects };
    }

    /// <summary>Rejected rows of the objects that a destination needs.</summary>
    /// <param name="target">The destination's place among those of the plan.</param>
    public long RejectsFor(int target) => _rejected.Where((_, i) => (i >> target & 1) == 1).Sum();

    /// <summary>Begins an object.</summary>
    /// <param name="targets">The destinations that need it, as bits.</param>
    public void BeginObject(int targets)
        => (_targets, _objectRead, _objectRows, _objectRejects, _firstRejectBefore) = (targets, 0, 0, 0, FirstReject);

    public void Add(AssembledBatch batch)
    {
        _objectRead += batch.RowsRead;
        _objectRows += batch.Rows.Count;
        _objectRejects += batch.Rejects.Count;
        RowsRead += batch.RowsRead;
        _written[_targets].Rows += batch.Rows.Count;
        Rejects += batch.Rejects.Count;
        _rejected[_targets] += batch.Rejects.Count;
        FirstReject ??= batch.Rejects.Count > 0 ? batch.Rejects[0] : null;
    }

    /// <summary>Counts rows that the one destination has read itself.</summary>
    public void AddDirect(long rows)
    {
        RowsRead += rows;
        _written[AllTargets].Rows += rows;
    }

    /// <summary>Counts rows that a destination refused as rejects: rows of the last batch, or of a staged object.</summary>
    /// <param name="rejects">The rows, of one object.</param>
    /// <param name="targets">The destinations that need the object, as bits.</param>
    public void Refuse(IReadOnlyList<Reject> rejects, int targets)
    {
        _objectRows -= rejects.Count;
        _objectRejects += rejects.Count;
        _written[targets].Rows -= rejects.Count;
        Rejects += rejects.Count;
        _rejected[targets] += rejects.Count;
        FirstReject ??= rejects[0];
    }

    public void EndObject(long bytes)
    {
        _written[_targets].Objects++;
        _written[_targets].Bytes += bytes;
    }

    /// <summary>Removes the object's rows from the counts.</summary>
    public void UndoObject(bool failed)
    {
        RowsRead -= _objectRead;
        _written[_targets].Rows -= _objectRows;
        Rejects -= _objectRejects;
        _rejected[_targets] -= _objectRejects;
        FirstReject = _firstRejectBefore;
        if (failed)
            Failed++;
        BeginObject(_targets);
    }
}
