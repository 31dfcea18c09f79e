using Microsoft.Data.Sqlite;
using PeakS3Feed.Remedies;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Triggers.Queues;

/// <summary>The problems of queues, in <c>state.db</c>, so that other processes can show them.</summary>
/// <remarks>All methods throw the errors of <see cref="RunHistory"/>.</remarks>
public sealed class QueueProblemLog
{
    /// <summary>How long a problem is shown after it was found last: 1 day. A message may have moved to a dead-letter queue since.</summary>
    public static readonly TimeSpan ShownFor = TimeSpan.FromDays(1);

    private readonly StateDatabase _database;
    private readonly TimeProvider _time;

    /// <summary>Uses the database of a state directory. The first write creates it.</summary>
    public QueueProblemLog(string stateDirectory, TimeProvider? time = null)
        => (_database, _time) = (StateDatabase.FromDirectory(stateDirectory), time ?? TimeProvider.System);

    /// <summary>Lists the problems that were found within the last day, of all queues, in the order in which they were found first.</summary>
    public async Task<IReadOnlyList<QueueProblem>> ListAsync(CancellationToken cancellationToken)
        => !_database.Exists ? [] : await _database.RunAsync(List, cancellationToken);

    /// <summary>Records a problem that was found now. Deletes older ones.</summary>
    /// <returns>Whether it is new or its text has changed.</returns>
    internal Task<bool> ReportAsync(QueueProblem problem, CancellationToken cancellationToken) => _database.WriteAsync(
        connection =>
        {
            var now = _time.GetUtcNow();
            connection.Execute("DELETE FROM queue_problems WHERE last_at<$limit", ("$limit", (now - ShownFor).Text()));
            (string, object?)[] row =
            [
                ("$queue", problem.Queue), ("$kind", problem.Kind.ToString()), ("$subject", problem.Subject), ("$message", problem.Message),
                ("$hint", problem.Hint), ("$cmdlets", RemedyLines.WriteCmdlets(problem.Remedies)),
                ("$shells", RemedyLines.WriteShells(problem.Remedies)), ("$now", now.Text()),
            ];
            var isKnown = connection.Scalar(
                "SELECT count(*) FROM queue_problems WHERE queue=$queue AND kind=$kind AND subject=$subject AND message=$message", row) > 0;
            connection.Execute(
                "INSERT INTO queue_problems (queue, kind, subject, message, hint, cmdlets, shells, first_at, last_at) "
                + "VALUES ($queue, $kind, $subject, $message, $hint, $cmdlets, $shells, $now, $now) ON CONFLICT (queue, kind, subject) "
                + "DO UPDATE SET message=excluded.message, hint=excluded.hint, cmdlets=excluded.cmdlets, shells=excluded.shells, "
                + "last_at=excluded.last_at",
                row);
            return !isKnown;
        },
        cancellationToken);

    /// <summary>Deletes the problems of one kind of a queue, because they are solved. Writes nothing if there are none.</summary>
    internal async Task SolvedAsync(string queue, QueueProblemKind kind, CancellationToken cancellationToken)
    {
        if ((await ListAsync(cancellationToken)).Any(p => p.Queue == queue && p.Kind == kind))
            await _database.WriteAsync(
                c => c.Execute("DELETE FROM queue_problems WHERE queue=$queue AND kind=$kind", ("$queue", queue), ("$kind", kind.ToString())),
                cancellationToken);
    }

    /// <summary>Returns the id of this store, and creates it at the first call.</summary>
    internal Task<Guid> GetStoreIdAsync(CancellationToken cancellationToken) => _database.WriteAsync(
        connection =>
        {
            connection.Execute("INSERT INTO store (id) SELECT $id WHERE NOT EXISTS (SELECT 1 FROM store)", ("$id", Guid.NewGuid().Text()));
            using var select = connection.Command("SELECT id FROM store");
            return Guid.Parse((string)select.ExecuteScalar()!);
        },
        cancellationToken);

    private List<QueueProblem> List(SqliteConnection connection)
    {
        using var select = connection.Command(
            "SELECT queue, kind, subject, message, hint, first_at, last_at, cmdlets, shells FROM queue_problems WHERE last_at>=$limit "
                + "ORDER BY first_at, subject",
            ("$limit", (_time.GetUtcNow() - ShownFor).Text()));
        using var row = select.ExecuteReader();
        var problems = new List<QueueProblem>();
        while (row.Read())
        {
            problems.Add(new(row.GetString(0), Enum.Parse<QueueProblemKind>(row.GetString(1)), row.GetString(2), row.GetString(3), row.TextOrNull(4))
            {
                FirstAt = row.TimeOrNull(5)!.Value, LastAt = row.TimeOrNull(6)!.Value,
                Remedies = RemedyLines.Read(row.TextOrNull(7), row.TextOrNull(8)),
            });
        }

        return problems;
    }
}
