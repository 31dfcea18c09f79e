using System.Runtime.CompilerServices;
using System.Text;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>The way to a warehouse through the Redshift Data API. Each request is a session of its own in the warehouse.</summary>
internal sealed class RedshiftDataApi : IRedshiftChannel, IScriptService
{
    private readonly DataApiStatements _statements;
    private readonly ScriptSender _scripts;
    private readonly RedshiftLoadErrors _loadErrors;
    private readonly RedshiftErrors _errors;

    /// <param name="statements">Runs statements.</param>
    /// <param name="pending">The scripts of this process that may still take effect.</param>
    /// <param name="lockName">The name of the lock of this session's feed and table.</param>
    /// <param name="loadErrors">Reads the rows that a COPY refused.</param>
    /// <param name="errors">Creates the errors to show.</param>
    public RedshiftDataApi(
        DataApiStatements statements, PendingScripts pending, string lockName, RedshiftLoadErrors loadErrors, RedshiftErrors errors)
    {
        (_statements, _loadErrors, _errors) = (statements, loadErrors, errors);
        _scripts = new(this, pending, lockName);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<string?>> QueryAsync(
        WarehouseStatement query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var finished = await RunAsync(query, cancellationToken);
        if (!finished.Description.HasResultSet)
            yield break;
        await foreach (var row in _statements.ReadAsync(finished.Id, cancellationToken))
            yield return row;
    }

    /// <inheritdoc/>
    public async Task<long?> ExecuteAsync(WarehouseStatement statement, CancellationToken cancellationToken)
        => (await RunAsync(statement, cancellationToken)).Rows is [>= 0 and var rows] ? rows : null;

    /// <inheritdoc/>
    public async Task RunAsync(WarehouseScript script, Action committing, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (script.Statements.Count > DataApiClient.MaxBatch)
            throw _errors.TooManyStatements(script.Statements.Count);
        foreach (var statement in script.Statements)
            ThrowIfTooLong(statement.Sql, statement.Name);
        await _scripts.RunAsync(script, committing, cancellationToken);
    }

    /// <inheritdoc/>
    public Task SettleAsync(CancellationToken cancellationToken) => _scripts.SettleAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RedshiftLoadError>> ReadLoadErrorsAsync(string table, CancellationToken cancellationToken)
        => _loadErrors.ReadAsync(this, table, cancellationToken);

    /// <inheritdoc/>
    public FaultKind Classify(Exception exception) => RedshiftFaults.Classify(exception);

    /// <inheritdoc/>
    public Exception Translate(Exception exception) => _errors.Translate(exception);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    async Task<SubmittedScript> IScriptService.SubmitAsync(
        PendingScript script, Action<Exception> attemptFailed, CancellationToken cancellationToken)
    {
        var request = new BatchExecuteStatementRequest([.. script.Script.Statements.Select(s => s.Sql)]) { ClientToken = script.Token };
        return new(await _statements.SubmitAsync(request, attemptFailed, cancellationToken));
    }

    /// <inheritdoc/>
    async Task<ScriptEnd> IScriptService.WaitAsync(PendingScript script, CancellationToken cancellationToken)
    {
        var outcome = await _statements.WaitAsync(script.Id!, cancellationToken);
        if (outcome is StatementOutcome.Finished)
            return new();
        var all = script.Script.Statements;
        var index = (outcome as StatementOutcome.Failed)?.FailedIndex;
        return new(Refused(outcome, index is { } i && i < all.Count ? all[i].Name : null));
    }

    /// <inheritdoc/>
    Task IScriptService.CancelAsync(string id) => _statements.CancelAsync(id);

    /// <inheritdoc/>
    bool IScriptService.IsCertainlyNotSubmitted(Exception exception) => RedshiftFaults.IsCertainlyNotSubmitted(exception);

    /// <inheritdoc/>
    StatementRefusal IScriptService.ReadRefusal(Exception exception) => ServiceFailure.From(exception) switch
    {
        { IsTransient: true } => StatementRefusal.NotReady,
        { IsDenial: true } => StatementRefusal.Denied,
        _ => StatementRefusal.Other,
    };

    /// <inheritdoc/>
    bool IScriptService.LeavesInDoubt(StatementRefusal refusal) => RedshiftFaults.LeavesInDoubt(refusal, null);

    // The service knows statements for 24 hours, and lets none run longer.
    /// <inheritdoc/>
    bool IScriptService.IsForgotten(Exception exception) => exception is FeedException { ServiceCode: "ResourceNotFoundException" };

    private async Task<StatementOutcome.Finished> RunAsync(WarehouseStatement statement, CancellationToken cancellationToken)
    {
        ThrowIfTooLong(statement.Sql, StatementRefusedException.Shorten(statement.Sql));
        var request = new ExecuteStatementRequest(statement.Sql)
        {
            Parameters = statement.Values is [] ? null : [.. statement.Values.Select(v => new DataApiParameter(v.Name, v.Value))],
        };
        var outcome = await _statements.RunAsync(request, cancellationToken);
        if (outcome is StatementOutcome.Finished finished)
            return finished;
        var refused = Refused(outcome, StatementRefusedException.Shorten(statement.Sql));
        throw RedshiftFaults.LeavesInDoubt(refused.Refusal, null) ? new StatementInDoubtException(refused) : refused;
    }

    private void ThrowIfTooLong(string sql, string name)
    {
        var bytes = Encoding.UTF8.GetByteCount(sql);
        if (bytes > DataApiClient.MaxStatementBytes)
            throw _errors.StatementTooLong(name, bytes);
    }

    private static StatementRefusedException Refused(StatementOutcome outcome, string? statement) => outcome switch
    {
        StatementOutcome.Failed failed => new(
            statement, RedshiftRefusals.Read(null, failed.Error), RedshiftRefusals.Clean(failed.Error)),
        _ => new(statement, StatementRefusal.Cancelled, "The statement was cancelled in the warehouse."),
    };
}
