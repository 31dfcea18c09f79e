using System.Globalization;
using System.IO.Compression;
using System.Text;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>
/// What a commit script needs to know, as rows of a staging table: the script itself has no values in it. The rows come in by a COPY of a small
/// staged file, because the Data API takes no parameters in a transaction of several statements.
/// </summary>
/// <param name="target">The feed and table.</param>
/// <param name="ledgerName">The table's name as the ledger has it.</param>
/// <param name="token">The text that stands for NULL in the file.</param>
internal sealed class CommitRecords(LoadTarget target, string ledgerName, NullToken token)
{
    /// <summary>The kind of the one row with the ledger's state before and after.</summary>
    public const string State = "state";

    /// <summary>The kind of loads that the ledger gets.</summary>
    public const string Load = "load";

    /// <summary>The kind of objects that the load has written.</summary>
    public const string File = "file";

    /// <summary>The kind of objects that count as loaded without rows.</summary>
    public const string Assumed = "assumed";

    /// <summary>The kind of objects whose earlier versions' rows go.</summary>
    public const string Changed = "changed";

    /// <summary>The kind of loads that the feed takes over.</summary>
    public const string Move = "move";

    /// <summary>The kind of feeds whose loads into the table the ledger forgets.</summary>
    public const string Forget = "forget";

    /// <summary>The type of a time.</summary>
    public const string Time = "TIMESTAMPTZ";

    /// <summary>The columns of the table, in the order of the file, and their types.</summary>
    public static IReadOnlyList<(string Name, string Type)> Columns { get; } =
    [
        ("kind", "VARCHAR(8)"), ("feed_id", "VARCHAR(36)"), ("table_name", LedgerTables.TableName), ("epoch", "BIGINT"), ("expected", "BIGINT"),
        ("generation", "BIGINT"), ("load_id", "VARCHAR(64)"), ("run_id", "VARCHAR(36)"), ("mode", "VARCHAR(16)"), ("row_count", "BIGINT"),
        ("object_count", "BIGINT"), ("byte_count", "BIGINT"), ("committed_at", "VARCHAR(32)"), ("audited", "BIGINT"), ("stamped_at", Time),
        ("schema_json", "VARCHAR(65535)"), ("signature", "VARCHAR(256)"), ("retired", "BIGINT"), ("shift", "BIGINT"), ("ordinal", "BIGINT"),
        ("bucket", LedgerTables.Bucket), ("object_key", LedgerTables.Key), ("etag", LedgerTables.ETag), ("size", "BIGINT"),
    ];

    private readonly Dictionary<string, int> _places = Columns.Index().ToDictionary(c => c.Item.Name, c => c.Index, StringComparer.Ordinal);

    /// <summary>Writes a commit's records as a gzip CSV file. Returns its size in bytes.</summary>
    /// <exception cref="NullTokenInDataException">A value equals the token.</exception>
    public async Task<long> WriteAsync(IStagedFileWriter file, LoadCommit commit, CancellationToken cancellationToken)
    {
        using var compressed = new MemoryStream();
        long written = 0;
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await foreach (var row in ReadAsync(commit, cancellationToken))
            {
                gzip.Write(Encoding.UTF8.GetBytes(Line(row)));
                if (compressed.Length > 64 * 1024)
                    written += await DrainAsync(compressed, file, cancellationToken);
            }
        }
        written += await DrainAsync(compressed, file, cancellationToken);
        await file.CompleteAsync(cancellationToken);
        return written;
    }

    private async IAsyncEnumerable<(string Name, object? Value)[]> ReadAsync(
        LoadCommit commit, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (order, assumed) = (commit.Order, commit.Preparation.Assumed);
        var takeover = commit.Preparation.Fit.Takeover;
        var generation = commit.Load?.Sequence ?? assumed?.Load.Sequence ?? takeover?.Sequence ?? commit.Expected.Ledger?.Sequence ?? 0;
        yield return
        [
            ("kind", State), ("feed_id", target.FeedId), ("table_name", ledgerName), ("epoch", order.Epoch),
            ("expected", commit.Expected.Ledger?.Sequence ?? 0), ("generation", generation), ("run_id", order.Holder.RunId),
            ("row_count", commit.Load?.Rows ?? 0), ("stamped_at", order.Stamp.At), ("schema_json", LedgerSchema.Write(commit.Schema)),
            ("signature", commit.Signature),
        ];
        if (assumed is not null)
            yield return LoadRow(assumed.Load, audited: false);
        if (commit.Load is { } load)
            yield return LoadRow(load, order.Spec.Audit);
        foreach (var unit in takeover?.Units ?? [])
            yield return [("kind", Move), ("feed_id", unit.FeedId), ("table_name", unit.Table), ("retired", unit.Retired), ("shift", unit.Offset)];
        foreach (var feed in commit.Preparation.Fit.Changes.OfType<ForgetFeeds>().SelectMany(f => f.Feeds))
            yield return [("kind", Forget), ("feed_id", feed), ("table_name", ledgerName)];
        if (assumed is not null)
        {
            await foreach (var item in assumed.Files().WithCancellation(cancellationToken))
                yield return FileRow(Assumed, item, assumed.Load.Sequence);
        }
        if (commit.Preparation.Changed is { } changed)
        {
            await foreach (var item in changed().WithCancellation(cancellationToken))
                yield return [("kind", Changed), ("bucket", item.Bucket), ("object_key", item.Key)];
        }
        if (commit.Load is null)
            yield break;
        await foreach (var item in commit.Files().WithCancellation(cancellationToken))
            yield return [.. FileRow(File, item.Source, generation), ("ordinal", item.Ordinal)];
    }

    private static (string, object?)[] LoadRow(LoadRecord load, bool audited) =>
    [
        ("kind", Load), ("generation", load.Sequence), ("load_id", load.LoadId), ("run_id", load.RunId), ("mode", load.Mode.ToString()),
        ("row_count", load.Rows), ("object_count", load.Objects), ("byte_count", load.Bytes), ("committed_at", SqlCommands.Text(load.CommittedAt)),
        ("audited", audited ? 1L : 0L),
    ];

    private static (string, object?)[] FileRow(string kind, SourceObject item, long generation) =>
        [("kind", kind), ("bucket", item.Bucket), ("object_key", item.Key), ("etag", item.ETag), ("size", item.Size), ("generation", generation)];

    private string Line((string Name, object? Value)[] row)
    {
        var fields = new string[Columns.Count];
        Array.Fill(fields, token.Text);
        foreach (var (name, value) in row)
            fields[_places[name]] = Field(value);
        return string.Join(',', fields) + "\n";
    }

    private string Field(object? value) => value switch
    {
        null => token.Text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        Guid id => id.ToString("D"),
        DateTimeOffset time => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture),
        string text when text == token.Text => throw new NullTokenInDataException(),
        string text => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, null),
    };

    private static async Task<long> DrainAsync(MemoryStream compressed, IStagedFileWriter file, CancellationToken cancellationToken)
    {
        var length = compressed.Length;
        await file.WriteAsync(compressed.GetBuffer().AsMemory(0, (int)length), cancellationToken);
        compressed.SetLength(0);
        return length;
    }
}
