using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>
/// A destination as Redshift and Snowflake are: rows are staged as files before the transaction, and the engine, here SQLite, copies
/// them inside it.
/// </summary>
internal sealed class StagedDestination(string database, string stage) : IDestination
{
    public DestinationCapabilities Capabilities { get; } = new() { Shape = LoadShape.StagedFiles, ValueLimits = new ValueLimits() };

    public string Location => "staged";

    public string Folder => stage;

    /// <summary>Called for each COMMIT, with what does it; may throw before or after.</summary>
    public Func<Func<Task>, Task> Commit { get; set; } = commit => commit();

    /// <summary>Called for each staged file before it is copied.</summary>
    public Action<string> BeforeCopy { get; set; } = _ => { };

    public int Stagings { get; private set; }

    public async Task<IDestinationSession> OpenAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync(cancellationToken);
        return new Session(this, connection, target);
    }

    public IAsyncEnumerable<DestinationCheck> TestAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Session(StagedDestination owner, SqliteConnection connection, LoadTarget target) : IDestinationSession
    {
        private readonly SqlLedger _ledger = new(new LedgerCommands(connection, new SqliteDialect(), target), (_, _) => Task.FromResult(true));

        public DestinationCapabilities Capabilities => owner.Capabilities;

        public SqlDialect Dialect { get; } = new SqliteDialect();

        public IReadOnlyList<string> Describe(LoadSpec spec) => ["COPY"];

        public async Task<TableState> InspectAsync(CancellationToken cancellationToken)
        {
            await _ledger.CreateAsync(cancellationToken);
            var columns = new List<TableColumn>();
            await using (var command = connection.CreateCommand())
            {
                command.CommandText = $"SELECT name, type FROM pragma_table_info('{target.Table}')";
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                    columns.Add(new TableColumn(reader.GetString(0), reader.GetString(1), Required: false));
            }
            return new TableState
            {
                Exists = columns.Count > 0,
                HasRows = columns.Count > 0,
                Columns = columns,
                Ledger = await _ledger.ReadStateAsync(forUpdate: false, cancellationToken),
            };
        }

        public async IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(
            string bucket, LedgerTakeover? takeover, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var entry in _ledger.Files.ReadEntriesAsync(bucket, takeover, cancellationToken))
                yield return entry;
        }

        public Task<IReadOnlyList<LoadRecord>> FindLoadsAsync(Guid runId, CancellationToken cancellationToken) => _ledger.FindLoadsAsync(runId, cancellationToken);

        public Task HoldAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<LedgerState> ClaimAsync(RunHolder holder, string loadType, CancellationToken cancellationToken) => _ledger.ClaimAsync(holder, loadType, cancellationToken);

        public Task ResetAsync(bool dropTable, CancellationToken cancellationToken) => _ledger.ResetAsync(forget: dropTable, cancellationToken);

        public async Task<ILoadTransaction> BeginAsync(LoadSpec spec, LoadStamp stamp, CancellationToken cancellationToken)
        {
            await _ledger.ExecuteAsync("BEGIN IMMEDIATE", cancellationToken);
            return new Transaction(owner, connection, _ledger, target, spec, stamp, InspectAsync);
        }

        public Task<IRowWriter> StageAsync(LoadSpec spec, LoadStamp stamp, CancellationToken cancellationToken)
        {
            owner.Stagings++;
            return Task.FromResult<IRowWriter>(new Stage(Path.Combine(owner.Folder, $"{Guid.NewGuid():N}.rows")));
        }

        public bool IsTransient(Exception exception) => exception is IOException;

        public bool IsCommitRefused(Exception exception) => exception is SqliteException;

        public Exception Translate(Exception exception) => exception;

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }

    /// <summary>A line for each row: its file, then name=value, separated by control characters.</summary>
    private sealed class Stage(string path) : IRowWriter
    {
        private readonly StreamWriter _file = new(path);
        private string _uri = "";
        private long _rows;

        public string Path => path;

        public Task BeginObjectAsync(SourceObject source, bool undoable, CancellationToken cancellationToken)
        {
            Assert.False(undoable, "This stage cannot undo.");
            _uri = source.Uri;
            return Task.CompletedTask;
        }

        public async Task<IReadOnlyList<RefusedRow>> WriteAsync(RowBatch batch, CancellationToken cancellationToken)
        {
            for (var row = 0; row < batch.Count; row++, _rows++)
                await _file.WriteLineAsync(string.Join('\u001f', Fields(batch, row).Prepend(_uri)));
            return [];
        }

        public Task EndObjectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task UndoObjectAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public async Task<long> CompleteAsync(CancellationToken cancellationToken)
        {
            await _file.DisposeAsync();
            return _rows;
        }

        public async ValueTask DisposeAsync()
        {
            await _file.DisposeAsync();
            File.Delete(path);
        }

        private static List<string> Fields(RowBatch batch, int row)
        {
            var fields = new List<string>();
            foreach (var column in batch.Columns)
            {
                if (CellValue.From(column, row) is { } value)
                    fields.Add($"{column.Column.Name}={Convert.ToString(value, CultureInfo.InvariantCulture)}");
            }
            return fields;
        }
    }

    private sealed class Transaction(
        StagedDestination owner, SqliteConnection connection, SqlLedger ledger, LoadTarget target, LoadSpec spec, LoadStamp stamp,
        Func<CancellationToken, Task<TableState>> look) : ILoadTransaction
    {
        private readonly SqliteDialect _dialect = new();
        private bool _ended;

        public async Task<LedgerState> LockAsync(CancellationToken cancellationToken) => (await ledger.ReadStateAsync(forUpdate: true, cancellationToken))!;

        public Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken) => ledger.FindLoadAsync(loadId, cancellationToken);

        public Task<TableState> InspectAsync(CancellationToken cancellationToken) => look(cancellationToken);

        public async Task PrepareAsync(IReadOnlyList<TableChange> changes, CancellationToken cancellationToken)
        {
            foreach (var statement in changes.SelectMany(c => _dialect.Statements(target.Table, c)))
                await ledger.ExecuteAsync(statement, cancellationToken);
            if (spec.Mode == LoadMode.Replace)
                await ledger.ExecuteAsync($"DELETE FROM {_dialect.Table(target.Table)}", cancellationToken);
        }

        public Task<long> DeleteEarlierVersionsAsync(IAsyncEnumerable<SourceObject> changed, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IRowWriter> OpenWriterAsync(CancellationToken cancellationToken) => throw new NotSupportedException("This destination takes files, not rows.");

        public async Task<long> CopyStagedAsync(IRowWriter staged, CancellationToken cancellationToken)
        {
            var path = ((Stage)staged).Path;
            owner.BeforeCopy(path);
            var rows = 0L;
            await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
            {
                var fields = line.Split('\u001f');
                var values = fields.Skip(1).Select(f => f.Split('=', 2)).Append([AuditColumn.FileName.Name, fields[0]]).Append([AuditColumn.RequestId.Name, stamp.RunId.ToString()]).ToList();
                await using var insert = connection.CreateCommand();
                insert.CommandText = $"INSERT INTO {_dialect.Table(target.Table)} ({SqlIdentifier.List(values.Select(v => v[0]))}) VALUES ({string.Join(", ", values.Select((_, i) => $"@v{i}"))})";
                for (var i = 0; i < values.Count; i++)
                    insert.Parameters.AddWithValue($"@v{i}", values[i][1]);
                rows += await insert.ExecuteNonQueryAsync(cancellationToken);
            }
            return rows;
        }

        public Task ApplyAsync(FeedSchema schema, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task RecordAsync(LoadRecord load, FeedSchema schema, string? signature, IAsyncEnumerable<SourceObject> files, CancellationToken cancellationToken)
            => ledger.RecordAsync(load, spec.Audit, schema, signature, files, cancellationToken);

        public Task CommitAsync() => owner.Commit(async () =>
        {
            await ledger.ExecuteAsync("COMMIT", CancellationToken.None);
            _ended = true;
        });

        public async ValueTask DisposeAsync()
        {
            if (!_ended)
                await ledger.ExecuteAsync("ROLLBACK", CancellationToken.None);
        }
    }
}
