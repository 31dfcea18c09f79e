namespace PeakS3Feed.Destinations.Loading;

/// <summary>
/// The steps of one of two destinations that takes rows only within a transaction. The rows wait in a <see cref="SpoolStage"/>. The commit is that of
/// a destination that is loaded alone: one transaction with the same checks, which takes the rows from the stage in place of the objects.
/// </summary>
internal sealed class SpooledCommit : PairedCommit
{
    private readonly StagedFiles _files;
    private readonly SpooledRows _rows;
    private readonly RowCommit _commit;

    private SpooledCommit(StagedFiles files, StagedShare share, LoadAttempt attempt, SpooledRows rows)
        : base(share, attempt)
    {
        _files = files;
        _rows = rows;
        _commit = new RowCommit(attempt, rows);
    }

    /// <summary>Adds the destination to the files of a load.</summary>
    public static SpooledCommit Join(StagedFiles files, LoadAttempt attempt, int index)
    {
        var rows = new SpooledRows(attempt.Work);
        var share = files.Add((_, _, name, _) => Task.FromResult(rows.OpenStage(name)), attempt, index);
        rows.Share = share;
        return new SpooledCommit(files, share, attempt, rows);
    }

    public override bool RefusesInCommit => true;

    public override bool IsCopied => true;

    public override Task CopyAsync(ITableSession session, CancellationToken cancellationToken) => Task.CompletedTask;

    // Each refusal removes at least one row, so this ends. The transaction is rolled back before the rows are located in their objects.
    public override async Task<LoadOutcome?> CommitAsync(ITableSession session, CancellationToken cancellationToken)
    {
        while (true)
        {
            ThrowIfFailed();
            try
            {
                return await _commit.RunAsync((IRowSession)session, cancellationToken);
            }
            catch (SpooledRowsRefusedException e)
            {
                await _files.RemoveAsync(e.Rows, cancellationToken);
            }
        }
    }
}

/// <summary>The rows of a load, from a stage.</summary>
internal sealed class SpooledRows(ILoadWork work) : ILoadRows
{
    private SpoolStage? _stage;
    private bool _findsRefusedRows;

    /// <summary>What was staged.</summary>
    public StagedShare? Share { get; set; }

    public LoadSpec Spec => work.Spec with { FindRefusedRows = _findsRefusedRows };

    /// <summary>Opens an empty stage in the place of the last one.</summary>
    public IStage OpenStage(LoadName name) => _stage = new SpoolStage(name);

    public void FindRefusedRows() => _findsRefusedRows = true;

    public async Task<LoadTotals> WriteAsync(IRowSink sink, CancellationToken cancellationToken)
    {
        var totals = Share!.Totals;
        if (await _stage!.ReplayAsync(sink, cancellationToken) is { Count: > 0 } refused)
            throw new SpooledRowsRefusedException(refused);
        // Objects that only the other destination needs can have added columns.
        await sink.WriteAsync(new Rows.RowBatch(totals.Schema), cancellationToken);
        return totals;
    }
}

/// <summary>The database refused rows of the stage. The transaction cannot be committed with the counts that it began with.</summary>
internal sealed class SpooledRowsRefusedException(IReadOnlyList<RefusedStagedRow> rows) : Exception("The database refused staged rows.")
{
    /// <summary>The rows.</summary>
    public IReadOnlyList<RefusedStagedRow> Rows => rows;
}
