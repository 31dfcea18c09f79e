using PeakS3Feed.Destinations.Warehouses;
using System.Runtime.CompilerServices;
using System.Text;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>The way to a warehouse through the Redshift Data API. Each request is a session of its own in the warehouse.</summary>
/// <param name="statements">Runs statements.</param>
/// <param name="pending">The scripts of this process that may still take effect.</param>
/// <param name="lockName">The name of the lock of this session's feed and table.</param>
/// <param name="loadErrors">Reads the rows that a COPY refused.</param>
/// <param name="errors">Creates the errors to show.</param>
internal sealed class RedshiftDataApi(
    DataApiStatements statements, PendingScripts pending, string lockName, RedshiftLoadErrors loadErrors, RedshiftErrors errors) : IRedshiftChannel
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<string?>> QueryAsync(
        WarehouseStatement query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var finished = await RunAsync(query, cancellationToken);
        if (!finished.Description.HasResultSet)
            yield break;
        await foreach (var row in statements.ReadAsync(finished.Id, cancellationToken))
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
            throw errors.TooManyStatements(script.Statements.Count);
        foreach (var statement in script.Statements)
            ThrowIfTooLong(statement.Sql, statement.Name);
        var request = new BatchExecuteStatementRequest([.. script.Statements.Select(s => s.Sql)])
        {
            ClientToken = script.Token ?? DataApiClient.NewToken(),
        };
        var sent = pending.Add(lockName, request);
        await sent.Turn.WaitAsync(CancellationToken.None); // at once: nobody has seen it
        try
        {
            ThrowUnlessFinished(script, sent, await SendAsync(sent, committing, cancellationToken));
        }
        finally
        {
            sent.Turn.Release();
        }
    }

    /// <inheritdoc/>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        foreach (var script in pending.Find(lockName))
        {
            await script.Turn.WaitAsync(cancellationToken);
            try
            {
                if (!script.HasEnded)
                    await EndAsync(script, cancellationToken);
            }
            catch (FeedException e) when (script.Id is not null && e.ServiceCode == "ResourceNotFoundException")
            {
                // The service knows statements for 24 hours, and lets none run longer.
                pending.Remove(script);
            }
            finally
            {
                script.Turn.Release();
            }
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RedshiftLoadError>> ReadLoadErrorsAsync(string table, CancellationToken cancellationToken)
        => loadErrors.ReadAsync(this, table, cancellationToken);

    /// <inheritdoc/>
    public FaultKind Classify(Exception exception) => RedshiftFaults.Classify(exception);

    /// <inheritdoc/>
    public Exception Translate(Exception exception) => errors.Translate(exception);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<StatementOutcome.Finished> RunAsync(WarehouseStatement statement, CancellationToken cancellationToken)
    {
        ThrowIfTooLong(statement.Sql, StatementRefusedException.Shorten(statement.Sql));
        var request = new ExecuteStatementRequest(statement.Sql)
        {
            Parameters = statement.Values is [] ? null : [.. statement.Values.Select(v => new DataApiParameter(v.Name, v.Value))],
        };
        var outcome = await statements.RunAsync(request, cancellationToken);
        if (outcome is StatementOutcome.Finished finished)
            return finished;
        var refused = Refused(outcome, StatementRefusedException.Shorten(statement.Sql));
        throw RedshiftFaults.LeavesInDoubt(refused.Refusal, null) ? new StatementInDoubtException(refused) : refused;
    }

    private void ThrowIfTooLong(string sql, string name)
    {
        var bytes = Encoding.UTF8.GetByteCount(sql);
        if (bytes > DataApiClient.MaxStatementBytes)
            throw errors.StatementTooLong(name, bytes);
    }

    private async Task<StatementOutcome> SendAsync(PendingScript script, Action committing, CancellationToken cancellationToken)
    {
        try
        {
            committing();
        }
        catch
        {
            pending.Remove(script);
            throw;
        }
        try
        {
            script.Id = await statements.SubmitAsync(script.Request, script.Note, CancellationToken.None);
            // It may wait for a lock for hours. The service is asked to end it, and its end says whether it was in time.
            await using var canceled = cancellationToken.Register(() => _ = statements.CancelAsync(script.Id));
            return await EndAsync(script, CancellationToken.None);
        }
        catch (Exception e) when (script.Id is null && !script.MayHaveRun && RedshiftFaults.IsCertainlyNotSubmitted(e))
        {
            pending.Remove(script);
            var refusal = ServiceFailure.From(e) switch
            {
                { IsTransient: true } => StatementRefusal.NotReady,
                { IsDenial: true } => StatementRefusal.Denied,
                _ => StatementRefusal.Other,
            };
            throw new StatementRefusedException(null, refusal, e.Message, e);
        }
        catch (Exception e)
        {
            throw new StatementInDoubtException(e);
        }
    }

    // Sends the script unless its id is known, and waits for its end.
    private async Task<StatementOutcome> EndAsync(PendingScript script, CancellationToken cancellationToken)
    {
        script.Id ??= await statements.SubmitAsync(script.Request, script.Note, cancellationToken);
        var outcome = await statements.WaitAsync(script.Id, cancellationToken);
        pending.Remove(script);
        return outcome;
    }

    // A script that was sent twice may have run twice, where the service has forgotten its token: the second run then fails because the first one is
    // committed.
    private static void ThrowUnlessFinished(WarehouseScript script, PendingScript sent, StatementOutcome outcome)
    {
        if (outcome is StatementOutcome.Finished)
            return;
        var index = (outcome as StatementOutcome.Failed)?.FailedIndex;
        var refused = Refused(outcome, index is { } i && i < script.Statements.Count ? script.Statements[i].Name : null);
        throw sent.MayHaveRun || RedshiftFaults.LeavesInDoubt(refused.Refusal, null) ? new StatementInDoubtException(refused) : refused;
    }

    private static StatementRefusedException Refused(StatementOutcome outcome, string? statement) => outcome switch
    {
        StatementOutcome.Failed failed => new(
            statement, RedshiftRefusals.Read(null, failed.Error), RedshiftRefusals.Clean(failed.Error)),
        _ => new(statement, StatementRefusal.Cancelled, "The statement was cancelled in the warehouse."),
    };
}
