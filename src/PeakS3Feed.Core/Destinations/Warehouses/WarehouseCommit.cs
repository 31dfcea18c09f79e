using System.Globalization;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>Commits a load whose rows are in a staging table.</summary>
internal sealed class WarehouseCommit(WarehouseEngine engine, WarehouseNames names, LoadTarget target)
{
    private const int MaxTokenId = 20;

    // How long the ledger is asked after a person cancelled the run.
    private static readonly TimeSpan LedgerTimeout = TimeSpan.FromSeconds(10);

    private readonly WarehouseDialect _dialect = engine.Parts.Dialect;
    private readonly WarehouseLedger _ledger = engine.Ledger(names, target);

    /// <summary>Commits.</summary>
    /// <param name="stage">The load's stage.</param>
    /// <param name="name">The load's name.</param>
    /// <param name="commit">The load.</param>
    /// <param name="cancellationToken">Stops it until the script is sent.</param>
    public async Task<CommitResult> RunAsync(WarehouseStage stage, LoadName name, LoadCommit commit, CancellationToken cancellationToken)
    {
        var attempt = stage.NextAttempt();
        var records = names.StageTable(name, attempt, "commit", engine.Parts.Time.GetUtcNow());
        stage.Tables.Add(records);
        try
        {
            await engine.Tables(target).ChangeAsync(
                commit.Preparation.Fit, c => LongestText(stage, commit, c.Name), cancellationToken);
            commit.Order.Reached(CommitStep.Prepared);
            await CopyRecordsAsync(stage, attempt, records, commit, cancellationToken);
            await ThrowIfRowsUnknownAsync(records, commit, cancellationToken);
        }
        catch (StatementRefusedException e) when (e.Refusal is StatementRefusal.Missing or StatementRefusal.Exists)
        {
            return new CommitResult.TableChanged();
        }
        var tables = await FindTablesAsync(commit, stage.RowsTable ?? "", records, cancellationToken);
        var statements = new CommitScript(_dialect, engine.Parts.Syntax, tables, commit).Build();
        var script = new WarehouseScript(statements, Token(name, attempt, commit)) { Reached = commit.Order.Reached };
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await engine.Channel.RunAsync(script, () => commit.Order.Reached(CommitStep.Committing), cancellationToken);
            if (engine.Parts.Syntax.DefinesInTransactions)
            {
                // The script has dropped them.
                stage.Tables.Remove(records);
                if (commit.Load is not null)
                    stage.Tables.Remove(stage.RowsTable!);
            }
            return new CommitResult.Committed(commit.Load);
        }
        catch (StatementInDoubtException e) when (e.InnerException is StatementRefusedException { Refusal: StatementRefusal.Cancelled })
        {
            // It is over, and may have been committed right before.
            if (await AskLedgerAsync(commit) is not { } answer)
                throw;
            if (answer.FirstOrDefault() is { } landed)
                return new CommitResult.Committed(landed);
            commit.Order.NotLanded();
            throw new StatementRefusedException("", StatementRefusal.Cancelled, e.Message, e.InnerException.InnerException);
        }
        catch (StatementRefusedException e)
        {
            if (e.Statement != CommitScript.LoadIdCheck) // an earlier attempt may have landed
                commit.Order.NotLanded();
            if (await ExplainAsync(e, stage, commit, cancellationToken) is { } result)
                return result;
            throw;
        }
    }

    // Null if the warehouse does not answer in time.
    private async Task<List<LoadRecord>?> AskLedgerAsync(LoadCommit commit)
    {
        using var limit = new CancellationTokenSource(LedgerTimeout);
        try
        {
            return commit.Load is { } load ? await _ledger.ReadLoadsAsync("load_id", load.LoadId, limit.Token) : [];
        }
        catch (Exception e)
        {
            engine.Parts.Logger.LogInformation("The ledger could not be asked about the commit that was cancelled: {Reason}", e.Message);
            return null;
        }
    }

    // A service that remembers tokens runs a request once that is sent twice. Another attempt has another token: the service may answer an old one
    // with its old failure.
    private static string Token(LoadName name, int attempt, LoadCommit commit)
        => string.Create(CultureInfo.InvariantCulture, $"{commit.Load?.LoadId[..MaxTokenId] ?? "takeover"}-{name}-{attempt}");

    private static int LongestText(WarehouseStage stage, LoadCommit commit, string column)
    {
        var at = commit.Schema.Columns.Index().FirstOrDefault(c => c.Item.Name == column, (Index: -1, Item: null!)).Index;
        return at < 0 ? 0 : stage.LongestText(at);
    }

    private async Task CopyRecordsAsync(WarehouseStage stage, int attempt, string table, LoadCommit commit, CancellationToken cancellationToken)
    {
        var token = NullToken.Create();
        var file = string.Create(CultureInfo.InvariantCulture, $"{stage.Files.Prefix}records-{attempt}.csv.gz");
        long bytes;
        await using (var writer = engine.Parts.Area.Create(file))
            bytes = await new CommitRecords(target, _dialect.LedgerName(target.Table), token).WriteAsync(writer, commit, cancellationToken);
        await engine.Copy.CopyRecordsAsync(table, file, bytes, token, cancellationToken);
    }

    // The rows of an earlier version that was loaded without audit columns cannot be identified: they would stay beside the new version's.
    private async Task ThrowIfRowsUnknownAsync(string records, LoadCommit commit, CancellationToken cancellationToken)
    {
        if (commit.Preparation.Changed is null)
            return;
        var (changed, loads, files) = (_dialect.Table(records), _dialect.Table(WarehouseNames.Loads), _dialect.Table(WarehouseNames.Files));
        var query = new WarehouseStatement($"""
            SELECT MIN('s3://' || c.bucket || '/' || c.object_key), COUNT(DISTINCT c.object_key) FROM {changed} c, {changed} s, {files} f, {loads} l
            WHERE c.kind = '{CommitRecords.Changed}' AND s.kind = '{CommitRecords.State}'
            AND f.feed_id = s.feed_id AND f.table_name = s.table_name AND f.bucket = c.bucket AND f.object_key = c.object_key AND f.retired = 0
            AND l.feed_id = s.feed_id AND l.table_name = s.table_name AND l.sequence = f.generation AND l.audited = 0
            """);
        var row = await engine.Channel.QueryAsync(query, cancellationToken).SingleAsync(cancellationToken);
        if (row[0] is { } first)
            throw TableErrors.EarlierRowsUnknown(target, first, long.Parse(row[1]!, CultureInfo.InvariantCulture));
    }

    // The state of another feed may be missing: then that feed cannot run before it claims its table again.
    private async Task<CommitTables> FindTablesAsync(LoadCommit commit, string rows, string records, CancellationToken cancellationToken)
    {
        var tables = CommitTables.From(_dialect, names, target.Table, rows, records);
        var ledgerName = _dialect.LedgerName(target.Table);
        List<string> forgotten =
            [.. commit.Preparation.Fit.Changes.OfType<ForgetFeeds>().SelectMany(f => f.Feeds).Select(f => WarehouseNames.LockOf(f, ledgerName))];
        List<string> taken =
        [
            .. (commit.Preparation.Fit.Takeover?.Units ?? [])
                .Where(u => u.Retired == 0).Select(u => WarehouseNames.LockOf(u.FeedId, u.Table)).Where(l => l != names.Lock),
        ];
        if (forgotten.Count + taken.Count == 0)
            return tables;
        var found = await engine.Catalog.ReadAsync([.. forgotten.Concat(taken).Distinct(StringComparer.Ordinal)], cancellationToken);
        bool Exists(string table) => found.ContainsKey(_dialect.Fold(table));
        return tables with
        {
            ForgottenLocks = [.. forgotten.Where(Exists).Select(_dialect.Table)],
            TakenLocks = [.. taken.Where(Exists).Select(_dialect.Table)],
        };
    }

    /// <summary>Says what a refused script means; null for an error to show.</summary>
    private async Task<CommitResult?> ExplainAsync(
        StatementRefusedException refusal, WarehouseStage stage, LoadCommit commit, CancellationToken cancellationToken)
    {
        switch (refusal)
        {
            case { Refusal: StatementRefusal.CheckFailed, Statement: CommitScript.LoadIdCheck }:
                return await FindCommittedAsync(commit, cancellationToken);
            case { Refusal: StatementRefusal.CheckFailed, Statement: CommitScript.EpochCheck or CommitScript.SequenceCheck }:
                return new CommitResult.Overtaken((await _ledger.ReadStateAsync(readsTarget: false, cancellationToken)).State?.Holder);
            case { Refusal: StatementRefusal.CheckFailed, Statement: CommitScript.CountCheck }:
                return new CommitResult.CountDiffers(await _ledger.CountAsync(stage.RowsTable!, cancellationToken));
            case { Refusal: StatementRefusal.Missing, Statement: not CommitScript.CountCheck }:
                return new CommitResult.TableChanged();
            default:
                return null;
        }
    }

    // An earlier attempt has committed the load, or what the feed takes over; or another run has.
    private async Task<CommitResult> FindCommittedAsync(LoadCommit commit, CancellationToken cancellationToken)
    {
        if (commit.Load is { } load && (await _ledger.ReadLoadsAsync("load_id", load.LoadId, cancellationToken)).FirstOrDefault() is { } committed)
            return new CommitResult.Committed(committed);
        var holder = (await _ledger.ReadStateAsync(readsTarget: false, cancellationToken)).State?.Holder;
        return commit.Load is null && holder?.RunId == commit.Order.Holder.RunId
            ? new CommitResult.Committed(null)
            : new CommitResult.Overtaken(holder);
    }
}
