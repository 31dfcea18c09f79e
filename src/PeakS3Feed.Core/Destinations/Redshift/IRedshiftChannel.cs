using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>
/// One session's way to a warehouse: the wire (<c>RedshiftWire</c>) or the Data API (<c>RedshiftDataApi</c>). The ways differ only in how statements
/// are sent. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// A statement that the warehouse refused throws <see cref="RedshiftStatementException"/>: it certainly had no effect. Any other exception leaves
/// open whether it had. Cancelling a call cancels the statement in the warehouse.
/// </remarks>
internal interface IRedshiftChannel : IAsyncDisposable
{
    /// <summary>
    /// Runs one query and streams its rows. Each value is the text that the server prints, a Boolean <c>true</c> or <c>false</c>; a NULL is null.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<string?>> QueryAsync(RedshiftStatement query, CancellationToken cancellationToken);

    /// <summary>
    /// Runs one statement in a request and a transaction of its own. It may take hours. Returns the number of rows that it changed or loaded, as
    /// far as the server names it, or null.
    /// </summary>
    Task<long?> ExecuteAsync(RedshiftStatement statement, CancellationToken cancellationToken);

    /// <summary>
    /// Runs statements without values in order, as one transaction. Statements after one that fails do not run, and the exception names the one that
    /// failed.
    /// </summary>
    /// <param name="script">The statements.</param>
    /// <param name="committing">
    /// Is called right before what may commit the transaction is sent. From there on, the call ends only when its outcome is known: a cancellation
    /// asks the warehouse to end the transaction, where that is possible, and the transaction may be committed all the same. An exception other than
    /// <see cref="RedshiftStatementException"/> leaves open whether the transaction is committed. Over the Data API, such an exception also
    /// comes where the script failed but an earlier request with its token may have run it: the ledger knows.
    /// </param>
    /// <param name="cancellationToken">Cancels the transaction, until <paramref name="committing"/> is called.</param>
    Task RunAsync(RedshiftScript script, Action committing, CancellationToken cancellationToken);

    /// <summary>Runs a script whose outcome nobody needs to know if the answer is lost: it may run again.</summary>
    Task RunAsync(RedshiftScript script, CancellationToken cancellationToken) => RunAsync(script, static () => { }, cancellationToken);

    /// <summary>
    /// Waits until no script of this feed and table, sent by this process, can take effect any more. Where the outcome of one is unknown, its
    /// request is sent again with the same token, or its end is awaited. After that, the ledger says whether it is committed. The wire has nothing to
    /// wait for.
    /// </summary>
    Task SettleAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Returns the rows that the last COPY into a table refused, newest COPY only; empty if the warehouse recorded none. The session that ran the
    /// COPY may be over by then.
    /// </summary>
    Task<IReadOnlyList<RedshiftLoadError>> ReadLoadErrorsAsync(string table, CancellationToken cancellationToken);

    /// <summary>Returns what an exception of this channel means for a retry.</summary>
    FaultKind Classify(Exception exception);

    /// <summary>Returns the error to show for an exception of this channel.</summary>
    Exception Translate(Exception exception);
}

/// <summary>
/// One statement. Its values are parameters: <c>:name</c> in the text. They are text; the SQL casts them where it needs another type.
/// </summary>
/// <param name="Sql">The text, without a semicolon at its end.</param>
/// <param name="Values">The values by name. None is NULL or empty, which the Data API cannot send.</param>
internal sealed record RedshiftStatement(string Sql, params IReadOnlyList<(string Name, string Value)> Values);

/// <summary>A statement of a script.</summary>
/// <param name="Name">What it does, for messages: <c>check: epoch</c>.</param>
/// <param name="Sql">The text, without values and without a semicolon at its end.</param>
/// <param name="Reaches">The step of the commit that is reached once it has run, where the way in tells after each statement; or null.</param>
internal sealed record NamedStatement(string Name, string Sql, CommitStep? Reaches = null);

/// <summary>Statements that are one transaction.</summary>
/// <param name="Statements">At least one statement. The Data API has a limit.</param>
/// <param name="Token">
/// Identifies the attempt, at most 64 characters: a request that is sent twice with one token runs once while the service remembers the token. Null
/// for a script that may run twice.
/// </param>
internal sealed record RedshiftScript(IReadOnlyList<NamedStatement> Statements, string? Token = null)
{
    /// <summary>The statements.</summary>
    public IReadOnlyList<NamedStatement> Statements { get; } = Statements.Count > 0
        ? Statements
        : throw new ArgumentOutOfRangeException(nameof(Statements), Statements.Count, "A script has at least one statement.");

    /// <summary>The token of the attempt, or null.</summary>
    public string? Token { get; } = Token is { Length: 0 or > DataApiClient.MaxToken }
        ? throw new ArgumentOutOfRangeException(nameof(Token), Token.Length, "A token has 1 to 64 characters.")
        : Token;

    /// <summary>Is called after a statement with <see cref="NamedStatement.Reaches"/>, where the way in tells.</summary>
    public Action<CommitStep> Reached { get; init; } = _ => { };
}

/// <summary>The warehouse refused a statement. It had no effect, and the transaction that it was part of is rolled back.</summary>
/// <param name="statement">The statement's name or beginning, or null where the warehouse does not say which one of a script failed.</param>
/// <param name="refusal">Why, as far as this program must know it.</param>
/// <param name="message">The warehouse's own message, with its detail.</param>
/// <param name="inner">The driver's exception, or null.</param>
internal sealed class RedshiftStatementException(string? statement, RedshiftRefusal refusal, string message, Exception? inner = null)
    : Exception(message, inner)
{
    private const int MaxStatement = 80;

    /// <summary>The statement's name, or null where the warehouse does not say which one of a script failed.</summary>
    public string? Statement { get; } = statement;

    /// <summary>Why.</summary>
    public RedshiftRefusal Refusal { get; } = refusal;

    /// <summary>Returns the beginning of a statement's text, in one line.</summary>
    public static string Shorten(string sql)
    {
        var line = string.Join(' ', sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MaxStatement ? line : line[..(MaxStatement - 1)] + "…";
    }
}

/// <summary>Why a warehouse refused a statement, as far as this program must know it.</summary>
internal enum RedshiftRefusal
{
    /// <summary>Another reason; the message says which.</summary>
    Other,

    /// <summary>A conflict of transactions (error 1023) or a deadlock: the same statements may succeed at the next attempt.</summary>
    Conflict,

    /// <summary>The server shuts down, restarts, is read-only for a moment or out of connections: a later attempt may succeed.</summary>
    NotReady,

    /// <summary>A division by zero: a check of a script did not hold.</summary>
    CheckFailed,

    /// <summary>A table or column exists already.</summary>
    Exists,

    /// <summary>A table, column or schema does not exist.</summary>
    Missing,

    /// <summary>The user may not do this.</summary>
    Denied,

    /// <summary>A COPY refused a row; <see cref="IRedshiftChannel.ReadLoadErrorsAsync"/> says which.</summary>
    RowRefused,

    /// <summary>A COPY could not read its files: access denied, no such file, another size than the manifest says.</summary>
    FilesRefused,

    /// <summary>The statement was cancelled.</summary>
    Cancelled,
}

/// <summary>A row that a COPY refused, as the warehouse's error view has it.</summary>
/// <param name="File">The staged file.</param>
/// <param name="Line">The line in it, from 1.</param>
/// <param name="Column">The column's name; empty where the view names none.</param>
/// <param name="Type">The column's type with its length, in the warehouse's words; empty where the view names none.</param>
/// <param name="RawLine">The beginning of the row.</param>
/// <param name="Reason">Why, in the warehouse's words.</param>
internal sealed record RedshiftLoadError(string File, long Line, string Column, string Type, string RawLine, string Reason);
