using Microsoft.Data.Sqlite;
using PeakS3Feed.Rows;

namespace PeakS3Feed.Runs;

/// <summary>
/// Stores the rejects of one run, in blocks. It stores at most <see cref="MaxStored"/>; <see cref="Count"/> is exact. Thread-safe. Disposing writes
/// the remaining rejects.
/// </summary>
public sealed class RejectLog : IAsyncDisposable
{
    /// <summary>The maximum number of stored rejects of a run: 10,000.</summary>
    public const int MaxStored = 10_000;

    private const int BlockRejects = 500;
    private const int BlockCharacters = 1_000_000;

    private readonly StateDatabase _database;
    private readonly Guid _runId;
    private readonly RejectText _text;
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly List<(int Commit, Reject Reject)> _pending = [];
    private readonly Dictionary<(int Commit, string Uri), long> _pendingCounts = [];
    private long _pendingCharacters;
    private long _count;
    private bool _isUsed; // whether a reject was ever added

    internal RejectLog(StateDatabase database, Guid runId, RejectText text)
    {
        _database = database;
        _runId = runId;
        _text = text;
    }

    /// <summary>The number of rejects that were added and not discarded, stored or not.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Adds the rejects of a commit.</summary>
    public async Task AddAsync(int commitNumber, IReadOnlyCollection<Reject> rejects, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rejects);
        await _one.WaitAsync(cancellationToken);
        try
        {
            foreach (var reject in rejects)
            {
                _isUsed = true;
                var key = (commitNumber, reject.Position.ObjectUri);
                _pendingCounts[key] = _pendingCounts.GetValueOrDefault(key) + 1;
                Interlocked.Increment(ref _count);

                _pending.Add((commitNumber, reject));
                _pendingCharacters += reject.RawText?.Length ?? 0;
                if (_pending.Count >= BlockRejects || _pendingCharacters >= BlockCharacters)
                    await WriteAsync(cancellationToken);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Discards all rejects of a commit that was rolled back and will be repeated.</summary>
    public Task DiscardAsync(int commitNumber, CancellationToken cancellationToken = default)
        => DiscardAsync("commit_number=$value", commitNumber, cancellationToken);

    /// <summary>Discards all rejects of an object (<c>s3://bucket/key</c>) whose rows were rolled back.</summary>
    public Task DiscardObjectAsync(string objectUri, CancellationToken cancellationToken = default)
        => DiscardAsync("object_uri=$value", objectUri, cancellationToken);

    /// <summary>Writes the pending rejects.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await WriteAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await FlushAsync();
        _one.Dispose();
    }

    private async Task DiscardAsync(string condition, object value, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (!_isUsed)
                return;
            await WriteAsync(cancellationToken);
            var gone = await _database.RunAsync(connection => Discard(connection, condition, value), cancellationToken);
            Interlocked.Add(ref _count, -gone);
        }
        finally
        {
            _one.Release();
        }
    }

    private long Discard(SqliteConnection connection, string condition, object value)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var gone = connection.Scalar(
            $"SELECT coalesce(sum(rejects), 0) FROM reject_counts WHERE run_id=$run AND {condition}", ("$run", _runId.Text()), ("$value", value));
        connection.Execute($"DELETE FROM reject_counts WHERE run_id=$run AND {condition}", ("$run", _runId.Text()), ("$value", value));
        connection.Execute($"DELETE FROM rejects WHERE run_id=$run AND {condition}", ("$run", _runId.Text()), ("$value", value));
        transaction.Commit();
        return gone;
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (_pendingCounts.Count == 0) return;
        await _database.RunAsync(Write, cancellationToken);
        _pending.Clear();
        _pendingCounts.Clear();
        _pendingCharacters = 0;
    }

    private int Write(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var room = MaxStored - (int)connection.Scalar("SELECT count(*) FROM rejects WHERE run_id=$run", ("$run", _runId.Text()));
        if (room > 0) RejectRows.Insert(connection, _runId, _pending.Take(room), _text);
        foreach (var ((commit, uri), rejects) in _pendingCounts)
        {
            connection.Execute(
                """
                INSERT INTO reject_counts (run_id, commit_number, object_uri, rejects) VALUES ($run, $commit, $uri, $rejects)
                ON CONFLICT (run_id, commit_number, object_uri) DO UPDATE SET rejects = rejects + excluded.rejects
                """,
                ("$run", _runId.Text()),
                ("$commit", commit),
                ("$uri", uri),
                ("$rejects", rejects));
        }

        transaction.Commit();
        return room;
    }
}

/// <summary>Whether the history keeps the raw text of rejected rows, which is customer data.</summary>
public enum RejectText
{
    /// <summary>Keep up to 8 KiB of each row.</summary>
    Keep,

    /// <summary>Keep no text.</summary>
    None,
}
