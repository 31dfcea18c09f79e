using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>A SQLite database file as a destination.</summary>
internal sealed class SqliteDatabase : IDestination
{
    private readonly string _path;
    private readonly ILogger _logger;
    private readonly TimeSpan _busyTimeout;

    /// <param name="path">The file, absolute.</param>
    /// <param name="logger">Logs waiting.</param>
    /// <param name="busyTimeout">How long to wait for another writer; 60 seconds.</param>
    public SqliteDatabase(string path, ILogger logger, TimeSpan? busyTimeout = null)
    {
        _path = path;
        _logger = logger;
        _busyTimeout = busyTimeout ?? TimeSpan.FromSeconds(60);
        SQLitePCL.Batteries_V2.Init();
    }

    public DestinationCapabilities Capabilities { get; } = new()
    {
        ValueLimits = new ValueLimits { MaxNameBytes = 255 }, // SQLite sets no limit; longer names are hard to use
    };

    public string Location => $"SQLite {_path}";

    public Task<ITableSession> OpenAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        if (target.Table.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase))
            throw TableErrors.NotATable(target, "name that SQLite reserves");
        return Task.FromResult<ITableSession>(new SqliteSession(_path, target, _busyTimeout, _logger));
    }

    public async IAsyncEnumerable<DestinationCheck> TestAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var created = !File.Exists(_path);
        DestinationCheck check;
        try
        {
            await using var file = await SqliteFile.OpenAsync(_path, "The test", _busyTimeout, _logger, cancellationToken);
            await file.BeginAsync(cancellationToken);
            file.Execute("CREATE TABLE peaks3feed_test (id INTEGER)");
            file.Rollback();
            check = new DestinationCheck("Write", true, $"{_path}: a table, rolled back");
        }
        catch (Exception e) when (e is FeedException or SqliteBusyException or SqliteException or IOException or UnauthorizedAccessException)
        {
            check = new DestinationCheck(
                "Write", false, e.Message, "Check that the folder exists, that you may write to it, and that no other program locks the file.");
        }
        if (created && File.Exists(_path) && new FileInfo(_path).Length == 0)
            File.Delete(_path);
        yield return check;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
