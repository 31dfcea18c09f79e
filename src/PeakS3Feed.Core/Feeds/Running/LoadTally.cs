using PeakS3Feed.Rows;

namespace PeakS3Feed.Feeds.Running;

/// <summary>What one attempt at a load has counted.</summary>
internal sealed class LoadTally(long failed = 0)
{
    private long _objectRead;
    private long _objectRows;
    private long _objectRejects;
    private Reject? _firstRejectBefore;

    /// <summary>Rows read, rejects among them.</summary>
    public long RowsRead { get; private set; }

    /// <summary>Rows written.</summary>
    public long Rows { get; private set; }

    public long Rejects { get; private set; }

    public long Objects { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Objects that were left out as bad files.</summary>
    public long Failed { get; private set; } = failed;

    /// <summary>The first reject of an object that counts.</summary>
    public Reject? FirstReject { get; private set; }

    public long ObjectRows => _objectRows;

    public long ObjectRejects => _objectRejects;

    public void BeginObject() => (_objectRead, _objectRows, _objectRejects, _firstRejectBefore) = (0, 0, 0, FirstReject);

    public void Add(AssembledBatch batch)
    {
        _objectRead += batch.RowsRead;
        _objectRows += batch.Rows.Count;
        _objectRejects += batch.Rejects.Count;
        RowsRead += batch.RowsRead;
        Rows += batch.Rows.Count;
        Rejects += batch.Rejects.Count;
        FirstReject ??= batch.Rejects.Count > 0 ? batch.Rejects[0] : null;
    }

    /// <summary>Rows of the last batch that the destination refused are rejects.</summary>
    public void Refuse(IReadOnlyList<Reject> rejects)
    {
        _objectRows -= rejects.Count;
        _objectRejects += rejects.Count;
        Rows -= rejects.Count;
        Rejects += rejects.Count;
        FirstReject ??= rejects[0];
    }

    public void EndObject(long bytes)
    {
        Objects++;
        Bytes += bytes;
    }

    /// <summary>The object's rows do not count.</summary>
    public void UndoObject(bool failed)
    {
        RowsRead -= _objectRead;
        Rows -= _objectRows;
        Rejects -= _objectRejects;
        FirstReject = _firstRejectBefore;
        if (failed)
            Failed++;
        BeginObject();
    }
}
