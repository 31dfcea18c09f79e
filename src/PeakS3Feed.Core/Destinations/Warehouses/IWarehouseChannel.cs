using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>
/// One session's way to a warehouse that loads staged files: a connection to the database, or a service over HTTPS. The ways differ only in how
/// statements are sent. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// A statement that the warehouse refused throws <see cref="StatementRefusedException"/>: it certainly had no effect. Any other exception leaves
/// open whether it had. Cancelling a call cancels the statement in the warehouse.
/// </remarks>
internal interface IWarehouseChannel : IAsyncDisposable
{
    /// <summary>
    /// Runs one query and streams its rows. Each value is the text that the server prints, a Boolean <c>true</c> or <c>false</c>; a NULL is null.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<string?>> QueryAsync(WarehouseStatement query, CancellationToken cancellationToken);

    /// <summary>
    /// Runs one statement in a request and a transaction of its own. It may take hours. Returns the number of rows that it changed or loaded, as
    /// far as the server names it, or null.
    /// </summary>
    Task<long?> ExecuteAsync(WarehouseStatement statement, CancellationToken cancellationToken);

    /// <summary>
    /// Runs statements without values in order, as one transaction. Statements after one that fails do not run, and the exception names the one that
    /// failed.
    /// </summary>
    /// <param name="script">The statements.</param>
    /// <param name="committing">
    /// Is called right before what may commit the transaction is sent. From there on, the call ends only when its outcome is known: a cancellation
    /// asks the warehouse to end the transaction, where that is possible, and the transaction may be committed all the same. An exception other than
    /// <see cref="StatementRefusedException"/> leaves open whether the transaction is committed. Through a service, such an exception also comes
    /// where the script failed but an earlier request with its token may have run it: the ledger knows.
    /// </param>
    /// <param name="cancellationToken">Cancels the transaction, until <paramref name="committing"/> is called.</param>
    Task RunAsync(WarehouseScript script, Action committing, CancellationToken cancellationToken);

    /// <summary>Runs a script whose outcome nobody needs to know if the answer is lost: it may run again.</summary>
    Task RunAsync(WarehouseScript script, CancellationToken cancellationToken) => RunAsync(script, static () => { }, cancellationToken);

    /// <summary>
    /// Waits until no script of this feed and table, sent by this process, can take effect any more. Where the outcome of one is unknown, its
    /// request is sent again with the same token, or its end is awaited. After that, the ledger says whether it is committed. A connection to the
    /// database has nothing to wait for.
    /// </summary>
    Task SettleAsync(CancellationToken cancellationToken);

    /// <summary>Returns what an exception of this channel means for a retry.</summary>
    FaultKind Classify(Exception exception);

    /// <summary>Returns the error to show for an exception of this channel.</summary>
    Exception Translate(Exception exception);
}

/// <summary>
/// One statement. Its values are parameters: <c>:name</c> in the text. They are text; the SQL casts them where it needs another type.
/// </summary>
/// <param name="Sql">The text, without a semicolon at its end.</param>
/// <param name="Values">The values by name. None is NULL or empty, which some services cannot send.</param>
internal sealed record WarehouseStatement(string Sql, params IReadOnlyList<(string Name, string Value)> Values);

/// <summary>A statement of a script.</summary>
/// <param name="Name">What it does, for messages: <c>check: epoch</c>.</param>
/// <param name="Sql">The text, without values and without a semicolon at its end.</param>
/// <param name="Reaches">The step of the commit that is reached once it has run, where the way in tells after each statement; or null.</param>
internal record NamedStatement(string Name, string Sql, CommitStep? Reaches = null);

/// <summary>A check of a script. If it does not hold, the statement divides by zero, unless the warehouse has a better way to fail.</summary>
/// <param name="Name">What it checks, for messages: <c>check: epoch</c>.</param>
/// <param name="Condition">An aggregate condition over the rows of <paramref name="Source"/>.</param>
/// <param name="Source">What follows FROM, with its WHERE.</param>
internal sealed record NamedCheck(string Name, string Condition, string Source)
    : NamedStatement(Name, $"SELECT 1 / {Holds(Condition)} FROM {Source}")
{
    /// <summary>An expression that is 1 if the condition holds, else 0.</summary>
    public string Value => Holds(Condition);

    private static string Holds(string condition) => $"CASE WHEN {condition} THEN 1 ELSE 0 END";
}

/// <summary>Statements that are one transaction.</summary>
/// <param name="Statements">At least one statement. A service may have a limit.</param>
/// <param name="Token">
/// Identifies the attempt, at most 64 characters: a request that is sent twice with one token runs once while the service remembers the token. Null
/// for a script that may run twice.
/// </param>
internal sealed record WarehouseScript(IReadOnlyList<NamedStatement> Statements, string? Token = null)
{
    private const int MaxToken = 64;

    /// <summary>The statements.</summary>
    public IReadOnlyList<NamedStatement> Statements { get; } = Statements.Count > 0
        ? Statements
        : throw new ArgumentOutOfRangeException(nameof(Statements), Statements.Count, "A script has at least one statement.");

    /// <summary>The token of the attempt, or null.</summary>
    public string? Token { get; } = Token is { Length: 0 or > MaxToken }
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
internal sealed class StatementRefusedException(string? statement, StatementRefusal refusal, string message, Exception? inner = null)
    : Exception(message, inner)
{
    private const int MaxStatement = 80;

    /// <summary>The statement's name, or null where the warehouse does not say which one of a script failed.</summary>
    public string? Statement { get; } = statement;

    /// <summary>Why.</summary>
    public StatementRefusal Refusal { get; } = refusal;

    /// <summary>Returns the beginning of a statement's text, in one line.</summary>
    public static string Shorten(string sql)
    {
        var line = string.Join(' ', sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MaxStatement ? line : line[..(MaxStatement - 1)] + "…";
    }
}

/// <summary>Why a warehouse refused a statement, as far as this program must know it.</summary>
internal enum StatementRefusal
{
    /// <summary>Another reason; the message says which.</summary>
    Other,

    /// <summary>A conflict of transactions or a deadlock: the same statements may succeed at the next attempt.</summary>
    Conflict,

    /// <summary>The server shuts down, restarts, is read-only for a moment or out of connections: a later attempt may succeed.</summary>
    NotReady,

    /// <summary>A check of a script did not hold.</summary>
    CheckFailed,

    /// <summary>A table or column exists already.</summary>
    Exists,

    /// <summary>A table, column or schema does not exist.</summary>
    Missing,

    /// <summary>The user may not do this.</summary>
    Denied,

    /// <summary>A COPY refused a row.</summary>
    RowRefused,

    /// <summary>A COPY could not read its files: access denied, no such file, another size than was staged.</summary>
    FilesRefused,

    /// <summary>The statement was cancelled.</summary>
    Cancelled,
}

/// <summary>What was sent may have taken effect, though the warehouse or the service reported a failure.</summary>
/// <param name="inner">The failure that was seen.</param>
internal sealed class StatementInDoubtException(Exception inner) : Exception(inner.Message, inner);
