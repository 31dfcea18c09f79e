using System.Globalization;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>
/// The audit columns of a table that the load itself creates. They are added after the rows, with the load's values as their defaults: PostgreSQL
/// stores such a value once, in the catalog, and not in each row (documentation, 5.6.1 Adding a Column). The defaults are removed before the commit.
/// If the rows come from more than one object, each row stores the time and its object's name from the second object on.
/// </summary>
/// <param name="commands">Executes statements in the load's transaction.</param>
/// <param name="statements">The load's statements.</param>
/// <param name="stamp">The load's values.</param>
internal sealed class LateAuditColumns(SqlCommands commands, PostgreSqlStatements statements, LoadStamp stamp)
{
    // ALTER TABLE has no parameters, but a default may read a setting of the transaction.
    private const string FileNameSetting = "peaks3feed.file";

    private string _fileName = "";
    private bool _isComplete;

    /// <summary>Whether the rows that come now have the name of their object.</summary>
    public bool StoresFileName { get; private set; }

    /// <summary>The audit columns that COPY writes.</summary>
    public IReadOnlyList<FeedColumn> Copied => StoresFileName ? [AuditColumn.FileName] : [];

    /// <summary>Sets the name of the first object that has rows.</summary>
    public void SetFileName(string fileName) => _fileName = fileName;

    /// <summary>Adds the time and the file name. Rows in the table get the first object's name. From now on, COPY writes the name.</summary>
    public async Task StoreFileNameAsync(CancellationToken cancellationToken)
    {
        StoresFileName = true;
        await AddAsync([AuditColumn.CreatedAt, AuditColumn.FileName], cancellationToken);
        // The time keeps its default: COPY does not write it.
        await commands.ExecuteAsync(statements.DropDefaults([AuditColumn.FileName]), cancellationToken);
    }

    /// <summary>Adds the columns that are missing. Does nothing the second time.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_isComplete)
            return;
        _isComplete = true;
        IReadOnlyList<FeedColumn> first = StoresFileName ? [] : [AuditColumn.CreatedAt, AuditColumn.FileName];
        await AddAsync([.. first, AuditColumn.RequestId], cancellationToken);
        await commands.ExecuteAsync(statements.DropDefaults([AuditColumn.CreatedAt, .. first.Skip(1), AuditColumn.RequestId]), cancellationToken);
    }

    private async Task AddAsync(IReadOnlyList<FeedColumn> columns, CancellationToken cancellationToken)
    {
        if (columns.Contains(AuditColumn.FileName))
        {
            await using var set = commands.Create($"SELECT set_config('{FileNameSetting}', @file, true)");
            SqlCommands.Add(set, "file", _fileName);
            await set.ExecuteNonQueryAsync(cancellationToken);
        }

        await commands.ExecuteAsync(statements.AddWithDefaults(columns.Select(c => (c, Default(c)))), cancellationToken);
    }

    private string Default(FeedColumn column)
        => column == AuditColumn.CreatedAt ? $"'{stamp.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00'"
            : column == AuditColumn.RequestId ? $"'{stamp.RunId:D}'"
            : $"current_setting('{FileNameSetting}')";
}
