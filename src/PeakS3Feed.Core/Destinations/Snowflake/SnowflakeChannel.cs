using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>The way to Snowflake through the SQL API. Each request is a session of its own there.</summary>
internal sealed class SnowflakeChannel : IWarehouseChannel, IScriptService
{
    /// <summary>The maximum size of a statement's text in bytes of UTF-8: 1 MiB.</summary>
    public const int MaxStatementBytes = 1024 * 1024;

    private readonly SqlApiStatements _statements;
    private readonly SqlApiContext _context;
    private readonly ScriptSender _scripts;
    private readonly SnowflakeErrors _errors;

    /// <param name="statements">Runs statements.</param>
    /// <param name="context">Where they run.</param>
    /// <param name="pending">The scripts of this process that may still take effect.</param>
    /// <param name="lockName">The name of the lock of this session's feed and table.</param>
    /// <param name="errors">Creates the errors to show.</param>
    public SnowflakeChannel(
        SqlApiStatements statements, SqlApiContext context, PendingScripts pending, string lockName, SnowflakeErrors errors)
    {
        (_statements, _context, _errors) = (statements, context, errors);
        _scripts = new(this, pending, lockName);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<string?>> QueryAsync(
        WarehouseStatement query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var finished = await RunAsync(query, isAsync: false, cancellationToken);
        await foreach (var row in _statements.ReadAsync(finished, cancellationToken))
            yield return row;
    }

    /// <summary>Runs one query and streams its rows with the names of their columns, as SHOW, DESC, LIST and a validation return them.</summary>
    /// <param name="query">The query.</param>
    /// <param name="cancellationToken">Cancels the query in Snowflake.</param>
    public async IAsyncEnumerable<IReadOnlyDictionary<string, string?>> QueryByNameAsync(
        WarehouseStatement query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // It may read as much as a COPY does: its id must be known at once, so that it can be cancelled.
        var finished = await RunAsync(query, isAsync: true, cancellationToken);
        var columns = finished.Columns;
        await foreach (var row in _statements.ReadAsync(finished, cancellationToken))
        {
            var named = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < row.Count && i < columns.Count; i++)
                named[columns[i]] = row[i];
            yield return named;
        }
    }

    /// <inheritdoc/>
    public async Task<long?> ExecuteAsync(WarehouseStatement statement, CancellationToken cancellationToken)
        => (await RunAsync(statement, isAsync: true, cancellationToken)).Rows;

    /// <inheritdoc/>
    public async Task RunAsync(WarehouseScript script, Action committing, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfTooLong(new SnowflakeScript(script).Sql, "the transaction");
        await _scripts.RunAsync(script, committing, cancellationToken);
    }

    /// <inheritdoc/>
    public Task SettleAsync(CancellationToken cancellationToken) => _scripts.SettleAsync(cancellationToken);

    /// <inheritdoc/>
    public FaultKind Classify(Exception exception) => SnowflakeFaults.Classify(exception);

    /// <inheritdoc/>
    public Exception Translate(Exception exception) => _errors.Translate(exception);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    async Task<SubmittedScript> IScriptService.SubmitAsync(
        PendingScript script, Action<Exception> attemptFailed, CancellationToken cancellationToken)
    {
        var isResent = script.WasSent;
        script.WasSent = true;
        var statement = new SnowflakeScript(script.Script);
        var request = StatementRequest.Create(statement.Sql, _context);
        var outcome = await _statements.SubmitAsync(request, CreateRequestId(script.Token), isResent, attemptFailed, cancellationToken);
        return new(outcome.Handle ?? "", outcome is SqlApiOutcome.Running ? null : End(outcome, statement));
    }

    /// <inheritdoc/>
    async Task<ScriptEnd> IScriptService.WaitAsync(PendingScript script, CancellationToken cancellationToken)
        => End(await _statements.WaitAsync(script.Id!, cancellationToken), new SnowflakeScript(script.Script));

    /// <inheritdoc/>
    Task IScriptService.CancelAsync(string id) => _statements.CancelAsync(id);

    /// <inheritdoc/>
    bool IScriptService.IsCertainlyNotSubmitted(Exception exception) => SnowflakeFaults.IsCertainlyNotSubmitted(exception);

    /// <inheritdoc/>
    StatementRefusal IScriptService.ReadRefusal(Exception exception) => SnowflakeFaults.ReadRefusal(exception);

    /// <inheritdoc/>
    bool IScriptService.LeavesInDoubt(StatementRefusal refusal) => SnowflakeFaults.LeavesInDoubt(refusal);

    /// <inheritdoc/>
    bool IScriptService.IsForgotten(Exception exception) => exception is FeedException { InnerException: SqlApiException { Status: 404 } }
        or FeedException { ServiceCode: SnowflakeRefusals.UnknownStatement };

    /// <summary>Returns the id of the requests of an attempt: a UUID made of the attempt's token.</summary>
    public static Guid CreateRequestId(string token)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(token)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80); // RFC 9562: version 8, made of a hash of one's own
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private static ScriptEnd End(SqlApiOutcome outcome, SnowflakeScript statement)
        => outcome is SqlApiOutcome.Refused { Failure: var failure }
            ? new(Refused(failure, statement.FindFailed(failure.Message)?.Name))
            : new();

    private async Task<SqlApiOutcome.Finished> RunAsync(WarehouseStatement statement, bool isAsync, CancellationToken cancellationToken)
    {
        var name = StatementRefusedException.Shorten(statement.Sql);
        ThrowIfTooLong(statement.Sql, name);
        var (sql, values) = SnowflakeParameters.Bind(statement.Sql, statement.Values);
        var outcome = await _statements.RunAsync(StatementRequest.Create(sql, _context, values), isAsync, cancellationToken);
        if (outcome is SqlApiOutcome.Finished finished)
            return finished;
        var refused = Refused(((SqlApiOutcome.Refused)outcome).Failure, name);
        throw SnowflakeFaults.LeavesInDoubt(refused.Refusal) ? new StatementInDoubtException(refused) : refused;
    }

    private void ThrowIfTooLong(string sql, string name)
    {
        var bytes = Encoding.UTF8.GetByteCount(sql);
        if (bytes > MaxStatementBytes)
            throw _errors.StatementTooLong(name, bytes);
    }

    private static StatementRefusedException Refused(SqlApiException failure, string? statement)
        => new(statement, SnowflakeRefusals.Read(failure), SnowflakeRefusals.Clean(failure.Message), failure);
}
